"""Films and recordings: what a file is, its pictures and its sound. FFmpeg (PyAV) reads them in processes of their own, so that
no file can end the program (adr/0008). It shows and plays nothing.

    files.py      what a file is: codec, shape, length; or why it cannot be used
    film.py       a film that is played, picture by picture
    recording.py  a recording's samples
    worker.py     the processes; container.py and reel.py are theirs alone"""
