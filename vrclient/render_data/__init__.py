"""What of a scene can be made ready for drawing without an engine or a graphics card, by another process too: which rows and
chunks N views see, tables and pictures as texels, how much is spent on a picture, long work in steps.

Nothing here draws, and no engine is met here (an import contract): that is renderer/."""
