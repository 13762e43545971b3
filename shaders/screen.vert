// A picture in a window: a rectangle in clip space. Corners come from their number (two triangles).
uniform vec4 area;  // left, bottom, right, top in clip space
out vec2 v_uv;

void main() {
    const vec2 corner[6] = vec2[](vec2(0, 0), vec2(1, 0), vec2(1, 1), vec2(0, 0), vec2(1, 1), vec2(0, 1));
    v_uv = corner[gl_VertexID % 6];
    gl_Position = vec4(mix(area.xy, area.zw, v_uv), 0.5, 1.0);
}
