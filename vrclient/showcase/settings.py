"""A YAML file of settings as a model: read and checked like a showcase, with the same diagnostics. What the settings are is said
by whoever uses them."""

from pathlib import Path
from typing import TypeVar

from vrclient.showcase.assets import AssetFolder
from vrclient.showcase.diagnostics import Diagnostic, Problems, as_text
from vrclient.showcase.findings import Findings
from vrclient.showcase.models import Model
from vrclient.showcase.read import Reader
from vrclient.showcase.yaml_source import read_yaml

Settings = TypeVar("Settings", bound=Model)


class BadSettings(ValueError):
    """Settings are wrong; the text is that of the diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(map(as_text, diagnostics)))
        self.diagnostics = diagnostics


def read_settings(file: Path, model: type[Settings], /) -> Settings:
    """A YAML file as that model; an empty one, or one of comments alone, where the model has a default for everything. Raises
    BadSettings with every problem and its place."""
    problems = Problems()
    contents = read_yaml(file, problems)
    settings = None
    if contents.root is not None:
        reader = Reader(contents.source, AssetFolder(file.parent), problems, Findings())
        settings = reader.model(contents.root, model, file.stem)
    elif {one.code for one in problems.in_order([file])} == {"empty"} and not any(
        field.is_required() for field in model.model_fields.values()
    ):
        return model()
    if not isinstance(settings, model) or problems.has_errors:
        raise BadSettings(*problems.in_order([file]))
    return settings
