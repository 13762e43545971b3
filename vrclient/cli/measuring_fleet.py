"""`vrclient bench fleet`: runs it, and prints its figures. A process of its own modules: nothing of the engine is loaded."""

import json

from rich.table import Table

from vrclient.cli.arguments import Usage
from vrclient.cli.exits import PROBLEMS, WRONG_USAGE
from vrclient.cli.progress import progress
from vrclient.cli.terminal import Terminal
from vrclient.kiosk.extra import missing


def fleet(stands: int, rounds: int, *, broker: str | None, as_json: bool) -> int:
    """The exit status: 1, too, where a state was not true or a command not acknowledged."""
    terminal, notes = Terminal(), Terminal(stderr=True)
    if (absent := missing()) is not None:
        notes.print(f"vrclient: {absent}")
        return WRONG_USAGE
    from vrclient.bench.fleet import run_fleet
    from vrclient.bench.processes import BenchmarkFailed

    where = None if broker is None else _parsed(broker)
    try:
        with progress(notes, "commanding") as report:
            run = run_fleet(stands=stands, rounds=rounds, broker=where, progress=report)
    except BenchmarkFailed as error:
        notes.print(f"vrclient: {error}")
        return PROBLEMS
    if as_json:
        terminal.print(json.dumps(run.as_dictionary(), indent=2))
    else:
        terminal.print(
            f"{run.stands} stands, online after {run.online_s:.2f} s; {run.commands} commands, {run.acknowledged} acknowledged, "
            f"{run.true} states true afterwards; killed stands offline after {run.lost_s:.2f} s"
        )
        table = Table(box=None, pad_edge=False)
        for heading in ("ms", "p50", "p99"):
            table.add_column(heading, justify="left" if heading == "ms" else "right")
        for name, p50, p99 in (
            ("command to its acknowledgement, one after another", run.reply_median_s, run.reply_p99_s),
            (f"the same, all {run.stands} at once", run.burst_reply_median_s, run.burst_reply_p99_s),
            ("command to the state that follows", run.state_median_s, run.state_p99_s),
        ):
            table.add_row(name, f"{1000.0 * p50:.1f}", f"{1000.0 * p99:.1f}")
        terminal.print(table)
    return 0 if run.acknowledged == run.true == run.commands else PROBLEMS


def _parsed(broker: str) -> tuple[str, int]:
    host, _, port = broker.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise Usage(f"--broker {broker}: give HOST:PORT, such as broker.lan:1883")
    return host, int(port)
