// One triangle over every whole view, before everything: hands on where each pixel looks, and where its view does.
#include "include/view.glsl"

out vec3 v_ray;  // world direction, not normalised
flat out vec3 v_forward;

void main() {
    int view = view_index();
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    vec4 near = world_from_clip[view] * vec4(corner, 1.0, 1.0);
    v_ray = near.xyz / near.w - eye[view].xyz;
    mat4 clip = clip_from_world[view];
    v_forward = vec3(clip[0][3], clip[1][3], clip[2][3]);  // w of clip space is the distance ahead
    gl_Position = vec4(corner, 0.5, 1.0);
    choose_viewport();
}
