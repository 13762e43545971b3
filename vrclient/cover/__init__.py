"""The cover: a small window of its own on the whole glass, always there, under the client's. Whenever the client is not there -
it starts, it has crashed, it was ended because it showed nothing - the cover is what is seen: a still of the place, a film, a
plain message. So the glass is never black. It also asks the staff for their PIN.

    window.py    the process, on pygame-ce (SDL), without OpenGL
    pictures.py  what it shows, drawn with Pillow
    pad.py       the PIN pad

It knows neither the client nor the supervisor: orders come in, what was tapped goes out (link/). It never imports the engine."""
