"""The stand: a supervisor process that keeps a picture on the glass, leads visitors through sessions, and is talked with.

It never imports the engine, nor what draws, plays or is drawn (import-linter holds that): the client is its child, and what they
tell each other is values. So whatever happens to the client, this process goes on, and its memory stays small.

    status.py     what a stand's state is: frozen values, the same for every mouth
    commands.py   what can be asked of a stand: one table, and `Stand`, the contract of who carries it out

Who carries them out, and keeps the picture there:

    stand.py       hours, sessions and supervisor together: the main loop, and `Stand` for the mouths
    supervisor.py  client and cover: started, watched, ended, started again; processes.py, glass.py, monitors.py, stills.py help
    watch.py       what is a fault, and the ladder that faults lead down; faults.py: what is said and kept of it
    flow.py        sessions, as a state machine; hours.py: open or closed; visits.py: how many there were
    operator.py    five taps and a PIN at the glass
    settings.py    kiosk.yaml; checks.py: `vrclient kiosk --check`; install.py, notify.py: systemd, Windows' tasks

The mouths, each a thin translation of those two, none of which knows another:

    control.py     a local socket, for `vrclient ctl`
    page/          the operator's page: HTTP, live, on a phone; Prometheus' metrics; the attendants' page
    mqtt/          the broker: state, commands, Home Assistant; the stands of a hall

mouths.py starts the last two by their settings, and what of them does not work is a fault; mouth_checks.py looks at them before
opening day.

What a city sets for them is in page_settings.py and broker_settings.py, parts of kiosk.yaml.

No mouth may keep the supervisor waiting: each has a thread of its own that calls `Stand`; what cannot be sent is dropped."""
