"""Panda3D draws what a scene's tables say, to any number of views (pipeline.py). Programs and pictures are shared by all scenes
that are loaded; what lies over every scene (sheets, hands, aids) hangs below one node. Large textures go to the driver in
strips (uploads.py), and it is never more than two frames behind (backlog.py): one that draws in software keeps tens of
megabytes for a frame.

It decides nothing: what is visible is render_data/ and visibility/, where the picture goes is display/."""
