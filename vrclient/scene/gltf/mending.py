"""What exporters write against the schema and other viewers overlook: taken out of the JSON, or brought into its range."""

from typing import Any

from pydantic_core import ErrorDetails

FACTORS = frozenset({
    "baseColorFactor", "metallicFactor", "roughnessFactor", "emissiveFactor", "alphaCutoff", "diffuseFactor",
    "glossinessFactor", "transmissionFactor", "emissiveStrength",
})  # fmt: skip
"""Numbers of a finish: one that is out of range counts as the nearest in it."""

MAY_BE_EMPTY = frozenset({"children", "weights", "targets", "min", "max"})
"""Lists that say nothing where they are empty."""

HAVE_A_DEFAULT = frozenset({"wrapS", "wrapT", "magFilter", "alphaMode", "byteStride", "extensions"})
"""Keys whose value does not matter where it is none that the specification knows."""

LEFT_OUT = "it is left out"


def mend(raw: dict[str, Any], detail: ErrorDetails, /) -> str | None:
    """Changes `raw` so that this problem of pydantic's is gone, and says what counts instead; None: nothing can be done."""
    place, context = detail["loc"], detail.get("ctx", {})
    holder = _at(raw, place[:-1])
    key, value = place[-1], detail["input"]
    factor = next((step for step in place if step in FACTORS), None)
    bound = context.get("le", context.get("ge"))
    if factor is not None and bound is not None:
        holder[key] = bound
        return f"{bound:g} counts"
    is_nothing = value is None or (key in MAY_BE_EMPTY and value == []) or (key == "byteStride" and value == 0)
    is_odd = (key in HAVE_A_DEFAULT and key != "byteStride") or "extensions" in place[-2:-1]
    if isinstance(holder, dict) and key in holder and (is_nothing or is_odd):
        del holder[key]
        return LEFT_OUT
    if place[-2:] == ("sparse", "count") and value == 0:
        del _at(raw, place[:-2])["sparse"]
        return LEFT_OUT
    return None


def _at(raw: Any, place: tuple[int | str, ...]) -> Any:
    """The object at that place; None where pydantic names no place of the JSON."""
    for step in place:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            return None
    return raw
