"""The client's own settings, from config/: read and checked like a showcase, with the same diagnostics."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import numpy as np
from pydantic import Field

from vrclient.interaction.comfort import Comfort
from vrclient.render_data.quality import Quality, Shading
from vrclient.showcase.config_layers import client_files, files_of, read_strongest
from vrclient.showcase.diagnostics import Diagnostic
from vrclient.showcase.models import Model
from vrclient.showcase.settings import BadSettings, read_settings

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)


class QualitySettings(Model):
    """A file in config/quality."""

    samples: Annotated[int, Field(ge=1, le=8)] = Field(description="Anti-aliasing samples a pixel: 1, 2, 4 or 8.")
    shadow_size: Annotated[int, Field(ge=0, le=8192)] = Field(description="Pixels along the shadow map; 0 = no shadows.")
    reflections: bool = Field(description="Still water mirrors the scene.")
    lod_bias: Annotated[float, Field(gt=0.0, le=8.0)] = Field(description="More than 1 keeps fine detail longer.")
    anisotropy: Annotated[int, Field(ge=1, le=16)] = Field(description="Samples along the slant of a texture.")
    cutoff_px: Annotated[float, Field(ge=0.0, le=100.0)] = Field(
        description="Repeated things that would be smaller on the picture are not drawn; 0 = all are."
    )
    shading: Shading = Field("lit", description="lit, or normals: directions as colours, to look at or time the geometry alone.")
    moving: bool = Field(description="Waves, clouds and leaves move.")

    def quality(self) -> Quality:
        """As the renderer wants it."""
        return Quality(
            samples=self.samples,
            shadow_size=self.shadow_size,
            reflections=self.reflections,
            lod_bias=self.lod_bias,
            anisotropy=self.anisotropy,
            cutoff_px=self.cutoff_px,
            shading=self.shading,
        )


class ComfortSettings(Model):
    """How a visitor moves."""

    teleport: bool = Field(True, description="Throw an arc and go where it lands.")
    snap_turn_deg: Annotated[float, Field(ge=0.0, le=90.0)] = Field(
        30.0, description="One push of the turning stick, or Q and E; 0 = it does not turn."
    )
    smooth_walk: bool = Field(False, description="In a headset the stick walks at 1.4 m/s. Many people feel sick from it.")
    eye_height_m: Annotated[float, Field(ge=0.8, le=2.2)] = Field(1.55, description="Where a seated visitor's eyes are brought.")
    seated: bool = Field(False, description="The visitor sits: the floor is lowered until the eyes are at eye_height_m.")
    blink_s: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        0.15, description="How long the view closes around a jump; 0 = not at all. Never more often than three times a second."
    )
    handedness: Literal["left", "right"] = Field("right", description="The hand that aims until the other one acts.")
    vignette: bool = Field(True, description="The rim of the view closes while the stick walks.")

    def comfort(self) -> Comfort:
        """As interaction/ wants it."""
        return Comfort(
            teleport=self.teleport,
            snap_turn=float(np.radians(self.snap_turn_deg)),
            smooth_walk=self.smooth_walk,
            eye_height=self.eye_height_m,
            seated=self.seated,
            blink=self.blink_s,
            first_hand=int(self.handedness == "right"),
            vignette=self.vignette,
        )


class HeadsetSettings(Model):
    """What a headset is given to show."""

    render_scale: Annotated[float, Field(ge=0.5, le=2.0)] = Field(
        1.0, description="The pictures' width and height by what the headset's runtime recommends; more is sharper and slower."
    )
    dynamic_resolution: bool = Field(
        True,
        description="Where the graphics card is too slow, less of the picture is drawn, down to 0.6 of its width and height.",
    )


class VisitSettings(Model):
    """How a visit begins."""

    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")] = Field(
        "zh", description="The language of panels and captions; the visitor can change it."
    )
    sound: bool = Field(True, description="Whether anything is heard.")
    volume: Annotated[float, Field(ge=0.0, le=1.0)] = Field(0.8, description="How loud, 0 to 1; the visitor can change it.")
    mono: bool = Field(False, description="Both ears hear the same.")
    idle_s: Annotated[float, Field(ge=0.0, le=7200.0)] = Field(
        300.0, description="Seconds without anybody after which the visit begins anew for the next visitor; 0 = never."
    )


class ClientSettings(Model):
    """config/client.yaml."""

    visit: VisitSettings = Field(VisitSettings(), description="How a visit begins.")

    headset: HeadsetSettings = Field(HeadsetSettings(), description="What a headset is given to show.")

    comfort: ComfortSettings = Field(ComfortSettings(), description="How visitors move.")
    controllers: str | None = Field(
        None,
        description="A folder of WebXR input profiles, from the folder of this file if it is relative; without one, hands hold "
        "a plain controller.",
    )

    def controllers_folder(self) -> Path | None:
        """Where that folder is; it may be missing."""
        return Path(self.controllers) if self.controllers else None


@dataclass(frozen=True, slots=True)
class Settled:
    """The settings that count, and for every key that a file names, such as visit.language, which file it is from; the files of
    client.yaml that were read, and those that were left out with the reason."""

    settings: ClientSettings
    sources: Mapping[str, Path]
    files: tuple[Path, ...]
    left_out: Mapping[Path, BadSettings]


@cache
def settled() -> Settled:
    """What all client.yaml files say (showcase/config_layers.py), the stronger over the weaker, key by key. Raises
    BadSettings."""
    settings, sources = ClientSettings(), dict[str, Path]()
    read: list[Path] = []
    left_out: dict[Path, BadSettings] = {}
    for file in client_files():
        try:
            found = read_settings(file.path, ClientSettings)
        except BadSettings as error:
            if file.layer.must_be_right:
                raise
            left_out[file.path] = error
            continue
        if found.controllers:
            found = found.model_copy(update={"controllers": str(file.path.absolute().parent / found.controllers)})
        settings = _over(settings, found)
        sources.update(dict.fromkeys(_named(found), file.path))
        read.append(file.path)
    return Settled(settings, sources, tuple(read), left_out)


@cache
def client_settings() -> ClientSettings:
    """The settings that count; says which files are left out. Raises BadSettings."""
    found = settled()
    for path, problem in found.left_out.items():
        log.warning("%s\n%s is left out", problem, path)
    return found.settings


def _over(weak: M, strong: M, /) -> M:
    """`weak` with what `strong` names."""
    changes = {}
    for name in strong.model_fields_set:
        value, before = getattr(strong, name), getattr(weak, name)
        changes[name] = _over(before, value) if isinstance(value, Model) and isinstance(before, Model) else value
    return weak.model_copy(update=changes)


def _named(settings: Model, prefix: str = "", /) -> Iterator[str]:
    """The keys that a file names, with dots."""
    for name in sorted(settings.model_fields_set):
        value = getattr(settings, name)
        if isinstance(value, Model):
            yield from _named(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def quality_names() -> tuple[str, ...]:
    """What `--quality` takes besides auto. Raises BadSettings for settings that were given and are not there."""
    return tuple(files_of("quality"))


@cache
def quality_settings(name: str, /) -> QualitySettings:
    """One of config/quality, the strongest of that name. Raises BadSettings for an unknown name or a wrong file."""
    known = files_of("quality")
    if name not in known:
        raise BadSettings(Diagnostic("settings", f"'{name}' is not a quality", f"choose one of: auto, {', '.join(known)}"))
    found = read_strongest(known[name], QualitySettings)
    if found is None:
        raise BadSettings(Diagnostic("settings", f"no file for the quality '{name}' can be read"))
    return found
