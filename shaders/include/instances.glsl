// Repeated things: static rows in one buffer, this pass's visible row numbers in another.
// Row r is texels 2r (position, heading) and 2r + 1 (scale, packed tint); see renderer/batches.py.

uniform samplerBuffer instance_rows;
uniform usamplerBuffer visible_rows;  // first the start of every batch, then the row numbers
uniform ivec2 batch;                  // number of this batch, number of batches
#ifdef SWAYING
uniform float sway;                   // how far the top moves in the wind, 0..1
#endif

struct Instance {
    vec3 position;
    float heading;
    vec3 scale;
    vec3 tint;
    int row;
};

Instance fetch_instance(int copy) {
    int start = int(texelFetch(visible_rows, batch.x).r);
    int row = int(texelFetch(visible_rows, batch.y + start + copy).r);
    vec4 first = texelFetch(instance_rows, 2 * row);
    vec4 second = texelFetch(instance_rows, 2 * row + 1);
    uint bits = floatBitsToUint(second.w);
    vec3 root = vec3(bits & 511u, (bits >> 9) & 511u, (bits >> 18) & 511u) * (2.0 / 511.0);
    return Instance(first.xyz, first.w, second.xyz, root * root, row);
}

vec3 turned(vec3 value, float heading) {
    float c = cos(heading), s = sin(heading);
    return vec3(c * value.x + s * value.y, c * value.y - s * value.x, value.z);
}

vec3 world_from_instance(Instance one, vec3 position) {
    return one.position + turned(one.scale * position, one.heading);
}

vec3 world_normal(Instance one, vec3 normal) {
    return normalize(turned(normal / one.scale, one.heading));
}

#ifdef SWAYING
// The wind: the higher above its ground, the further a point moves.
vec3 wind(Instance one, vec3 position, float time) {
    float height = max(position.z, 0.0) * one.scale.z;
    float phase = dot(one.position.xy, vec2(0.13, 0.17)) + time;
    float strength = sway * 0.0012 * height * height / (1.0 + 0.08 * height);
    vec2 gust = vec2(sin(phase * 1.1) + 0.4 * sin(phase * 2.7 + position.x), cos(phase * 0.9) + 0.4 * sin(phase * 3.1 + position.y));
    return vec3(strength * gust, 0.0);
}
#endif
