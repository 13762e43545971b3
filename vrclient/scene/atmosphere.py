"""Sunlight in the air: how bright the sky is in each direction, and how much light is left of a ray. It knows no clock and
no scene (see environment.py).

Rayleigh and Mie scattering with ozone on a round earth, so that the earth's shadow climbs at dusk and the zenith turns blue.
Light scattered more than once is approximated. Sources: E. Bruneton, "Precomputed atmospheric scattering: a new
implementation" (2017), for the coefficients; S. Hillaire, "A scalable and production ready sky and atmosphere rendering
technique" (2020), for the multiple scattering. Lengths are in kilometres here, per kilometre for coefficients."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

EARTH_KM, AIR_KM, EYE_KM = 6360.0, 100.0, 0.02
RAYLEIGH = np.array([7.2e-3, 13.558e-3, 31.0e-3])
MIE, MIE_ALBEDO, MIE_FORWARD = 3.996e-3, 0.9, 0.76
OZONE = np.array([2.7e-3, 1.9e-3, 0.13e-3])
"""Per kilometre at 640, 550 and 450 nm, the middles of the sRGB primaries: with the more usual 680 nm the dusk turns violet."""
GROUND_ALBEDO = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Air:
    """One kind of air, with what is worth tabulating about it.

    turbidity       how many times more aerosol than in very clear air
    transmittance   [H, M, 3]: light left of a ray from a height upwards; heights by square root, cosines from the
                    horizon up by square root
    diffuse         [K, L, 3]: radiance scattered at least twice, isotropic, per unit irradiance of the light
    """

    turbidity: float
    transmittance: Array
    diffuse: Array


@lru_cache(maxsize=8)
def air(turbidity: float, /) -> Air:
    """The tables of one turbidity (1 = alpine, 2-4 = a city, 8 = thick haze)."""
    transmittance = _transmittance_table(turbidity)
    bare = Air(turbidity, transmittance, np.zeros((2, 2, 3)))
    return Air(turbidity, transmittance, _diffuse_table(bare))


def transmitted(medium: Air, height: ArrayLike, cosine: ArrayLike, /) -> Array:
    """[..., 3] of the light that reaches a height (km) from outside at an angle to the vertical; 0 in the earth's shadow,
    with a soft edge as wide as the sun."""
    height, cosine = np.broadcast_arrays(np.asarray(height, np.float64), np.asarray(cosine, np.float64))
    horizon = _horizon_cosine(height)
    rows, columns = medium.transmittance.shape[:2]
    above = np.clip((cosine - horizon) / (1.0 - horizon), 0.0, 1.0)
    light = _bilinear(medium.transmittance, np.sqrt(height / AIR_KM) * (rows - 1), np.sqrt(above) * (columns - 1))
    edge = np.clip((cosine - horizon) / 0.0093 + 0.5, 0.0, 1.0)
    return light * (edge * edge * (3.0 - 2.0 * edge))[..., None]


def sky_radiance(medium: Air, elevation: Array, azimuth: Array, light_elevation: float, /) -> Array:
    """[E, A, 3] radiance per unit irradiance of a far light, seen from the ground. `elevation` [E] >= 0 and `azimuth` [A],
    counted from the light's, in radians."""
    steps = 40
    sine, cosine = np.sin(elevation)[:, None], np.cos(elevation)[:, None]
    start = EARTH_KM + EYE_KM
    length = -start * sine + np.sqrt((start * sine) ** 2 + (EARTH_KM + AIR_KM) ** 2 - start**2)
    edge = length * np.linspace(0.0, 1.0, steps + 1) ** 2.5
    distance, step = 0.5 * (edge[:, 1:] + edge[:, :-1]), np.diff(edge, axis=1)
    along, up = distance * cosine, start + distance * sine
    radius = np.hypot(along, up)
    height = np.clip(radius - EARTH_KM, 0.0, AIR_KM)
    molecules, aerosol, extinction = _coefficients(medium.turbidity, height)
    depth = np.cumsum(extinction * step[..., None], axis=1) - 0.5 * extinction * step[..., None]
    left = np.exp(-depth) * step[..., None]
    # From here on [E, A, S]: only the light's angle depends on the azimuth.
    light_cosine, light_sine = np.cos(light_elevation), np.sin(light_elevation)
    towards = (along[:, None, :] * (np.cos(azimuth) * light_cosine)[None, :, None] + up[:, None, :] * light_sine) / radius[
        :, None, :
    ]
    heights = np.broadcast_to(height[:, None, :], towards.shape)
    sunlight = transmitted(medium, heights, towards)
    angle = cosine * np.cos(azimuth) * light_cosine + sine * light_sine
    once = (
        rayleigh_phase(angle)[:, :, None, None] * (molecules * left)[:, None]
        + mie_phase(angle)[:, :, None, None] * (aerosol * left)[:, None]
    )
    twice = ((molecules + aerosol) * left)[:, None] * _diffuse(medium, heights, towards)
    return np.einsum("easc,easc->eac", once, sunlight) + twice.sum(axis=2)


