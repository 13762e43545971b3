"""What Home Assistant is told about a stand: one device with its sensors and buttons, as its MQTT integration reads it
(device discovery: BASE/device/ID/config, retained; an empty one takes the device away)."""

import json
from typing import Any

from vrclient.kiosk.broker_settings import BrokerSettings
from vrclient.kiosk.commands import Who, kind_of
from vrclient.kiosk.mqtt.topics import Topics
from vrclient.kiosk.status import Rung, SessionState, Status

PRESSED = ("start", "stop", "extend", "next", "clean", "restart", "rollback")
"""Commands that are buttons there; those that a technician gives only where the broker may."""
BATTERIES = {
    "headset": ("头显电量", "Headset battery"),
    "left": ("左手柄电量", "Left controller battery"),
    "right": ("右手柄电量", "Right controller battery"),
}


def topic(settings: BrokerSettings, stand: str, /) -> str:
    """Where it stands."""
    return f"{settings.home_assistant_topic}/device/vrclient_{stand}/config"


def message(settings: BrokerSettings, status: Status, /) -> bytes:
    """The device, in the stand's first language."""
    topics = Topics(settings.topic, status.stand)
    language = status.languages[0] if status.languages else status.language
    parts: dict[str, dict[str, Any]] = {}

    def add(key: str, platform: str, zh: str, en: str, **rest: Any) -> None:
        name = zh if language.startswith("zh") else en
        parts[key] = {"platform": platform, "unique_id": f"vrclient_{status.stand}_{key}", "name": name, **rest}

    def sensor(key: str, zh: str, en: str, value: str, **rest: Any) -> None:
        add(key, "sensor", zh, en, state_topic=topics.state, value_template=f"{{{{ {value} }}}}", **rest)

    sensor("state", "状态", "State", "value_json.state", device_class="enum", options=[one.value for one in SessionState])
    sensor("glass", "画面", "On the glass", "value_json.rung", device_class="enum", options=[one.value for one in Rung])
    left = "value_json.left_s | int if value_json.left_s is not none else none"
    sensor("left", "剩余时间", "Time left", left, device_class="duration", unit_of_measurement="s")
    sensor("visits", "今日参观", "Visits today", "value_json.visits.today", state_class="total_increasing")
    fault = "value_json.faults[0].said." + ("zh" if language.startswith("zh") else "en")
    sensor("fault", "故障", "Fault", f"({fault})[:255] if value_json.faults else ''")
    problem = "{{ 'ON' if value_json.faults else 'OFF' }}"
    add("problem", "binary_sensor", "有故障", "Problem", state_topic=topics.state, value_template=problem, device_class="problem")
    for battery in status.batteries:
        zh, en = BATTERIES[battery.device]
        of_device = f"value_json.batteries | selectattr('device', 'eq', '{battery.device}')"
        found = f"{of_device} | map(attribute='charge') | first | default(none)"
        value = f"({found} * 100) | round if ({found}) is not none else none"
        sensor(f"battery_{battery.device}", zh, en, value, device_class="battery", unit_of_measurement="%")
    if settings.commands != "none":
        may = Who[settings.commands.upper()]
        for name in PRESSED:
            kind = kind_of(name)
            if kind.who <= may:
                template = _template(name, {})
                add(name, "button", kind.label.zh, kind.label.en, command_topic=topics.command, command_template=template, qos=1)
        template = _template("volume", {"percent": "{{ value | int }}"})
        add(
            "volume", "number", "音量", "Volume", command_topic=topics.command, command_template=template, qos=1, min=0, max=100,
            state_topic=topics.state, value_template="{{ value_json.volume_percent }}", unit_of_measurement="%",
        )  # fmt: skip
    content = {
        "device": {
            "identifiers": [f"vrclient_{status.stand}"],
            "name": status.title.in_language(language),
            "manufacturer": "vrclient",
            "sw_version": status.version,
        },
        "origin": {"name": "vrclient", "sw_version": status.version},
        "availability_topic": topics.availability,
        "components": parts,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _template(name: str, arguments: dict[str, str]) -> str:
    """A request whose id and expiry Home Assistant fills in."""
    content = {
        "id": "ha-{{ utcnow().timestamp() }}",
        "from": "home-assistant",
        "expires_at": "{{ (utcnow() + timedelta(seconds=30)).isoformat() }}",
        "command": name,
        "arguments": arguments,
    }
    return json.dumps(content)
