// One triangle over the whole view at the far end of depth; hands on the ray through every pixel.
#include "include/view.glsl"

out vec3 v_ray;  // world direction, not normalised
flat out vec3 v_eye;

void main() {
    int view = view_index();
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    vec4 near = world_from_clip[view] * vec4(corner, 1.0, 1.0);
    v_ray = near.xyz / near.w - eye[view].xyz;
    v_eye = eye[view].xyz;
    gl_Position = vec4(corner, FAR_DEPTH, 1.0);
    choose_viewport();
}
