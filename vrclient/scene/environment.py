"""All light that is not a lamp, at one place, day and time: the values that every shader of the renderer shares.

Sun and moon come from sun.py, the sky from atmosphere.py; here they become a table, spherical harmonics and an exposure.
It draws nothing: stars, discs and the shapes of clouds are in shaders/sky.frag, which reads what this module puts down."""

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vrclient.scene.atmosphere import GROUND_ALBEDO, Air, air, mie_phase, sky_radiance, transmitted
from vrclient.scene.draw_data import Sky
from vrclient.scene.sun import Bodies, bodies, elevation

Array = NDArray[np.float64]

TABLE_WIDTH, SKY_ROWS, CLOUD_ROWS, TABLE_ROWS = 256, 96, 31, 128
"""The layout of the sky table; shaders/include/sky.glsl knows the same numbers."""

SUN_KILOLUX = 128.0
MOON_KILOLUX = 2.7e-4
AIRGLOW = np.array([1.4e-6, 3.4e-6, 1.15e-5])
CITY_GLOW = np.array([1.0, 0.58, 0.27]) * 4.5e-5
SATURATION = 1.2
SUN_SHARE = 0.42
"""Direct sun is dimmed by this on surfaces: a screen cannot hold sunlit ground and a blue sky at once, and eyes adapt."""
CLOUD_HEIGHT_KM = 6.0
WHITE = 0.8
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])

