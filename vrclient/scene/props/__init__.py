"""The library of repeated things: trees, plants, lamps, benches, people. library.py lists them all by name."""
