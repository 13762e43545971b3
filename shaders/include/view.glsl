// The views of this frame. One pass draws VIEWS_PER_PASS views side by side: an instance is drawn once for each of them.

#define VIEWS_MAX 4

uniform mat4 clip_from_world[VIEWS_MAX];
uniform mat4 world_from_clip[VIEWS_MAX];
uniform vec4 eye[VIEWS_MAX];
uniform int first_view;

int view_index() {
    return first_view + gl_InstanceID % VIEWS_PER_PASS;
}

int copy_index() {
    return gl_InstanceID / VIEWS_PER_PASS;
}

// Sends the vertex to its view's rectangle of the target.
void choose_viewport() {
#if VIEWS_PER_PASS > 1
    gl_ViewportIndex = gl_InstanceID % VIEWS_PER_PASS;
#endif
}
