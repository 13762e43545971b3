"""Records a scripted visit in the lab's headset, to be replayed and timed anywhere:

    lab/run python tests/headset/record_visit.py visit.npz --showcase fengxian --frames 3000

The visitor looks around all the time, throws the teleport's arc and goes where it lands, turns by the stick, points at things.
The compositor shows nothing, at 20 frames a second."""

import argparse
import math
import os
import sys
from pathlib import Path

from monado import MonadoService
from remote import HeadState, RemoteClient, looking
from visitor import HAND, Visitor
from visits import visiting
from xserver import x_server

from vrclient.interaction.recording import save_recording


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("path", type=Path, help="the file to write")
    options.add_argument("--showcase", default="fengxian")
    options.add_argument("--frames", type=int, default=3000)
    given = options.parse_args()
    with x_server() as display, MonadoService(display=display) as service:
        os.environ.update(service.environment())
        remote = RemoteClient.connect(service.port)
        with visiting(given.showcase, samples=1) as visit:
            visitor = Visitor(visit, remote)
            visitor.send(frames=0)
            visit.until_in_headset()
            recorder = visit.session.recorder
            assert recorder is not None
            while len(recorder) < given.frames:
                walk(visitor, len(recorder))
                print(f"\r{len(recorder)} of {given.frames}", end="", file=sys.stderr)
            save_recording(recorder.recording(), given.path)
        remote.close()
    print(f"\n{given.path}: {len(recorder)} frames", file=sys.stderr)


def walk(visitor: Visitor, frame: int) -> None:
    """One frame of the visit: a period of 300 frames, most of it looking and pointing, one throw, one turn."""
    phase, seconds = frame % 300, frame / 20.0
    head = HeadState(
        looking(
            (0.25 * math.sin(0.7 * seconds), 1.6 + 0.02 * math.sin(5.0 * seconds), 0.2 * math.sin(0.4 * seconds)),
            yaw=0.9 * math.sin(0.8 * seconds),
            pitch=0.25 * math.sin(0.5 * seconds) - 0.05,
        )
    )
    hand = looking(HAND, yaw=0.5 * math.sin(1.1 * seconds), pitch=0.3 * math.sin(0.9 * seconds) - 0.1)
    visitor.send(
        frames=1,
        head=head,
        pose=hand,
        a_click=60 <= phase < 110,
        thumbstick=(1.0, 0.0) if 180 <= phase < 190 else (0.0, 0.0),
        trigger=1.0 if 240 <= phase < 250 else 0.0,
    )


if __name__ == "__main__":
    main()
