"""`vrclient pin`: asks for a PIN and prints its hash, for kiosk.yaml. The PIN itself is kept nowhere."""

import getpass
import sys

from vrclient.cli.arguments import Usage
from vrclient.cli.terminal import Terminal
from vrclient.kiosk.pins import hashed


def pin() -> int:
    """The exit status. Raises Usage for a PIN that cannot be one."""
    if sys.stdin.isatty():
        given = getpass.getpass("PIN: ")
        if getpass.getpass("once more: ") != given:
            raise Usage("the two are different; nothing was made")
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    try:
        kept = hashed(given)
    except ValueError as error:
        raise Usage(str(error)) from None
    Terminal().print(kept)
    if sys.stdout.isatty():
        Terminal(stderr=True).print("put it into kiosk.yaml as page.pin_hash, or as page.technician_pin_hash")
    return 0
