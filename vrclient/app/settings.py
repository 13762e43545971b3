"""The client's own settings, from config/: read and checked like a showcase, with the same diagnostics."""

from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field

from vrclient import paths
from vrclient.renderer.quality import Quality, Shading
from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.diagnostics import Problems, as_text
from vrclient.showcase.models import Model
from vrclient.showcase.read import Findings, Reader
from vrclient.showcase.yaml_source import read_yaml

Settings = TypeVar("Settings", bound=Model)


class BadSettings(ValueError):
    """A file in config/ is wrong; the text is its diagnostics."""


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


def quality_names() -> tuple[str, ...]:
    """What `--quality` takes besides auto."""
    return tuple(sorted(path.stem for path in (paths.config_folder() / "quality").glob("*.yaml")))


@cache
def quality_settings(name: str, /) -> QualitySettings:
    """One of config/quality. Raises BadSettings for an unknown name or a wrong file."""
    if name not in quality_names():
        raise BadSettings(f"'{name}' is not a quality; choose one of: auto, {', '.join(quality_names())}")
    return read_settings(paths.config_folder() / "quality" / f"{name}.yaml", QualitySettings)


def read_settings(file: Path, model: type[Settings], /) -> Settings:
    """A YAML file as that model. Raises BadSettings with every problem and its place."""
    problems = Problems()
    contents = read_yaml(file, problems)
    settings = None
    if contents.root is not None:
        reader = Reader(contents.source, AssetFolder(file.parent), problems, Findings())
        settings = reader.model(contents.root, model, file.stem)
    if not isinstance(settings, model) or problems.has_errors:
        raise BadSettings("\n".join(as_text(one) for one in problems.in_order([file])))
    return settings
