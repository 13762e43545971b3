// Every surface type: world position, normal, colour and finish for its fragments, once for each view.
// INSTANCED: rows of a repeated thing; SWAYING: one that moves in the wind, a program of its own because a software renderer
// works out both sides of a branch. NUDGED: a little nearer than what it lies on (images on walls).
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
#ifdef SWAYING
    v_world += wind(one, p3d_Vertex, atmosphere.w);
#endif
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
    v_eye = eye[view_index()].xyz;
    gl_Position = clip_position(v_world);
#ifdef NUDGED
    gl_Position.z += 5e-4 * (gl_Position.z - FAR_DEPTH * gl_Position.w);  // as if nearer by that share of the distance
#endif
    choose_viewport();
}
