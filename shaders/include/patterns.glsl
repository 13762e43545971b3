// Fine detail from place and uv (metres), every part of it faded out before it would shimmer. The numbers are the indices of
// PATTERNS in vrclient/scene/tables.py. Needs noise.glsl.

const int PLAIN = 0, GRASS = 1, PAVING = 2, ASPHALT = 3, GRAVEL = 4, CONCRETE = 5, PANELS = 6, WOOD = 7, FOLIAGE = 8,
          METAL = 9, SAND = 10, ROCK = 11, ROOMS = 12, SANDSTONE = 13;

struct Detail {
    vec3 color;
    vec3 normal;
    float roughness;
    float translucency;
    float openness;
};

// Share of a pixel that a joint covers: joints at whole numbers of x, `width` of a cell wide, a pixel `footprint` cells wide.
// Source: B. Golus, "The best darn grid shader (yet)" (2023).
float joint(float x, float width, float footprint) {
    float drawn = clamp(width, footprint, 0.5);
    float from_joint = abs(fract(x - 0.5) - 0.5) * 2.0;
    float share = smoothstep(drawn + 1.5 * footprint, drawn - 1.5 * footprint, from_joint) * clamp(width / drawn, 0.0, 1.0);
    return mix(share, width, clamp(footprint * 2.0 - 1.0, 0.0, 1.0));
}

// Two coordinates in metres along any surface, without uv.
vec2 along_surface(vec3 place, vec3 n) {
    if (abs(n.z) > 0.6) return place.xy;
    return vec2(abs(n.x) > abs(n.y) ? place.y : place.x, place.z);
}

void grass(inout Detail d, vec2 p, float footprint) {
    float broad = value_noise(p / 37.0) - 0.5, patchy = value_noise(p / 7.3 + 4.0) - 0.5;
    float clumps = filtered_noise(p + 9.0, 1.1, footprint);
    mat2 turn = mat2(0.8, 0.6, -0.6, 0.8);
    float tufts = filtered_noise(p, 0.22, footprint) + 0.9 * filtered_noise(turn * p, 0.075, footprint)
        + 0.8 * filtered_noise(turn * p * vec2(2.2, 1.0), 0.03, footprint);
    float dry = clamp(0.5 + 0.7 * broad + 0.6 * patchy + 0.35 * clumps, 0.0, 1.0);
    d.color *= mix(vec3(0.78, 0.9, 0.82), vec3(1.28, 1.12, 0.95), dry) * (1.0 + 0.16 * clumps + 0.5 * tufts);
    d.normal = normalize(d.normal + vec3(0.06 * tufts, -0.05 * tufts, 0.0));
    d.translucency = 0.25;
}

void paving(inout Detail d, vec2 p, vec2 pixel) {
    vec2 stone = vec2(0.9, 0.45);
    float course = floor(p.y / stone.y);
    vec2 cell = vec2(p.x / stone.x + 0.5 * mod(course, 2.0), p.y / stone.y);
    vec2 footprint = pixel / stone;
    float left = detail_left(1.0, max(footprint.x, footprint.y) * 0.7);
    float tint = hash1(ivec2(floor(cell.x), course)) - 0.5;
    float grit = filtered_noise(p, 0.021, max(pixel.x, pixel.y)) + filtered_noise(p + 5.0, 0.09, max(pixel.x, pixel.y));
    float worn = value_noise(p / 5.3) - 0.5;
    float joints = max(joint(cell.x, 0.009, footprint.x), joint(cell.y, 0.018, footprint.y));
    d.color *= 1.0 + 0.16 * tint * left + 0.10 * grit + 0.10 * worn;
    d.color *= 1.0 - 0.55 * joints;
    d.roughness = clamp(d.roughness + 0.15 * tint * left, 0.2, 1.0);
}

