// Haze: with distance everything takes the colour of the sky behind it. Needs sky.glsl and uniform vec4 atmosphere
// (x = distance in metres at which a tenth of the contrast is left).

vec3 through_haze(vec3 light, vec3 place, vec3 eye) {
    vec3 ray = place - eye;
    float reach = length(ray);
    float amount = 1.0 - exp(-2.3 * reach / max(atmosphere.x, 1.0));
    vec3 level = normalize(vec3(ray.xy, max(ray.z, 0.035 * reach) + 1e-4));
    return mix(light, clear_sky(level).rgb, amount);
}
