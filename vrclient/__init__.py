"""vrclient: a desktop VR client for municipal showcases. docs/ARCHITECTURE.md is the map of this package."""

__version__ = "0.1.0"