void asphalt(inout Detail d, vec2 p, float footprint) {
    float grain = filtered_noise(p, 0.011, footprint) + 0.6 * filtered_noise(p + 3.0, 0.03, footprint);
    float patches = value_noise(p / 3.1) * 0.5 + value_noise(p / 13.0) - 0.75;
    d.color *= 1.0 + 0.55 * grain + 0.16 * patches;
}

void gravel(inout Detail d, vec2 p, float footprint) {
    float stones = filtered_noise(p, 0.028, footprint) * 1.3 + filtered_noise(p * mat2(0.8, 0.6, -0.6, 0.8), 0.06, footprint);
    float left = detail_left(0.045, footprint);
    vec3 pick = left > 0.0 ? hash3(ivec2(floor(p / 0.045))) - 0.5 : vec3(0.0);
    d.color *= 1.0 + 0.5 * stones + 0.2 * pick * left + 0.14 * (value_noise(p / 2.3) - 0.5);
    d.normal = normalize(d.normal + vec3(0.5 * stones, 0.4 * stones, 0.0));
}

void concrete(inout Detail d, vec2 p, float footprint) {
    float clouds = filtered_noise(p, 2.7, footprint) + 0.5 * filtered_noise(p + 7.0, 0.8, footprint);
    float pores = filtered_noise(p, 0.012, footprint) + 0.5 * filtered_noise(p, 0.05, footprint);
    float rain = filtered_noise(vec2(p.x * 3.0, p.y * 0.25), 1.0, footprint * 3.0);
    d.color *= 1.0 + 0.13 * clouds + 0.10 * pores + 0.06 * rain;
    d.roughness = clamp(d.roughness + 0.1 * clouds, 0.0, 1.0);
}

void panels(inout Detail d, vec2 p, vec2 pixel) {
    vec2 panel = vec2(3.2, 1.6);
    float course = floor(p.y / panel.y);
    vec2 cell = vec2(p.x / panel.x + 0.37 * course, p.y / panel.y);
    vec2 footprint = pixel / panel;
    float left = detail_left(1.0, max(footprint.x, footprint.y));
    float tint = hash1(ivec2(floor(cell.x), course)) - 0.5;
    float joints = max(joint(cell.x, 0.0055, footprint.x), joint(cell.y, 0.011, footprint.y));
    float fine = filtered_noise(p, 0.02, max(pixel.x, pixel.y));
    d.color *= (1.0 + 0.05 * tint * left + 0.03 * fine) * (1.0 - 0.45 * joints);
}

void wood(inout Detail d, vec2 p, vec2 pixel) {
    vec2 plank = vec2(2.4, 0.14);
    float course = floor(p.y / plank.y);
    float start = hash1(ivec2(int(course), 3));
    vec2 cell = vec2(p.x / plank.x + start, p.y / plank.y), footprint = pixel / plank;
    float left = detail_left(1.0, max(footprint.x, footprint.y));
    float tint = hash1(ivec2(floor(cell.x), course) + 51) - 0.5;
    vec2 q = vec2(p.x * 0.12 + 31.0 * tint, p.y);
    float grain = filtered_noise(q, 0.012, pixel.y) + 0.7 * filtered_noise(q + 4.0, 0.035, pixel.y);
    float joints = max(joint(cell.x, 0.002, footprint.x), joint(cell.y, 0.045, footprint.y));
    d.color *= (1.0 + 0.30 * tint * left + 0.28 * grain) * (1.0 - 0.7 * joints);
}

