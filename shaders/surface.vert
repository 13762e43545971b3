// Every surface type: world position, normal, colour and finish for its fragments, once for each view.
// INSTANCED: rows of a repeated thing. NUDGED: a little nearer than what it lies on (images on walls).
#include "include/view.glsl"
#include "include/vertex.glsl"
#ifdef INSTANCED
#include "include/instances.glsl"
#endif

void main() {
    vec3 tint = vec3(1.0);
#ifdef INSTANCED
    Instance one = fetch_instance(copy_index());
    v_world = world_from_instance(one, p3d_Vertex);
    if (sway > 0.0) v_world += wind(one, p3d_Vertex, atmosphere.w);
    v_normal = world_normal(one, p3d_Normal);
    v_row = one.row;
    tint = one.tint;
#else
    v_world = p3d_Vertex;
    v_normal = p3d_Normal;
    v_row = 0;
#endif
    v_uv = p3d_MultiTexCoord0;
    v_color = vec4(linear_from_srgb(base_color.rgb / 255.0) * tint, base_color.a / 255.0);
    decode_finish();
    int view = view_index();
    v_eye = eye[view].xyz;
    gl_Position = clip_from_world[view] * vec4(v_world, 1.0);
#ifdef NUDGED
    gl_Position.z += 5e-4 * (gl_Position.z - FAR_DEPTH * gl_Position.w);  // as if nearer by that share of the distance
#endif
    choose_viewport();
}
