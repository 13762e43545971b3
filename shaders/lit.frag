// Solid surfaces: land, walls, leaves, metal, lamps.

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

#ifdef IMAGED
uniform sampler2D image;
#endif

void main() {
    vec3 base = v_color.rgb;
#ifdef IMAGED
    vec4 texel = texture(image, v_uv);
    if (texel.a < 0.5) discard;
    base *= texel.rgb;
#endif
    vec3 n = normalize(gl_FrontFacing ? v_normal : -v_normal);
    Detail d = surface_detail(int(v_finish.z + 0.5), base, v_finish.x, n, v_world, v_uv, v_row);
    float shining = v_finish.y * ((v_flags & 2) != 0 ? atmosphere.z : 1.0);
    Surface s = Surface(v_world, d.normal, d.color, v_color.a * d.openness, d.roughness, (v_flags & 1) != 0, d.translucency,
        base * shining);
    fragment_color = vec4(screen_color(through_haze(surface_light(s, v_eye), v_world, v_eye)), 1.0);
}
