"""Showcases made at random from the models of the format: mostly valid, bounds and oddities favoured, the same for the same seed.

Each element is its kind's example changed here and there, or made from nothing; its own model says whether it may stand. One in
twelve may be wrong, so that refusals are seen too."""

import datetime
import json
import math
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml  # noqa: TID251
from pydantic import BaseModel, ValidationError

from vrclient.elements import kinds
from vrclient.scene.element import ElementKind
from vrclient.showcase.models import ElementModel, Environment, Origin, Point, Position
from vrclient.showcase.shapes import (
    Choice,
    Clock,
    Day,
    Either,
    File,
    Flag,
    Group,
    Items,
    Key,
    Number,
    Row,
    Shape,
    Table,
    Text,
    keys_of,
    only_arm,
    shape_of,
)

POINT, POSITION = shape_of(Point), shape_of(Position)
WORDS = (
    "门",
    "Gate",
    "",
    " ",
    "\u0301",
    "a\nb",
    "x" * 90,
    "字" * 40,
    "العربية",
    "👨‍👩‍👧",
    "\t",
    "<b>",
    "1",
    "Ω≈ç",
    "\u200b",
    "n\u0303",
)
FILES = {
    "image": ("picture.png", "slim.png", "tall.jpg"),
    "heights": ("land.npy", "grey.png", "voids.tif"),
    "gltf": ("model.glb",),
    "video": ("film.webm",),
    "sound": ("lake.ogg",),
    "subtitles": ("opening.en.srt",),
}
ATTEMPTS = 12
ONCE = ("sky", "terrain", "timeline", "mist")
HARMLESS = 1 / 12


