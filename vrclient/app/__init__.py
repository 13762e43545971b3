"""The running program: wiring, the stages of a frame, and the only place where what exists is changed."""
