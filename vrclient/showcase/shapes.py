"""What a model asks for in one place of a file, as a value: read from pydantic's annotations, used to read text by type, to say
what is allowed, and to write the manual. It reads no files and checks nothing itself."""

import datetime
import enum
import types
import typing
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vrclient.showcase.models import Asset, ElementRef, Localized, ShowcaseRef, Spellings

Options: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Bounds of a number, lengths of a text or list, and the pattern of a text; None where there is none."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    rules: Rules
    reference: ElementRef | ShowcaseRef | None = None


@dataclass(frozen=True, slots=True)
class Number:
    rules: Rules
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    pass


@dataclass(frozen=True, slots=True)
class Day:
    """A date, from the first to the last that is allowed; None where there is no limit."""

    first: datetime.date | None = None
    last: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    pass


@dataclass(frozen=True, slots=True)
class File:
    media: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words or numbers. `spellings`: None: in these letters only; else (another word, (the option, a note)), and
    case, spaces and hyphens make no difference."""

    options: Options
    spellings: "tuple[tuple[str, tuple[str, str]], ...] | None" = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list of any number of the same."""

    item: "Shape"
    rules: Rules


@dataclass(frozen=True, slots=True)
class Row:
    """A list of a fixed number of values."""

    items: "tuple[Shape, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with free keys."""

    key: "Shape"
    value: "Shape"
    rules: Rules
    localized: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping with known keys: a model."""

    model: type[BaseModel]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several; `annotations` are the Python types of `variants`. `may_be_empty`: no value at all is allowed, too."""

    variants: "tuple[Shape, ...]"
    annotations: Options
    may_be_empty: bool


@dataclass(frozen=True, slots=True)
class Anything:
    """A type that is not known here: read by the rules of YAML 1.2 and left to pydantic."""


Shape: TypeAlias = Text | Number | Flag | Day | Clock | File | Choice | Items | Row | Table | Group | Either | Anything


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a model. `default` is None where there is none or where it is 'nothing'."""

    name: str
    shape: Shape
    is_required: bool
    default: Any
    description: str
    examples: Options


@cache
def keys_of(model: type[BaseModel], /) -> MappingOf[str, Key]:
    """A model's keys in the order of the manual, by the name that is written in files."""
    keys = {}
    for attribute, info in model.model_fields.items():
        name = info.alias or attribute
        shape, examples = _shape(info.annotation, list(info.metadata))
        default = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
        keys[name] = Key(name, shape, info.is_required(), default, info.description or "", tuple(info.examples or examples))
    return keys


def only_arm(shape: Shape, /) -> Shape:
    """The alternative of an Either that has only one: what may also be left empty."""
    return shape.variants[0] if isinstance(shape, Either) and len(shape.variants) == 1 else shape


def shape_of(annotation: Any, /) -> Shape:
    """The shape of a Python annotation."""
    return _shape(annotation, [])[0]


def _shape(annotation: Any, metadata: list[Any]) -> tuple[Shape, Options]:
    examples: Options = ()
    while typing.get_origin(annotation) is Annotated:
        annotation, *more = typing.get_args(annotation)
        metadata = [*more, *metadata]
    flat: list[Any] = []
    for one in metadata:
        if isinstance(one, FieldInfo):
            examples = tuple(one.examples or ()) or examples
            flat += one.metadata
        else:
            flat.append(one)
    if typing.get_origin(annotation) in (Union, types.UnionType) and not examples:
        inner = (_shape(one, [])[1] for one in typing.get_args(annotation))
        examples = next((one for one in inner if one), ())
    return _bare(annotation, _rules(flat), flat), examples


def _bare(annotation: Any, rules: Rules, marks: SequenceOf[Any]) -> Shape:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, types.UnionType):
        return _either(arguments, marks)
    if origin is Literal:
        return Choice(arguments, next((one.others for one in marks if isinstance(one, Spellings)), None))
    if origin in (list, set, frozenset, SequenceOf) or (origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis):
        return Items(shape_of(arguments[0]), rules)
    if origin is tuple:
        return Row(tuple(shape_of(one) for one in arguments))
    if origin in (dict, MappingOf):
        localized = any(isinstance(one, Localized) for one in marks)
        return Table(shape_of(arguments[0]), shape_of(arguments[1]), rules, localized)
    if not isinstance(annotation, type):
        return Anything()
    return _named(annotation, rules, marks)


def _named(annotation: type, rules: Rules, marks: SequenceOf[Any]) -> Shape:
    if issubclass(annotation, BaseModel):
        return Group(annotation)
    if issubclass(annotation, enum.Enum):
        return Choice(tuple(one.value for one in annotation))
    if annotation is bool:
        return Flag()
    if annotation is datetime.date:
        return Day(*(next((day for mark in marks if (day := getattr(mark, end, None))), None) for end in ("ge", "le")))
    if annotation is datetime.time:
        return Clock()
    if annotation in (int, float):
        return Number(rules, whole=annotation is int)
    asset = next((one for one in marks if isinstance(one, Asset)), None)
    if asset:
        return File(asset.media)
    if annotation in (str, Path):
        return Text(rules, next((one for one in marks if isinstance(one, ElementRef | ShowcaseRef)), None))
    return Anything()


def _either(arguments: Options, marks: SequenceOf[Any]) -> Shape:
    variants: list[Shape] = []
    annotations: list[Any] = []
    may_be_empty = False
    for argument in arguments:
        if argument is type(None):
            may_be_empty = True
            continue
        shape = _shape(argument, list(marks))[0]
        if isinstance(shape, Either):
            variants += shape.variants
            annotations += shape.annotations
            may_be_empty = may_be_empty or shape.may_be_empty
        else:
            variants.append(shape)
            annotations.append(argument)
    return Either(tuple(variants), tuple(annotations), may_be_empty)


def _rules(metadata: SequenceOf[Any]) -> Rules:
    found: dict[str, Any] = {}
    for one in metadata:
        for name, attribute in _RULE_ATTRIBUTES:
            value = getattr(one, attribute, None)
            if value is not None:
                found[name] = value
    return Rules(**found)


_RULE_ATTRIBUTES = (
    ("ge", "ge"),
    ("gt", "gt"),
    ("le", "le"),
    ("lt", "lt"),
    ("shortest", "min_length"),
    ("longest", "max_length"),
    ("pattern", "pattern"),
)
