"""What of Python and of the packages goes into no bundle. Paths are those in site-packages or in Python's library; "*" goes over
folders. tests/bundle asks the finished bundle whether all that the client imports is still there."""

from fnmatch import fnmatchcase

KEPT_OF_THE_ENGINE = (
    "__init__.py",
    "core.*",
    "etc/*",
    *("libpanda.*", "libpandaexpress.*", "libp3dtool.*", "libp3dtoolconfig.*", "libp3interrogatedb.*"),
    *("libpandagl.*", "libp3headlessgl.*", "libp3windisplay.*", "libp3openal_audio.*"),
    *("cg.dll", "cgGL.dll", "libCg.so", "libCgGL.so", "libXau.so.*", "libxcb.so.*", "MSVCP140.dll"),
)
"""Of panda3d/: the core, the two ways to draw, the sound, and what these are linked with. Its games' physics, film reader
(FFmpeg 3), model readers, other drawing and the sound library FMOD, which is not free, are not."""

OF_PACKAGES = (
    *("*/tests/*", "*/test/*", "tests/*", "*.pyi", "*.pxd", "*.pyx", "*.h", "*.hpp", "*.c", "*.cpp", "*.lib", "*.a"),
    *("*.dist-info/RECORD", "*.dist-info/INSTALLER", "*.dist-info/REQUESTED", "*.dist-info/direct_url.json"),
    *("*.dist-info/sboms/*", "bin/*", "include/*", "share/*", "Scripts/*", "*/__pycache__/*"),
    "msvc_runtime.*",
    *("deploy_libs/*", "direct/*", "pandac/*", "panda3d_tools/*"),  # the interpreter is taken from there before
    *("numpy/f2py/*", "numpy/distutils/*", "numpy/testing/*", "numpy/_pyinstaller/*", "numpy/_core/include/*", "numpy/doc/*"),
    *("OpenGL/DLLS/*", "OpenGL/Tk/*", "OpenGL/GLUT/*", "OpenGL/GLE/*", "OpenGL/GLES*", "OpenGL/EGL/*"),
    *("OpenGL/raw/GLUT/*", "OpenGL/raw/GLE/*", "OpenGL/raw/GLES*"),
    *("PIL/_avif.*", "pillow.libs/libavif-*", "PIL/_imagingtk.*"),
    *("xr/api_layer/*_validation.*", "xr/api_layer/*_dump.*", "xr/api_layer/*.json"),
    *("xr/*/android*", "xr/*aarch64/*", "xr/*/win32/*", "xr/*/windows/*", "xr/*/linux/*", "xr/*/x86_64/*", "xr/library/lib*"),
    *("pygame/_camera*", "pygame/docs/*", "pygame/examples/*"),  # cameras ask for what some editions of Windows lack
    "glfw/*.so", "glfw/*.dll",  # windows of the headset package's examples; ours are the engine's
)  # fmt: skip

OF_SYSTEM = {
    "windows-x64": ("xr/*/linux_x86_64/*", "xr/api_layer/*.dll", "OpenGL/GLX/*", "OpenGL/raw/GLX/*", "OpenGL/raw/EGL/*"),
    "linux-x64": ("xr/*/windows_x86_64/*", "OpenGL/WGL/*"),
}

OF_THE_LIBRARY = (
    *("site-packages/*", "dist-packages/*", "lib-dynload/*", "config-*", "*__pycache__/*", "*.pyc", "*.so", "*.a", "*.exe"),
    *("test/*", "*/test/*", "*/tests/*", "idlelib/*", "tkinter/*", "turtle.py", "turtledemo/*", "ensurepip/*", "venv/*"),
    *("lib2to3/*", "distutils/*", "pydoc_data/*", "curses/*", "sqlite3/*", "dbm/*", "msilib/*", "xmlrpc/*"),
    *("unittest/*", "_sysconfigdata*", "EXTERNALLY-MANAGED", "LICENSE.txt", "sitecustomize.py", "_pyrepl/*"),
)

OF_THE_INTERPRETER = (
    "api-ms-win-*",  # Windows 10 has them
    "*.cp3*t-*",  # for an interpreter without its lock
    *("_test*", "_ctypes_test*", "_xxtestfuzz*", "xxlimited*", "_xxsubinterpreters*"),
    "VCRUNTIME140*",  # newer ones are taken
    *("_tkinter*", "tcl8*", "tk8*", "_msi*", "winsound*"),
    *("_sqlite3*", "sqlite3.dll", "_dbm*", "_gdbm*", "libgdbm*", "_curses*", "libncurses*", "libpanel*", "libtinfo*"),
    *("readline*", "libreadline*", "nis.*", "ossaudiodev*", "spwd*", "_crypt*", "libcrypt.*"),
)


def of_packages(path: str, system: str, /) -> bool:
    """Whether this file of a wheel is left out of a bundle for `system`."""
    if path.startswith("panda3d/"):
        return not _any(path.removeprefix("panda3d/"), KEPT_OF_THE_ENGINE)
    return _any(path, OF_PACKAGES) or _any(path, OF_SYSTEM[system])


def of_the_library(path: str, /) -> bool:
    """Whether this file of Python's library is left out."""
    return _any(path, OF_THE_LIBRARY)


def of_the_interpreter(name: str, /) -> bool:
    """Whether this file of Panda3D's deploy_libs/ is left out."""
    return _any(name, OF_THE_INTERPRETER)


def _any(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, one) for one in patterns)
