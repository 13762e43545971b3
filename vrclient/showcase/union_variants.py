"""Which alternative of a union a piece of a file means, by its form alone. It reports nothing."""

from vrclient.showcase import scalars
from vrclient.showcase.scalars import Misread
from vrclient.showcase.shapes import (
    Anything,
    Choice,
    Clock,
    Day,
    Either,
    File,
    Flag,
    Group,
    Items,
    Number,
    Row,
    Shape,
    Table,
    Text,
    keys_of,
)
from vrclient.showcase.source_map import Mapping, Node, Scalar, Sequence


def variant_for(node: Node, either: Either, /) -> int | None:
    """Which alternative a node means, by its form; None where it could be none, or several, of them."""
    quoted = isinstance(node, Scalar) and not node.plain
    order = sorted(
        range(len(either.variants)), key=lambda number: quoted and not isinstance(either.variants[number], Text | Choice)
    )
    fitting = [number for number in order if _fits(node, either.variants[number])]
    if fitting:
        return max(fitting, key=lambda number: (_known_keys(node, either.variants[number]), -order.index(number)))
    alike = [number for number in order if _is_alike(node, either.variants[number])]
    if len(alike) > 1 and isinstance(node, Mapping):
        return max(alike, key=lambda number: _known_keys(node, either.variants[number]))
    return alike[0] if len(alike) == 1 else None


def _fits(node: Node, shape: Shape) -> bool:
    match shape, node:
        case Either(), _:
            return any(_fits(node, variant) for variant in shape.variants)
        case Text() | File(), Scalar():
            return bool(node.text) or not node.plain
        case Number(), Scalar():
            return not isinstance(scalars.number(node.text, whole=shape.whole), Misread)
        case Flag(), Scalar():
            return not isinstance(scalars.flag(node.text), Misread)
        case Day(), Scalar():
            return not isinstance(scalars.day(node.text), Misread)
        case Clock(), Scalar():
            return not isinstance(scalars.clock(node.text), Misread)
        case Choice(), Scalar():
            return any(node.text == str(option) for option in shape.options)
        case Items(), Sequence():
            return not node.items or _fits(node.items[0], shape.item)
        case Row(), Sequence():
            return len(node.items) == len(shape.items) and all(map(_fits, node.items, shape.items))
        case Table(), Mapping():
            return all(_fits(entry.value, shape.value) for entry in node.entries)
        case Group(), Mapping():
            choices = [key for key in keys_of(shape.model).values() if isinstance(key.shape, Choice)]
            marks = [key for key in choices if isinstance(key.shape, Choice) and len(key.shape.options) == 1]
            given = [(key, node.get(key.name)) for key in marks]
            return all(entry is not None and _fits(entry.value, key.shape) for key, entry in given if entry or key.is_required)
        case Anything(), _:
            return True
    return False


def _is_alike(node: Node, shape: Shape) -> bool:
    if isinstance(node, Scalar):
        if isinstance(shape, Number | Day | Clock):
            return node.text[:1].isdigit() or node.text[:1] in ("-", "+", ".")
        return isinstance(shape, Text | File | Choice | Flag)
    if isinstance(node, Sequence):
        return isinstance(shape, Items) or (isinstance(shape, Row) and len(shape.items) == len(node.items))
    return isinstance(shape, Table | Group)


def _known_keys(node: Node, shape: Shape) -> int:
    if isinstance(node, Mapping) and isinstance(shape, Group):
        return sum(entry.key.text in keys_of(shape.model) for entry in node.entries)
    return 0
