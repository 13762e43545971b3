// Haze: with distance everything takes the colour of the sky behind it. Mist: a layer over the land that does so much sooner.
// Needs sky.glsl, noise.glsl, uniform vec4 atmosphere (x = distance in metres at which a tenth of the contrast is left, w =
// seconds), sun_direction, sun_radiance and ambient_sh.

uniform vec4 mist[2];  // density (0 = none), top, falloff, swell; 1 / size of a swell, drift east and north, unused

// How far a place is up from the layer's top as the mist counts it: metres of full density.
float mist_height(float above) {
    return min(above, 0.0) + mist[0].z * (1.0 - exp(-max(above, 0.0) / mist[0].z));
}

// What the mist between an eye and a place leaves of the light. The top's swells are a function of the place where the ray
// enters the layer, so both eyes see the same ones; they fade out before they would shimmer. `air` = colour of the haze.
vec3 through_mist(vec3 light, vec3 place, vec3 eye, vec3 air) {
    vec3 ray = place - eye;
    float reach = length(ray), top = mist[0].y;
    float outside = smoothstep(0.0, 2.0 * mist[0].z, eye.z - top);
    float entry = ray.z < -1e-3 ? clamp((eye.z - top) / -ray.z, 0.0, 1.0) : 1.0;
    float way = reach * entry * outside + 1.0 / mist[0].x;  // about where the light of the mist comes from
    entry = mix(1.0, entry, outside);
    float footprint = 0.0015 * reach * entry / max(-ray.z / reach, 0.06);
    vec2 p = ((eye + ray * entry).xy - mist[1].yz * atmosphere.w) * mist[1].x;
    vec3 swell = vec3(0.0);
    float strength = 1.0, size = 1.0;
    for (int k = 0; k < 3; ++k) {
        float left = strength * detail_left(size, footprint * mist[1].x);
        if (left > 0.0) swell += left * (value_noise_slope(p / size + 7.3 * float(k)) - vec3(0.0, 0.0, 0.5)) / vec3(size, size, 1.0);
        strength *= 0.5;
        size *= 0.41;
    }
    top += 1.3 * mist[0].w * swell.z;
    float low = mist_height(eye.z - top), high = mist_height(place.z - top);
    float mean = abs(ray.z) > 0.01 ? (high - low) / ray.z : exp(-max(place.z - top, 0.0) / mist[0].z);
    float amount = 1.0 - exp(-mist[0].x * reach * mean);

    vec3 towards = ray / reach;
    vec3 n = normalize(vec3(-3.0 * mist[0].w * mist[1].x * swell.xy, 1.0));
    float facing = clamp(0.35 + 0.65 * dot(n, sun_direction), 0.0, 1.0), ahead = dot(towards, sun_direction);
    float forward = 0.75 / pow(1.56 - 1.5 * ahead, 1.5);  // Henyey and Greenstein (1941), g = 0.75
    vec3 white = max(ambient_sh[0] + ambient_sh[2] * n.z + 2.0 * ambient_sh[6], 0.0);
    vec3 glow = white * (0.8 + 0.35 * swell.z) + sun_radiance * (0.36 * facing + 0.07 * forward);
    glow = mix(glow, air, 1.0 - exp(-2.3 * min(way, reach) / max(atmosphere.x, 1.0)));
    return mix(light, glow, amount);
}

vec3 through_haze(vec3 light, vec3 place, vec3 eye) {
    vec3 ray = place - eye;
    float reach = length(ray);
    float amount = 1.0 - exp(-2.3 * reach / max(atmosphere.x, 1.0));
    vec3 level = normalize(vec3(ray.xy, max(ray.z, 0.035 * reach) + 1e-4));
    vec3 air = clear_sky(level).rgb;
    vec3 hazy = mix(light, air, amount);
    return mist[0].x > 0.0 ? through_mist(hazy, place, eye, air) : hazy;
}
