// From exposed linear light to the screen. Source of the curve: Khronos PBR Neutral (2024), which keeps hues; without its
// toe, which would swallow the night, and with an earlier, softer shoulder for skies and lamps.
// Needs: uniform vec4 atmosphere (y = exposure).

const float SHOULDER = 0.55;
const float DESATURATION = 0.12;

vec3 tone_mapped(vec3 light) {
    light = max(light, 0.0);
    float peak = max(light.r, max(light.g, light.b));
    if (peak < SHOULDER) return light;
    float room = 1.0 - SHOULDER;
    float compressed = 1.0 - room * room / (peak + room - SHOULDER);
    light *= compressed / peak;
    float kept = 1.0 / (DESATURATION * (peak - compressed) + 1.0);
    return mix(vec3(compressed), light, kept);
}

vec3 srgb_encoded(vec3 linear) {
    return mix(linear * 12.92, 1.055 * pow(max(linear, 0.0031308), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, linear));
}

vec3 srgb_decoded(vec3 encoded) {
    return mix(encoded / 12.92, pow((encoded + 0.055) / 1.055, vec3(2.4)), step(0.04045, encoded));
}

// The light (up to 8) that became this colour of the screen: for what was drawn into a texture first.
vec3 light_of_screen(vec3 color) {
    color = srgb_decoded(color);
    float peak = max(color.r, max(color.g, color.b));
    if (peak > SHOULDER) {
        float room = 1.0 - SHOULDER;
        color *= min(room * room / max(1.0 - peak, 0.02) - room + SHOULDER, 8.0) / peak;
    }
    return color / max(atmosphere.y, 1e-3);
}

// Half a step of noise, so that the slow gradients of a dusk sky show no bands. Source: J. Jimenez, "Next generation
// post processing in Call of Duty: Advanced Warfare" (2014), interleaved gradient noise.
float dither() { return (fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0; }

vec3 screen_color(vec3 light) { return srgb_encoded(tone_mapped(light * atmosphere.y)) + dither(); }
