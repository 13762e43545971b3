"""Exit statuses. 0 is fine."""

PROBLEMS = 1
"""The showcase has errors, or a file could not be written."""
WRONG_USAGE = 2
NOTHING_TO_SHOW_ON = 3
"""Or the X server has gone."""
FAULT = 70
"""Of the program itself."""
READER_LEFT = 141
"""Whoever read the output has left, as with `| head`; as a shell counts SIGPIPE."""
NO_KIOSK = 4
"""`vrclient ctl` finds no kiosk of this user on this computer."""
