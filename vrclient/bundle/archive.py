"""A zip file that is the same, byte by byte, for the same folder: no times, no order of a disk, no user's permissions in it."""

import zipfile
from pathlib import Path

from vrclient.bundle.manifest import Progress
from vrclient.writing import whole_file

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The first that a zip file can say."""
UNIX = 3


def write(folder: Path, target: Path, programs: frozenset[str], /, progress: Progress | None = None) -> None:
    """All files of `folder`, in a folder of its name; those of `programs`, paths in it, may be run. Raises OSError."""
    files = sorted((one.relative_to(folder).as_posix(), one) for one in folder.rglob("*") if one.is_file())
    with whole_file(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number, (name, path) in enumerate(files):
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", MOMENT)
            entry.create_system, entry.compress_type = UNIX, zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in programs else 0o100644) << 16
            archive.writestr(entry, path.read_bytes())
            if progress and number % 20 == 0:
                progress(number, len(files))
