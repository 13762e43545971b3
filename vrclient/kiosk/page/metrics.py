"""A stand's status as Prometheus reads it: a registry of its own, made from one status."""

from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Info, generate_latest

from vrclient.kiosk.status import Rung, SessionState, Status

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(status: Status, /) -> bytes:
    """All of them. What nobody knows is absent."""
    registry = CollectorRegistry()
    Info("vrclient_stand", "The stand.", registry=registry).info(
        {"stand": status.stand, "version": status.version, "boot": status.boot}
    )
    states = [one.value for one in SessionState]
    Enum("vrclient_session_state", "Where the stand is between two visitors.", states=states, registry=registry).state(
        status.state
    )
    rungs = [one.value for one in Rung]
    Enum("vrclient_glass", "What is on the glass, the best first.", states=rungs, registry=registry).state(status.rung)
    gauges = {
        "vrclient_status_timestamp_seconds": ("When the status was true, by the stand's clock.", status.at.timestamp()),
        "vrclient_frame_age_seconds": ("Since the client published its last frame.", status.frame_age_s),
        "vrclient_content_age_seconds": ("Since what is on the glass last changed.", status.content_age_s),
        "vrclient_session_left_seconds": ("Until the state ends by itself.", status.left_s),
        "vrclient_volume_ratio": ("How loud it is.", status.volume_percent / 100.0),
        "vrclient_locked": ("1: keys do nothing.", float(status.locked)),
        "vrclient_headset_worn": ("1: somebody wears it.", None if status.headset_worn is None else float(status.headset_worn)),
        "vrclient_faults": ("How many things are wrong now.", float(len(status.faults))),
        "vrclient_visits_today": ("Logins since midnight.", float(status.visits.today)),
        "vrclient_visits_completed_today": ("Those that came to the tour's end.", float(status.visits.completed)),
    }
    for name, (meaning, value) in gauges.items():
        if value is not None:
            Gauge(name, meaning, registry=registry).set(value)
    Counter("vrclient_status_changes", "Changes of the status since the supervisor started.", registry=registry).inc(
        status.sequence
    )
    wrong = Gauge("vrclient_fault", "1 for each thing that is wrong now.", ["code"], registry=registry)
    for fault in status.faults:
        wrong.labels(fault.code).set(1)
    charge = Gauge("vrclient_battery_ratio", "How full it is.", ["device"], registry=registry)
    for battery in status.batteries:
        charge.labels(battery.device).set(battery.charge)
    return generate_latest(registry)
