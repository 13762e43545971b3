"""The running program: wiring, the stages of a frame, and the only place where what exists is changed.

**A session** is put together in assembly.py (`open_session`), for the command line, benchmarks and tests; where there is
nothing to press, as for pictures, `NoVisit` stands in for the `VisitController`. The first place is built in a thread
(background_build.py) while the window opens and startup_screen.py says in it what is loading; what the renderer uploads for it
goes in steps, and the picture follows between them.

**Places.** A `Place` is one open showcase, with its `Playback`; `Places` knows where the visitor is and came from. Behind a
portal, opener.py (a process, ready where there is a portal) reads, checks and builds; its shared_arrays.py are unpacked and
uploaded by loading.py, one step per `next`, in what a frame leaves over; modes/portal_transition.py decides when, and fades;
`Session.arrive` changes places in the dark. Whoever moves a visitor asks `Session.may_be_at`. When nobody is there any more,
`Session.begin_anew` leads home: that place stays open, so the way there takes no time.

**Panels** are drawn, and made textures of, in threads (panel_pictures.py, renderer/pictures.py); until one is there its sheet
shows what it showed before.

**The end**: evidence.py writes the report and the recording, then the display is closed. tidying.py gives freed memory back to
the system."""
