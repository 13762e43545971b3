// A picture in a window: a rectangle in clip space. Corners come from their number (two triangles).
uniform vec4 area;  // left, bottom, right, top in clip space
uniform vec4 part;  // left, bottom, right, top of what is shown of the picture, 0..1
out vec2 v_uv;

void main() {
    const vec2 corner[6] = vec2[](vec2(0, 0), vec2(1, 0), vec2(1, 1), vec2(0, 0), vec2(1, 1), vec2(0, 1));
    vec2 place = corner[gl_VertexID % 6];
    v_uv = mix(part.xy, part.zw, place);
    gl_Position = vec4(mix(area.xy, area.zw, place), 0.5, 1.0);
}
