// Text and pictures: `image` is sampled as linear RGB with straight alpha and is lit by the scene, or shines by itself.

in vec3 v_world;
in vec3 v_normal;
in vec2 v_uv;
in vec4 v_color;
flat in vec4 v_finish;
flat in int v_flags;
flat in vec3 v_eye;
flat in int v_row;
layout(location = 0) out vec4 fragment_color;

uniform sampler2D image;

#include "include/light.glsl"

void main() {
    vec4 texel = texture(image, v_uv);
    if (texel.a < 0.004) discard;
    vec3 color = texel.rgb * v_color.rgb;
    float shining = v_finish.y * ((v_flags & 2) != 0 ? atmosphere.z : 1.0);
    vec3 n = normalize(gl_FrontFacing ? v_normal : -v_normal);
    Surface s = Surface(v_world, n, color, v_color.a, v_finish.x, (v_flags & 1) != 0, 0.0, color * shining);
    fragment_color = vec4(screen_color(through_haze(surface_light(s, v_eye), v_world, v_eye)), texel.a);
}
