"""The operator's page: what a stand is, and its commands, on a phone. Starlette and uvicorn, in a thread of the supervisor.

    server.py     the thread: opens the port, serves, ends
    app.py        the addresses, and what each answers
    guard.py      around all of them: whose names and origins are answered, how long a body may be, what a browser may do with it
    sessions.py   who has given the PIN
    metrics.py    the status as Prometheus reads it
    files/        the page: HTML, CSS and modules of JavaScript; nothing comes from elsewhere

It wants the extra `kiosk`, and is imported by whoever starts it alone."""
