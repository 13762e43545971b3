"""Builds showcases made at random, in processes of their own, and says which broke a bound. By hand:

    python tests/generated/fuzzing.py --count 2000 --seed 1

prints the seed, the counts and the slowest ten; what failed and the slowest stay in --keep, to be
tried again with `vrclient shot`."""

import argparse
import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from build_worker import Built  # noqa: E402
from random_showcases import Maker  # noqa: E402

from vrclient.showcase.cost import PROMISED  # noqa: E402

HANG_SECONDS = 150.0
GROWN_MB = 900.0
"""A worker that has grown so large is replaced by a fresh one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A showcase's number, its folder, and what became of it."""

    seed: int
    folder: Path
    built: Built

    @property
    def broken(self) -> str:
        """Which bound it broke; empty where none."""
        if self.built.fault:
            return self.built.fault
        if self.built.seconds > PROMISED.seconds:
            return f"{self.built.seconds:.0f} s"
        if self.built.peak_mb > PROMISED.megabytes:
            return f"{self.built.peak_mb:.0f} MB"
        unexplained = [message for _, message, help in self.built.problems if not help]
        return f"no remedy: {unexplained[0]}" if unexplained else ""


def media(folder: Path) -> None:
    """The files that elements name."""
    folder.mkdir(parents=True, exist_ok=True)
    number = np.arange(16 * 24 * 3, dtype=np.uint8).reshape(16, 24, 3)
    Image.fromarray(number).save(folder / "picture.png")
    Image.fromarray(number[:1]).save(folder / "slim.png")
    Image.fromarray(np.full((900, 3, 3), 90, np.uint8)).save(folder / "tall.jpg")
    Image.fromarray(number[..., 0]).save(folder / "grey.png")
    land = np.linspace(-9000.0, 9000.0, 24, dtype=np.float32).reshape(4, 6)
    np.save(folder / "land.npy", land)
    land[1, 2] = -9999.0
    Image.fromarray(land / 100).save(folder / "voids.tif")
    for name in ("film.webm", "lake.ogg", "opening.en.srt"):
        shutil.copy(HERE.parent / "media" / name, folder / name)
    shutil.copy(HERE.parent / "showcase" / "cases" / "real_exhibit_and_portal" / "model.glb", folder / "model.glb")


class Worker:
    """A process of build_worker.py that is started when it is needed, and replaced when it died or grew."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the worker

    def build(self, folder: Path) -> Built:
        if self._process is None:
            command = [sys.executable, str(HERE / "build_worker.py")]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
            )
        process = self._process
        assert process.stdin and process.stdout
        process.stdin.write(f"{folder}\n")
        process.stdin.flush()
        answers: queue.Queue[str] = queue.Queue()
        output = process.stdout
        threading.Thread(target=lambda: answers.put(output.readline()), daemon=True).start()
        try:
            answer = answers.get(timeout=HANG_SECONDS)
        except queue.Empty:
            self.close()
            return Built(accepted=True, seconds=HANG_SECONDS, fault=f"nothing after {HANG_SECONDS:.0f} s")
        if not answer:
            self.close()
            self._errors.seek(0)
            return Built(accepted=True, fault=f"the process died: {self._errors.read()[-2000:]}")
        found = Built(**json.loads(answer))
        if found.peak_mb > GROWN_MB:
            self.close()
        return found

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def end(self) -> None:
        """For good."""
        self.close()
        self._errors.close()


def outcomes(count: int, *, seed: int, folder: Path, workers: int = 1) -> Iterator[Outcome]:
    """Makes and builds showcases number seed, seed + 1 and so on, in the order in which they are done."""
    todo: queue.Queue[int] = queue.Queue()
    done: queue.Queue[Outcome | BaseException] = queue.Queue()
    for number in range(seed, seed + count):
        todo.put(number)

    def work() -> None:
        worker = Worker()
        try:
            while True:
                try:
                    number = todo.get_nowait()
                except queue.Empty:
                    break
                place = folder / str(number)
                media(place)
                Maker(number, place).write()
                done.put(Outcome(number, place, worker.build(place)))
        except BaseException as error:  # whoever waits shall hear of it
            done.put(error)
        finally:
            worker.end()

    for _ in range(workers):
        threading.Thread(target=work, daemon=True).start()
    for _ in range(count):
        one = done.get()
        if isinstance(one, BaseException):
            raise one
        yield one


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=Path("generated"))
    options = parser.parse_args()
    begun, found = time.monotonic(), []
    failed = 0
    for outcome in outcomes(options.count, seed=options.seed, folder=options.keep, workers=options.workers):
        found.append(outcome)
        if outcome.broken:
            failed += 1
            (outcome.folder / "fault.txt").write_text(outcome.broken, encoding="utf-8")
            print(f"{outcome.folder}: {outcome.broken.strip().splitlines()[-1]}", flush=True)
    slowest = sorted(found, key=lambda one: -one.built.seconds)[:10]
    kept = {one.folder for one in slowest} | {one.folder for one in found if one.broken}
    for outcome in found:
        if outcome.folder not in kept:
            shutil.rmtree(outcome.folder)
    accepted = sum(one.built.accepted for one in found)
    lines = [
        f"seed {options.seed}: {len(found)} showcases in {time.monotonic() - begun:.0f} s, {accepted} accepted, {failed} failed"
    ]
    lines.append(f"most memory {max(one.built.peak_mb for one in found):.0f} MB; the slowest ten:")
    lines += [
        f"  {one.built.seconds:6.2f} s, {one.built.peak_mb:5.0f} MB, {one.built.triangles:9,} triangles  {one.folder}"
        for one in slowest
    ]
    print("\n".join(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
