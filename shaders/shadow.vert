// Depth of what throws shade, seen from the sun (or the moon).
#ifdef INSTANCED
#include "include/instances.glsl"
#endif

in vec3 p3d_Vertex;

uniform mat4 shadow_clip_from_world;

void main() {
    vec3 world = p3d_Vertex;
#ifdef INSTANCED
    world = world_from_instance(fetch_instance(gl_InstanceID), world);
#endif
    gl_Position = shadow_clip_from_world * vec4(world, 1.0);
}
