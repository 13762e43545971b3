// How a surface answers the light of sky, sun or moon, and lamps. Radiances are exposed: 1 = nearly white on the screen.

uniform sampler2D sky_table;
uniform vec3 sun_direction;
uniform vec3 sun_radiance;
uniform vec3 ambient_sh[9];
uniform sampler2DShadow shadow_map;
uniform mat4 shadow_from_world;  // world -> 0..1 in the shadow map, depth included
uniform sampler2D light_map;     // see LightMap in vrclient/scene/light_map.py
uniform vec4 light_map_frame;    // min x, min y, 1 / size x, 1 / size y
uniform vec4 atmosphere;         // haze distance, exposure, darkness, seconds

#include "include/noise.glsl"
#include "include/sky.glsl"
#include "include/fog.glsl"
#include "include/tonemap.glsl"

struct Surface {
    vec3 place;
    vec3 normal;
    vec3 color;
    float openness;      // share of the sky that is seen from here
    float roughness;
    bool metallic;
    float translucency;  // share of light that comes through from behind (leaves)
    vec3 emission;
};

// Radiance of a white surface under sky and ground.
vec3 ambient_light(vec3 n) {
    return max(ambient_sh[0] + ambient_sh[1] * n.y + ambient_sh[2] * n.z + ambient_sh[3] * n.x + ambient_sh[4] * (n.x * n.y)
        + ambient_sh[5] * (n.y * n.z) + ambient_sh[6] * (3.0 * n.z * n.z - 1.0) + ambient_sh[7] * (n.x * n.z)
        + ambient_sh[8] * (n.x * n.x - n.y * n.y), 0.0);
}

// 1 = in the sun (or moon), 0 = in shadow; outside the shadow map everything is lit.
float sun_visibility(vec3 place, vec3 n) {
    float facing = max(dot(n, sun_direction), 0.0);
    vec2 texel = 1.0 / vec2(textureSize(shadow_map, 0));
    vec3 across = vec3(shadow_from_world[0][0], shadow_from_world[1][0], shadow_from_world[2][0]);
    float metres = texel.x / max(length(across), 1e-9);
    vec4 p = shadow_from_world * vec4(place + n * metres * (1.2 + 1.5 * (1.0 - facing)), 1.0);
    vec3 q = p.xyz / p.w;
    vec2 rim = abs(q.xy - 0.5);
    float outside = max(smoothstep(0.44, 0.5, max(rim.x, rim.y)), step(1.0, q.z));
    if (outside >= 1.0) return 1.0;
    float depth = q.z - 0.0004;
    float lit = 0.0;
    for (int k = 0; k < 4; ++k) {
        vec2 offset = vec2(k < 2 ? -0.4 : 1.2, (k & 1) == 0 ? -1.2 : 0.4);
        lit += texture(shadow_map, vec3(q.xy + (k == 1 || k == 2 ? offset.yx : offset) * texel, depth));
    }
    return mix(0.25 * lit, 1.0, outside);
}

// The light map at a place: rgb = lamplight on the ground, a = openness of the ground; second half: xyz = from the ground to
// the middle of the lamps that shine there, w = height of the ground.
void light_map_at(vec2 xy, out vec4 lamps, out vec4 centre) {
    vec2 free = (xy - light_map_frame.xy) * light_map_frame.zw, uv = clamp(free, 0.0, 1.0);
    float inside = 1.0 - step(0.001, max(abs(free.x - uv.x), abs(free.y - uv.y)));
    float rows = float(textureSize(light_map, 0).y);
    float v = clamp(uv.y * 0.5, 0.5 / rows, 0.5 - 0.5 / rows);
    lamps = mix(vec4(0.0, 0.0, 0.0, 1.0), textureLod(light_map, vec2(uv.x, v), 0.0) * vec4(atmosphere.zzz, 1.0), inside);
    centre = textureLod(light_map, vec2(uv.x, v + 0.5), 0.0);
}

// Radiance of a white surface in lamplight: what the map holds for the ground, moved up to where the surface is.
vec3 lamp_light(Surface s, vec4 lamps, vec4 centre) {
    if (dot(lamps.rgb, vec3(1.0)) < 1e-5) return vec3(0.0);
    vec3 towards = centre.xyz - vec3(0.0, 0.0, s.place.z - centre.w);
    float ground = dot(centre.xyz, centre.xyz), here = max(dot(towards, towards), 0.6);
    float facing = dot(s.normal, towards * inversesqrt(here));
    float wrapped = max(mix(0.35 + 0.65 * facing, 0.5 + 0.5 * facing, s.translucency), 0.0);
    float above = max(towards.z < 0.0 ? 1.0 + towards.z * 0.25 : 1.0, 0.0);
    return lamps.rgb * wrapped * above * min(ground / here, 4.0);
}

