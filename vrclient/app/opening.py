"""From a showcase's file to a scene in memory: load, build, and how long each took. It draws nothing; building.py does it beside
whatever is shown meanwhile."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from vrclient.elements import kinds
from vrclient.scene import fonts
from vrclient.scene.build import build_scene
from vrclient.scene.element import costs_of
from vrclient.scene.environment import prepare
from vrclient.scene.gltf.read import inspect_gltf
from vrclient.scene.siting import site_problems
from vrclient.scene.tables import Scene
from vrclient.showcase.assets import begin_with_media
from vrclient.showcase.config_layers import files_of, replacement
from vrclient.showcase.cost import BUDGET, Budget
from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.find import reachable_showcases
from vrclient.showcase.load import LoadResult, load_showcase
from vrclient.showcase.models import Showcase
from vrclient.showcase.policy import Policy, read_policy

Progress = Callable[[int, int], None]


class BadShowcase(ValueError):
    """The showcase has errors; `diagnostics` are what the user is told."""

    def __init__(self, path: Path, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{path} has errors")
        self.path = path
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A showcase that may be built; `seconds`: how long reading and checking took."""

    path: Path
    showcase: Showcase
    warnings: tuple[Diagnostic, ...]
    files: tuple[Path, ...]
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A showcase ready to be shown; times in seconds."""

    path: Path
    showcase: Showcase
    scene: Scene
    warnings: tuple[Diagnostic, ...]
    files: tuple[Path, ...]
    load_seconds: float
    build_seconds: float


@cache
def venue_policies() -> tuple[Policy, ...]:
    """What this venue does not show: every file in a policy folder (showcase/config_layers.py), of one name the strongest. Raises
    BadSettings for a wrong file: nothing is shown then."""
    strongest = [files[-1] for files in files_of("policy").values()]
    return tuple(read_policy(one.path, replacement=replacement(one)) for one in strongest)


def load(path: Path, /, *, budget: Budget = BUDGET) -> LoadResult:
    """The showcase as checked values, with this program's kinds, fonts, glTF reader and policies. Raises BadSettings for a
    policy that cannot be read."""
    begin_with_media(path.parent)  # it starts while the kinds are imported
    known = kinds()
    return load_showcase(
        path,
        {name: kind.model for name, kind in known.items()},
        has_path=[name for name, kind in known.items() if kind.path],
        check_text=fonts.missing_glyphs,
        inspect_gltf=inspect_gltf,
        policies=venue_policies(),
        showcases=reachable_showcases(path),
        check_site=lambda elements, day, place_of: site_problems(elements, known, day, place_of),
        costs_of=costs_of(known),
        budget=budget,
    )


def open_showcase(
    path: Path, /, *, progress: Progress | None = None, change: Callable[[Showcase], Showcase] | None = None
) -> Opened:
    """Loads and builds; `change` is applied in between. Raises BadShowcase where the files have errors."""
    checked = check(path)
    return build(replace(checked, showcase=change(checked.showcase)) if change else checked, progress=progress)


def check(path: Path, /) -> Checked:
    """Reads and checks. Raises BadShowcase where the files have errors."""
    start = time.perf_counter()
    result = load(path)
    if result.showcase is None:
        raise BadShowcase(path, result.diagnostics)
    return Checked(path, result.showcase, result.diagnostics, result.files, time.perf_counter() - start)


def build(checked: Checked, /, *, progress: Progress | None = None) -> Opened:
    """The scene of a showcase that was checked. `progress(done, total)` is called after each element."""
    showcase, start = checked.showcase, time.perf_counter()
    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(prepare, showcase.environment.haze_m)
        scene = build_scene(showcase, kinds(), showcases=frozenset(reachable_showcases(checked.path)), progress=progress)
    return Opened(
        path=checked.path,
        showcase=showcase,
        scene=scene,
        warnings=checked.warnings,
        files=checked.files,
        load_seconds=checked.seconds,
        build_seconds=time.perf_counter() - start,
    )
