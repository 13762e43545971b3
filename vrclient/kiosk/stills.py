"""A picture of each showcase without anybody's panels on it, for the cover: made once by `vrclient shot`, while nobody is there,
in a process that gives way to everything else."""

import contextlib
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

from vrclient import own_process
from vrclient.kiosk.showcases import PlaylistEntry, fingerprint

LONGEST_S = 300.0
AFTER_S = 10.0
"""Seconds of nobody before it begins."""
MOST = 20


class Stills:
    """In a folder. `quality` None: none is made."""

    def __init__(self, folder: Path, quality: str | None, /) -> None:
        self._folder, self._quality = folder, quality
        self._wanted: tuple[PlaylistEntry, tuple[int, int]] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._idle_since: float | None = None
        self._tried: set[Path] = set()
        self._making: Path | None = None

    def of(self, entry: PlaylistEntry, size: tuple[int, int], /) -> Path | None:
        """Where it is, if it is there."""
        path = self._path(entry, size)
        return path if path.is_file() else None

    def want(self, entry: PlaylistEntry, size: tuple[int, int], /) -> None:
        """Make it, once nobody is there."""
        self._wanted = entry, size

    def tend(self, *, idle: bool) -> None:
        """Begins, and gives up, what is due; `idle`: nobody is there."""
        now = time.monotonic()
        self._idle_since = (self._idle_since or now) if idle else None
        if self._process is not None:
            if (status := self._process.poll()) is not None:
                self._process = None
                self._done(whole=status == 0)
            elif now - self._began > LONGEST_S or not idle:
                self.close()
            return
        if self._quality is None or self._wanted is None or self._idle_since is None or now - self._idle_since < AFTER_S:
            return
        entry, size = self._wanted
        path = self._path(entry, size)
        if path in self._tried or path.is_file():
            return
        self._tried.add(path)
        self._forget()
        quality = "high" if self._quality == "auto" else self._quality
        self._making = path
        command = [*own_process.command("vrclient.__main__:main"), "shot", str(entry.path), "-o", str(_beside(path))]
        command += ["--size", f"{size[0]}x{size[1]}", "--quality", quality]
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=own_process.flags(),
            )
            self._began = now
            if sys.platform != "win32":
                os.setpriority(os.PRIO_PROCESS, self._process.pid, 15)

    def close(self) -> None:
        """Gives up what is being made; it may be tried again."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._tried.clear()
            self._done(whole=False)

    def _done(self, *, whole: bool) -> None:
        """A picture is there once all of it is."""
        if self._making is None:
            return
        with contextlib.suppress(OSError):
            if whole:
                _beside(self._making).replace(self._making)
            else:
                _beside(self._making).unlink(missing_ok=True)
        self._making = None

    def _path(self, entry: PlaylistEntry, size: tuple[int, int]) -> Path:
        about = f"{entry.path}\n{fingerprint(entry.path)}\n{size}"
        return self._folder / f"{hashlib.sha256(about.encode('utf-8', 'backslashreplace')).hexdigest()[:24]}.png"

    def _forget(self) -> None:
        """Of showcases as they were: the oldest ones."""
        with contextlib.suppress(OSError):
            for old in sorted(self._folder.glob("*.png"), key=lambda one: one.stat().st_mtime)[:-MOST]:
                old.unlink()


def _beside(path: Path) -> Path:
    """Where it is drawn to."""
    return path.with_name(f"{path.stem}.part.png")
