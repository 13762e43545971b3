"""What pictures are drawn by, as far as it can change a pixel: driver, processor, the libraries that make numbers and letters."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import PIL

RECORD = Path(__file__).parent / "golden" / "drawn_by.json"
"""By what golden pictures were drawn, and which of them."""
_ASK = """
import json
from vrclient.renderer.context import open_context
context = open_context("offscreen")
print(json.dumps([context.info.renderer, context.info.version]))
"""


def is_exact(name: str, /) -> bool:
    """Whether a golden picture was drawn by what draws here."""
    recorded = json.loads(RECORD.read_text("utf-8"))
    return name in recorded["exactly"] and recorded["drawn_by"] == rasteriser()


def record(name: str, /) -> None:
    """Notes that a golden picture is drawn anew, here. What was drawn by anything else is not exact from then on."""
    recorded = json.loads(RECORD.read_text("utf-8"))
    kept = recorded["exactly"] if recorded["drawn_by"] == rasteriser() else []
    text = json.dumps({"drawn_by": rasteriser(), "exactly": sorted({*kept, name})}, indent=2)
    RECORD.write_text(text + "\n", "utf-8")


@cache
def rasteriser() -> dict[str, str]:
    """Equal where equal scenes give equal pixels."""
    done = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, timeout=120, check=False)
    renderer, version = json.loads(done.stdout.splitlines()[-1]) if not done.returncode else ("none", "none")
    return {
        "renderer": renderer,
        "version": version,
        "processor": _processor(),
        "numpy": f"{np.__version__} {_widest_numbers()}",
        "pillow": PIL.__version__,
    }


def _processor() -> str:
    """Who made it, its family and its model: approximate instructions are not the same in all."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "unknown"
    found = [re.search(rf"(?m)^{name}\s*: (\S+)", text) for name in ("vendor_id", "cpu family", "model")]
    return " ".join(one[1] for one in found if one) or "unknown"


def _widest_numbers() -> str:
    """The widest instructions that NumPy uses: with others some functions round differently."""
    found = np.show_config(mode="dicts")["SIMD Extensions"]["found"]  # type: ignore[index, call-overload]
    return str(found[-1]) if found else "baseline"
