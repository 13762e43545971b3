// What every surface has at a vertex (scene/tables.py, VERTEX) and hands to its fragments.

in vec3 p3d_Vertex;
in vec3 p3d_Normal;
in vec2 p3d_MultiTexCoord0;
in vec4 base_color;  // sRGB and openness, 0..255
in vec4 finish;      // roughness, emission, pattern, flags, 0..255

uniform vec4 atmosphere;

out vec3 v_world;
out vec3 v_normal;
out vec2 v_uv;
out vec4 v_color;
flat out vec4 v_finish;
flat out int v_flags;
flat out vec3 v_eye;
flat out int v_row;

vec3 linear_from_srgb(vec3 encoded) {
    return mix(encoded / 12.92, pow((encoded + 0.055) / 1.055, vec3(2.4)), greaterThan(encoded, vec3(0.04045)));
}

void decode_finish() {
    int flags = int(finish.w + 0.5);
    float emission = finish.y / 255.0;
    v_finish = vec4(finish.x / 255.0, 16.0 * emission * emission, finish.z, float(flags >> 2) / 63.0);
    v_flags = flags & 3;
}
