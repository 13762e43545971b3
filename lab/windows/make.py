"""Makes a Windows Python that runs under Wine, with the client's dependencies, out of what PyPI and this Python have: Panda3D's
wheel for Windows carries the interpreter's DLLs, the standard library is this interpreter's own, of the same version.

    python lab/windows/make.py FOLDER
    python lab/windows/make.py --for-wine BUNDLE    an unpacked bundle, which has its own Python, gets what Wine lacks

It runs in the headset lab, which has the compiler, and is for Wine alone: what `_mathematics` makes, no Windows needs."""

import compileall
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import zipfile
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[2]
AS_WINDOWS_SEES_IT = "Z:\\project"
TOOLS = "x86_64-w64-mingw32-"
WINDOWS = {"platform_system": "Windows", "sys_platform": "win32", "os_name": "nt", "extra": ""}
LEFT_OUT = ("__pycache__", "*-packages", "lib-dynload", "test", "idlelib", "tkinter", "turtledemo", "config-*")
"""Of the standard library."""

OF_WINDOWS, OURS = "api-ms-win-crt-math-l1-1-0.dll", "our-ms-win-crt-math-l1-1-0.dll"
"""Names of one length, so that one can stand in a file for the other."""
ARGUMENTS = {
    "cpow": 2,
    **dict.fromkeys(("cabs", "carg", "creal", "cimag", "ccos", "ccosh", "cexp", "csin", "csinh", "ctan", "ctanh"), 1),
}
"""Of C99's complex functions that Wine 10 lacks."""
GIVES_A_REAL = ("cabs", "carg", "creal", "cimag")


def main(home: Path) -> None:
    """The whole, in `home`."""
    site = home / "Lib" / "site-packages"
    _packages(site)
    _client(site)
    _interpreter(home, site / "deploy_libs")
    with tempfile.TemporaryDirectory() as folder:
        _python(home, Path(folder))
        _passed_on(home, Path(folder))
        _mathematics(home, Path(folder))
    compileall.compile_dir(home / "Lib", quiet=2, workers=0)  # the lab's processes write no bytecode


