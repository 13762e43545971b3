"""glTF 2.0 files become draw data, without the engine: read.py is the way in. Nothing here draws or moves anything."""
