// What a picture says is what appears: display values with premultiplied alpha, no light, no haze, no tone mapping. Marks lie over
// it, their edges softened over a pixel.

in vec2 v_place;
in vec2 v_uv;
layout(location = 0) out vec4 fragment_color;

uniform sampler2D picture;
uniform vec4 sheet[2];      // opacity, how many marks, width / height (negative: no picture), nudge; where the picture begins, its extent
uniform vec4 marks[3 * MARKS_MAX];  // each: left, top, right, bottom; colour and alpha; radius in sheet heights

// The four texels round a place, by hand: some drivers blur even one texel to a pixel where they filter along slants.
vec4 enlarged() {
    ivec2 last = textureSize(picture, 0) - 1;
    vec2 place = v_uv * vec2(last + 1) - 0.5, share = fract(place);
    ivec2 low = ivec2(floor(place)), from = clamp(low, ivec2(0), last), to = clamp(low + 1, ivec2(0), last);
    vec4 upper = mix(texelFetch(picture, from, 0), texelFetch(picture, ivec2(to.x, from.y), 0), share.x);
    return mix(upper, mix(texelFetch(picture, ivec2(from.x, to.y), 0), texelFetch(picture, to, 0), share.x), share.y);
}

const float SLANT = 64.0;  // squared: what filtering along the slant of a texture makes good by itself

// Four samples in a rotated grid, each of a finer level, where the picture is made smaller: legible without shimmer. One texel to a
// pixel, or larger, it is `enlarged`. Source: B. Golus, "Sharper mipmapping using shader based supersampling" (2018).
vec4 sampled() {
    vec2 right = dFdx(v_uv), down = dFdy(v_uv), size = vec2(textureSize(picture, 0));
    float a2 = dot(right * size, right * size), b2 = dot(down * size, down * size);  // texels to a pixel, squared
    if (max(a2, b2) <= 1.002) return enlarged();
    float smaller = clamp(0.5 * log2(max(max(min(a2, b2), max(a2, b2) / SLANT), 1e-12)), 0.0, 1.0);
    vec2 near = smaller * 0.125 * vec2(1.0, -1.0), wide = smaller * 0.375 * vec2(1.0, -1.0);
    float finer = exp2(-smaller);
    vec2 a = right * finer, b = down * finer;
    vec4 sum = textureGrad(picture, v_uv + near.x * right + wide.x * down, a, b);
    sum += textureGrad(picture, v_uv + near.y * right + wide.y * down, a, b);
    sum += textureGrad(picture, v_uv + wide.x * right + near.y * down, a, b);
    sum += textureGrad(picture, v_uv + wide.y * right + near.x * down, a, b);
    return 0.25 * sum;
}

void main() {
    vec4 color = sheet[0].z > 0.0 ? sampled() : vec4(0.0);
    vec2 place = v_place * vec2(abs(sheet[0].z), 1.0);  // in sheet heights
    int count = int(sheet[0].y + 0.5);
    for (int k = 0; k < count; ++k) {
        vec4 edges = marks[3 * k] * vec2(abs(sheet[0].z), 1.0).xyxy;
        vec2 half_size = 0.5 * abs(edges.zw - edges.xy);
        float radius = min(marks[3 * k + 2].x, min(half_size.x, half_size.y));
        vec2 beyond = abs(place - 0.5 * (edges.xy + edges.zw)) - half_size + radius;
        float outside = length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - radius;
        float pixel = max(length(vec2(dFdx(outside), dFdy(outside))), 1e-7);
        vec4 tone = marks[3 * k + 1];
        float covered = tone.a * clamp(0.5 - outside / pixel, 0.0, 1.0);
        color = vec4(tone.rgb, 1.0) * covered + color * (1.0 - covered);
    }
    color *= sheet[0].x;
    if (color.a < 0.002) discard;
    fragment_color = color;
}
