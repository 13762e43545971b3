"""Looks at the machine: what vrclient needs, whether it is there, and what to do where it is not. Changes nothing."""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from packaging.requirements import Requirement

from vrclient.display.openxr.discovery import Missing
from vrclient.display.openxr.probe import probe
from vrclient.renderer.context import GraphicsUnavailable, open_context
from vrclient.scene import fonts
from vrclient.sound.output import SoundOutput

State = Literal["ok", "missing", "optional"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `optional`: absent, and the client works without it. `remedy` is empty where all is well."""

    subject: str
    state: State
    detail: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Every finding, in the order of the report."""
    yield _python()
    yield from _packages()
    yield from _graphics()
    yield _display()
    yield _openxr()
    yield _fonts()
    yield _sound()


def _python() -> Finding:
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        return Finding("Python", "ok", f"{version} on {platform.platform(terse=True)}")
    return Finding("Python", "missing", version, "install Python 3.11, 3.12 or 3.13 and make the environment anew")


def _packages() -> Iterator[Finding]:
    wrong = []
    names = []
    for text in importlib.metadata.requires("vrclient") or ():
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        names.append(requirement.name)
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is not installed")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} is {version}, needed is {requirement.specifier}")
    if wrong:
        yield Finding("packages", "missing", "; ".join(wrong), "run 'pip install --constraint constraints.txt .' again")
    else:
        yield Finding("packages", "ok", f"all {len(names)} are installed")


def _graphics() -> Iterator[Finding]:
    try:
        context = open_context("offscreen")
    except GraphicsUnavailable as error:
        remedy = "install or update the graphics driver; on Debian without one: apt install libegl1 libgl1 libgl1-mesa-dri"
        yield Finding("OpenGL", "missing", str(error), remedy)
        return
    info = context.info
    context.close()
    yield Finding("OpenGL", "ok", f"{info.version} by {info.vendor}: {info.renderer}")
    yield Finding("two eyes", "ok", f"in {info.stereo}; extensions: {', '.join(info.extensions) or 'none of the optional ones'}")


def _display() -> Finding:
    if sys.platform == "win32":
        return Finding("display", "ok", "Windows desktop")
    name = os.environ.get("DISPLAY")
    if name:
        return Finding("display", "ok", f"DISPLAY is {name}")
    return Finding("display", "optional", "DISPLAY is not set: pictures only", "log in to a desktop, or use 'vrclient shot'")


def _openxr() -> Finding:
    found = probe()
    if isinstance(found, Missing):
        return Finding("OpenXR", "optional", found.what, found.remedy)
    sizes = [f"{width}x{height}" for width, height in found.eyes]
    views = f"{len(sizes)} views of {sizes[0]}" if len(set(sizes)) == 1 else f"{len(sizes)} views: {', '.join(sizes)}"
    detail = f"{found.runtime} {found.version}: headset '{found.name}', {views}; extensions: {', '.join(found.extensions)}"
    return Finding("OpenXR", "ok", detail)


def _fonts() -> Finding:
    lacking = fonts.missing_glyphs("奉贤城市之门 Fengxian 0123456789 。，：；！？（）")
    if lacking:
        return Finding(
            "fonts", "missing", f"no face has {' '.join(sorted(lacking))}", "install the package noto-cjk-sans-otc again"
        )
    return Finding("fonts", "ok", "Chinese and Latin faces are there")


def _sound() -> Finding:
    output = SoundOutput.open()
    problem = output.problem
    output.close()
    if problem is None:
        return Finding("sound", "ok", "a sound device answers")
    return Finding(
        "sound",
        "optional",
        f"the visit is silent: {problem.split(';')[0]}",
        "connect loudspeakers and choose them in the system's sound settings",
    )
