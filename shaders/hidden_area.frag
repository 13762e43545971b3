// Black, for whoever looks at the mirror.
layout(location = 0) out vec4 fragment_color;

void main() {
    fragment_color = vec4(0.0, 0.0, 0.0, 1.0);
}
