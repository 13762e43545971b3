"""The first thing that a bundle's program does, compiled into it: Python is told where the bundle's own modules are, and nothing
of this computer's. Where it is called as `python -c` is, as for the processes of the program's own, it does that; otherwise it is
the client.

Until `_find` has run, only what is built into the interpreter can be imported."""

import os
import sys

PACKAGES = "python/site-packages"
FOLDERS = ("python/lib", "python/lib-dynload", PACKAGES)


def _find() -> str:
    """The bundle's folder; from here on all modules are found, and no others."""
    program = sys.executable
    if sys.platform == "linux":
        program = os.path.realpath("/proc/self/exe")
        if sys.getfilesystemencoding() != "utf-8" and os.environ.get("LC_ALL") != "C.UTF-8":
            os.environ["LC_ALL"] = "C.UTF-8"  # a bare system's C: texts and names are UTF-8 all the same, as in Python itself
            os.execv(program, sys.argv)
    folder = os.path.dirname(program)  # noqa: PTH120
    sys.executable = program
    sys.path[:] = [os.path.join(folder, *one.split("/")) for one in FOLDERS]  # noqa: PTH118
    sys.prefix = sys.exec_prefix = sys.base_prefix = sys.base_exec_prefix = folder
    sys.dont_write_bytecode = True
    sys.frozen = True  # type: ignore[attr-defined]
    return folder


def _program_text(arguments: list[str]) -> tuple[str, list[str]] | None:
    """What follows `-c`, and the arguments behind it. Flags before it have been followed or do not matter."""
    for number, one in enumerate(arguments):
        if one == "-c":
            return (arguments[number + 1], arguments[number + 2 :]) if number + 1 < len(arguments) else None
        if one not in ("-I", "-B", "-E", "-s", "-S", "-P", "-O", "-OO", "-u", "-q"):
            return None
    return None


def _main() -> None:
    folder = _find()
    given = _program_text(sys.argv[1:])
    if given is not None:
        program, rest = given
        sys.argv = ["-c", *rest]
        module = sys.modules["__main__"]
        exec(compile(program, "<string>", "exec"), module.__dict__)
        return
    import importlib

    importlib.import_module("vrclient.bundle.entry").begin(folder)
    importlib.import_module("vrclient.__main__").main()


if __name__ == "__main__":
    _main()
