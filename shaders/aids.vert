// Aids that lie in the world. RIBBON (a number of points) follows them and faces every eye; CURSOR and LANDING are discs on a
// surface. Corners come from their number.
#include "include/view.glsl"

out vec2 v_place;   // RIBBON: metres along, -1..1 across; discs: -1..1 to the right and forward
out float v_alpha;

#ifdef RIBBON

uniform vec4 points[RIBBON];  // world; w = metres along
uniform vec4 ribbon;          // half width in metres at both ends; opacity at the end; metres of one dash

const float FINEST = 0.0009, COARSEST = 0.009;  // radians: never thinner or thicker for the eye
const vec2 NEAR_EYE = vec2(0.12, 0.4);  // metres: what starts at the eye itself does not cover the view

void main() {
    int corner = gl_VertexID % 6;
    int k = gl_VertexID / 6 + int(corner == 1 || corner == 2 || corner == 4);
    float across = corner == 0 || corner == 1 || corner == 3 ? -1.0 : 1.0;
    vec3 here = points[k].xyz, from_eye = here - eye[view_index()].xyz;
    vec3 along = points[min(k + 1, RIBBON - 1)].xyz - points[max(k - 1, 0)].xyz;
    vec3 side = cross(along, from_eye);
    float distance = length(from_eye), share = float(k) / float(RIBBON - 1);
    float width = clamp(mix(ribbon.x, ribbon.y, share), FINEST * distance, COARSEST * distance);
    vec3 world = here + side * (across * width / max(length(side), 1e-9));
    v_place = vec2(points[k].w, across);
    v_alpha = mix(1.0, ribbon.z, share * share) * smoothstep(NEAR_EYE.x, NEAR_EYE.y, distance);
    gl_Position = clip_position(world);
    choose_viewport();
}

#else

uniform vec4 disc[3];  // middle and half size (CURSOR: in radians for the eye; LANDING: in metres); normal; forward

const float FLATTEST = 0.5;  // sine of the angle under which a cursor is seen at least

void main() {
    const vec2 corners[6] = vec2[](vec2(-1, -1), vec2(1, -1), vec2(1, 1), vec2(-1, -1), vec2(1, 1), vec2(-1, 1));
    v_place = corners[gl_VertexID % 6];
    v_alpha = 1.0;
    vec3 middle = disc[0].xyz, normal = disc[1].xyz, forward = disc[2].xyz;
    float size = disc[0].w;
#ifdef CURSOR
    // All eyes see the same disc, so that it keeps its place in depth.
    vec3 between = vec3(0.0);
    for (int k = 0; k < VIEWS_PER_PASS; ++k) between += eye[k].xyz / float(VIEWS_PER_PASS);
    vec3 to_eye = between - middle;
    size *= length(to_eye);
    to_eye = normalize(to_eye);
    normal = normalize(normal + to_eye * max(0.0, FLATTEST - dot(normal, to_eye)));
    forward = abs(normal.z) < 0.9 ? vec3(0.0, 0.0, 1.0) : vec3(0.0, 1.0, 0.0);
#endif
    vec3 right = normalize(cross(forward, normal));
    forward = cross(normal, right);
    gl_Position = clip_position(middle + normal * 0.012 + size * (v_place.x * right + v_place.y * forward));
#ifdef LANDING
    gl_Position.z += 4e-3 * (gl_Position.z - FAR_DEPTH * gl_Position.w);  // above what grows and lies on the ground
#endif
    choose_viewport();
}

#endif
