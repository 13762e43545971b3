"""What a supervisor and the client that it has started say to one another, through memory that they share: signs of life up,
orders down. Neither ever waits for the other, and what is half written or makes no sense is never believed.

    mailbox.py   the newest message of one writer, whole or not at all
    board.py     the memory: the client's pulse and its reports, the supervisor's orders
    messages.py  what reports and orders say, as frozen values

It knows neither of the two."""
