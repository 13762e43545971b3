// Still water: ripples that fade with distance, sky and shores mirrored by Fresnel's law, a path of sun or moon.

in vec3 v_world;
in vec3 v_normal;
in vec2 v_uv;
in vec4 v_color;
flat in vec4 v_finish;
flat in int v_flags;
flat in vec3 v_eye;
flat in int v_row;
layout(location = 0) out vec4 fragment_color;

uniform sampler2D reflection;   // the scene mirrored at one level of water, laid out like the target; screen colours
uniform vec4 reflection_frame;  // 1 / target width, 1 / target height, 1 = there is a reflection, level of its water

#include "include/light.glsl"

// Slope (xy) of one layer of waves, and the slope's variance that is too fine to be drawn (z).
vec3 waves(vec2 p, float size, vec2 drift, float strength, float footprint) {
    float left = detail_left(size * 1.6, footprint);
    float hidden = strength * strength * (1.0 - left * left) * 0.12;
    if (left <= 0.0) return vec3(0.0, 0.0, hidden);
    return vec3(value_noise_slope((p + drift * atmosphere.w) / size).xy * strength * left, hidden);
}

void main() {
    vec3 ray = v_world - v_eye;
    float reach = length(ray);
    vec3 v = -ray / reach;
    vec3 dx = dFdx(v_world), dy = dFdy(v_world);
    float footprint = 0.7 * max(length(dx), length(dy));
    vec2 p = v_world.xy;
    float breeze = 0.35 + 0.65 * smoothstep(0.3, 0.75, value_noise(p / 23.0 + 0.02 * atmosphere.w));
    vec3 slope = waves(p, 1.9, vec2(0.22, 0.13), 0.010, footprint)
        + waves(mat2(0.8, 0.6, -0.6, 0.8) * p, 0.63, vec2(-0.16, 0.11), 0.014, footprint)
        + waves(mat2(0.28, 0.96, -0.96, 0.28) * p, 0.21, vec2(0.07, -0.12), 0.013, footprint);
    slope.xy *= breeze;
    float spread = sqrt(slope.z) * breeze;
    // Seen at a slant, a ripple shows mostly its near side: never let the mirrored ray dive under the water.
    vec3 n = normalize(vec3(-slope.xy, 1.0));
    vec3 r = reflect(-v, n);
    r.z = abs(r.z) + 0.6 * spread;
    r = normalize(r);
    float nv = max(dot(n, v), 0.02);
    float mirror = 0.02 + 0.98 * pow(1.0 - nv, 5.0) / (1.0 + 12.0 * spread);
    vec3 seen = surroundings(r, v_world, clamp(spread * 2.0, 0.0, 0.3), 0.55);
    if (reflection_frame.z > 0.5 && abs(v_world.z - reflection_frame.w) < 0.06) {
        // Ripples move the picture more along the line of sight than across it.
        vec2 shift = vec2(dot(slope.xy, vec2(ray.y, -ray.x)), dot(slope.xy, ray.xy)) / max(length(ray.xy), 1e-3);
        vec2 uv = gl_FragCoord.xy * reflection_frame.xy + shift * vec2(0.5, 1.2) / (1.0 + 0.02 * reach);
        seen = light_of_screen(texture(reflection, uv).rgb);
    }
    vec4 lamps, centre;
    light_map_at(p, lamps, centre);
    vec3 body = v_color.rgb * (ambient_light(vec3(0.0, 0.0, 1.0)) * min(v_color.a, lamps.a)
        + sun_radiance * max(sun_direction.z, 0.0) * 0.6 + lamps.rgb * 0.3);
    float sun = dot(sun_radiance, vec3(1.0)) > 1e-4 ? sun_visibility(v_world, vec3(0.0, 0.0, 1.0)) : 0.0;
    float rough = sqrt(clamp(0.045 + 1.1 * spread, 0.0, 0.5));
    vec3 path = sun_radiance * sun * min(sun_highlight(n, v, rough), 12.0) * (0.02 + 0.98 * pow(1.0 - max(dot(v, normalize(v + sun_direction)), 0.0), 5.0)) * 2.0;
    vec3 light = mix(body, seen, mirror) + path;
    fragment_color = vec4(screen_color(through_haze(light, v_world, v_eye)), 1.0);
}