EXPOSED_WHITE = np.array(
    [
        # log10 of the light on a surface in kilolux, and how bright a white wall in it shall be on the screen, linear
        (-5.5, 0.016), (-4.0, 0.045), (-3.0, 0.10), (-2.0, 0.18), (-1.0, 0.30), (0.0, 0.46), (1.0, 0.66), (2.0, 0.76),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class LightEnvironment:
    """Light at one moment. All radiances are exposed already: 1.0 is what the screen shows as nearly white.

    sky_table      [128, 256, 4] float32, row 0 first (v = 0). Column = heading, 0 north, clockwise, wrapping around.
                   Rows 0-95: radiance RGB of the clear sky, from straight down to straight up, elevation going with the
                   square of the row's distance from the horizon; alpha = share of starlight that the air lets through.
                   Rows 96-126: radiance of a dense cloud in that direction, from the horizon up; alpha = cover.
                   Row 127: facts about sun, moon and stars (see _facts).
    sun_direction  [3] float32 towards the light that casts the shadow: the sun, or the moon after sunset
    sun_radiance   [3] float32: radiance of a white surface that faces that light, unshadowed (irradiance / pi); 0 when
                   neither shines
    ambient_sh     [9, 3] float32: radiance of a white surface under sky and ground, as spherical harmonics of its normal
                   with the constants multiplied in: 1, y, z, x, xy, yz, 3zz-1, xz, xx-yy
    haze           metres at which the haze has taken most of the contrast
    exposure       a factor for the whole picture: 1 here; whoever fades a picture in or out changes it
    darkness       0 by day .. 1 after dusk: how far lamps, fins and windows are on
    sun_elevation  radians
    """

    sky_table: NDArray[np.float32]
    sun_direction: NDArray[np.float32]
    sun_radiance: NDArray[np.float32]
    ambient_sh: NDArray[np.float32]
    haze: float
    exposure: float
    darkness: float
    sun_elevation: float


def light_environment(
    origin_lon_deg: float,
    lat_deg: float,
    utc_offset_h: float | None,
    date: datetime.date,
    time: datetime.time,
    sky: Sky,
    /,
) -> LightEnvironment:
    """The light over a place at a local date and time. Without an offset from UTC the longitude's hour is taken.

    The first call for one `haze_m` fills tables (about 0.25 s); later calls take about 0.06 s."""
    offset = round(origin_lon_deg / 15.0) if utc_offset_h is None else utc_offset_h
    utc = datetime.datetime.combine(date, time.replace(tzinfo=None), datetime.UTC) - datetime.timedelta(hours=offset)
    above = bodies(origin_lon_deg, lat_deg, utc)
    medium = air(_turbidity(sky.haze_m))
    sun_height, moon_height = elevation(above.sun), elevation(above.moon)
    darkness = 1.0 - _smooth(sun_height, np.radians(-6.0), np.radians(2.0))

    sun_light = SUN_KILOLUX * np.array([1.0, 0.97, 0.93])
    full_moon = MOON_KILOLUX * np.array([0.75, 0.92, 1.2])
    moon_light = full_moon * _moon_brightness(above.moon_phase)
    direct_sun = SUN_SHARE * sun_light * transmitted(medium, 0.02, np.sin(sun_height))
    direct_moon = moon_light * transmitted(medium, 0.02, np.sin(moon_height)) * _smooth(moon_height, 0.0, np.radians(6.0))

    upper = _upper_sky(medium, above.sun, sun_light) + _night_sky(sky.glow)
    if darkness > 0.0:
        upper = upper + _upper_sky(medium, above.moon, moon_light)
    upper = _graduated(upper, darkness)
    shines = direct_sun if sun_height > np.radians(-1.0) else direct_moon * (1.0 - _smooth(sun_height, -0.14, -0.03))
    towards = above.sun if sun_height > np.radians(-1.0) else above.moon

    weights = _solid_angle(_sky_elevation()[SKY_ROWS // 2 :])
    cover = float(np.clip(sky.clouds, 0.0, 1.0))
    clouds = _cloud_radiance(medium, upper, weights, above.sun, sun_light, towards, direct_moon)
    covered = upper + (_resampled(clouds) - upper) * (0.35 * cover)
    level = np.einsum("ewc,e->c", covered, weights * np.sin(_sky_elevation()[SKY_ROWS // 2 :]))
    exposure = _exposure(level, shines, float(towards[2]))
    bounce = GROUND_ALBEDO * (level + shines * max(float(towards[2]), 0.0)) / np.pi
    whole = np.concatenate([_lower_sky(covered[0], bounce), covered])

    table = np.zeros((TABLE_ROWS, TABLE_WIDTH, 4), np.float32)
    table[:SKY_ROWS, :, :3] = exposure * np.concatenate([whole[: SKY_ROWS // 2], upper])
    table[:SKY_ROWS, :, 3] = _clarity(medium)[:, None]
    table[SKY_ROWS : SKY_ROWS + CLOUD_ROWS, :, :3] = exposure * clouds
    table[SKY_ROWS : SKY_ROWS + CLOUD_ROWS, :, 3] = cover
    facts = _facts(above, exposure * direct_sun, exposure * full_moon, sky.stars * darkness**2, lat_deg)
    table[-1, : len(facts)] = facts
    return LightEnvironment(
        sky_table=table,
        sun_direction=towards.astype(np.float32),
        sun_radiance=(exposure * shines / np.pi).astype(np.float32),
        ambient_sh=(exposure * _white_harmonics(whole)).astype(np.float32),
        haze=float(sky.haze_m),
        exposure=1.0,
        darkness=float(darkness),
        sun_elevation=sun_height,
    )


def prepare(haze_m: float, /) -> None:
    """Fills the tables that the first `light_environment` of that haze would fill; may run beside other work."""
    air(_turbidity(haze_m))


def _smooth(value: float, low: float, high: float, /) -> float:
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


def _turbidity(haze_m: float, /) -> float:
    """Near haze is thicker than the air above it: only part of it reaches up. Rounded, so that tables are shared."""
    return round(float(np.clip(1.5 + 3000.0 / haze_m, 1.5, 4.0)), 1)


def _moon_brightness(phase: float, /) -> float:
    """Relative to the full moon. Source: C. W. Allen, Astrophysical Quantities: magnitude over phase angle."""
    angle = np.degrees(phase)
    return float(10.0 ** (-0.4 * (0.026 * angle + 4e-9 * angle**4)))


def _sky_elevation() -> Array:
    """[96] radians: the elevation of each row of the table's first part."""
    signed = 2.0 * (np.arange(SKY_ROWS) + 0.5) / SKY_ROWS - 1.0
    return np.sign(signed) * signed**2 * np.pi / 2.0


def _cloud_elevation() -> Array:
    return ((np.arange(CLOUD_ROWS) + 0.5) / CLOUD_ROWS) ** 2 * np.pi / 2.0


def _heading() -> Array:
    return (np.arange(TABLE_WIDTH) + 0.5) / TABLE_WIDTH * 2.0 * np.pi


def _solid_angle(elevations: Array, /) -> Array:
    """[E] steradians of one texel of each row."""
    middle = 0.5 * (elevations[1:] + elevations[:-1])
    first = 0.0 if elevations[0] >= 0.0 else -np.pi / 2.0
    edges = np.sin(np.concatenate([[first], middle, [np.pi / 2.0]]))
    return np.diff(edges) * 2.0 * np.pi / TABLE_WIDTH


def _from_light(direction: Array, /) -> Array:
    """[W] radians: how far each column's heading is from the light's, 0..pi."""
    turn = _heading() - np.arctan2(direction[0], direction[1])
    return np.abs((turn + np.pi) % (2.0 * np.pi) - np.pi)


def _upper_sky(medium: Air, direction: Array, light: Array, /) -> Array:
    """[48, W, 3] radiance of the upper half under one light. The sky is alike on both sides of the light."""
    nodes = np.linspace(0.0, 1.0, 40) ** 1.5 * np.pi
    half = sky_radiance(medium, _sky_elevation()[SKY_ROWS // 2 :], nodes, elevation(direction)) * light
    place = (_from_light(direction) / np.pi) ** (1.0 / 1.5) * (len(nodes) - 1)
    left = np.minimum(place.astype(np.int64), len(nodes) - 2)
    share = (place - left)[None, :, None]
    return np.asarray(half[:, left] * (1.0 - share) + half[:, left + 1] * share)


def _night_sky(glow: float, /) -> Array:
    """[48, W, 3]: what shines without sun and moon: the air itself, and the lights of the city near the horizon."""
    height, heading = np.degrees(_sky_elevation()[SKY_ROWS // 2 :])[:, None], _heading()[None, :]
    districts = 1.0 + 0.35 * np.sin(heading + 0.7) + 0.2 * np.sin(2.0 * heading + 2.1) + 0.1 * np.sin(5.0 * heading)
    dome = (np.exp(-height / 5.0) + 0.12 * np.exp(-height / 20.0)) * districts
    return AIRGLOW * (1.0 + 0.5 * np.exp(-height / 12.0))[..., None] + glow / 0.3 * CITY_GLOW * dome[..., None]


def _graduated(sky: Array, darkness: float, /) -> Array:
    """Less contrast between horizon and zenith at dusk, as a photographer's graduated filter does and as eyes adapt; and
    the saturation that three wavelengths have lost against the sRGB primaries."""
    luminance = sky @ LUMINANCE
    sky = np.maximum(luminance[..., None] + SATURATION * (sky - luminance[..., None]), 0.1 * sky)
    middle = np.exp(np.log(luminance).mean())
    return np.asarray(sky * ((luminance / middle) ** (-0.12 - 0.22 * darkness))[..., None])


def _cloud_radiance(
    medium: Air, upper: Array, weights: Array, sun: Array, sun_light: Array, towards: Array, moonlight: Array, /
) -> Array:
    """[31, W, 3]: a thin cloud high up is lit by the sun there (longer than the ground is) and by the sky around it."""
    rise, turn = _cloud_elevation()[:, None], _from_light(sun)[None, :]
    distance = CLOUD_HEIGHT_KM / np.maximum(np.sin(rise), 0.04)
    towards_sun = np.sin(elevation(sun)) + distance * np.cos(rise) * np.cos(turn) * np.cos(elevation(sun)) / 6360.0
    sunlight = sun_light * transmitted(medium, np.full(towards_sun.shape, CLOUD_HEIGHT_KM), towards_sun)
    angle = np.cos(rise) * np.cos(turn) * np.cos(elevation(sun)) + np.sin(rise) * np.sin(elevation(sun))
    phase = 0.35 * mie_phase(angle) + 0.65 / (4.0 * np.pi)
    around = np.einsum("ewc,e->c", upper, weights) / (2.0 * np.pi)
    glow = np.einsum("ewc,ew->c", upper, weights[:, None] * np.maximum(np.cos(_from_light(sun)), 0.0) ** 4)
    glow = glow / (weights.sum() * (np.maximum(np.cos(_from_light(sun)), 0.0) ** 4).sum())
    near_sun = 0.5 + 0.5 * np.cos(turn)[..., None]
    lit = 1.1 * sunlight * phase[..., None] + 0.75 * around + 0.35 * near_sun * glow + moonlight * 0.08
    air_between = np.exp(-distance / 60.0)[..., None]
    return np.asarray(lit * air_between + _at_clouds(upper) * (1.0 - air_between))


def _at_clouds(upper: Array, /) -> Array:
    """The sky's rows at the clouds' elevations."""
    place = np.clip(np.sqrt(_cloud_elevation() / (np.pi / 2.0)) * (SKY_ROWS // 2) - 0.5, 0.0, SKY_ROWS // 2 - 1.001)
    low = place.astype(np.int64)
    share = (place - low)[:, None, None]
    return np.asarray(upper[low] * (1.0 - share) + upper[low + 1] * share)


def _resampled(clouds: Array, /) -> Array:
    """The clouds' rows at the sky's elevations."""
    upper = _sky_elevation()[SKY_ROWS // 2 :]
    place = np.clip(np.sqrt(upper / (np.pi / 2.0)) * CLOUD_ROWS - 0.5, 0.0, CLOUD_ROWS - 1.001)
    low = place.astype(np.int64)
    share = (place - low)[:, None, None]
    return np.asarray(clouds[low] * (1.0 - share) + clouds[low + 1] * share)


def _lower_sky(horizon: Array, bounce: Array, /) -> Array:
    """[48, W, 3]: below the horizon lies hazy land that turns into the ground's own colour towards the feet."""
    depth = -np.degrees(_sky_elevation()[: SKY_ROWS // 2])
    share = np.clip(depth / 14.0, 0.0, 1.0)
    share = (share * share * (3.0 - 2.0 * share))[:, None, None]
    return np.asarray(horizon * (1.0 - share) + bounce * share)


def _exposure(sky_light: Array, direct: Array, sine: float, /) -> float:
    """Factor from kilolux to the screen; `sine` is of the direct light's elevation. Low light strikes few surfaces."""
    light = float(sky_light @ LUMINANCE + (0.15 + 0.5 * max(sine, 0.0)) * (direct @ LUMINANCE))
    white = np.exp(np.interp(np.log10(light), EXPOSED_WHITE[:, 0], np.log(EXPOSED_WHITE[:, 1])))
    return float(white * np.pi / (WHITE * light))


def _clarity(medium: Air, /) -> Array:
    """[96] share of starlight that the air lets through."""
    heights = _sky_elevation()
    return np.where(heights > 0.0, transmitted(medium, np.full(SKY_ROWS, 0.02), np.sin(heights)).mean(axis=-1), 0.0)


def _facts(above: Bodies, sun: Array, moon: Array, stars: float, lat_deg: float, /) -> Array:
    """[4, 4], the first texels of the last row: sun's direction, moon's phase (radians); moon's direction, brightness of
    the stars; sunlight as it arrives, latitude (radians); full moonlight outside the air, local sidereal time (radians)."""
    return np.array(
        [
            [*above.sun, above.moon_phase],
            [*above.moon, stars],
            [*sun, np.radians(lat_deg)],
            [*moon, above.sidereal],
        ]
    )


def _white_harmonics(sky: Array, /) -> Array:
    """[9, 3] radiance of a white surface over its normal. Source: Ramamoorthi and Hanrahan, "An efficient representation
    for irradiance environment maps" (2001)."""
    rise, heading = _sky_elevation()[:, None], _heading()[None, :]
    x, y, z = np.broadcast_arrays(np.cos(rise) * np.sin(heading), np.cos(rise) * np.cos(heading), np.sin(rise))
    scale = np.array([0.282095] + [0.488603] * 3 + [1.092548] * 2 + [0.315392, 1.092548, 0.546274])
    lobe = np.array([1.0] + [2.0 / 3.0] * 3 + [0.25] * 5)
    basis = np.stack([np.ones_like(x), y, z, x, x * y, y * z, 3.0 * z * z - 1.0, x * z, x * x - y * y])
    coefficient = np.einsum("kew,ewc,e->kc", basis, sky, _solid_angle(_sky_elevation()), optimize=True)
    return np.asarray(coefficient * (scale**2 * lobe)[:, None])
