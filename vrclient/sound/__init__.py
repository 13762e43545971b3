"""Sound: Panda3D's OpenAL. Sources in their places, narration, volume; silent where there is no device."""
