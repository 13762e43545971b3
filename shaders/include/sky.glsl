// The sky table: what LightEnvironment (vrclient/scene/environment.py) puts down. The layout's numbers are the same there.
// Needs: uniform sampler2D sky_table (linear, repeating in x, clamped in y).

const float SKY_PI = 3.14159265;
const float SKY_ROWS = 96.0, CLOUD_ROWS = 31.0, TABLE_ROWS = 128.0;

float sky_heading_u(vec3 d) { return atan(d.x, d.y) / (2.0 * SKY_PI); }

// Radiance of the clear sky (rgb), and how much starlight gets through (a).
vec4 clear_sky(vec3 d) {
    float rise = asin(clamp(d.z, -1.0, 1.0)) / (0.5 * SKY_PI);
    float row = (0.5 + 0.5 * sign(rise) * sqrt(abs(rise))) * SKY_ROWS;
    return textureLod(sky_table, vec2(sky_heading_u(d), clamp(row, 0.5, SKY_ROWS - 0.5) / TABLE_ROWS), 0.0);
}

// Radiance of a dense cloud (rgb), and how much of the sky clouds shall cover (a).
vec4 cloud_light(vec3 d) {
    float row = sqrt(asin(clamp(d.z, 0.0, 1.0)) / (0.5 * SKY_PI)) * CLOUD_ROWS;
    return textureLod(sky_table, vec2(sky_heading_u(d), (SKY_ROWS + clamp(row, 0.5, CLOUD_ROWS - 0.5)) / TABLE_ROWS), 0.0);
}

// The facts of the last row; see _facts in environment.py.
vec4 sky_fact(int index) { return texelFetch(sky_table, ivec2(index, int(TABLE_ROWS) - 1), 0); }

// Share of the sky that thin high cloud hides in a direction, 0..1. `footprint` = size of a pixel on the cloud plane.
float cloud_density(vec2 p, float footprint, float cover, float seconds) {
    p += vec2(0.004, 0.0015) * seconds;
    vec2 warp = vec2(value_noise(p * 1.3 + 3.1), value_noise(p * 1.3 + 17.7)) - 0.5;
    vec2 streak = mat2(0.87, 0.5, -0.5, 0.87) * (p + 0.55 * warp) * vec2(0.42, 1.5);
    mat2 turn = mat2(0.8, 0.6, -0.6, 0.8);
    float fields = value_noise(p * 0.42 + 9.3);
    float strands = filtered_noise(streak, 1.0, footprint) + 0.6 * filtered_noise(streak * 1.1 + 0.5 * warp + 5.0, 0.43, footprint)
        + 0.42 * filtered_noise(streak + 11.0, 0.19, footprint) + 0.3 * filtered_noise(streak * vec2(0.7, 1.3) + 23.0, 0.085, footprint);
    vec2 fleece = turn * (p + 0.12 * warp);
    float flakes = filtered_noise(fleece, 0.21, footprint) + 0.6 * filtered_noise(turn * fleece + 3.0, 0.1, footprint)
        + 0.35 * filtered_noise(fleece + 7.0, 0.046, footprint);
    float amount = 0.5 * fields + 0.25 + mix(0.75 * strands, 0.42 * flakes + 0.3 * strands, smoothstep(0.45, 0.65, value_noise(p * 0.31 + 40.0)));
    float threshold = mix(0.74, 0.15, pow(cover, 0.7));
    float density = smoothstep(threshold, threshold + 0.5, amount);
    return density * min(1.0, 3.0 * cover) * 0.8;
}

// Where a direction meets the cloud plane; smooth down to the horizon.
vec2 cloud_place(vec3 d) { return d.xy / (max(d.z, 0.0) + 0.06) * 0.9; }
