"""Looks at the machine: what vrclient needs, whether it is there, and what to do where it is not. Changes nothing."""

import importlib.metadata
import os
import platform
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from packaging.requirements import Requirement

from vrclient import __version__, paths
from vrclient.app.opening import venue_policies
from vrclient.app.settings import ClientSettings, settled
from vrclient.bundle.manifest import BadManifest, Manifest, changes
from vrclient.display.openxr.bindings import profiles
from vrclient.display.openxr.discovery import Missing
from vrclient.display.openxr.notes import native_errors_logged
from vrclient.display.openxr.probe import probe
from vrclient.display.x11 import NO_DISPLAY, color_bits, desktop_problem
from vrclient.renderer.context import GraphicsUnavailable, open_context
from vrclient.scene import fonts
from vrclient.showcase.config_layers import CLIENT, FOLDERS, OPTION, files_of, layers, misspelled, overlooked
from vrclient.showcase.diagnostics import first_line
from vrclient.showcase.settings import BadSettings
from vrclient.sound.output import SoundOutput

State = Literal["ok", "missing", "optional"]
SHOWN = 10
"""Of the files of a bundle that are wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `optional`: absent, and the client works without it. `help` is empty where all is well."""

    subject: str
    state: State
    detail: str
    help: str = ""


def examine() -> Iterator[Finding]:
    """Every finding, in the order of the report."""
    yield _python()
    installation = _installation()
    yield installation
    yield _packages()
    yield from _bundle()
    yield from _graphics()
    yield _display()
    yield _openxr()
    yield _fonts()
    yield _sound()
    if installation.state == "ok":
        yield from _settings()


def _python() -> Finding:
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        return Finding("Python", "ok", f"{version} on {platform.platform(terse=True)}")
    return Finding("Python", "missing", version, "install Python 3.11, 3.12 or 3.13 and create the environment again")


def _installation() -> Finding:
    """Where this program is, and whether what ships with it is there."""
    where = f"{__version__} in {paths.package_folder()}"
    for folder in (paths.shaders_folder, paths.config_folder, paths.showcases_folder):
        try:
            folder()
        except paths.MissingFolder as error:
            what, _, help = str(error).partition("; ")
            return Finding("vrclient", "missing", f"{where}: {what}", help)
    return Finding("vrclient", "ok", where)


def _packages() -> Finding:
    """What the version that runs needs, by its own pyproject.toml: what is installed under its name may be another one."""
    again = "install vrclient again with pip, which brings what it needs"
    try:
        project = tomllib.loads(paths.project_file().read_text("utf-8"))["project"]
        needed = [Requirement(text) for text in project["dependencies"]] if project["name"] == "vrclient" else None
    except (OSError, ValueError, LookupError):
        needed = None
    if needed is None:
        what = "not compared with what vrclient needs: its pyproject.toml is not there"
        return Finding("packages", "optional", what, again)
    wrong = []
    needed = [one for one in needed if one.marker is None or one.marker.evaluate()]
    for requirement in needed:
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is not installed")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} is {version}, but {requirement.specifier} is needed")
    if wrong:
        return Finding("packages", "missing", "; ".join(wrong), again)
    return Finding("packages", "ok", f"all {len(needed)} are installed")


def _bundle() -> Iterator[Finding]:
    """Whether a bundle's files are those that it was made with. What they are compared with could be forged as well; the number
    that is said here, and by whoever made it, could not."""
    folder = paths.bundle_folder()
    if folder is None:
        return
    again = "unpack the bundle again, into an empty folder"
    try:
        manifest = Manifest.read(folder)
    except (OSError, BadManifest) as error:
        yield Finding("bundle", "missing", str(error), again)
        return
    if changed := changes(folder, manifest):
        more = f", and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        yield Finding("bundle", "missing", f"{'; '.join(changed[:SHOWN])}{more}", again)
        return
    same = "compare the number with the one that 'vrclient bundle' gave: if it is that one, every byte is the same"
    yield Finding("bundle", "ok", f"all {len(manifest.files)} files are as they were made; SHA-256 {manifest.sha256}", same)


def _graphics() -> Iterator[Finding]:
    try:
        context = open_context("offscreen")
    except GraphicsUnavailable as error:
        help = "install or update the graphics driver; on Debian without one: apt install libegl1 libgl1 libgl1-mesa-dri"
        yield Finding("OpenGL", "missing", str(error), help)
        return
    info = context.info
    context.close()
    yield Finding("OpenGL", "ok", f"{info.version} by {info.vendor}: {info.renderer}")
    yield Finding("two eyes", "ok", f"in {info.stereo}; extensions: {', '.join(info.extensions) or 'none of the optional ones'}")