def rayleigh_phase(cosine: Array, /) -> Array:
    """Share of light scattered by molecules, per steradian."""
    return 3.0 / (16.0 * np.pi) * (1.0 + cosine**2)


def mie_phase(cosine: Array, /) -> Array:
    """Share of light scattered by aerosol, per steradian (Cornette and Shanks)."""
    g = MIE_FORWARD
    return 3.0 / (8.0 * np.pi) * (1.0 - g * g) * (1.0 + cosine**2) / ((2.0 + g * g) * (1.0 + g * g - 2.0 * g * cosine) ** 1.5)


def _coefficients(turbidity: float, height: Array, /) -> tuple[Array, Array, Array]:
    """Scattering by molecules, scattering by aerosol, extinction: [..., 3] each."""
    molecules = RAYLEIGH * np.exp(-height / 8.0)[..., None]
    aerosol = np.broadcast_to(turbidity * MIE * np.exp(-height / 1.2)[..., None], molecules.shape)
    ozone = OZONE * np.maximum(0.0, 1.0 - np.abs(height - 25.0) / 15.0)[..., None]
    return molecules, aerosol, molecules + aerosol / MIE_ALBEDO + ozone


def _horizon_cosine(height: Array, /) -> Array:
    return -np.sqrt(np.maximum(0.0, 1.0 - (EARTH_KM / (EARTH_KM + height)) ** 2))


def _transmittance_table(turbidity: float, /) -> Array:
    heights, cosines, steps = 32, 96, 64
    height = (np.linspace(0.0, 1.0, heights) ** 2 * AIR_KM)[:, None]
    horizon = _horizon_cosine(height)
    cosine = horizon + (1.0 - horizon) * np.linspace(0.0, 1.0, cosines) ** 2
    radius = EARTH_KM + height
    length = -radius * cosine + np.sqrt(np.maximum(0.0, (radius * cosine) ** 2 + (EARTH_KM + AIR_KM) ** 2 - radius**2))
    distance = length[..., None] * (np.arange(steps) + 0.5) / steps
    there = np.sqrt(radius[..., None] ** 2 + distance**2 + 2.0 * radius[..., None] * distance * cosine[..., None]) - EARTH_KM
    extinction = _coefficients(turbidity, np.maximum(there, 0.0))[2]
    return np.exp(-extinction.sum(axis=2) * length[..., None] / steps)


DIFFUSE_HEIGHTS, DIFFUSE_COSINES, DIFFUSE_TOP_KM = 10, 65, 60.0


