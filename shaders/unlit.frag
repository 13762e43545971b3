// Surfaces whose light is in their colours already, as in scans: the same by day and by night. What is far away is behind haze.

in vec3 v_world;
in vec3 v_normal;
in vec2 v_uv;
in vec4 v_color;
flat in vec4 v_finish;
flat in int v_flags;
flat in vec3 v_eye;
flat in int v_row;
layout(location = 0) out vec4 fragment_color;

uniform sampler2D sky_table;
uniform vec3 sun_direction;
uniform vec3 sun_radiance;
uniform vec3 ambient_sh[9];
uniform vec4 atmosphere;  // haze distance, exposure, darkness, seconds

#include "include/noise.glsl"
#include "include/sky.glsl"
#include "include/fog.glsl"
#include "include/tonemap.glsl"

#ifdef IMAGED
uniform sampler2D image;
#endif

const float CLEAR_AIR = 50.0;  // metres: within them haze changes nothing at all

void main() {
    vec3 base = v_color.rgb;
#ifdef IMAGED
    vec4 texel = texture(image, v_uv);
    if (texel.a < 0.5) discard;
    base *= texel.rgb;
#endif
    float reach = distance(v_world, v_eye);
    if (reach > CLEAR_AIR) {
        vec3 from = mix(v_eye, v_world, CLEAR_AIR / reach);
        vec3 air = through_haze(vec3(0.0), v_world, from);
        float kept = through_haze(vec3(1.0), v_world, from).g - air.g;
        base = base * kept + tone_mapped(air * atmosphere.y);
    }
    fragment_color = vec4(srgb_encoded(base) + dither(), 1.0);
}
