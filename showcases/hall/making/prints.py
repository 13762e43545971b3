"""Pictures that are drawn by rule: ginkgo leaves, pillars in ink, and a drawing for each booth. Pillow and numpy, fixed seeds."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Size = tuple[int, int]
FINE = 2
"""Drawn this much larger and reduced, so that edges are smooth."""


def _canvas(size: Size, color: str, /) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (size[0] * FINE, size[1] * FINE), color)
    return picture, ImageDraw.Draw(picture)


def _finished(picture: Image.Image, size: Size, /, *, grain: float = 2.5, seed: int = 1) -> Image.Image:
    """Reduced, with the faint grain of paper."""
    small = np.asarray(picture.resize(size, Image.Resampling.LANCZOS), np.float32)
    noise = np.random.default_rng(seed).normal(0.0, grain, small.shape[:2])[..., None]
    return Image.fromarray(np.clip(small + noise, 0, 255).astype(np.uint8))


def ginkgos(size: Size, /) -> Image.Image:
    """Nine ginkgo leaves, three by three, from green to gold: a print for the nine trees."""
    picture, pen = _canvas(size, "#f3eee2")
    generator = np.random.default_rng(9)
    cell = picture.width / 3.4
    start = (picture.width - 3 * cell) / 2
    shades = ["#7f9a4b", "#99a649", "#b0ae47", "#c5b244", "#d3b042", "#dcab3f", "#dfa23b", "#d79136", "#c77f34"]
    for k in range(9):
        x, y = start + (k % 3 + 0.5) * cell, start + (k // 3 + 0.78) * cell
        _ginkgo(pen, x, y, 0.60 * cell, float(generator.normal(0.0, 0.16)), shades[k], generator)
    return _finished(picture, size)


def _ginkgo(
    pen: ImageDraw.ImageDraw, x: float, y: float, length: float, turn: float, color: str, generator: np.random.Generator, /
) -> None:
    """A fan on a stalk, split in its middle, with veins that fork; its stalk begins at (x, y)."""
    spread = 1.12
    angle = np.linspace(-spread, spread, 181)
    wave = 0.03 * np.sin(9.0 * angle + generator.uniform(0, 6)) + 0.012 * np.sin(23.0 * angle)
    cleft = 0.42 * np.exp(-((angle / 0.055) ** 2)) + 0.1 * np.exp(-(((np.abs(angle) - 0.6) / 0.03) ** 2))
    reach = length * (0.9 - 0.1 * (angle / spread) ** 2 + wave - cleft)
    shoulder = length * 0.08

    def place(radius: np.ndarray | float, at: np.ndarray | float) -> list[tuple[float, float]]:
        px, py = x + radius * np.sin(at + turn), y - shoulder - radius * np.cos(at + turn)
        return list(zip(np.atleast_1d(px).tolist(), np.atleast_1d(py).tolist(), strict=True))

    pen.polygon([(x, y - 0.3 * shoulder), *place(reach, angle)], fill=color)
    vein = tuple(int(0.82 * value) for value in Image.new("RGB", (1, 1), color).getpixel((0, 0)))
    for at in np.linspace(-0.98 * spread, 0.98 * spread, 57):
        k = int(np.abs(angle - at).argmin())
        radii = np.linspace(0.06 * length, 0.965 * reach[k], 14)
        bend = at * (0.93 + 0.07 * radii / length)
        pen.line(place(radii, bend), fill=vein, width=max(1, round(length / 240)))
    stalk = np.linspace(0.0, 1.0, 24)
    curve = [(x + 0.1 * length * np.sin(2.2 * s) * np.sign(turn or 1), y - shoulder + 0.46 * length * s) for s in stalk]
    pen.line(curve, fill=color, width=max(3, round(length / 52)), joint="curve")


def pillars(size: Size, /) -> Image.Image:
    """Stone pillars in mist, in washes of ink: the farther, the paler."""
    width, height = size
    generator = np.random.default_rng(31)
    y = np.linspace(0.0, 1.0, height)[:, None]
    sky = np.array([238.0, 233.0, 221.0]) - np.array([34.0, 30.0, 20.0]) * (1.0 - y[..., None]) ** 2
    canvas = np.broadcast_to(sky, (height, width, 3)).copy()
    sun = np.hypot(np.arange(width)[None, :] - 0.7 * width, np.arange(height)[:, None] - 0.17 * height)
    disc = np.clip(0.062 * width - sun, 0.0, 1.0)[..., None]
    canvas = canvas * (1 - 0.8 * disc) + np.array([196.0, 78.0, 48.0]) * 0.8 * disc
    for layer in range(7):
        near = layer / 6.0
        top = np.full(width, 2.0 * height)
        x = np.arange(width)
        for _ in range(9 - layer // 2):
            middle, half = generator.uniform(-0.05, 1.05) * width, generator.uniform(0.018, 0.05) * width * (0.7 + 0.9 * near)
            head = (0.78 - generator.uniform(0.12, 0.55) * (1.05 - 0.45 * near) + 0.16 * near) * height
            away = np.abs(x - middle) / half
            edge = 0.02 * height * np.interp(x, np.arange(0, width, 9), generator.normal(0, 0.5, len(np.arange(0, width, 9))))
            crown = head + edge + 0.03 * height * away**4
            top = np.where(away < 1.0 + 0.02 * edge / height, np.minimum(top, crown), top)
        ridge = (0.93 + 0.03 * near) * height + 0.02 * height * np.sin(x / width * 9 + 5 * layer)
        top = np.minimum(top, ridge)
        inside = np.clip(np.arange(height)[:, None] - top[None, :], 0.0, 1.0)
        streaks = generator.normal(0.0, 1.0, (1, width))
        tone = 0.16 + 0.66 * near**1.3
        fade = np.exp(-np.clip((np.arange(height)[:, None] - top[None, :]) / (0.34 * height), 0.0, 4.0))
        strength = (inside * tone * (0.25 + 0.75 * fade) * (1.0 + 0.1 * streaks))[..., None]
        ink = np.array([52.0, 62.0, 60.0]) * (1 - near) + np.array([28.0, 36.0, 34.0]) * near
        strength = np.clip(strength, 0.0, 0.92)
        canvas = canvas * (1 - strength) + ink * strength
        mist = np.exp(-(((y - 0.86 - 0.02 * layer) / 0.12) ** 2))[..., None] * 0.34
        canvas = canvas * (1 - mist) + np.array([240.0, 236.0, 227.0]) * mist
    grain = generator.normal(0.0, 2.2, (height, width, 1))
    picture = Image.fromarray(np.clip(canvas + grain, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    side = round(0.045 * width)
    left, top_edge = round(0.07 * width), round(0.06 * height)
    pen.rectangle((left, top_edge, left + side, top_edge + side), fill="#b5452f")
    for k in range(3):
        inset = round(side * (0.2 + 0.24 * k))
        line = (left + inset, top_edge + 0.2 * side, left + inset, top_edge + 0.8 * side)
        pen.line(line, fill="#f1e6d6", width=max(2, side // 12))
    return picture


def fields(size: Size, /) -> Image.Image:
    """Fields from above, with canals between them: rural tourism."""
    picture, pen = _canvas(size, "#dfe6d3")
    generator = np.random.default_rng(4)
    shades = ["#a9bf6a", "#c5cd7b", "#8fae63", "#dcd48b", "#b7c98a", "#e6c66a", "#9dbb8e", "#cfd9a4"]
    width, height = picture.size
    y = 0.0
    while y < height:
        deep = generator.uniform(0.12, 0.22) * height
        x = -generator.uniform(0.0, 0.1) * width
        while x < width:
            wide = generator.uniform(0.07, 0.17) * width
            lean = 0.12 * deep
            shape = [(x + lean, y), (x + wide + lean - 8, y), (x + wide - lean - 8, y + deep - 8), (x - lean, y + deep - 8)]
            color = shades[int(generator.integers(len(shades)))]
            pen.polygon(shape, fill=color)
            darker = tuple(int(0.9 * value) for value in Image.new("RGB", (1, 1), color).getpixel((0, 0)))
            for row in np.arange(0.08, 1.0, generator.choice([0.08, 0.12, 0.16])):
                ax, ay = x + lean - 2 * lean * row, y + (deep - 8) * row
                pen.line((ax, ay, ax + wide - 8, ay), fill=darker, width=2)
            x += wide
        y += deep
    bend = np.linspace(-0.02, 1.02, 120)
    river = [(width * s, height * (0.62 - 0.2 * s + 0.09 * np.sin(5.2 * s))) for s in bend]
    pen.line(river, fill="#7fb2bd", width=round(0.075 * height), joint="curve")
    pen.line(river, fill="#a8ced4", width=round(0.045 * height), joint="curve")
    for s in np.arange(0.03, 1.0, 0.021):
        px, py = width * s, height * (0.62 - 0.2 * s + 0.09 * np.sin(5.2 * s)) - 0.06 * height
        radius = float(generator.uniform(0.011, 0.02)) * height
        pen.ellipse((px - radius, py - radius, px + radius, py + radius), fill="#567f4b")
    for px, py in ((0.2, 0.32), (0.23, 0.36), (0.255, 0.3), (0.71, 0.7), (0.735, 0.74), (0.76, 0.69)):
        a, b, half = px * width, py * height, 0.032 * height
        pen.polygon([(a - half, b), (a, b - 0.8 * half), (a + half, b)], fill="#4c4f52")
        pen.rectangle((a - 0.8 * half, b, a + 0.8 * half, b + 0.8 * half), fill="#fbf9f2")
    return _finished(picture, size)


def crafts(size: Size, /) -> Image.Image:
    """A blue-and-white pattern as dyed on cloth, which turns into dots of light: digital crafts."""
    picture, pen = _canvas(size, "#1f3f77")
    width, height = picture.size
    step = height / 4
    for row in range(-1, 6):
        for column in range(-1, 10):
            x, y = (column + 0.5 * (row % 2)) * step, row * step * 0.87
            share = np.clip((x / width - 0.45) / 0.4, 0.0, 1.0)
            _flower(pen, x, y, 0.42 * step, share)
    for k in range(1300):
        generator = np.random.default_rng(1000 + k)
        x = float(generator.uniform(0.42, 1.0)) * width
        share = (x / width - 0.42) / 0.58
        if generator.uniform() < share:
            y, radius = float(generator.uniform(0, height)), float(generator.uniform(1.5, 4.5))
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=("#ffe3b0" if k % 3 else "#9fd0ea"))
    return _finished(picture, size)


def _flower(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, share: float, /) -> None:
    """Eight petals and a ring; towards the right they come apart into dots."""
    white = "#eef1f4"
    for k in range(8):
        angle = k * np.pi / 4
        if share < 0.5:
            for along in np.linspace(0.32, 0.82, 9):
                px, py = x + along * radius * np.sin(angle), y - along * radius * np.cos(angle)
                half = 0.17 * radius * np.sin(np.pi * (along - 0.22) / 0.7) + 1
                pen.ellipse((px - half, py - half, px + half, py + half), fill=white)
        else:
            for along in (0.4, 0.6, 0.8):
                px, py = x + along * radius * np.sin(angle), y - along * radius * np.cos(angle)
                half = 0.07 * radius
                pen.ellipse((px - half, py - half, px + half, py + half), fill=white)
        px, py = x + radius * np.sin(angle + np.pi / 8), y - radius * np.cos(angle + np.pi / 8)
        pen.ellipse((px - 0.07 * radius, py - 0.07 * radius, px + 0.07 * radius, py + 0.07 * radius), fill=white)
    pen.ellipse((x - 0.17 * radius, y - 0.17 * radius, x + 0.17 * radius, y + 0.17 * radius), fill=white)
    pen.ellipse((x - 0.08 * radius, y - 0.08 * radius, x + 0.08 * radius, y + 0.08 * radius), fill="#1f3f77")


def old_town(size: Size, /) -> Image.Image:
    """White houses with dark roofs along a canal, and an arched bridge: the renewal of an old town."""
    picture, pen = _canvas(size, "#e9e4d6")
    width, height = picture.size
    generator = np.random.default_rng(12)
    bank = 0.7 * height
    x = -0.02 * width
    while x < width:
        wide, high = generator.uniform(0.07, 0.12) * width, generator.uniform(0.2, 0.4) * height
        top = bank - high
        pen.rectangle((x, top, x + wide, bank), fill="#f8f6f0")
        eaves = 0.018 * width
        ridge = top - 0.1 * height
        roof = [(x - eaves, top), (x + 0.16 * wide, ridge), (x + 0.84 * wide, ridge), (x + wide + eaves, top)]
        pen.polygon(roof, fill="#3f4448")
        pen.line((x - eaves, top, x + wide + eaves, top), fill="#2c3033", width=8)
        for column in range(max(2, int(wide / (0.03 * width)))):
            a = x + (column + 0.5) * wide / max(2, int(wide / (0.03 * width)))
            for b in np.arange(top + 0.07 * height, bank - 0.05 * height, 0.12 * height):
                lit = generator.uniform() < 0.4
                fill = "#e0a458" if lit else "#8a6a4c"
                pen.rectangle((a - 0.008 * width, b - 0.035 * height, a + 0.008 * width, b + 0.035 * height), fill=fill)
                pen.line((a, b - 0.035 * height, a, b + 0.035 * height), fill="#5b4635", width=3)
        x += wide + generator.uniform(0.0, 0.012) * width
    water = picture.crop((0, round(bank - 0.28 * height), width, round(bank))).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = Image.blend(water.filter(ImageFilter.GaussianBlur(5)), Image.new("RGB", water.size, "#7fa3a6"), 0.55)
    picture.paste(water, (0, round(bank + 0.03 * height)))
    pen.rectangle((0, bank, width, bank + 0.03 * height), fill="#b9b2a2")
    middle, half = 0.6 * width, 0.15 * width
    angle = np.linspace(np.pi, 0.0, 60)
    deck = [(middle + 1.25 * half * np.cos(a), bank + 0.03 * height - 0.19 * height * np.sin(a)) for a in angle]
    arch = [(middle + 0.72 * half * np.cos(a), bank + 0.05 * height - 0.14 * height * np.sin(a)) for a in angle]
    pen.polygon([*deck, *reversed(arch)], fill="#cfc8b8")
    pen.line(deck, fill="#8f887a", width=10, joint="curve")
    pen.line(arch, fill="#8f887a", width=6, joint="curve")
    return _finished(picture, size)
