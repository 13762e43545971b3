"""Khronos' validation layers, which watch every OpenXR instance of a test: those of this process, and of its children that are
run by watched.py."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import best_practices
import xr  # noqa: TID251
from best_practices import LayerCopy
from xr.platform_folder import platform_folder  # noqa: TID251

CORE = "XR_APILAYER_LUNARG_core_validation"
LAYERS = (CORE, best_practices.NAME)
HARMLESS = re.compile(r"VALID_(DEBUG|INFO)|VUID-CoreValidation-(Initialize|Destroy)")
FOLDER = "VRCLIENT_TEST_LAYERS"
"""The variable that tells a child where its words go."""
TO_A_REFUSAL = "xrEndFrame was retried with the same display time, consider discarding the frame instead."
"""What the layer for best practices says as soon as the runtime refuses xrEndFrame, the first time already. Whether it was tried
again is seen here instead."""


class Watch:
    """The layers in this process. `environment` names them to the loader; `install` gives each instance a layer for best
    practices of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._core_said, self._notes = folder / "core_validation.txt", folder / "best_practices.said"
        core, self._original = _manifest(CORE), _manifest(best_practices.NAME)
        manifest = json.loads(core.read_text())
        manifest["api_layer"]["library_path"] = str((core.parent / manifest["api_layer"]["library_path"]).resolve())
        (folder / "core_validation.json").write_text(json.dumps(manifest))
        self._create: Callable[..., Any] = xr.create_instance
        self._destroy: Callable[..., Any] = xr.destroy_instance
        self._end: Callable[..., Any] = xr.end_frame
        self._copy: LayerCopy | None = None
        self._refused = False
        self._asked = self._made = 0
        self._said: list[str] = []

    def environment(self) -> dict[str, str]:
        """For this process; children have their own."""
        return {
            "XR_ENABLE_API_LAYERS": os.pathsep.join(LAYERS),
            "XR_API_LAYER_PATH": str(self._folder),
            "XR_CORE_VALIDATION_EXPORT_TYPE": "text",
            "XR_CORE_VALIDATION_FILE_NAME": str(self._core_said),
            FOLDER: str(self._folder),
        }

    def install(self, put: Callable[[Any, str, Any], None]) -> None:
        """`put` is setattr, or one that takes it back later."""
        for name in ("create_instance", "destroy_instance", "end_frame"):
            put(xr, name, getattr(self, f"_{name}"))

    def _create_instance(self, *arguments: Any, **named: Any) -> Any:
        self._asked += 1
        copy = LayerCopy(self._original, self._folder, self._asked)
        try:
            instance = self._create(*arguments, **named)
        except BaseException:
            copy.close()
            raise
        self._made += 1
        self._copy, self._refused = copy, False
        self.write()  # it has to be loaded by now
        return instance

    def _destroy_instance(self, instance: Any, /) -> None:
        self._said = self._all_said()
        copy, self._copy = self._copy, None
        if copy:
            copy.close()
        self.write()
        self._destroy(instance)

    def _end_frame(self, *arguments: Any, **named: Any) -> None:
        if self._refused:
            self._said.append("xrEndFrame was called once more after it was refused")
        try:
            self._end(*arguments, **named)
        except xr.exception.XrException:
            self._refused = True
            raise

    def _all_said(self) -> list[str]:
        try:
            now = self._copy.messages() if self._copy else []
        except AssertionError as deaf:
            now = [str(deaf)]
        return self._said + [line for line in now if not (self._refused and line == TO_A_REFUSAL)]

    def write(self) -> None:
        """For whoever reads the folder: how many instances were watched, and what was said of them so far."""
        new = self._notes.with_suffix(".new")
        new.write_text(json.dumps([self._made, self._all_said()]))
        new.replace(self._notes)


class Validation:
    """A test's layers, in its own process and in children. What they say fails the test, unless it was taken by `heard`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.watch = Watch(folder)
        self._known: Counter[str] = Counter()

    def heard(self) -> list[str]:
        """What the layers have said since the last call. That one of them did not watch an instance is one of its words."""
        self.watch.write()
        found = Counter(line for notes in sorted(self._folder.rglob("*.said")) for line in _words(notes))
        new = found - self._known
        self._known = found
        return list(new.elements())

    def instances(self) -> int:
        """How many were watched so far."""
        return sum(json.loads(notes.read_text())[0] for notes in self._folder.rglob("*.said"))


def _words(notes: Path) -> list[str]:
    """What one process was told."""
    core = notes.with_name("core_validation.txt")
    lines = core.read_text().splitlines() if core.exists() else []
    made, said = json.loads(notes.read_text())
    if made and sum("VUID-CoreValidation-Initialize" in line for line in lines) < made:
        said.append(f"core validation did not watch all of {made} instances")
    return [line for line in lines if "VUID" in line and not HARMLESS.search(line)] + said


def _manifest(layer: str) -> Path:
    """Of a layer that comes with pyopenxr."""
    folder = Path(xr.__file__).parent / "api_layer" / platform_folder()[0]
    return next(one for one in folder.glob("*.json") if json.loads(one.read_text())["api_layer"]["name"] == layer)
