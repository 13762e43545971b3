"""What `vrclient bundle` does: showcases are checked, a bundle is made, and what it is is said. How: bundle/."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console

from vrclient import paths
from vrclient.app.opening import Checked, check
from vrclient.bundle.build import Bundle, Steps, from_bundle, from_packages
from vrclient.bundle.content import showcase_names
from vrclient.bundle.manifest import BundledFile, Progress
from vrclient.bundle.problem import BundleProblem
from vrclient.bundle.systems import SYSTEMS, System, own_system
from vrclient.cli.arguments import Usage
from vrclient.cli.console import failures
from vrclient.cli.problems import print_problems
from vrclient.cli.progress import progress
from vrclient.cli.terminal import Terminal
from vrclient.showcase.find import find_showcase


def bundle(
    showcases: Sequence[str], output: Path, *, systems: Sequence[str], start: str | None, wheels: Path | None, zipped: bool
) -> int:
    """Exit status of `vrclient bundle`."""
    console, notes = Terminal(), Terminal(stderr=True)
    with failures(notes) as outcome:
        wanted = _systems(systems)
        checked = [check(find_showcase(one)) for one in showcases]
        for one in checked:
            print_problems(one.warnings, notes)
        try:
            for system in wanted:
                with _steps(notes) as steps:
                    own = paths.bundle_folder()
                    files = [one.path for one in checked]
                    if own is not None:
                        made = from_bundle(own, output, showcases=files, first=start, zipped=zipped, steps=steps)
                    else:
                        made = from_packages(
                            system, output, wheels=wheels, showcases=files, first=start, zipped=zipped, steps=steps
                        )
                _tell(made, console)
                for name, to in _closed(checked, made):
                    notes.print(f"note: a portal of {name} leads to '{to}', which is not in the bundle; it is closed there")
        except BundleProblem as error:
            raise Usage(str(error)) from None
    return outcome[0]


def _systems(names: Sequence[str]) -> list[System]:
    for name in names:
        if name not in SYSTEMS:
            raise Usage(f"--system {name}: choose one of: {', '.join(SYSTEMS)}")
    wanted = [SYSTEMS[name] for name in dict.fromkeys(names)] or [own_system()]
    if paths.bundle_folder() is not None and wanted != [own_system()]:
        raise Usage("--system: a bundle makes copies for its own system alone; use the bundle of the other system there")
    if sys.platform not in ("win32", "linux") and not names:
        raise Usage(f"--system: say for which system, one of: {', '.join(SYSTEMS)}")
    return wanted


@contextmanager
def _steps(notes: Console) -> Iterator[Steps]:
    """Each step is a line, and on terminals a bar."""
    with ExitStack() as stack:

        def begin(what: str) -> Progress:
            stack.pop_all().close()
            notes.print(f"{what} ...")
            return stack.enter_context(progress(notes, what))

        yield begin


def _closed(checked: Sequence[Checked], made: Bundle) -> Iterator[tuple[str, str]]:
    """(own showcase, where one of its portals leads) for each that leads nowhere in the bundle."""
    inside = showcase_names(made.folder)
    for one in checked:
        ways = {str(getattr(element, "to", "")) for element in one.showcase.elements if element.kind == "portal"}
        yield from ((one.path.resolve().parent.name, to) for to in sorted(ways - set(inside)))


def _tell(made: Bundle, console: Console) -> None:
    console.print(f"{made.folder}: {len(made.manifest.files)} files, {_megabytes(made.manifest.size)}")
    if made.zipped is not None:
        zipped = BundledFile.of(made.zipped)
        console.print(f"{made.zipped}: {_megabytes(zipped.size)}, SHA-256 {zipped.sha256}")
    console.print(f"begins with {made.manifest.start}; its manifest's SHA-256, which 'vrclient doctor' says there too:")
    console.print(made.manifest.sha256)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
