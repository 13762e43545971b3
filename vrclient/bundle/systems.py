"""What differs between a bundle for Windows and one for Linux."""

import sys
from dataclasses import dataclass
from typing import Literal

Name = Literal["windows-x64", "linux-x64"]


RUNTIME = "msvc-runtime"
"""Microsoft's libraries for what is written in C++, which a new Windows lacks, as a package."""


@dataclass(frozen=True, slots=True)
class Program:
    """An executable of the bundle. `file`: its name, without which it starts nothing; `stub`: what Panda3D's wheel has for it;
    `arguments`: what it is started with where it is given nothing, "{start}" being the showcase that the bundle begins with."""

    file: str
    stub: str
    arguments: tuple[str, ...] = ("run", "{start}")


@dataclass(frozen=True, slots=True)
class System:
    """`platforms`: as pip calls what runs there, the best first; `markers`: what requirements may ask for; `also`: packages that
    a bundle has beyond what the client needs where it is installed."""

    name: Name
    platforms: tuple[str, ...]
    markers: dict[str, str]
    programs: tuple[Program, ...]
    also: tuple[str, ...]


# More ways in, such as a stand's, are further programs here: the name that one is started by says what it does.
WINDOWS = System(
    "windows-x64",
    ("win_amd64",),
    {"platform_system": "Windows", "sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"},
    (
        Program("vrclient.exe", "deploy-stubw.exe"),  # no console's window stands behind the showcase
        Program("vrclient.com", "deploy-stub.exe"),  # a console takes this one where "vrclient" is typed
    ),
    (f"{RUNTIME}==14.44.35112", "tzdata"),
)
LINUX = System(
    "linux-x64",
    (*(f"manylinux_2_{number}_x86_64" for number in range(28, 4, -1)), "manylinux2014_x86_64", "linux_x86_64"),
    {"platform_system": "Linux", "sys_platform": "linux", "os_name": "posix", "platform_machine": "x86_64"},
    (Program("vrclient", "deploy-stub"),),
    ("tzdata",),  # a bare system has none
)
SYSTEMS = {"windows": WINDOWS, "linux": LINUX}
"""As the command line calls them."""


def own_system() -> System:
    """That of this computer."""
    return WINDOWS if sys.platform == "win32" else LINUX
