"""Run by test_frame_memory.py in a process with a driver that draws nothing: prints the most and the lasting bytes that 300
frames of a walk past so many things took, in two views. Blocks are made small, so that a small scene fills them too."""

import sys
import tracemalloc

import numpy as np
from scripted_walks import session, stress, walk_from_spawn

from vrclient.app.frame import collector_frozen, one_frame
from vrclient.visibility import batches, culling, horizon, index

FRAMES = 300


SMALL_BLOCKS = (
    (culling, "CELL_BLOCK", 128), (culling, "ROW_BLOCK", 16), (culling, "INDEX_BLOCK", 512),
    (batches, "RUN_BLOCK", 32), (index, "REFRESH_BLOCK", 16), (horizon, "BLOCK", 512),
)  # fmt: skip


def main() -> None:
    for module, name, size in SMALL_BLOCKS:
        setattr(module, name, size)
    scene = stress(int(sys.argv[1]))
    running = session(scene, walk_from_spawn(scene, frames=FRAMES, step=0.3, turn=2.0 * np.pi), views=2)
    with collector_frozen():
        for _ in range(30):
            one_frame(running)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(FRAMES):
            one_frame(running)
        after, most = tracemalloc.get_traced_memory()
    print(most - before, after - before)
    running.close()


if __name__ == "__main__":
    main()
