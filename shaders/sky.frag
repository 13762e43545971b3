// Everything behind everything: sky, sun, moon, stars and thin clouds.

in vec3 v_ray;  // world direction, not normalised
flat in vec3 v_eye;
layout(location = 0) out vec4 fragment_color;

uniform sampler2D sky_table;
uniform vec4 atmosphere;  // haze distance, exposure, darkness, seconds
uniform vec3 sun_direction;
uniform vec3 sun_radiance;
uniform vec3 ambient_sh[9];

#include "include/noise.glsl"
#include "include/sky.glsl"
#include "include/fog.glsl"
#include "include/tonemap.glsl"

const float MOON_RADIUS = 0.0066;  // half as large again as it is, as people remember it
const float SUN_RADIUS = 0.0047;

// A world direction as the stars see it: they turn around the pole.
vec3 celestial(vec3 d, float latitude, float turned) {
    vec3 polar = vec3(d.x, cos(latitude) * d.z - sin(latitude) * d.y, sin(latitude) * d.z + cos(latitude) * d.y);
    return vec3(cos(turned) * polar.x + sin(turned) * polar.y, cos(turned) * polar.y - sin(turned) * polar.x, polar.z);
}

// Stars in hashed cells on the six faces of a cube. Each is a spot at least one pixel wide with the same energy at any size,
// so it neither shimmers nor vanishes between samples. Numbers over brightness fall as in the real sky.
vec3 stars(vec3 d, float pixel) {
    vec3 size = abs(d);
    int face = size.x > size.y ? (size.x > size.z ? 0 : 2) : (size.y > size.z ? 1 : 2);
    float major = face == 0 ? d.x : face == 1 ? d.y : d.z;
    vec2 plane = (face == 0 ? d.yz : face == 1 ? d.zx : d.xy) / abs(major);
    const float CELLS = 44.0;
    vec2 place = (plane * 0.5 + 0.5) * CELLS;
    ivec2 cell = ivec2(floor(place));
    vec3 pick = hash3(ivec3(cell, face * 2 + int(major > 0.0)));
    vec3 more = hash3(ivec3(cell, face + 31));
    float per_radian = CELLS * 0.5 * (1.0 + dot(plane, plane)) * 0.85;
    float width = max(pixel * 0.75, 0.0007) * per_radian;
    vec2 offset = place - (vec2(cell) + 0.3 + 0.4 * pick.xy);
    float spot = exp(-dot(offset, offset) / (width * width)) * smoothstep(0.5, 0.3, max(abs(place.x - float(cell.x) - 0.5), abs(place.y - float(cell.y) - 0.5)));
    float brightness = 0.03 * pow(max(pick.z, 2e-4), -0.8);
    vec3 color = mix(vec3(1.0, 0.82, 0.62), vec3(0.72, 0.84, 1.0), more.x);
    return color * min(brightness * spot * 1.6e-6 / (pixel * pixel + 3e-7), 3.0);
}

void main() {
    vec3 d = normalize(v_ray);
    vec4 clear = clear_sky(d);
    vec3 light = clear.rgb;
    vec2 plane = cloud_place(d);
    float footprint = 0.8 * max(length(dFdx(plane)), length(dFdy(plane)));
    float pixel = max(length(dFdx(d)), length(dFdy(d)));
    vec4 sun = sky_fact(0), moon = sky_fact(1), sunlight = sky_fact(2), moonlight = sky_fact(3);
    float above = smoothstep(-0.004, 0.004, d.z);

    if (moon.w > 0.001 && d.z > 0.0) light += stars(celestial(d, sunlight.w, moonlight.w), pixel) * moon.w * clear.a * clear.a;

    vec3 from_sun = d - sun.xyz;
    float sun_angle = length(from_sun);
    float disc = 1.0 - smoothstep(SUN_RADIUS - 0.6 * pixel, SUN_RADIUS + 0.6 * pixel, sun_angle);
    float glow = 1.6 * exp(-sun_angle / 0.012) + 0.10 * exp(-sun_angle / 0.07);
    light += sunlight.rgb * (25.0 * disc + glow) * above;

    vec3 from_moon = d - moon.xyz;
    float moon_angle = length(from_moon);
    if (moon_angle < 0.4 && moon.z > -0.05) {
        vec3 right = normalize(cross(moon.xyz, vec3(0.0, 0.0, 1.0)) + vec3(1e-5, 0.0, 0.0)), up = cross(right, moon.xyz);
        vec2 q = vec2(dot(from_moon, right), dot(from_moon, up)) / MOON_RADIUS;
        float radius = length(q);
        float face = 1.0 - smoothstep(1.0 - pixel / MOON_RADIUS, 1.0 + 0.5 * pixel / MOON_RADIUS, radius);
        vec3 ball = q.x * right + q.y * up - sqrt(max(1.0 - radius * radius, 0.0)) * moon.xyz;
        float lit = smoothstep(-0.05, 0.25, dot(ball, sun.xyz));
        float seas = 0.72 + 0.28 * smoothstep(0.35, 0.65, value_noise(q * 1.7 + 4.0) * 0.65 + value_noise(q * 4.1) * 0.35);
        vec3 bright = moonlight.rgb / 6.4e-5;
        bright *= 1.5 / (1.5 + max(bright.r, max(bright.g, bright.b)));
        float full = 0.5 + 0.5 * cos(sun.w);
        float halo = (0.05 * exp(-moon_angle / 0.02) + 0.018 * exp(-moon_angle / 0.09)) * full;
        light += bright * (vec3(1.0, 0.96, 0.88) * (face * lit * seas) + halo) * clear.a * above;
    }

    vec4 cloud = cloud_light(d);
    if (cloud.a > 0.0 && d.z > 0.0) {
        float density = cloud_density(plane, footprint, cloud.a, atmosphere.w) * smoothstep(0.0, 0.10, d.z);
        light = mix(light, cloud.rgb, density);
    }
    if (mist[0].x > 0.0) light = through_mist(light, v_eye + 2e4 * d, v_eye, clear.rgb);
    fragment_color = vec4(screen_color(light), 1.0);
}
