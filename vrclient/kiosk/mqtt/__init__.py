"""What a stand tells an MQTT broker and takes from it, and what the attendants' page knows of all stands. docs/mqtt.md is the
manual of the topics.

    topics.py      names of topics, and what requests and replies look like: pure
    discovery.py   what Home Assistant is told about a stand: pure
    link.py        a connection that comes back by itself, and why it is not there
    mouth.py       a stand's own: availability, state, commands
    hall.py        all stands of a hall, as others hear them

MQTT 5, by paho-mqtt, which the extra `kiosk` brings. Without a broker everything else works."""
