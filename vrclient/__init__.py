"""vrclient: a desktop VR client for municipal showcases. docs/ARCHITECTURE.md is the map of this package."""

import contextlib

with contextlib.suppress(ImportError):  # the doctor says what is missing
    # Before the engine opens a display: that puts its own, older FreeType in every library's reach, and it would draw Pillow's
    # letters, a little otherwise, wherever the first of them comes later.
    from PIL import _imagingft as _imagingft

__version__ = "0.1.0"