def _diffuse_table(medium: Air, /) -> Array:
    """Hillaire's multiple scattering: light scattered twice, and a geometric series for all further times."""
    steps = 16
    height = np.linspace(0.0, 1.0, DIFFUSE_HEIGHTS) ** 2 * DIFFUSE_TOP_KM + 0.01
    signed = np.linspace(-1.0, 1.0, DIFFUSE_COSINES)
    light = signed * np.abs(signed)
    lift, weight = np.polynomial.legendre.leggauss(10)
    turn = (np.arange(5) + 0.5) / 5 * np.pi
    sine, azimuth = (values.reshape(-1) for values in np.meshgrid(lift, turn, indexing="ij"))
    share = np.repeat(weight / weight.sum(), len(turn)) / len(turn)
    radius = (EARTH_KM + height)[:, None]
    to_ground = (radius * sine) ** 2 - (radius**2 - EARTH_KM**2)
    grounded = (sine < 0.0) & (to_ground > 0.0)
    to_top = -radius * sine + np.sqrt((radius * sine) ** 2 + (EARTH_KM + AIR_KM) ** 2 - radius**2)
    length = np.where(grounded, -radius * sine - np.sqrt(np.maximum(to_ground, 0.0)), to_top)
    edge = length[..., None] * np.linspace(0.0, 1.0, steps + 1) ** 2
    distance, step = 0.5 * (edge[..., 1:] + edge[..., :-1]), np.diff(edge, axis=-1)
    level = np.sqrt(1.0 - sine**2)[None, :, None]
    along, up = distance * level, radius[..., None] + distance * sine[None, :, None]
    there = np.hypot(along, up)
    altitude = np.clip(there - EARTH_KM, 0.0, AIR_KM)
    molecules, aerosol, extinction = _coefficients(medium.turbidity, altitude)
    depth = np.cumsum(extinction * step[..., None], axis=2)
    left = (molecules + aerosol) * np.exp(-depth + 0.5 * extinction * step[..., None]) * step[..., None]
    scattered_again = np.einsum("hdsc,d->hc", left, share)
    # [height, light, direction, step]
    beside = (np.cos(azimuth) * level[0, :, 0])[None, :] * np.sqrt(1.0 - light**2)[:, None]
    towards = (distance[:, None] * beside[None, :, :, None] + up[:, None] * light[None, :, None, None]) / there[:, None]
    sunlight = transmitted(medium, np.broadcast_to(altitude[:, None], towards.shape), towards)
    once = np.einsum("hldsc,hdsc->hlc", sunlight, left * share[:, None, None]) / (4.0 * np.pi)
    floor = np.where(grounded, 1.0, 0.0)[..., None] * np.exp(-depth[:, :, -1])
    lit = transmitted(medium, np.zeros_like(towards[..., -1]), towards[..., -1]) * np.maximum(towards[..., -1:], 0.0)
    bounce = np.einsum("hldc,hdc->hlc", lit, floor * share[:, None]) * GROUND_ALBEDO / np.pi
    return (once + bounce) / (1.0 - scattered_again[:, None])


def _diffuse(medium: Air, height: Array, cosine: Array, /) -> Array:
    row = np.sqrt(np.clip(height / DIFFUSE_TOP_KM, 0.0, 1.0)) * (DIFFUSE_HEIGHTS - 1)
    column = (np.sign(cosine) * np.sqrt(np.abs(cosine)) * 0.5 + 0.5) * (DIFFUSE_COSINES - 1)
    return _bilinear(medium.diffuse, row, column)


def _bilinear(table: Array, row: Array, column: Array, /) -> Array:
    """table [R, C, 3] at fractional places of any shape -> [..., 3]; places outside take the nearest edge."""
    rows, columns = table.shape[:2]
    row, column = np.clip(row, 0.0, rows - 1.000001), np.clip(column, 0.0, columns - 1.000001)
    low, left = row.astype(np.int64), column.astype(np.int64)
    down, right = (row - low)[..., None], (column - left)[..., None]
    flat = table.reshape(-1, table.shape[2])
    index = low * columns + left
    first = flat[index] * (1.0 - right) + flat[index + 1] * right
    second = flat[index + columns] * (1.0 - right) + flat[index + columns + 1] * right
    return first * (1.0 - down) + second * down
