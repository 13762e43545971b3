// The views of one pass, side by side in the target: an instance is drawn once for each of VIEWS_PER_PASS.

uniform mat4 clip_from_world[VIEWS_PER_PASS];
uniform mat4 world_from_clip[VIEWS_PER_PASS];
uniform vec4 eye[VIEWS_PER_PASS];

int view_index() {
    return gl_InstanceID % VIEWS_PER_PASS;
}

int copy_index() {
    return gl_InstanceID / VIEWS_PER_PASS;
}

// A software renderer pays more for picking one of two matrices by the instance than for multiplying by both.
vec4 clip_position(vec3 world) {
    vec4 position = clip_from_world[0] * vec4(world, 1.0);
#if VIEWS_PER_PASS == 2
    vec4 second = clip_from_world[1] * vec4(world, 1.0);
    position = view_index() == 0 ? position : second;
#elif VIEWS_PER_PASS > 2
    position = clip_from_world[view_index()] * vec4(world, 1.0);
#endif
    return position;
}

// Sends the vertex to its view's rectangle of the target.
void choose_viewport() {
#if VIEWS_PER_PASS > 1
    gl_ViewportIndex = view_index();
#endif
}
