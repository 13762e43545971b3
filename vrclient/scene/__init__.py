"""Checked values in, run-time tables out: the engine-free draw data of a whole showcase.

**Light** is linear. Sun, moon, sky, ambient light and exposure follow from place, date and time (environment.py), so surfaces,
water, glass and haze agree with the sky. How much sky a vertex sees is baked when the scene is built (occlusion.py); lamps are
baked into a top-down light map (light_map.py), a room's daylight is worked out from its skylights and windows (interiors.py);
mist is a layer with a closed-form optical depth. Shaders end in haze, tone mapping and sRGB (adr/0002); what has its light in
its colours (`unlit`, as scans) ends in sRGB alone.

**Dates** are on chunks, rows, solids, selectables and interactives. Land closes over a road, plaza or terrace that does not
stand yet; a way that will be gone one day lies on the land (land.py, `draped`) and leaves no shade in the baked light. A
`HeightGate` is closed in the scene's own walls; gates.py opens it. A model exhibit is one row of its own mesh
(`turntable_key`).

**What there is to do** at a place is said by elements as values (interactives.py): tours, a timeline, exhibits, screens,
sounds, counters, portals. A `Selectable` offers one of them where it stands."""
