"""The real headset keeps the contract of a display, law by law, as every other display does (tests/display/test_contract.py)."""

import numpy as np
from display_contract import ANYWHERE, FIRST, LAST, Held, draw_with_engine
from monado import MonadoService
from remote import HeadState, RemoteClient, RemoteState, looking
from stub_display import mind

from vrclient.display.openxr.runtime import open_runtime
from vrclient.display.search import HeadsetSearch
from vrclient.display.states import State
from vrclient.display.supervisor import open_headset_display
from vrclient.display.window import WindowDisplay


def test_the_contract(monado: MonadoService, remote: RemoteClient) -> None:
    remote.send(RemoteState(head=HeadState(looking((0.0, 1.7, 0.0)))))
    display = open_headset_display(WindowDisplay((160, 90), samples=1), HeadsetSearch(), open_runtime(), samples=1, dynamic=False)
    mind(display)
    held = Held(display, draw=draw_with_engine(display), head="own", window=True)
    try:
        for law in FIRST:
            law(held)
        held.until(lambda shown: display.state is State.HEADSET and len(shown.views) == 2, "the headset")
        held.until(lambda shown: shown.inputs.head is not None and bool(np.all(shown.inputs.attentive)), "the visitor")
        for law in (*ANYWHERE, *LAST):
            assert display.state is State.HEADSET
            law(held)
    finally:
        display.close()
