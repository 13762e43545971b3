"""Makes the hall's pictures and its sculpture anew, all from this project's own showcases and from drawing rules; no file comes
from anywhere else. `python showcases/hall/making` writes all of them, `... making site_plan seed` these; `--list` names them."""

import datetime
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))

import prints
import sculpture
import site_plan

from vrclient.app.opening import open_showcase
from vrclient.geometry.frames import heading_and_pitch
from vrclient.render_data.quality import Quality
from vrclient.renderer.preview import one_view, render_scene
from vrclient.scene.environment import light_environment
from vrclient.showcase.find import find_showcase, shipped_showcases

HALL = Path(__file__).parents[1]
PICTURES = HALL / "pictures"
FENGXIAN, ZHANGJIAJIE = (HALL.parent / name / "pictures" for name in ("fengxian", "zhangjiajie"))
"""A showcase's files lie in its own folder: what hangs in a city, too, is written there, too."""

STILLS = {
    # file: showcase, eye, what it looks at, vertical angle in degrees, time, pixels
    "fengxian_still": ("fengxian", (-60.0, -113.0, 2.6), (-4.0, -14.0, 9.5), 36.0, "19:30", (900, 1180)),
    "lake_evening": ("fengxian", (-116.0, -208.0, 1.9), (2.0, -10.0, 9.0), 34.0, "19:26", (1920, 900)),
    "hall_still": ("hall", (0.0, -11.0, 1.7), (0.0, 4.0, 3.0), 62.0, "10:20", (900, 1180)),
    "petals": ("fengxian", (30.0, -92.0, 2.0), (62.0, -56.0, 11.0), 52.0, "18:55", (1200, 1500)),
}
"""Renders. The hall's own comes last: it shows the others."""


def still(name: str, /) -> None:
    """One render, as a WebP below about 300 kB."""
    showcase, eye, target, fov, clock, size = STILLS[name]
    opened = open_showcase(find_showcase(showcase))
    heading, pitch = heading_and_pitch(np.subtract(target, eye))
    origin, environment = opened.showcase.origin, opened.showcase.environment
    time = datetime.time.fromisoformat(clock)
    light = light_environment(origin.lon_deg, origin.lat_deg, origin.utc_offset_h, environment.date, time, opened.scene.sky)
    view = one_view(eye, heading=heading, pitch=pitch, fov=np.radians(fov), size=size)
    picture = Image.fromarray(render_scene(opened.scene, view, environment=light, quality=Quality(shadow_size=4096)))
    save(name, picture, *((FENGXIAN, ZHANGJIAJIE) if showcase == "hall" else (PICTURES,)))


def zhangjiajie_still() -> None:
    """The second city at its spawn; a drawing in ink as long as that showcase is absent."""
    if "zhangjiajie" not in shipped_showcases():
        save("zhangjiajie_still", prints.pillars((900, 1180)))
        return
    opened = open_showcase(find_showcase("zhangjiajie"))
    start = opened.scene.start
    assert start is not None
    origin, environment = opened.showcase.origin, opened.showcase.environment
    light = light_environment(
        origin.lon_deg, origin.lat_deg, origin.utc_offset_h, environment.date, environment.time, opened.scene.sky
    )
    view = one_view(start.position, heading=start.heading, pitch=start.pitch, fov=np.radians(62.0), size=(900, 1180))
    picture = render_scene(opened.scene, view, environment=light, quality=Quality(shadow_size=4096))
    save("zhangjiajie_still", Image.fromarray(picture))


def save(name: str, picture: Image.Image, /, *folders: Path, quality: int = 86) -> None:
    """Into those folders; by default the hall's own."""
    for folder in folders or (PICTURES,):
        folder.mkdir(exist_ok=True)
        picture.convert("RGB").save(folder / f"{name}.webp", quality=quality, method=5)


MAKERS = {
    "site_plan": lambda: save("site_plan", site_plan.draw(find_showcase("fengxian")), PICTURES, FENGXIAN, quality=82),
    "ginkgos": lambda: save("ginkgos", prints.ginkgos((1500, 1500))),
    "pillars": lambda: save("pillars", prints.pillars((1600, 2400))),
    "fields": lambda: save("fields", prints.fields((1280, 640))),
    "crafts": lambda: save("crafts", prints.crafts((1280, 640))),
    "old_town": lambda: save("old_town", prints.old_town((1280, 640))),
    "seed": lambda: (HALL / "models" / "seed.glb").write_bytes(sculpture.seed_and_petals()),
    "zhangjiajie_still": zhangjiajie_still,
    **{name: (lambda name=name: still(name)) for name in STILLS},
}


def main(names: list[str], /) -> None:
    if "--list" in names:
        sys.stdout.write(" ".join(MAKERS) + "\n")
        return
    for name in names or MAKERS:
        MAKERS[name]()
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
