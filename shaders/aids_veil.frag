// A blink darkens the whole view; a vignette its rim, with a soft edge.

in vec3 v_ray;
flat in vec3 v_forward;
layout(location = 0) out vec4 fragment_color;

uniform vec4 veil;  // blink, vignette

const float OPEN = 1.3, CLOSED = 0.40, SOFT = 0.24;  // radians from the view's middle

void main() {
    float angle = acos(clamp(dot(normalize(v_ray), normalize(v_forward)), -1.0, 1.0));
    float from = mix(OPEN, CLOSED, sqrt(veil.y));
    float rim = smoothstep(from, from + SOFT, angle) * smoothstep(0.0, 0.1, veil.y);
    fragment_color = vec4(0.0, 0.0, 0.0, max(veil.x, rim));
}
