"""Exit statuses. 0 is fine."""

PROBLEMS = 1
"""The showcase has errors, or a file could not be written."""
WRONG_USAGE = 2
NOTHING_TO_SHOW_ON = 3
