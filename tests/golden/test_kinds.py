"""Every kind has a picture: its example on a lawn. These are the pictures of the manual, docs/kinds/<kind>.png."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from glb_files import File
from PIL import Image

from vrclient.elements import kinds
from vrclient.geometry.extrusion import box
from vrclient.geometry.mesh import concatenated
from vrclient.modes.panels.shown import panels
from vrclient.modes.state import Offer, Touring, VisitState
from vrclient.panels.drawing import drawn
from vrclient.render_data.quality import Quality
from vrclient.renderer.preview import looking_at, one_view, render_scene
from vrclient.scene.build import build_context, build_element, scene_from_draw_data
from vrclient.scene.draw_data import DrawData
from vrclient.scene.environment import light_environment
from vrclient.scene.interactives import Timeline, Tour
from vrclient.scene.tables import Scene
from vrclient.showcase.load import load_showcase

Compare = Callable[[str, np.ndarray], None]
SIZE = (480, 270)
HEAD = "vrclient: 1\ntitle: {zh: 图, en: Picture}\norigin: {lon_deg: 121.475, lat_deg: 30.945}\nelements:\n"
SETTING = {
    "terrain": "- {kind: scatter, mesh: broadleaf, at: [[100, 60], [130, 100], [150, 80]]}",
    "light": "- {kind: scatter, mesh: person, at: [[10, -6], [13.5, -2]], seed: 3}",
    "sky": "- {kind: scatter, mesh: broadleaf, at: [[-14, 40], [10, 60], [30, 46]]}",
    "room": "- {kind: scatter, mesh: person, at: [[2.5, 1.2], [3.2, 0.8]], level_m: 0.04, seed: 4}",
    "spawn": "- {kind: building, outline: [[-14, -20], [14, -20], [14, -6], [-14, -6]], storeys: 3}",
    "mist": "- {kind: scatter, mesh: broadleaf, at: [[-9, 4], [4, 12], [16, 30], [-26, 34], [-4, 52], [30, 60]]}",
    "viewpoint": "- {kind: building, outline: [[-14, 0], [14, 0], [14, 14], [-14, 14]], storeys: 6}",
    "tour": "- {kind: building, outline: [[-14, 0], [14, 0], [14, 14], [-14, 14]], storeys: 4}",
    "timeline": "- {kind: building, outline: [[-14, 0], [14, 0], [14, 14], [-14, 14]], storeys: 4}",
    "sound": "- {kind: water, outline: [[-24, 4], [26, 0], [34, 26], [6, 44], [-28, 30]]}",
}
"""What stands beside the examples of kinds that show only through others."""
TIMES = {
    "terrain": "18:20",
    "light": "20:10",
    "sky": "18:55",
    "fins": "19:10",
    "text": "19:25",
    "shell": "19:00",
    "viewpoint": "18:50",
    "counter": "18:45",
    "portal": "18:40",
    "screen": "18:40",
}
VIEWS = {
    # kind: the eye, what it looks at, angle of view in degrees
    "exhibit": ((3.5, -6.9, 1.65), (3.25, -4.0, 1.05), 40.0),
    "portal": ((4.4, -4.6, 1.7), (6.0, 4.0, 2.45), 44.0),
    "room": ((-8.2, -4.9, 1.7), (3.0, 2.2, 1.9), 72.0),
}
BACK = {
    "scatter": 0.55,
    "shell": 1.15,
    "text": 1.5,
    "panel": 1.5,
    "model": 1.6,
    "light": 3.0,
    "pillars": 0.5,
    "bridge": 0.95,
    "mist": 17.0,
    "screen": 0.95,
    "sound": 7.0,
}
"""How far back the camera stands, as a multiple of what it usually would."""


def _pavilion() -> bytes:
    """Four pillars and a roof on a step, as a GLB file (Y up)."""
    pillars = [box((x - 0.2, y - 0.2, 0.3), (x + 0.2, y + 0.2, 3.3)) for x in (-2, 2) for y in (-2, 2)]
    shape = concatenated([box((-3, -3, 0), (3, 3, 0.3)), *pillars, box((-3.2, -3.2, 3.3), (3.2, 3.2, 3.7))])
    file = File()
    position = [(float(x), float(z), float(-y)) for x, y, z in shape.position]
    low, high = np.min(position, axis=0).tolist(), np.max(position, axis=0).tolist()
    indices = file.accessor([int(one) for one in shape.triangle.reshape(-1)], "H")
    file.mesh({"POSITION": file.accessor(position, min=low, max=high)}, indices=indices)
    return file.glb()


def _bounds(data: DrawData) -> tuple[np.ndarray, np.ndarray]:
    points = [surface.mesh.position for surface in data.surfaces]
    points += [group.position + np.array([0, 0, height]) for group in data.instances for height in (0.0, 6.0)]
    points += [np.array([light.position]) for light in data.lights]
    points += [np.array([view.position]) for view in data.viewpoints]
    every = np.concatenate([np.zeros((0, 3)), *points]) if points else np.zeros((1, 3))
    if not len(every):
        every = np.zeros((1, 3))
    return np.percentile(every, 1, axis=0), np.percentile(every, 99, axis=0)


def _with_panels(picture: np.ndarray, scene: Scene) -> np.ndarray:
    """What a tour's first stop, or the years, show along the lower edge of a screen."""
    tours = tuple(one for one in scene.interactives if isinstance(one, Tour))
    years = next((one for one in scene.interactives if isinstance(one, Timeline)), None)
    day = datetime.date(2017, 11, 1)
    offer = Offer({"zh": "图", "en": "Picture"}, day, tours, years)
    touring = Touring(tours[0], seconds=3.0) if tours else None
    state = VisitState("en", day, datetime.time(16, 40), started=True, dates=years is not None, tour=touring)
    canvas, floor = Image.fromarray(picture).convert("RGBA"), SIZE[1]
    for shown in panels(state, offer, device="touch", pixels=(3 * SIZE[0], 3 * SIZE[1])):
        panel = Image.fromarray(drawn(shown.panel).pixels)
        panel = panel.resize((panel.width // 3, panel.height // 3), Image.Resampling.BOX)
        floor -= panel.height
        canvas.alpha_composite(panel, ((SIZE[0] - panel.width) // 2, max(floor, 0)))
    return np.asarray(canvas.convert("RGB"))


@pytest.mark.parametrize("name", kinds())
def test_the_example_of_a_kind(name: str, golden: Compare, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "pavilion.glb").write_bytes(_pavilion())
    shutil.copytree(Path(__file__).parents[1] / "media", tmp_path / "media")
    known = kinds()
    entries = [known[name].example, SETTING.get(name, "")]
    entries += [] if name == "terrain" else ["- {kind: terrain, size_m: [900, 900]}"]
    entries += [] if name == "spawn" else ["- {kind: spawn, at: [0, -300]}"]
    lines = [f"  {line}\n" for entry in entries for line in entry.splitlines()]
    (tmp_path / "showcase.yaml").write_text(HEAD + "".join(lines), "utf-8")
    result = load_showcase(tmp_path, {key: kind.model for key, kind in known.items()})
    assert result.showcase, result.diagnostics
    context = build_context(result.showcase, known)
    built = [build_element(element, known, context) for element in result.showcase.elements]
    own = built[0].draw_data
    scene = scene_from_draw_data(built, ground=context.ground, haze_m=6000.0)
    if name in ("spawn", "viewpoint"):
        seen = own.viewpoints[0]
        view = one_view(seen.position, heading=seen.heading, pitch=seen.pitch, fov=seen.fov, size=SIZE)
    elif name == "terrain":
        view = looking_at((30, -20, 6), (140, 90, 4), fov=np.radians(50.0), size=SIZE)
    elif name == "counter":
        view = looking_at((11.9, -0.6, 1.7), (10, 4, 1.35), fov=np.radians(44.0), size=SIZE)
    elif name in ("tour", "timeline"):
        view = one_view((0, -40, 1.6), pitch=np.radians(7.0), fov=np.radians(60.0), size=SIZE)
    elif name in VIEWS:
        eye, target, fov = VIEWS[name]
        view = looking_at(eye, target, fov=np.radians(fov), size=SIZE)
    elif name == "sky":
        view = one_view((0, -20, 1.6), heading=np.radians(300.0), pitch=np.radians(12.0), size=SIZE)
    else:
        low, high = _bounds(own)
        middle, size = (low + high) / 2, max(float(np.linalg.norm(high - low)), 2.0)
        away = np.array([0.35, -0.8, 0.3]) * size * BACK.get(name, 0.9)
        view = looking_at(middle + away + [0, 0, 1.0], middle, fov=np.radians(50.0), size=SIZE)
    clock = datetime.time.fromisoformat(TIMES.get(name, "16:40"))
    light = light_environment(121.475, 30.945, 8.0, datetime.date(2026, 6, 21), clock, scene.sky)
    picture = render_scene(scene, view, environment=light, quality=Quality(shadow_size=1024))
    if name in ("tour", "timeline"):
        picture = _with_panels(picture, scene)
    golden(f"../../docs/kinds/{name}", picture)
