// Repeatable noise without textures. Hash: M. Jarzynski and M. Olano, "Hash functions for GPU rendering" (2020).

uvec3 hash_bits(uvec3 v) {
    v = v * 1664525u + 1013904223u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    v ^= v >> 16u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    return v;
}

// Three independent values 0..1 for one whole-numbered place.
vec3 hash3(ivec3 p) { return vec3(hash_bits(uvec3(p)) >> 8u) * (1.0 / 16777216.0); }
vec3 hash3(ivec2 p) { return hash3(ivec3(p, 7)); }

// One value 0..1; cheaper than hash3.
float hash1(ivec2 p) {
    uint n = uint(p.x) * 1597334677u ^ uint(p.y) * 3812015801u;
    n = (n ^ (n >> 15u)) * 2246822519u;
    return float((n ^ (n >> 13u)) >> 8u) * (1.0 / 16777216.0);
}

// Smooth noise 0..1, one bump per unit.
float value_noise(vec2 p) {
    vec2 cell = floor(p);
    vec2 f = p - cell;
    f = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
    ivec2 i = ivec2(cell);
    return mix(mix(hash1(i), hash1(i + ivec2(1, 0)), f.x), mix(hash1(i + ivec2(0, 1)), hash1(i + ivec2(1, 1)), f.x), f.y);
}

// Gradient (xy) of smooth noise and its value (z).
vec3 value_noise_slope(vec2 p) {
    vec2 cell = floor(p);
    vec2 f = p - cell;
    vec2 u = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
    vec2 du = 30.0 * f * f * (f * (f - 2.0) + 1.0);
    ivec2 i = ivec2(cell);
    float a = hash1(i), b = hash1(i + ivec2(1, 0)), c = hash1(i + ivec2(0, 1)), d = hash1(i + ivec2(1, 1));
    float k = a - b - c + d;
    return vec3(du * (vec2(b - a, c - a) + k * u.yx), a + (b - a) * u.x + (c - a) * u.y + k * u.x * u.y);
}

// How much of detail of a given size is left where one pixel covers `footprint`: 1 near, 0 where it would shimmer.
float detail_left(float size, float footprint) { return 1.0 - smoothstep(0.25, 0.9, footprint / size); }

// Noise around 0 (-0.5..0.5) that fades out before it shimmers.
float filtered_noise(vec2 p, float size, float footprint) {
    float left = detail_left(size, footprint);
    return left > 0.0 ? (value_noise(p / size) - 0.5) * left : 0.0;
}

// Smooth noise 0..1 in space.
float value_noise(vec3 p) {
    vec3 cell = floor(p);
    vec3 f = p - cell;
    f = f * f * (3.0 - 2.0 * f);
    ivec3 i = ivec3(cell);
    ivec2 low = i.xy + i.z * ivec2(157, 113), high = low + ivec2(157, 113);
    vec4 near = vec4(hash1(low), hash1(low + ivec2(1, 0)), hash1(low + ivec2(0, 1)), hash1(low + ivec2(1, 1)));
    vec4 far = vec4(hash1(high), hash1(high + ivec2(1, 0)), hash1(high + ivec2(0, 1)), hash1(high + ivec2(1, 1)));
    vec4 mid = mix(near, far, f.z);
    vec2 row = mix(mid.xz, mid.yw, f.x);
    return mix(row.x, row.y, f.y);
}

float filtered_noise(vec3 p, float size, float footprint) {
    float left = detail_left(size, footprint);
    return left > 0.0 ? (value_noise(p / size) - 0.5) * left : 0.0;
}
