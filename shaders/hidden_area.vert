// What the lenses hide, before everything else and nearer than everything: nothing behind it is shaded.
#include "include/view.glsl"

uniform samplerBuffer hidden_area;  // a corner a texel: place in its view's picture (x, y, -1..1), the view's number

void main() {
    vec4 corner = texelFetch(hidden_area, gl_VertexID);
    bool ours = int(corner.z) == view_index();
    gl_Position = ours ? vec4(corner.xy, 1.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
    choose_viewport();
}