void foliage(inout Detail d, vec3 place, float footprint, int row) {
    vec3 kind = hash3(ivec2(row, 11)) - 0.5;
    float boughs = filtered_noise(place, 1.2, footprint);
    float sprigs = filtered_noise(place + 7.0, 0.34, footprint);
    float leaves = filtered_noise(place, 0.11, footprint);
    float blades = filtered_noise(place * vec3(1.0, 1.0, 1.6) + 3.0, 0.055, footprint);
    float crisp = (smoothstep(-0.12, 0.14, leaves + 0.6 * blades) - 0.5) * detail_left(0.11, footprint);
    float light = 0.8 * boughs + 0.9 * sprigs + 0.5 * crisp + 0.3 * blades;
    d.color *= mix(vec3(1.0), vec3(1.12, 1.0, 0.75), clamp(0.5 + kind.x + 0.5 * boughs, 0.0, 1.0)) * (1.0 + 0.25 * kind.y);
    d.color *= max(1.0 + 0.75 * light, 0.15);
    d.normal = normalize(d.normal + vec3(0.9 * sprigs + 0.5 * leaves, 0.9 * boughs - 0.5 * blades, 0.8 * (sprigs - boughs)));
    d.openness *= clamp(1.0 + 0.7 * light, 0.35, 1.0);
    d.translucency = 0.6;
}

void metal(inout Detail d, vec2 p, vec2 pixel) {
    float brushed = filtered_noise(vec2(p.x, p.y * 0.02), 0.004, pixel.x) + filtered_noise(vec2(p.x, p.y * 0.03), 0.03, pixel.x);
    d.roughness = clamp(d.roughness * (1.0 + 0.4 * brushed), 0.03, 1.0);
    d.color *= 1.0 + 0.08 * brushed;
}

void sand(inout Detail d, vec2 p, float footprint) {
    float ripples = filtered_noise(p * vec2(1.0, 0.35) + 0.6 * value_noise(p / 1.7), 0.16, footprint);
    float grain = filtered_noise(p, 0.008, footprint);
    d.color *= 1.0 + 0.12 * ripples + 0.18 * grain + 0.12 * (value_noise(p / 6.0) - 0.5);
    d.normal = normalize(d.normal + vec3(0.2 * ripples, 0.1 * ripples, 0.0));
}

void rock(inout Detail d, vec3 place, vec3 n, float footprint) {
    vec2 p = along_surface(place, n);
    float warp = value_noise(p / 4.1) + 0.5 * value_noise(p / 1.3);
    float strata = filtered_noise(vec2(place.z * 1.0 + 1.4 * warp, 0.2 * p.x), 0.9, footprint)
        + 0.6 * filtered_noise(vec2(place.z + warp, 0.4 * p.x), 0.22, footprint);
    float rough = filtered_noise(p, 0.5, footprint) + 0.6 * filtered_noise(p + 2.0, 0.13, footprint) + 0.4 * filtered_noise(p, 0.04, footprint);
    d.color *= max(1.0 + 0.42 * strata + 0.5 * rough, 0.2) * mix(vec3(1.0), vec3(1.1, 0.98, 0.86), value_noise(p / 9.0));
    d.normal = normalize(d.normal + vec3(0.4 * rough, -0.35 * rough, 0.3 * strata));
    d.openness *= clamp(1.0 + 0.6 * rough, 0.4, 1.0);
}