def _display() -> Finding:
    """Opens a window, of one pixel and for a moment: nothing else tells whether there can be one."""
    name = os.environ.get("DISPLAY", "")
    try:
        with native_errors_logged():
            problem = desktop_problem()
            if problem is None:
                context = open_context("window", color_bits=color_bits())
                info = context.info
                context.close()
                where = f"DISPLAY is {name}" if name else f"{platform.system()} desktop"
                return Finding("display", "ok", f"{where}; OpenGL {info.version} by {info.vendor}: {info.renderer}")
    except GraphicsUnavailable as error:
        problem = str(error)
    if problem == NO_DISPLAY:
        return Finding("display", "optional", "DISPLAY is not set: pictures only", "log in to a desktop, or use 'vrclient shot'")
    what, _, help = problem.partition("; ")
    return Finding("display", "missing", what, help or "set DISPLAY to that of a desktop that runs here, such as :0")


def _openxr() -> Finding:
    found = probe()
    if isinstance(found, Missing):
        return Finding("OpenXR", "optional", found.what, found.help)
    sizes = [f"{width}x{height}" for width, height in found.eyes]
    views = f"{len(sizes)} views of {sizes[0]}" if len(set(sizes)) == 1 else f"{len(sizes)} views: {', '.join(sizes)}"
    detail = f"{found.runtime} {found.version}: headset '{found.name}', {views}; extensions: {', '.join(found.extensions)}"
    return Finding("OpenXR", "ok", detail)


def _fonts() -> Finding:
    lacking = fonts.missing_glyphs("奉贤城市之门 Fengxian 0123456789 。，：；！？（）")
    if lacking:
        return Finding(
            "fonts", "missing", f"no font has {' '.join(sorted(lacking))}", "install the package noto-cjk-sans-otc again"
        )
    return Finding("fonts", "ok", "Chinese and Latin fonts are there")


def _sound() -> Finding:
    output = SoundOutput.open(named=True)
    problem, device = output.problem, output.device
    output.close()
    if problem is None:
        return Finding("sound", "ok", f"it plays on the system's default device{f' ({device})' if device else ''}")
    return Finding(
        "sound",
        "optional",
        f"the visit is silent: {problem.split(';')[0]}",
        "connect loudspeakers and choose them in the system's sound settings",
    )


def _settings() -> Iterator[Finding]:
    """Which file each value is from, and what looks like settings but is not read."""
    try:
        found = settled()
        for path, problem in found.left_out.items():
            first = problem.diagnostics[0]
            yield Finding("settings", "optional", f"{path} is left out: {first_line(first)}", first.help or "correct the file")
        for file in found.files:
            keys = [key for key, source in found.sources.items() if source == file]
            said = ", ".join(f"{key} = {_value(found.settings, key)}" for key in keys)
            yield Finding("settings", "ok", f"{file}: {said or 'nothing that takes effect'}")
        for folder in FOLDERS:
            for name, files in files_of(folder).items():
                own = files[-1]
                if own.layer.name != "shipped":
                    does = f"takes the place of the shipped {name}" if len(files) > 1 else "is added"
                    yield Finding("settings", "ok", f"{own.path} {does}")
        for layer in layers():
            for path in misspelled(layer.folder) if layer.folder is not None else ():
                help = f"call it '{path.name.lower()}': capital and small letters are different"
                yield Finding("settings", "optional", f"{path} is not read on every system", help)
        folders = {layer.name: layer.folder for layer in layers()}  # of several of the system's, the strongest
        system, user = folders["system"], folders.get("user")
        if here := overlooked():
            help = f"run with '{OPTION} {here.parent}', or put it into {user or system}"
            yield Finding("settings", "optional", f"{here} is not read", help)
        elif len(found.files) == 1:
            place = f"your own would be {user / CLIENT}, or" if user else "there is no home folder; your own would be"
            yield Finding("settings", "ok", f"{place} {system / CLIENT if system else CLIENT} for everybody at this computer")
    except BadSettings as error:
        for one in error.diagnostics:
            yield Finding("settings", "missing", first_line(one), one.help or "correct the file")
    try:
        venue_policies()
        profiles()
    except BadSettings as error:
        for one in error.diagnostics:
            yield Finding(
                "settings", "missing", first_line(one), f"{one.help or 'correct the file'}; nothing is shown until then"
            )


def _value(settings: ClientSettings, key: str) -> object:
    """What counts, as YAML has it."""
    value: object = settings
    for part in key.split("."):
        value = getattr(value, part)
    return {True: "true", False: "false", None: "null"}.get(value, value) if isinstance(value, bool | None) else value
