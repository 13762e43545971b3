"""A headset through OpenXR: the only room where `xr` is imported, and where OpenXR's axes (Y up) are met.

What can be told without a headset stands apart and imports no `xr`: which runtime is installed (discovery.py), what its errors
mean (messages.py), what it does otherwise than the specification says (quirks.py), what the controllers' parts do (bindings.py).
probe.py asks the runtime in a process of its own."""
