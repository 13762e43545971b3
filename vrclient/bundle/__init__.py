"""The client as a folder that just starts: with Python, all packages, shaders, settings and showcases, for a computer that has
none of it and nobody who may install anything.

    systems.py       what differs between a bundle for Windows and one for Linux
    wheels.py        the packages, as the registry has them for that system
    left_out.py      what of them nobody needs there
    interpreter.py   Python itself: out of Panda3D's wheel and this Python's library
    python3_dll.py   a library that Panda3D's wheel lacks
    compiled.py      byte code and the programs, in a process of its own, so that they come out the same every time
    start.py         what such a program does first; it is compiled into it
    licences.py      one file with the licences of everything inside
    manifest.py      what every file must be, and whether it still is
    archive.py       a zip file that is the same for the same content
    content.py       the client itself, and the showcases
    build.py         all of it in order, or a bundle's copy of itself with more showcases
    entry.py         what a bundle's program is started as

It checks no showcase (the command does, with app/) and shows nothing. Why so: docs/adr/0011."""
