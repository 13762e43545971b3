"""Measures the product by running it: culling, frames, loading, and the same frames in plain Panda3D for comparison.

It tunes nothing and judges nothing: figures out, as values. What was measured stands in docs/performance.md."""
