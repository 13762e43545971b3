"""Which graphics cards the machine has, as far as the system's files tell; for whoever has to choose one. It asks no driver."""

import contextlib
from pathlib import Path

VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}
"""PCI's numbers (pcisig.com)."""


def cards(root: Path = Path("/"), /) -> tuple[str, ...]:
    """Their names, or their makers'; empty where the system does not tell (Windows)."""
    found: list[str] = []
    with contextlib.suppress(OSError):
        for file in sorted((root / "proc/driver/nvidia/gpus").glob("*/information")):
            lines = file.read_text("utf-8", "replace").splitlines()
            found += [line.partition(":")[2].strip() for line in lines if line.startswith("Model:")]
    named = bool(found)
    with contextlib.suppress(OSError):
        for file in sorted((root / "sys/class/drm").glob("card[0-9]/device/vendor")):
            maker = VENDORS.get(file.read_text("ascii", "replace").strip(), "")
            if maker and not (maker == "NVIDIA" and named):
                found.append(maker)
    return tuple(dict.fromkeys(found))


def told(drawn_with: str, others: tuple[str, ...], /) -> str:
    """'Mesa Intel(R) UHD; the machine has: NVIDIA RTX 3060 and Intel'. Empty where nothing is known."""
    has = " and ".join(others)
    return "; ".join(part for part in (drawn_with, f"the machine has: {has}" if len(others) > 1 else "") if part)