class Maker:
    """Everything of one showcase, drawn from one number."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._random = random.Random(seed)
        self._folder = folder
        self._ids: dict[str, str] = {}
        self.wild = self._random.choice((0.02, 0.1, 0.35))
        """How often a value is an extreme one."""

    def write(self) -> None:
        """showcase.yaml and perhaps an included file; the files that elements name must lie in the folder already."""
        draw = self._random
        known = kinds()
        count = draw.choice((0, 1, 1, 2, 2, 3, 4, 6))
        names = ["spawn", *draw.choices([name for name in known if name != "spawn"], k=count)]
        names = [name for number, name in enumerate(names) if name not in ONCE or name not in names[:number]]
        if draw.random() < 0.5 and "terrain" not in names:
            names.insert(1, "terrain")
        for number, name in enumerate(names):
            self._ids[f"{name}_{number}"] = name
        elements = [one for id, name in zip(self._ids, names, strict=True) if (one := self._element(known[name], name, id))]
        included: list[Any] = []
        if draw.random() < 0.2:
            included, elements = elements[1:], elements[:1]
        main = {
            "vrclient": 1,
            "title": {"zh": "门", "en": "Gate"},
            "origin": self._model(Origin, {"lon_deg": 121.475, "lat_deg": 30.945}),
            "environment": self._model(Environment, {"time": "15:00"}),
            "elements": elements,
        }
        if included:
            main["include"] = ["more.yaml"]
            (self._folder / "more.yaml").write_text(_text({"elements": included}), encoding="utf-8")
        (self._folder / "showcase.yaml").write_text(_text(main), encoding="utf-8")

    def _element(self, kind: ElementKind[ElementModel], name: str, id: str) -> dict[str, Any] | None:
        may_be_wrong = self._random.random() < HARMLESS
        start = yaml.load(kind.example, Loader=yaml.BaseLoader)[0]
        base = {key: _plain(value) for key, value in start.items() if key not in ("kind", "id")}
        base = {key: self._with_files(kind.model, key, value) for key, value in base.items()}
        for attempt in range(ATTEMPTS):
            if self._random.random() < 0.4 and attempt < ATTEMPTS / 2:
                made = self._group(kind.model, {}, wild=self.wild)
            else:
                made = self._group(kind.model, base, wild=self.wild / (1 + attempt))
            made = {"kind": name, **made, "id": id}
            if may_be_wrong or self._is_valid(kind.model, made):
                return made
        return {"kind": name, **base, "id": id} if self._is_valid(kind.model, {"kind": name, **base}) else None

    def _with_files(self, model: type[BaseModel], key: str, value: Any) -> Any:
        shape = only_arm(keys_of(model)[key].shape)
        if isinstance(shape, File):
            return FILES[shape.media][0]
        if isinstance(shape, Table) and isinstance(shape.value, File):
            return dict.fromkeys(value, FILES[shape.value.media][0])
        return value

    def _model(self, model: type[BaseModel], base: Mapping[str, Any]) -> dict[str, Any]:
        for attempt in range(ATTEMPTS):
            made = self._group(model, base, wild=self.wild / (1 + attempt))
            if self._is_valid(model, made):
                return made
        return dict(base)

    def _is_valid(self, model: type[BaseModel], values: dict[str, Any]) -> bool:
        try:
            model.model_validate(_in_folder(model, values, self._folder))
        except ValidationError:
            return False
        return True

    def _group(self, model: type[BaseModel], base: Mapping[str, Any], *, wild: float) -> dict[str, Any]:
        """Some keys of a model: those of `base`, a few of them changed, a few more. From nothing, what it needs."""
        draw = self._random
        made = dict(base)
        chance = draw.choice((0.05, 0.2, 0.6))
        for key in keys_of(model).values():
            if key.name in ("kind", "id", "title") and key.name in ElementModel.model_fields and not key.is_required:
                continue
            if key.name in ("kind", "id"):
                continue
            is_needed = key.is_required and key.name not in made
            if is_needed or draw.random() < (chance if key.name in base else 0.5 * chance):
                made[key.name] = self._value(key.shape, key, wild)
            elif key.name in made and not key.is_required and draw.random() < 0.1 * chance:
                del made[key.name]
        return made

    def _value(self, shape: Shape, key: Key | None, wild: float) -> Any:
        return self._makers[type(shape)](self, shape, key, wild)

    def _number(self, shape: Number, key: Key | None, wild: float) -> float:
        draw, rules = self._random, shape.rules
        low = rules.ge if rules.ge is not None else rules.gt
        high = rules.le if rules.le is not None else rules.lt
        assert low is not None and high is not None
        if shape.whole:
            values = (low, high, low + 1, high - 1) if draw.random() < wild else (self._between(low, high, key),)
            return int(min(max(draw.choice(values), low + (rules.gt is not None)), high))
        if draw.random() < wild:
            return draw.choice([low if rules.ge is not None else low + 1e-9, high, high * (1 - 1e-9), max(low, 0.0), 1e-7 + low])
        return self._between(low, high, key)

    def _between(self, low: float, high: float, key: Key | None) -> float:
        """Mostly near the usual value, else evenly or by orders of magnitude."""
        draw = self._random
        usual = key.default if key and isinstance(key.default, int | float) and not isinstance(key.default, bool) else None
        match draw.randrange(4):
            case 0 | 1:
                middle = usual or (30.0 if high > 100 else (low + high) / 2)
                value = middle * math.exp(draw.gauss(0, 0.7)) * draw.choice((1, 1, 1, -1 if low < 0 else 1))
            case 2:
                value = low + (high - low) * draw.random() ** 4
            case _:
                value = draw.choice((1, 10, 100, 1000)) * (draw.random() * 2 - (1 if low < 0 else 0))
        return round(min(max(value, low), high), draw.choice((0, 2, 4)))

    def _point(self, wild: float) -> list[float]:
        draw = self._random
        if draw.random() < 0.3 * wild:
            return [draw.choice((-50_000.0, 50_000.0, 0.0, 1e-9)), draw.choice((-50_000.0, 50_000.0, 0.0))]
        reach = draw.choice((0.0, 3.0, 30.0, 30.0, 30.0, 300.0))
        return [round(draw.uniform(-reach, reach), 3), round(draw.uniform(-reach, reach), 3)]

    def _ring(self, wild: float, *, closed: bool) -> list[list[float]]:
        """Corners round a place: a rectangle, a star, a circle of many points, a sliver; or a course from place to place."""
        draw = self._random
        x, y = self._point(wild)
        size = draw.choice((2.0, 8.0, 20.0, 20.0, 60.0, 250.0))
        count = draw.choice((3, 4, 4, 5, 8, 12))
        if draw.random() < wild:
            size, count = draw.choice(
                ((0.2, 3), (1500.0, 5), (20_000.0, 4), (49_000.0, 7), (40.0, 400), (300.0, 3000), (9.0, 5000))
            )
        if not closed:
            turn, points = draw.uniform(0, 6.3), [[x, y]]
            for _ in range(count - 2 if count > 3 else 1):
                turn += draw.gauss(0, 0.5 if draw.random() > wild else 3.0)
                step = size / count * draw.uniform(0.5, 2.0)
                points.append([points[-1][0] + step * math.sin(turn), points[-1][1] + step * math.cos(turn)])
            return _kept(points)
        turn, flat = draw.uniform(0, 6.3), draw.choice((1.0, 1.0, 0.5, 0.02 if draw.random() < wild else 0.8))
        rough = draw.choice((0.0, 0.2, 0.8)) if count < 400 else 0.0
        angles = [2 * math.pi * (k + 0.4 * rough * draw.random()) / count for k in range(count)]
        radii = [size / 2 * (1 - rough * draw.random() * 0.8) for _ in angles]
        flatter = [(r * math.cos(a), flat * r * math.sin(a)) for a, r in zip(angles, radii, strict=True)]
        cosine, sine = math.cos(turn), math.sin(turn)
        points = [[x + cosine * a - sine * b, y + sine * a + cosine * b] for a, b in flatter]
        return _kept(points if draw.random() < 0.6 else points[::-1])

    def _items(self, shape: Items, key: Key | None, wild: float) -> list[Any]:
        draw = self._random
        least, most = shape.rules.shortest or 0, min(shape.rules.longest or 5, 5)
        if shape.item == POINT:
            closed = key is None or key.name not in ("path", "along", "at", "openings")
            return self._ring(wild, closed=closed)
        if draw.random() < 0.05 * wild:
            most = min(shape.rules.longest or 60, 60)
        return [self._value(shape.item, None, wild) for _ in range(draw.randint(least, max(least, most)))]

    def _row(self, shape: Row, key: Key | None, wild: float) -> list[Any]:
        if shape == POINT:
            return self._point(wild)
        made = [self._value(one, None, wild) for one in shape.items]
        is_range = key is not None and all(isinstance(one, int | float) for one in made) and self._random.random() < 0.85
        return sorted(made) if is_range else made

    def _text(self, shape: Text, key: Key | None, wild: float) -> str:
        draw = self._random
        if shape.reference is not None:
            wanted = getattr(shape.reference, "kind", None)
            has_path = getattr(shape.reference, "path", False)
            fitting = [
                id for id, name in self._ids.items() if (not wanted or name == wanted) and (not has_path or kinds()[name].path)
            ]
            return draw.choice(fitting or ["nothing"]) if draw.random() < 0.98 else "nothing"
        pattern = shape.rules.pattern or ""
        if pattern.startswith("^#"):
            return draw.choice(("#000000", "#ffffff", "#ff0000", f"#{draw.randrange(1 << 24):06x}"))
        if pattern:
            return draw.choice(("survey", "a", "b" * 60))
        if key and key.examples:
            return str(draw.choice((key.examples[0], key.examples[0], "1" * (shape.rules.longest or 20))))
        return draw.choice([word for word in WORDS if len(word) <= (shape.rules.longest or 99)])

    def _table(self, shape: Table, key: Key | None, wild: float) -> dict[str, Any]:
        draw = self._random
        languages = draw.choice((("zh", "en"), ("zh", "en"), ("en",), ("zh", "en", "ja", "ar")))
        if isinstance(shape.value, Text):
            return {one: self._text(shape.value, None, wild) or "x" for one in languages}
        return {one: self._value(shape.value, None, wild) for one in languages}

    def _either(self, shape: Either, key: Key | None, wild: float) -> Any:
        if shape.may_be_empty and self._random.random() < 0.2:
            return None
        if key is not None and key.shape is shape and len(shape.variants) == 1:
            key = Key(key.name, shape.variants[0], key.is_required, key.default, key.description, key.examples)
        return self._value(self._random.choice(shape.variants), key, wild)

    def _day(self, shape: Day, key: Key | None, wild: float) -> str:
        days = [datetime.date(2019, 10, 25), datetime.date(2026, 6, 21), datetime.date(2024, 2, 29), datetime.date(1960, 1, 1)]
        if self._random.random() < wild and shape.first and shape.last:
            days = [shape.first, shape.last]
        return self._random.choice(days).isoformat()

    def _clock(self, shape: Clock, key: Key | None, wild: float) -> str:
        return self._random.choice(("00:00", "23:59:59", "12:00", "19:30", "06:10"))

    def _choice(self, shape: Choice, key: Key | None, wild: float) -> Any:
        return self._random.choice(shape.options)

    def _file(self, shape: File, key: Key | None, wild: float) -> str:
        return self._random.choice(FILES[shape.media])

    def _flag(self, shape: Flag, key: Key | None, wild: float) -> bool:
        return self._random.random() < 0.5

    def _inner(self, shape: Group, key: Key | None, wild: float) -> dict[str, Any]:
        return self._group(shape.model, {}, wild=wild)

    _makers: Mapping[type, Callable[..., Any]] = {
        Number: _number,
        Items: _items,
        Row: _row,
        Text: _text,
        Table: _table,
        Either: _either,
        Day: _day,
        Clock: _clock,
        Choice: _choice,
        File: _file,
        Flag: _flag,
        Group: _inner,
    }


def _kept(points: list[list[float]]) -> list[list[float]]:
    return [[round(min(max(value, -50_000.0), 50_000.0), 4) for value in point] for point in points]


def _plain(value: Any) -> Any:
    """What stands in an example as numbers and words."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    for read in (int, float):
        try:
            return read(value)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(value, value)


def _in_folder(model: type[BaseModel], values: Any, folder: Path) -> Any:
    """As read.py hands it to the model: files as paths."""
    return {key: _path(known.shape, values[key], folder) for key, known in keys_of(model).items() if key in values}


def _path(shape: Shape, value: Any, folder: Path) -> Any:
    shape = only_arm(shape)
    match shape, value:
        case File(), str():
            return folder / value
        case Items(item), list():
            return [_path(item, one, folder) for one in value]
        case Table(value=inner), dict():
            return {key: _path(inner, one, folder) for key, one in value.items()}
        case Group(model), dict():
            return _in_folder(model, value, folder)
    return value


def _text(values: Any) -> str:
    """JSON, which is YAML: one element a line."""
    head = {key: value for key, value in values.items() if key != "elements"}
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in values["elements"])
    inner = json.dumps(head, ensure_ascii=False)[1:-1]
    return "{" + (inner + ",\n" if inner else "") + f'"elements": [\n{lines}\n]}}\n'
