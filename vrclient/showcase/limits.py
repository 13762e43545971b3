"""How much a showcase may hold and how large its numbers may be, in one place. What is beyond is refused by `vrclient check`, so
that whatever is called fine also builds. It refuses nothing itself: models.py, yaml_source.py and load.py do."""

import datetime
from dataclasses import dataclass

MAX_EXTENT_M = 50_000.0
"""Nothing in a showcase is farther from its origin, or larger, than this: a city with its surroundings."""
MIN_LENGTH_M = 0.001
"""No length that must be above 0 is shorter."""
MAX_HEIGHT_M = 10_000.0
"""Nothing is higher above the origin, or deeper below it."""
FIRST_DAY, LAST_DAY = datetime.date(1000, 1, 1), datetime.date(2200, 12, 31)
"""The days that can be shown: where the sun and the moon stand is known well enough for these."""
MAX_ELEMENTS, MAX_FILES = 20_000, 200
MAX_TEXT, MAX_NAME, MAX_FILE_NAME, MAX_LANGUAGES = 2000, 64, 1000, 20
"""Characters of a text for visitors, of an id, and of a file's name with its folders; languages of one text."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much YAML a showcase may be. What is beyond gives a diagnostic before it costs memory or time.

    nodes and total_bytes are of all files together; nodes counts values with every alias written out."""

    file_bytes: int = 16 * 2**20
    depth: int = 40
    nodes: int = 2_000_000
    elements: int = MAX_ELEMENTS
    files: int = MAX_FILES
    total_bytes: int = 64 * 2**20


DEFAULT_LIMITS = Limits()
