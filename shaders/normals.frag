// The direction of a surface as its colour: east red, north green, up blue; 0.5 is none. No light, no haze.

in vec3 v_normal;
layout(location = 0) out vec4 fragment_color;

void main() {
    fragment_color = vec4(0.5 * v_normal + 0.5, 1.0);
}
