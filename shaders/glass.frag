// Glass: mirrors sky and trees; behind the pattern `rooms` are rooms with real depth, some of them lit after dark.
// uv are metres along the wall. Rooms: J. J. van Dongen, "Interior mapping" (2008).

in vec3 v_world;
in vec3 v_normal;
in vec2 v_uv;
in vec4 v_color;
flat in vec4 v_finish;
flat in int v_flags;
flat in vec3 v_eye;
flat in int v_row;
layout(location = 0) out vec4 fragment_color;

#include "include/light.glsl"
#include "include/patterns.glsl"

const vec3 ROOM = vec3(3.6, 4.0, 5.2);  // width, storey height, depth in metres
const float SLAB = 0.45;                // floor and ceiling void, seen as a band

// 1 where a value is below an edge, over a pixel's width.
float below(float value, float edge, float pixel) { return 1.0 - smoothstep(edge - 0.6 * pixel, edge + 0.6 * pixel, value); }

// Light from inside, through a point of the wall in metres, along a ray (right, up, inwards).
vec3 room_light(vec2 uv, vec3 ray, vec3 daylight, float lit_ratio, vec2 pixel) {
    float storey = floor(uv.y / ROOM.y);
    float shift = hash1(ivec2(int(storey), 5));
    vec2 place = vec2(uv.x + shift * ROOM.x, uv.y - storey * ROOM.y);
    float number = floor(place.x / ROOM.x);
    place.x -= number * ROOM.x;
    ivec2 id = ivec2(int(number), int(storey));
    vec3 pick = hash3(id), more = hash3(id + 91);

    float on = step(pick.x, lit_ratio) * smoothstep(0.15 + 0.6 * pick.y, 0.25 + 0.6 * pick.y, atmosphere.z);
    vec3 warm = mix(vec3(1.0, 0.55, 0.22), vec3(1.0, 0.78, 0.52), more.x) * (0.7 + 0.8 * more.y) * on;

    vec3 from = vec3(place.x, clamp(place.y, SLAB, ROOM.y) - SLAB, 0.0);
    vec3 size = vec3(ROOM.x, ROOM.y - SLAB, ROOM.z * (0.75 + 0.5 * pick.z));
    ray.z = max(ray.z, 0.02);
    ray.xy += vec2(abs(ray.x) < 1e-4, abs(ray.y) < 1e-4) * 2e-4;
    vec3 to = (step(0.0, ray) * size - from) / ray;
    float way = min(to.x, min(to.y, to.z));
    vec3 hit = from + ray * way;
    float depth = hit.z / size.z;
    float corner = 1.0 - 0.35 * exp(-3.0 * min(hit.y, size.y - hit.y)) - 0.25 * exp(-3.0 * (size.z - hit.z));

    vec3 paint = mix(vec3(0.72, 0.68, 0.62), vec3(0.50, 0.43, 0.36), more.z);
    vec3 lamp = vec3(0.0);
    if (way == to.y) {
        bool ceiling = ray.y > 0.0;
        paint = ceiling ? vec3(0.75) : vec3(0.30, 0.22, 0.15);
        vec2 panel = abs(vec2(hit.x / size.x, fract(depth * 2.0)) - 0.5);
        float shape = (1.0 - smoothstep(0.22, 0.27, panel.x)) * (1.0 - smoothstep(0.10, 0.15, panel.y));
        if (ceiling) lamp = warm * 2.2 * shape;
    } else if (way == to.z) {
        float shelf = step(0.5, pick.y) * below(hit.y, 2.1, pixel.y) * below(abs(hit.x - 0.5 * size.x), 0.36 * size.x, pixel.x);
        float door = step(pick.y, 0.3) * below(hit.y, 2.2, pixel.y) * below(abs(hit.x - 0.9), 0.5, pixel.x);
        float books = 0.5 + 0.8 * hash1(ivec2(floor(vec2(hit.x * 7.0, hit.y * 2.4))) + id * 37);
        paint *= mix(1.0, 0.55 * books, shelf) * mix(1.0, 0.4, door);
    }
    vec3 shine = warm * (0.75 + 0.25 * depth) * corner;
    vec3 dim = daylight * 0.5 * exp(-2.2 * depth) * corner;
    vec3 light = paint * (shine + dim) + lamp;

    // Desks and people as dark shapes half way into the room, curtains close to the glass.
    float half_way = (0.35 + 0.3 * more.x) * size.z;
    if (half_way < hit.z) {
        vec3 mid = from + ray * (half_way / ray.z);
        float desk = below(mid.y, 0.78, pixel.y) * below(abs(mid.x - 0.45 * size.x), 0.3 * size.x * step(0.25, more.y), pixel.x);
        vec2 body = vec2(mid.x - size.x * (0.25 + 0.5 * pick.z), mid.y);
        float person = step(0.72, more.z) * max(below(0.3 * length((body - vec2(0.0, 1.0)) / vec2(0.24, 0.62)), 0.3, pixel.x), below(length(body - vec2(0.0, 1.68)), 0.13, pixel.x));
        light = mix(light, (paint * 0.2) * (shine * 0.6 + dim), max(desk, person));
    }
    float drawn = step(0.55, more.y) * (0.12 + 0.25 * pick.z) * ROOM.x;
    float curtain = below(min(place.x, ROOM.x - place.x), drawn, pixel.x) * step(0.55, more.y);
    float folds = 0.8 + 0.2 * sin(place.x * 38.0);
    light = mix(light, vec3(0.62, 0.57, 0.50) * (warm * 0.55 * folds + daylight * 0.45 * folds), curtain * 0.9);

    // Far away a room is one patch of its own mean light.
    float seen = detail_left(1.0, max(pixel.x, pixel.y) / 0.8);
    light = mix(vec3(0.55, 0.50, 0.45) * (warm * 0.8 + daylight * 0.16), light, seen);
    float band = 1.0 - smoothstep(SLAB - pixel.y, SLAB + pixel.y, place.y);
    return mix(light, vec3(0.05) * daylight, band * detail_left(1.0, pixel.y));
}

