"""The playlist as the supervisor knows it: where each showcase is and what visitors call it. It does not check them: the client
does, and says so by its exit status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vrclient.kiosk.status import Listed, Words
from vrclient.showcase.diagnostics import Problems
from vrclient.showcase.find import find_showcase
from vrclient.showcase.source_map import Mapping as YamlMapping
from vrclient.showcase.source_map import Scalar
from vrclient.showcase.yaml_source import read_yaml

LONGEST = 200


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """`path`: its showcase.yaml; `title`: by language."""

    name: str
    path: Path
    title: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that it has texts in, its own first one first; none where its file cannot be read."""
        return tuple(self.title)

    def listed(self) -> Listed:
        """As it is told."""
        en = self.title.get("en") or next(iter(self.title.values()), self.name)
        return Listed(name=self.name[:LONGEST], title=Words(zh=(self.title.get("zh") or en)[:LONGEST], en=en[:LONGEST]))


def entry(text: str, /) -> PlaylistEntry:
    """What `text` means, as `vrclient run` takes it. Raises NoSuchShowcase."""
    path = find_showcase(text).absolute()
    return PlaylistEntry(path.parent.name, path, _title(path))


def fingerprint(path: Path, /) -> tuple[int, int]:
    """Changes when the file does; (0, 0) of one that is not there."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _title(path: Path) -> dict[str, str]:
    """Of a file that may be wrong."""
    root = read_yaml(path, Problems()).root
    title = root.get("title") if isinstance(root, YamlMapping) else None
    if title is None or not isinstance(title.value, YamlMapping):
        return {}
    return {one.key.text: one.value.text for one in title.value.entries if isinstance(one.value, Scalar)}