def _requirements() -> list[str]:
    """What the client and its tests need on Windows. pip asks this system's markers, so what only Windows needs is named."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    constraints = [line.partition("#")[0].strip() for line in (PROJECT / "constraints.txt").read_text("utf-8").splitlines()]
    extras = project["optional-dependencies"]
    needed = [Requirement(text) for text in (*project["dependencies"], *extras["test"], *extras["kiosk"])]
    needed = [one for one in needed if one.name != project["name"]]  # an extra that has another in it: vrclient[kiosk]
    needed += [one for one in map(Requirement, filter(None, constraints)) if one.marker]
    needed = [one for one in needed if one.marker is None or one.marker.evaluate(WINDOWS)]
    return sorted({f"{one.name}{one.specifier}" for one in needed})


def _packages(site: Path) -> None:
    system = ["--platform", "win_amd64", "--implementation", "cp", "--python-version", "{}.{}".format(*sys.version_info[:2])]
    constraint = ["--constraint", str(PROJECT / "constraints.txt")]
    _pip("install", "--no-compile", "--target", str(site), "--only-binary=:all:", *system, *constraint, *_requirements())


def _client(site: Path) -> None:
    """The checkout itself, with the metadata of an installed package."""
    with tempfile.TemporaryDirectory() as folder:
        _pip("wheel", "--no-deps", "--wheel-dir", folder, str(PROJECT))
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site, [name for name in archive.namelist() if ".dist-info/" in name])
    (site / "vrclient.pth").write_text(AS_WINDOWS_SEES_IT + "\n", "utf-8")


def _interpreter(home: Path, libraries: Path) -> None:
    for file in libraries.iterdir():
        if ".cp" not in file.name:  # those are of an interpreter without its lock
            shutil.copy2(file, home / file.name)
    shutil.copytree(sysconfig.get_path("stdlib"), home / "Lib", ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True)


def _python(home: Path, scratch: Path) -> None:
    (scratch / "python.def").write_text(f"LIBRARY {_dll()}.dll\nEXPORTS\nPy_Main\n")
    (scratch / "python.c").write_text(
        "#include <wchar.h>\n__declspec(dllimport) int Py_Main(int, wchar_t **);\n"
        "int wmain(int count, wchar_t **words) { return Py_Main(count, words); }\n"
    )
    _run("dlltool", "-d", scratch / "python.def", "-l", scratch / "libpython.a")
    _run("gcc", "-municode", "-O2", "-s", scratch / "python.c", scratch / "libpython.a", "-o", home / "python.exe")


def _passed_on(home: Path, scratch: Path) -> None:
    """python3.dll, which wheels for any version of Python ask for, passes on to this version's; Panda3D's wheel leaves it out."""
    table = _run("objdump", "-p", home / f"{_dll()}.dll").partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0]
    names = re.findall(r"^\s*\[.* (\w+)\s*$", table, re.MULTILINE)
    _library(home / "python3.dll", "", [f"{name} = {_dll()}.{name}" for name in names], scratch)


def _mathematics(home: Path, scratch: Path) -> None:
    """Wine 10's ucrtbase lacks C99's complex functions, and it looks for that library itself: so one of another name has them and
    passes on the rest, and those who want it ask for that name."""
    files = [file for file in home.rglob("*/*") if file.suffix in (".pyd", ".dll") and OF_WINDOWS.encode() in file.read_bytes()]
    files = [file for file in files if any(name in ARGUMENTS or name[:-1] in ARGUMENTS for name in _mathematics_of(file))]
    source = "#include <complex.h>\ntypedef struct { double re, im; } pair;\ntypedef struct { float re, im; } pairf;\n"
    exports = []
    for name in sorted({name for file in files for name in _mathematics_of(file)}):
        base = name[:-1] if name[:-1] in ARGUMENTS else name
        if base not in ARGUMENTS:
            exports.append(f"{name} = ucrtbase.{name}")
            continue
        pair, real = ("pairf", "float") if name == f"{base}f" else ("pair", "double")  # a long double is a double there
        letters = "zw"[: ARGUMENTS[base]]
        head = f"own_{name}({', '.join(f'{pair} {letter}' for letter in letters)})"
        value = f"{base}({', '.join(f'{letter}.re + {letter}.im * I' for letter in letters)})"
        if base in GIVES_A_REAL:
            source += f"{real} {head} {{ return ({real}){value}; }}\n"
        else:
            source += f"{pair} {head} {{ double complex v = {value}; return ({pair}){{creal(v), cimag(v)}}; }}\n"
        exports.append(f"{name} = own_{name}")
    _library(home / OURS, source, exports, scratch)
    for file in files:
        file.write_bytes(file.read_bytes().replace(OF_WINDOWS.encode(), OURS.encode()))


def _mathematics_of(file: Path) -> list[str]:
    """The names that a file wants of Windows' mathematics."""
    wanted = []
    for part in _run("objdump", "-p", file).split("DLL Name: ")[1:]:
        name, _, rest = part.partition("\n")
        if name.strip().lower() == OF_WINDOWS:
            wanted += re.findall(r"^\s+[0-9a-f]+\s.*?(\w+)\s*$", rest.partition("\n\n")[0], re.MULTILINE)
    return wanted


def _library(file: Path, source: str, exports: list[str], scratch: Path) -> None:
    (scratch / "library.c").write_text(source or "int nothing;\n")
    (scratch / "library.def").write_text(f"LIBRARY {file.name}\nEXPORTS\n" + "\n".join(exports) + "\n")
    _run("gcc", "-O2", "-s", "-fno-builtin", "-shared", "-static", scratch / "library.c", scratch / "library.def", "-o", file)


def _dll() -> str:
    return "python{}{}".format(*sys.version_info[:2])


def _run(tool: str, *arguments: object) -> str:
    command = [TOOLS + tool, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8", errors="replace").stdout


def _pip(what: str, *arguments: str) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    quiet += ["--root-user-action=ignore"] if what == "install" else []
    subprocess.run([sys.executable, "-m", "pip", what, *quiet, *arguments], check=True)


if __name__ == "__main__":
    if sys.argv[1] == "--for-wine":
        with tempfile.TemporaryDirectory() as scratch:
            _mathematics(Path(sys.argv[2]), Path(scratch))
    else:
        main(Path(sys.argv[1]))
