"""Checked values in, run-time tables out: the engine-free draw data of a whole showcase."""
