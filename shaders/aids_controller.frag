// A controller in the light of the scene; seen at night too.

in vec3 v_world;
in vec3 v_normal;
in vec2 v_uv;
in vec4 v_color;
flat in vec4 v_finish;
flat in int v_flags;
flat in vec3 v_eye;
flat in float v_in_use;
layout(location = 0) out vec4 fragment_color;

#include "include/light.glsl"

#ifdef IMAGED
uniform sampler2D image;
#endif

const vec3 HIGHLIGHT = vec3(0.36, 0.72, 1.0);  // display value
const float AT_NIGHT = 0.12;                   // of its colour, however dark it is

void main() {
    vec3 base = v_color.rgb;
#ifdef IMAGED
    base *= texture(image, v_uv).rgb;
#endif
    vec3 n = normalize(gl_FrontFacing ? v_normal : -v_normal);
    float facing = max(dot(n, normalize(v_eye - v_world)), 0.0);
    Surface s = Surface(v_world, n, base, 1.0, v_finish.x, (v_flags & 1) != 0, 0.0, vec3(0.0));
    vec3 light = surface_light(s, v_eye) + base * (AT_NIGHT * (0.3 + 0.7 * facing) / max(atmosphere.y, 1e-3));
    vec3 shining = HIGHLIGHT * (0.55 + 0.45 * facing);
    fragment_color = vec4(mix(screen_color(light), shining, 0.85 * v_in_use), 1.0);
}