// Weathered quartz sandstone: beds that run level through a whole landscape, upright joints, dark streaks of rain, green where
// soil holds.
void sandstone(inout Detail d, vec3 place, float footprint) {
    vec3 n = d.normal;
    // Along a wall of any heading: its own level direction, in steps, so that a facet has one.
    float heading = floor(atan(n.y, n.x) * 2.5465 + 0.5) / 2.5465;
    float u = place.y * cos(heading) - place.x * sin(heading) + 37.0 * heading;
    float warp = 2.2 * value_noise(place.xy / 31.0);
    float bed = value_noise(vec2(place.z / 9.0 + 0.12 * warp, 3.0)) - 0.5;
    float seam = filtered_noise(vec2(place.z + warp, 0.03 * u), 2.7, footprint) + 0.7 * filtered_noise(vec2(place.z + 0.4 * warp, 0.08 * u + 9.0), 0.9, footprint)
        + 0.5 * filtered_noise(vec2(place.z, 0.15 * u), 0.27, footprint);
    float joint_line = abs(value_noise(vec2(u / 6.5 + 0.5 * bed, place.z / 60.0)) - 0.5);
    float crack = (1.0 - smoothstep(0.0, 0.035 + 0.12 * footprint / 6.5, joint_line)) * detail_left(6.5, 0.6 * footprint);
    float fine_line = abs(value_noise(vec2(u / 1.7, place.z / 7.0)) - 0.5);
    crack = max(crack, 0.6 * (1.0 - smoothstep(0.0, 0.06, fine_line)) * detail_left(1.7, footprint));
    float rain = value_noise(vec2(u / 3.1, place.z / 55.0)) + 0.5 * filtered_noise(vec2(u, place.z / 14.0), 1.1, footprint);
    float stain = smoothstep(0.52, 0.86, rain) * smoothstep(0.75, 0.3, abs(n.z));
    float grain = filtered_noise(vec2(u, place.z), 0.5, footprint) + 0.6 * filtered_noise(vec2(u, place.z) + 2.0, 0.13, footprint)
        + 0.4 * filtered_noise(vec2(u, place.z) + 5.0, 0.04, footprint);
    float rust = value_noise(vec3(place.xy / 43.0, place.z / 17.0));
    vec3 tone = mix(vec3(0.9, 0.95, 1.02), vec3(1.05, 0.94, 0.8), smoothstep(0.35, 0.8, rust + 0.5 * bed));
    d.color *= tone * max(1.0 + 0.5 * bed + 0.42 * seam + 0.35 * grain, 0.25) * (1.0 - 0.55 * stain) * (1.0 - 0.5 * crack);
    float moss = smoothstep(0.35, 0.7, n.z + 0.5 * (value_noise(place.xy / 2.3) - 0.5))
        + 0.55 * smoothstep(0.62, 0.85, value_noise(vec3(place.xy / 7.0, place.z / 5.0) + 3.0)) * smoothstep(0.3, 0.7, value_noise(place / 1.4));
    d.color = mix(d.color, vec3(0.075, 0.105, 0.035) * (0.7 + 0.6 * value_noise(place.xy / 0.9)) * (1.0 + grain), clamp(moss, 0.0, 1.0));
    d.normal = normalize(n + vec3(0.4 * grain, -0.35 * grain, 0.35 * seam));
    d.openness *= clamp(1.0 + 0.4 * grain + 0.25 * seam - 0.5 * crack, 0.3, 1.0);
}

// The detail of a surface at a place. Call it outside of branches: it needs derivatives.
Detail surface_detail(int pattern, vec3 color, float roughness, vec3 n, vec3 place, vec2 uv, int row) {
    vec2 flat_place = along_surface(place, n);
    vec3 dx = dFdx(place), dy = dFdy(place);
    float footprint = 0.75 * max(length(dx), length(dy));
    vec2 pixel = fwidth(uv);
    if (pixel.x + pixel.y < 1e-7) {
        uv = flat_place;
        pixel = vec2(footprint);
    }
    Detail d = Detail(color, n, roughness, 0.0, 1.0);
    switch (pattern) {
        case GRASS: grass(d, place.xy, footprint); break;
        case PAVING: paving(d, uv, pixel); break;
        case ASPHALT: asphalt(d, place.xy, footprint); break;
        case GRAVEL: gravel(d, place.xy, footprint); break;
        case CONCRETE: concrete(d, flat_place, footprint); break;
        case PANELS: panels(d, uv, pixel); break;
        case WOOD: wood(d, uv, pixel); break;
        case FOLIAGE: foliage(d, place, footprint, row); break;
        case METAL: metal(d, uv, pixel); break;
        case SAND: sand(d, place.xy, footprint); break;
        case SANDSTONE: sandstone(d, place, footprint); break;
        case ROCK: rock(d, place, n, footprint); break;
        default: break;
    }
    return d;
}