void main() {
    vec3 n = normalize(gl_FrontFacing ? v_normal : -v_normal);
    vec3 v = normalize(v_eye - v_world);
    vec3 dx = dFdx(v_world), dy = dFdy(v_world);
    vec2 ux = dFdx(v_uv), uy = dFdy(v_uv);
    vec2 pixel = abs(ux) + abs(uy);
    int pattern = int(v_finish.z + 0.5);

    // Panes are never quite flat: each tilts a little, so reflections break from pane to pane.
    vec2 pane = floor(v_uv / vec2(1.8, 4.0));
    vec3 tilt = (hash3(ivec2(pane)) - 0.5) * 0.012 * detail_left(2.0, max(pixel.x, pixel.y));
    vec3 r = reflect(-v, normalize(n + tilt));
    vec3 f = fresnel(vec3(0.055), max(dot(n, v), 0.0), v_finish.x);
    vec3 seen = surroundings(r, v_world, v_finish.x, 1.0) * mix(0.45, 1.0, v_color.a);
    float sun = dot(sun_radiance, vec3(1.0)) > 1e-4 && dot(n, sun_direction) > 0.0 ? sun_visibility(v_world, n) : 0.0;
    vec4 lamps, centre;
    light_map_at(v_world.xy, lamps, centre);
    vec3 daylight = ambient_light(n) * v_color.a + sun_radiance * sun * max(dot(n, sun_direction), 0.0);
    float shining = v_finish.y * ((v_flags & 2) != 0 ? atmosphere.z : 1.0);

    vec3 behind;
    if (pattern == ROOMS) {
        // The wall's own directions from how uv run over it.
        float turn = ux.x * uy.y - uy.x * ux.y;
        vec3 along = (dx * uy.y - dy * ux.y) * (abs(turn) > 1e-12 ? sign(turn) : 1.0);
        along = along - n * dot(along, n);
        along = dot(along, along) > 1e-12 ? normalize(along) : normalize(cross(vec3(0.0, 0.0, 1.0), n) + vec3(1e-5, 0.0, 0.0));
        vec3 up = normalize(vec3(0.0, 0.0, 1.0) - n * n.z + vec3(0.0, 1e-5, 0.0));
        vec3 inward = vec3(dot(-v, along), dot(-v, up), dot(v, n));
        vec3 tint = mix(vec3(1.0), v_color.rgb / max(max(v_color.r, max(v_color.g, v_color.b)), 0.05), 0.35);
        behind = room_light(v_uv, inward, daylight, v_finish.w, pixel) * tint * 0.8;
        float bars = max(joint(v_uv.x / 1.8, 0.03, pixel.x / 1.8), joint(v_uv.y / 4.0, 0.02, pixel.y / 4.0));
        Surface frame = Surface(v_world, n, vec3(0.10, 0.095, 0.09), v_color.a, 0.5, false, 0.0, vec3(0.0));
        vec3 glazed = behind + f * seen + f * sun_radiance * sun * sun_highlight(n, v, 0.12);
        vec3 light = mix(glazed, surface_light(frame, v_eye), bars);
        fragment_color = vec4(screen_color(through_haze(light + v_color.rgb * shining, v_world, v_eye)), 1.0);
        return;
    }
    behind = v_color.rgb * (0.22 * daylight + 0.25 * lamps.rgb);
    vec3 light = behind + f * seen + f * sun_radiance * sun * sun_highlight(n, v, max(v_finish.x, 0.08)) + v_color.rgb * shining;
    fragment_color = vec4(screen_color(through_haze(light, v_world, v_eye)), 1.0);
}
