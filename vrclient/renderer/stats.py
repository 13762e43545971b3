"""What one frame drew."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameStats:
    """draw_calls counts the calls of one pass; triangles counts each once for each view. `stereo` says how several views are
    drawn: "one pass" or "two passes"."""

    draw_calls: int = 0
    triangles: int = 0
    instances: int = 0
    chunks: int = 0
    shadow_drawn: bool = False
    stereo: str = "one pass"
