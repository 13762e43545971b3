"""What pydantic refuses, in words and with the node that is meant. It reads no files and reports nothing itself."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from vrclient.showcase.diagnostics import Diagnostic, SourcePlace
from vrclient.showcase.shapes import Either, Group, Items, Key, Row, Shape, Table, Text, keys_of, only_arm
from vrclient.showcase.source_map import Mapping, Node, Path_, Scalar, headline, locate
from vrclient.showcase.union_variants import variant_for
from vrclient.showcase.wording import LANGUAGE_NAMES, described, example, last_key, pattern_help, seen, subject

Refusal: TypeAlias = tuple[Path_, Diagnostic]
"""One problem of a value, and the path that leads to it from the model's node."""
PlaceOf: TypeAlias = Callable[[Node], SourcePlace]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a pydantic location leads: the path of keys and positions, the shape there, and its key where it has one.

    `table` is set where a free key itself is meant."""

    path: Path_
    shape: Shape
    key: Key | None
    table: Table | None = None


def refusals(
    error: ValidationError,
    root: Node,
    shape: Shape,
    values: Any,
    /,
    *,
    name: str,
    place: PlaceOf,
    is_reported: Callable[[Path_], bool],
    base: Path_ = (),
) -> Iterator[Refusal]:
    """One refusal for each place that is not reported yet. Unions are asked again for the one alternative that is meant.

    `name` is the model in words; `place` is where a node is written; `base` leads from the model's node to `root`."""
    asked: set[Path_] = set()
    for one in error.errors(include_url=False, include_input=False):
        spot = _spot(one["loc"], shape)
        path = (*base, *spot.path)
        if path in asked or is_reported(path):
            continue
        asked.add(path)
        node = locate(root, spot.path)
        value = _dig(values, spot.path)
        chosen = variant_for(node, spot.shape) if isinstance(spot.shape, Either) else None
        again = _asked_again(spot.shape, chosen, value) if isinstance(spot.shape, Either) and chosen is not None else None
        if again and isinstance(spot.shape, Either) and chosen is not None:
            variant = spot.shape.variants[chosen]
            yield from refusals(again, node, variant, value, name=name, place=place, is_reported=is_reported, base=path)
        else:
            yield path, _refusal(one, node, root, spot, path, name, place)


def _asked_again(either: Either, chosen: int, value: Any) -> ValidationError | None:
    """What the alternative that is meant says about the value by itself."""
    try:
        TypeAdapter(either.annotations[chosen]).validate_python(value)
    except ValidationError as error:
        return error
    return None


def _spot(location: tuple[str | int, ...], shape: Shape) -> _Spot:
    path: Path_ = ()
    key: Key | None = None
    table: Table | None = None
    shape = only_arm(shape)
    for part in location:
        if part == "[key]":
            return _Spot(path, shape, key, table)
        if isinstance(shape, Group) and part in keys_of(shape.model):
            key, table = keys_of(shape.model)[str(part)], None
            path, shape = (*path, part), key.shape
        elif isinstance(shape, Items | Row) and isinstance(part, int):
            path, shape, key, table = (*path, part), shape.item if isinstance(shape, Items) else shape.items[part], None, None
        elif isinstance(shape, Table) and isinstance(part, str):
            table = shape
            path, shape, key = (*path, part), table.value, None
        elif isinstance(shape, Either):
            break
        shape = only_arm(shape)
    return _Spot(path, shape, key)


def _dig(values: Any, path: Path_) -> Any:
    for part in path:
        if isinstance(values, dict):
            values = values.get(part)
        else:
            values = values[part] if isinstance(values, list) and isinstance(part, int) else None
    return values


def _refusal(error: Any, node: Node, root: Node, spot: _Spot, path: Path_, name: str, place: PlaceOf) -> Diagnostic:
    kind, context = error["type"], error.get("ctx", {})
    what = subject(path) if path else name
    allowed = f"it must be {described(spot.shape, key=last_key(path), all_bounds=True)}"
    if spot.key:
        allowed += f"; for example {spot.key.name}: {example(spot.key.shape, spot.key)}"
    if kind in ("value_error", "assertion_error"):
        return _from_validator(str(context.get("error", error["msg"])), node, path, name, place)
    if spot.table:
        parent = locate(root, spot.path[:-1])
        entry = parent.get(str(path[-1])) if isinstance(parent, Mapping) else None
        message = f"the key '{path[-1]}' must be {described(spot.table.key)}"
        meant = LANGUAGE_NAMES.get(str(path[-1]).lower()) if spot.table.localized else None
        help = f"write '{meant}'" if meant else "correct this key"
        return Diagnostic("wrong-key", message, help, place=place(entry.key if entry else node))
    if kind in ("too_short", "too_long"):
        count, low, high = context.get("actual_length", 0), context.get("min_length"), context.get("max_length")
        bound = f"at least {low} must be given" if kind == "too_short" else f"at most {high} may be given"
        message = f"{what} has {count} {'entry' if count == 1 else 'entries'}; {bound}"
        return Diagnostic("wrong-length", message, allowed, place=place(node))
    if kind in ("string_too_short", "string_too_long"):
        length, low, high = (
            len(node.text) if isinstance(node, Scalar) else 0,
            context.get("min_length"),
            context.get("max_length"),
        )
        bound = f"at least {low} are needed" if kind == "string_too_short" else f"at most {high} are allowed"
        help = "write more" if kind == "string_too_short" else "shorten it"
        return Diagnostic("wrong-length", f"{what} has {length} characters; {bound}", help, place=place(node))
    if isinstance(spot.shape, Text) and isinstance(node, Scalar) and spot.key:
        fitting = pattern_help(spot.shape.rules.pattern, node.text)
        allowed = f"write {spot.key.name}: {fitting}" if fitting else allowed
    return Diagnostic("wrong-value", f"{what} cannot be {seen(node)}", allowed, place=place(node))


def _from_validator(text: str, node: Node, path: Path_, name: str, place: PlaceOf) -> Diagnostic:
    """A kind's own rule. What follows the first '; ' is what to do about it; a key named in quotes is the place."""
    message, _, help = text.partition("; ")
    named = [node.get(word) for word in re.findall(r"'([^']+)'", message)] if isinstance(node, Mapping) else []
    entry = next((one for one in named if one), None)
    if path and not entry and last_key(path) not in message:
        message = f"{subject(path)}: {message}"
    example_of = f"{name} in the manual has an example; 'vrclient schema --manual FILE' writes it"
    return Diagnostic("wrong-value", message, help or example_of, place=place(entry.key if entry else headline(node)))
