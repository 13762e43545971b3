"""The client as a stand's supervisor starts it (kiosk/processes.py): a process that ends with the supervisor. Its one
argument is JSON, as kiosk/supervisor.py writes it; nobody types it."""

import json
import sys
from typing import Any

from vrclient import ending, own_process


def main() -> None:
    """The process."""
    start = json.loads(sys.argv[1])
    own_process.end_with(start["parent"])
    ending.listen()
    try:
        with ending.noted():
            from vrclient.cli import streams
            from vrclient.cli.last_resort import said
        streams.prepare()
        try:
            status = _run(start)
        except Exception as error:
            ending.gone(said(error))
    except ending.EndAsked as asked:
        ending.gone(asked.status)
    ending.gone(status)


def _run(start: dict[str, Any]) -> int:
    with ending.noted():
        from pathlib import Path

        from vrclient.app.evidence import Evidence
        from vrclient.app.settings import VisitSettings, client_settings
        from vrclient.app.stand import Supervised
        from vrclient.cli import show

    stand = Supervised(str(start["handle"]))
    showcase = str(start["showcase"])
    evidence = Evidence(showcase)
    visiting = VisitSettings.model_validate(client_settings().visit.model_dump() | dict(start["visit"]))
    left, top, width, height = start["place"]
    with ending.writing(evidence.write):
        return show.run(
            showcase,
            display=str(start["display"]),
            frames=None,
            evidence=evidence,
            size=f"{width}x{height}",
            quality=str(start["quality"]),
            output=Path(),
            language=start["language"],
            place=(left, top, width, height),
            visiting=visiting,
            stand=stand,
        )
