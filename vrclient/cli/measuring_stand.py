"""What `vrclient bench kiosk` prints."""

import json as json_text

from rich.console import Console
from rich.table import Table

from vrclient.bench.stand import StandFailed, recoveries
from vrclient.cli.arguments import parsed_size
from vrclient.cli.exits import PROBLEMS


def stand(showcase: str, *, size: str, as_json: bool) -> int:
    """Exit status of `vrclient bench kiosk`. Raises Usage; OSError where there is no Xvfb."""
    console, notes = Console(), Console(stderr=True)
    try:
        found = recoveries(size=parsed_size(size), showcase=showcase, told=lambda name: notes.print(name, markup=False))
    except StandFailed as error:
        notes.print(f"vrclient: {error}", markup=False, highlight=False)
        return PROBLEMS
    if as_json:
        console.print(
            json_text.dumps({"showcase": showcase, "size": size, "recoveries": found}, indent=2), markup=False, highlight=False
        )
        return 0
    table = Table("fault", "noticed", "the client's picture is back", "black meanwhile", box=None, pad_edge=False)
    for one in found:
        table.add_row(one["fault"], *(f"{one[key]:.2f} s" for key in ("noticed_s", "back_s", "black_s")))
    console.print(table)
    return 0
