"""Whether the packages of the extra `kiosk` are here; nothing of them is imported for that."""

from importlib.util import find_spec

PACKAGES = {
    "paho.mqtt": "paho-mqtt",
    "prometheus_client": "prometheus-client",
    "pygame": "pygame-ce",
    "starlette": "starlette",
    "uvicorn": "uvicorn",
}


def missing() -> str | None:
    """One line that says what is missing and what to install; None where nothing is."""
    absent = [package for module, package in PACKAGES.items() if not _is_here(module)]
    if not absent:
        return None
    return f"a kiosk needs {', '.join(absent)}, which vrclient alone does not bring; install it: pip install 'vrclient[kiosk]'"


def _is_here(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):
        return False
