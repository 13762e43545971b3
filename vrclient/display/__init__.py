"""Where frames go: a window or a hidden buffer behind one contract (backend.py), and choosing between them (select.py).

One display for the life of the program (adr/0006): the window is always there and owns the GL context; a headset's session is
opened in it and dropped again, whatever happens to its runtime (supervisor.py). What follows from what happens to a headset is
decided in states.py: FLAT, STARTING, HEADSET, RECOVERING, and STARTING again. finding.py asks for one and opens its session
beside the frames.

The visit stands on a rig, the tracked floor in the city; the head and the hands are on the rig. A flat display gives the same
values: its head is the rig's own, its hand is the mouse or a gamepad. So nothing above asks which one it is; `origin_moved`
says that the head's pose has another meaning from now on, and app/frame.py moves the rig so that the visitor stays."""
