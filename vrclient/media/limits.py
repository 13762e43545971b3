"""How large films are that are read here, in one place."""

MOST_PIXELS = 4096 * 2304
"""Of a film's picture as it is coded; what is larger is not decoded."""
MOST_SHOWN = 1920 * 1088
"""Of a film's picture as it is shown; what is larger is made smaller."""
LONGEST_SIDE = 4096
"""Pixels, as it is shown."""
MOST_ASPECT = 20.0
"""A film's picture may be so many times as wide as high, or as high as wide."""
