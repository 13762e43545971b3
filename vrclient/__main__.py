"""`vrclient` and `python -m vrclient`: hears whoever wants the program to end, and then loads the command line."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # the working folder: a numpy.py that lies there is the showcase's, not the program's

from vrclient import ending


def main() -> None:
    """The program."""
    ending.listen()
    try:
        with ending.noted():  # a torn import cannot be made good
            from vrclient.cli import main as cli
    except ending.EndAsked as asked:
        ending.gone(asked.status)
    cli.main()


if __name__ == "__main__":
    main()
