// A picture in a window, as it is: display values in, display values out.
uniform sampler2D picture;
in vec2 v_uv;
layout(location = 0) out vec4 fragment_color;

void main() {
    fragment_color = texture(picture, v_uv);
}
