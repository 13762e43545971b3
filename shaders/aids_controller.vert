// A controller: like a surface, but moved with its hand, and its parts can shine. The vertices' fourth colour byte numbers them.
#include "include/view.glsl"
#include "include/vertex.glsl"

uniform mat4 world_from_grip;
uniform vec4 in_use;  // 0..1 of each part

flat out float v_in_use;

void main() {
    v_world = (world_from_grip * vec4(p3d_Vertex, 1.0)).xyz;
    v_normal = mat3(world_from_grip) * p3d_Normal;
    v_row = 0;
    v_uv = p3d_MultiTexCoord0;
    v_color = vec4(linear_from_srgb(base_color.rgb / 255.0), 1.0);
    int part = int(base_color.a + 0.5);
    v_in_use = part > 0 ? in_use[part - 1] : 0.0;
    decode_finish();
    v_eye = eye[view_index()].xyz;
    gl_Position = clip_position(v_world);
    choose_viewport();
}