// What a mirror at `place` sees in direction r: the sky, and near the horizon the woods around (1 = of usual height).
vec3 surroundings(vec3 r, vec3 place, float roughness, float skyline_height) {
    vec3 blurred = ambient_light(r);
    vec3 sky = mix(clear_sky(r).rgb, blurred, smoothstep(0.25, 0.8, roughness));
    float heading = atan(r.x, r.y);
    vec2 skyline = vec2(heading * 9.0 + dot(place.xy, vec2(0.021, 0.017)), 0.0);
    float crown = (0.07 + 0.07 * value_noise(skyline) + 0.035 * value_noise(skyline * 4.7)) * skyline_height;
    float hidden = 1.0 - smoothstep(crown - 0.02 - 0.25 * roughness, crown + 0.02 + 0.35 * roughness, r.z);
    vec3 woods = ambient_light(vec3(r.xy * 0.7, 0.5)) * vec3(0.10, 0.125, 0.07) + sun_radiance * vec3(0.03, 0.035, 0.015);
    return mix(sky, mix(woods, clear_sky(vec3(r.xy, 0.05)).rgb, 0.06), hidden);
}

// Light of the sun mirrored by a rough surface (GGX), per unit of sun_radiance.
float sun_highlight(vec3 n, vec3 v, float roughness) {
    float a = max(roughness * roughness, 0.004);
    vec3 h = normalize(v + sun_direction);
    float nh = max(dot(n, h), 0.0), nl = max(dot(n, sun_direction), 0.0), nv = max(dot(n, v), 1e-3);
    float d = nh * nh * (a * a - 1.0) + 1.0;
    float distribution = a * a / (d * d);
    float visibility = 0.5 / max(nl * sqrt(nv * nv * (1.0 - a * a) + a * a) + nv * sqrt(nl * nl * (1.0 - a * a) + a * a), 1e-4);
    return min(distribution * visibility * nl, 40.0);
}

vec3 fresnel(vec3 straight, float cosine, float roughness) {
    float grazing = pow(clamp(1.0 - cosine, 0.0, 1.0), 5.0);
    return straight + (max(vec3(1.0 - roughness), straight) - straight) * grazing;
}

// Everything together, without haze: radiance towards the eye.
vec3 surface_light(Surface s, vec3 eye) {
    vec3 v = normalize(eye - s.place);
    vec4 lamps, centre;
    light_map_at(s.place.xy, lamps, centre);
    float on_ground = smoothstep(0.6, 0.9, s.normal.z) * (1.0 - smoothstep(0.6, 2.0, s.place.z - centre.w));
    float open = min(s.openness, mix(1.0, lamps.a, on_ground));
    float facing = dot(s.normal, sun_direction);
    float sun = 0.0;
    if (max(sun_radiance.r, max(sun_radiance.g, sun_radiance.b)) > 1e-4 && (facing > 0.0 || s.translucency > 0.0))
        sun = sun_visibility(s.place, facing > 0.0 ? s.normal : -s.normal);
    // Where the sky is hidden, the light is what the neighbours throw back, in their colour.
    vec3 around = ambient_light(s.normal) * open * mix(vec3(1.0), 0.6 + 0.4 * s.color, 1.0 - open);
    vec3 lamplight = lamp_light(s, lamps, centre);
    vec3 mirror = reflect(-v, s.normal);
    float nv = max(dot(s.normal, v), 0.0);
    if (s.metallic) {
        vec3 f = fresnel(s.color, nv, s.roughness);
        vec3 seen = surroundings(mirror, s.place, s.roughness, 1.0) * mix(open, 1.0, 0.3);
        seen += (0.35 * around + lamplight) * (0.25 + 0.75 * s.roughness);
        return f * (seen + sun_radiance * sun * sun_highlight(s.normal, v, s.roughness)) + s.emission;
    }
    vec3 wrapped = sun_radiance * sun * mix(max(facing, 0.0), max(0.75 * facing + 0.25, 0.0), s.translucency);
    vec3 through = sun_radiance * sun * s.translucency * 0.7 * max(-facing, 0.0) * (0.35 + 0.65 * pow(max(dot(-v, sun_direction), 0.0), 3.0));
    vec3 light = s.color * (around + wrapped + lamplight) + s.color * vec3(1.15, 1.1, 0.5) * through;
    vec3 f = fresnel(vec3(0.04), nv, s.roughness);
    float gloss = (1.0 - s.roughness) * (1.0 - s.roughness);
    if (gloss > 0.01) light += f * gloss * surroundings(mirror, s.place, s.roughness, 1.0) * open;
    return light + f * sun_radiance * sun * sun_highlight(s.normal, v, s.roughness) + s.emission;
}
