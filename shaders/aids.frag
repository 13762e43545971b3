// The same in any light: display values, each light shape with a dark rim, so that it reads on any ground.

in vec2 v_place;
in float v_alpha;
layout(location = 0) out vec4 fragment_color;

uniform vec4 tone;  // rgb of the light part; a: CURSOR: 0 = nothing there, 1 = hovering .. 2 = pressed

const vec3 DARK = vec3(0.05, 0.06, 0.08);

// 1 within `radius`, softened over a pixel.
float within(float place, float radius, float pixel) { return smoothstep(radius + pixel, radius - pixel, place); }

void main() {
#ifdef RIBBON
    float across = abs(v_place.y), core = smoothstep(0.75, 0.4, across), rim = smoothstep(1.0, 0.7, across);
    float on = 1.0;
#ifdef DASH
    float phase = v_place.x / DASH, pixel = fwidth(phase);
    float dash = smoothstep(0.36, 0.26, abs(fract(phase) - 0.5));
    on = mix(0.22, 1.0, mix(dash, 0.6, clamp(4.0 * pixel - 0.6, 0.0, 1.0)));
#endif
    fragment_color = vec4(mix(DARK, tone.rgb, core), mix(0.3 * rim, 0.95, core) * on * v_alpha);
#else
    float radius = length(v_place), pixel = 0.7 * fwidth(radius);
#ifdef CURSOR
    float outer = within(radius, 1.0 - pixel, pixel);
    float light = within(radius, tone.a > 0.5 ? 0.86 : 0.74, pixel);
    if (tone.a > 0.5) {
        float gap = within(radius, 0.68, pixel), heart = within(radius, mix(0.4, 0.6, clamp(tone.a - 1.0, 0.0, 1.0)), pixel);
        light = light * (1.0 - gap) + heart;
    }
    fragment_color = vec4(mix(DARK, tone.rgb, light), outer * mix(0.6, 1.0, light));
#else
    float ring = within(abs(radius - 0.66), 0.05, pixel), halo = within(abs(radius - 0.66), 0.085, pixel);
    float glow = 0.30 * smoothstep(0.0, 0.66, radius) * within(radius, 0.66, pixel);
    vec2 tip = vec2(abs(v_place.x), v_place.y);
    float tick = min(0.97 - tip.y - 1.1 * tip.x, tip.y - 0.79 + 0.35 * tip.x);
    float edge = 0.7 * fwidth(tick);
    float arrow = smoothstep(-edge, edge, tick), arrow_halo = smoothstep(-edge, edge, tick + 0.035);
    float light = max(ring, arrow);
    fragment_color = vec4(mix(DARK, tone.rgb, max(light, step(max(halo, arrow_halo), glow))), max(max(light * 0.95, glow), 0.35 * max(halo, arrow_halo)));
#endif
#endif
}
