// A sheet: a rectangle in the world with its own matrix for every view, composed in double precision, so that small text stands
// still far from the origin too. IN_WORLD: the views are not those of one pass, so they are applied here.
#include "include/view.glsl"

#ifdef IN_WORLD
uniform mat4 world_from_unit[1];
#else
uniform mat4 clip_from_unit[VIEWS_PER_PASS];  // X, Z: -0.5..0.5 over the sheet
#endif
uniform vec4 sheet[2];

out vec2 v_place;  // 0..1 from the left and from the top
out vec2 v_uv;

void main() {
    const vec2 corners[6] = vec2[](vec2(0, 1), vec2(1, 1), vec2(1, 0), vec2(0, 1), vec2(1, 0), vec2(0, 0));
    v_place = corners[gl_VertexID % 6];
    v_uv = sheet[1].xy + sheet[1].zw * v_place;
    vec4 unit = vec4(v_place.x - 0.5, 0.0, 0.5 - v_place.y, 1.0);
#ifdef IN_WORLD
    gl_Position = clip_position((world_from_unit[0] * unit).xyz);
#else
    gl_Position = clip_from_unit[0] * unit;
#if VIEWS_PER_PASS > 1
    for (int k = 1; k < VIEWS_PER_PASS; ++k)
        if (view_index() == k) gl_Position = clip_from_unit[k] * unit;
#endif
#endif
    gl_Position.z += sheet[0].w * (gl_Position.z - FAR_DEPTH * gl_Position.w);  // as if nearer by that share of the distance
    choose_viewport();
}
