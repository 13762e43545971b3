"""What a visitor does and is shown: tour, date, exhibits, menu. Pure: state and events in, state, commands and panels out.

A visit's state is one frozen value (state.py); whatever happens goes through `visitor.updated`. What is shown follows from the
state alone: a panel is a pure function of it in panels/, `shown.py` says which are there now, placing.py where they stand: on a
screen before the eye, texel on pixel, in a headset in the air. So a panel is aimed at like anything else, and drawn as a sheet
(frame/sheets.py). Its picture holds what stays; slider values, hover and press are marks over it, so moving a slider draws
nothing. A screen in which panels would not fit has smaller ones (panels/room.py, FITTING).

Whether somebody is there is decided in attendance.py, by the wall's clock; that clock also leads films and sounds, which wait
while nobody is there."""
