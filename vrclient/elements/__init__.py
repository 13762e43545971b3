"""One file per element kind; the folder is the registry. `kinds()` reads it; nothing else lists the kinds."""

import importlib
import importlib.util
import pkgutil
from functools import cache
from pathlib import Path

from vrclient.scene.element import ElementKind, Kinds


@cache
def kinds(*extra_folders: Path) -> Kinds:
    """Every kind by name, sorted: this folder's files and those of `extra_folders` (a file there may not take a known name).

    Raises ValueError for a file without `ELEMENT`, or a name taken twice."""
    found: dict[str, ElementKind] = {}
    for info in pkgutil.iter_modules(__path__):
        found[info.name] = _element(importlib.import_module(f"{__name__}.{info.name}"), info.name)
    for folder in extra_folders:
        for path in sorted(folder.glob("*.py")):
            if path.stem in found:
                raise ValueError(f"{path}: the kind '{path.stem}' exists already; give the file another name")
            spec = importlib.util.spec_from_file_location(f"vrclient_extra_elements.{path.stem}", path)
            assert spec and spec.loader
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found[path.stem] = _element(module, path.stem)
    return dict(sorted(found.items()))


def _element(module: object, name: str) -> ElementKind:
    element = getattr(module, "ELEMENT", None)
    if not isinstance(element, ElementKind):
        raise ValueError(f"elements/{name}.py must end in ELEMENT = ElementKind(...)")
    return element
