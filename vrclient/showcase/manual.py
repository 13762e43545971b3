"""The manual of the format as Markdown, from the same models that read it. It reads and writes no files."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from vrclient.showcase.codes import CODES
from vrclient.showcase.cost import BUDGET, LARGEST, PROMISED
from vrclient.showcase.limits import FIRST_DAY, LAST_DAY, MAX_EXTENT_M, MAX_HEIGHT_M, MAX_LANGUAGES, MAX_TEXT, Limits
from vrclient.showcase.models import ElementModel, Environment, Origin, ShowcaseFile
from vrclient.showcase.shapes import Either, Group, Items, Key, Row, Shape, Table, keys_of, only_arm
from vrclient.showcase.wording import described, example, flow


@dataclass(frozen=True, slots=True)
class KindPage:
    """What the manual says of one kind. `picture` is a path from the manual's folder; `can_be_followed`: serves as `along:`."""

    model: type[ElementModel]
    example: str
    picture: str | None = None
    can_be_followed: bool = False


def manual(kinds: Mapping[str, KindPage], /) -> str:
    """The whole page. Equal kinds give equal text."""
    kind_lines = "\n".join(f"| [`{name}`](#{name}) | {_first_sentence(page.model)} |" for name, page in kinds.items())
    code_lines = "\n".join(f"| `{code}` | {sentence} |" for code, sentence in CODES.items())
    limits = Limits()
    parts = [
        _OPENING,
        f"## The first file: showcase.yaml\n\n{_table(ShowcaseFile)}",
        f"### origin\n\n{_doc(Origin)}\n\n{_table(Origin)}",
        f"### environment\n\n{_doc(Environment)}\n\n{_table(Environment)}",
        _INCLUDES,
        f"## Elements\n\n{_ELEMENTS.strip()}\n\n| kind | what it is |\n|---|---|\n{kind_lines}\n\n"
        f"### Keys that every element may have\n\n{_table(ElementModel)}",
        "## The kinds",
        *(_kind(name, page) for name, page in kinds.items()),
        _CHECKING,
        f"### Codes\n\n| code | meaning |\n|---|---|\n{code_lines}",
        "## Limits\n\n| what | limit |\n|---|---|\n"
        f"| elements in a showcase | {limits.elements:,} |\n| files in a showcase | {limits.files:,} |\n"
        f"| size of one YAML file, of all together | {limits.file_bytes // 2**20} MiB, {limits.total_bytes // 2**20} MiB |\n"
        f"| values in a showcase, counting every repetition | {limits.nodes:,} |\n"
        f"| lists and groups inside each other | {limits.depth} |\n"
        f"| distance from the origin, and any length | {MAX_EXTENT_M / 1000:g} km |\n"
        f"| height above the origin, depth below it | {MAX_HEIGHT_M / 1000:g} km |\n"
        f"| days that can be shown | {FIRST_DAY} to {LAST_DAY} |\n"
        f"| languages of a text | {MAX_LANGUAGES} |\n| characters of a text for visitors | {MAX_TEXT:,} |\n"
        f"| triangles of an element, of a showcase | {BUDGET.element.triangles:,}, {BUDGET.showcase.triangles:,} |\n"
        f"| copies (trees, people, fins) of an element, of a showcase | {BUDGET.element.copies:,}, {BUDGET.showcase.copies:,} |\n"
        f"| pixels of signs, pictures and textures of an element, of a showcase | {BUDGET.element.pixels:,}, "
        f"{BUDGET.showcase.pixels:,} |\n"
        f"| lamps of an element, of a showcase | {BUDGET.element.lamps:,}, {BUDGET.showcase.lamps:,} |\n"
        f"| places where the outlines of roads, squares, waters, rooms and streets cross | {BUDGET.showcase.crossings:,} |\n"
        f"| processor seconds and MB to open a showcase: a warning above, refused above | "
        f"{PROMISED.words}, {LARGEST.words} |",
        _COSTS,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _kind(name: str, page: KindPage) -> str:
    common = keys_of(ElementModel)
    own = {key.name: key for key in keys_of(page.model).values() if key.name != "kind" and common.get(key.name) != key}
    parts = [f"### {name}", _doc(page.model)]
    if page.can_be_followed:
        parts.append("With an `id`, other elements can follow its course or fill its area (`along:`, `area:`).")
    if page.picture:
        parts.append(f"![{name}]({page.picture})")
    parts.append(f"```yaml\n{page.example.strip()}\n```")
    parts.append(_rows(own) if own else "It has no keys of its own.")
    for title, model in _groups(page.model):
        parts.append(f"**{title}** {_doc(model)}".strip())
        parts.append(_table(model))
    return "\n\n".join(parts)


def _groups(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """The models inside a model, each once, with the key that holds it."""
    seen: set[type[BaseModel]] = {model}
    waiting = [model]
    while waiting:
        for key in keys_of(waiting.pop(0)).values():
            for inner in _models(key.shape):
                if inner not in seen:
                    seen.add(inner)
                    waiting.append(inner)
                    several = isinstance(key.shape, Items)
                    yield f"Each of `{key.name}`:" if several else f"`{key.name}`:", inner


def _models(shape: Shape) -> Iterator[type[BaseModel]]:
    match shape:
        case Group():
            yield shape.model
        case Items():
            yield from _models(shape.item)
        case Row():
            for one in shape.items:
                yield from _models(one)
        case Table():
            yield from _models(shape.value)
        case Either():
            for one in shape.variants:
                yield from _models(one)


def _table(model: type[BaseModel]) -> str:
    return _rows(keys_of(model))


def _rows(keys: Mapping[str, Key]) -> str:
    lines = ["| key | value | default | meaning | example |", "|---|---|---|---|---|"]
    for key in keys.values():
        cells = (f"`{key.name}`", _value(key), _default(key), key.description, f"`{key.name}: {_example(key)}`")
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines)


def _value(key: Key) -> str:
    if key.name == "elements":
        return "a list of elements"
    if key.name == "kind":
        return "the name of a kind"
    shape = only_arm(key.shape)
    if isinstance(shape, Group):
        return "a group of keys, see below"
    if isinstance(shape, Items) and isinstance(shape.item, Group):
        return "a list of groups, see below"
    return described(key.shape, key=key.name, all_bounds=True)


def _default(key: Key) -> str:
    if key.is_required:
        return "**required**"
    if key.default is None or key.default in ((), [], {}) or isinstance(key.default, BaseModel):
        return ""
    return f"`{flow(key.default)}`"


def _example(key: Key) -> str:
    if key.name == "elements":
        return "[{kind: spawn, at: [0, 0]}]"
    return "building" if key.name == "kind" else example(key.shape, key)


def _doc(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")


def _first_sentence(model: type[BaseModel]) -> str:
    return _doc(model).partition("\n")[0].partition(". ")[0].rstrip(".") + "."


_OPENING = """
# The showcase format, version 1

This page is made from the program itself (`make docs`); do not edit it by hand.

A showcase is a folder with a file `showcase.yaml`, and whatever pictures and models it names. It is plain text: any editor
can write it, saved as UTF-8. `vrclient check FOLDER` lists everything that is wrong with it: where it is, and what to do.

```yaml
vrclient: 1
title: {zh: 奉贤城市之门, en: Fengxian City Gate}
origin: {lon_deg: 121.475, lat_deg: 30.945}
elements:
  - {kind: spawn, at: [0, -40]}
  - kind: building
    id: town_hall
    title: {zh: 市政厅, en: Town hall}
    outline: [[-20, 0], [20, 0], [20, 15], [-20, 15]]
    storeys: 4
```

## How values are written

`key: value` lines make a group of keys; lines that begin with `- ` make a list. What belongs together begins in the same column.
Short groups and lists can stand on one line: `{zh: 门, en: Gate}`, `[12, 5]`. What follows `#` and a space is a comment.
The key decides how its value is read; quotes make no difference, except where a text needs them: one with `: ` or ` #` in it, one
that begins with one of `[ ] { } , # & * ! | > ' " % @` and the like, and between brackets one with `,`, `[`, `]`, `{` or `}`:
`{zh: 德清千秋广场, en: "Qianqiu Square, Deqing"}`. Punctuation is half-width: `:` and a space, `,`, `{ }`, `[ ]`, `" "`.

| value | how | example |
|---|---|---|
| number | digits, with a decimal point; the unit is the key's ending (`_m` metres, `_deg` degrees) | `12`, `0.5` |
| yes or no | `true` or `false` | `true` |
| date | year-month-day | `2019-10-25` |
| time | hours:minutes, local | `19:30` |
| place | `[east, north]` in metres from the origin; it stands on the land | `[12, 5]` |
| place in the air | `[east, north, up]`, the last is the height above the origin | `[12, 5, 3.5]` |
| heading | compass degrees: 0 north, 90 east | `225` |
| colour | as on the web, in quotes because of the `#` | `"#f4f1ea"` |
| text for visitors | one text for each language; `zh` and `en` should be there | `{zh: 入口, en: Entrance}` |
| id | small letters, digits and `_`; used once in a showcase | `north_gate` |
| file | its path from the file that names it, with `/`; inside the showcase's folder | `pictures/gate.jpg` |

A key may stand without a value where it is optional; that is the same as leaving it out. `&name` in front of a value lets `*name`
repeat it. Tags (`!...`), merging (`<<`) and several documents in a file are refused.

Numbers about the real world can say where they come from: `source: "..."`, `confidence: measured`, `published` or `estimate`.
"""

_INCLUDES = """
### include

A showcase can be spread over several files. A file that is included holds `elements:` and perhaps `include:`, nothing else.

```yaml
include: [park.yaml, services.yaml]
```
"""

_ELEMENTS = """
An element is one thing that stands in the showcase. `kind` says what it is and which other keys it has. Elements are listed in
any order; one with an `id` can be named by others.
"""

_COSTS = """
The last six are estimates that `vrclient check` makes before anything is built. Pictures count as they are reduced for the
scene. A glTF file counts for the showcase only; its textures count once, however many elements name it. A million triangles
take about 8 processor seconds and 300 MB to build; a showcase of less than 800,000 triangles is built and drawn within 20
processor seconds and 2 GB.
"""

_CHECKING = """
## When something is wrong

`vrclient check showcases/harbour` names every problem with file, line and column, shows the line, and says what to do:

```
showcases/harbour/showcase.yaml:5:7: error[unknown-key]: 'hieght_m' is not a key of 'building'
      hieght_m: 12
      ^^^^^^^^
  help: did you mean 'height_m'?
```

Errors must be corrected before the showcase is shown; warnings do not prevent it. A client that is already running goes on
with what it has loaded. `--json` prints the same for programs, which go by the code, the word in square brackets: it stays the
same from version to version.

Editors complete and check while you type with `vrclient schema > showcase.schema.json` and this first line, which the YAML
extensions of VS Code, Vim and JetBrains editors understand:

```yaml
# yaml-language-server: $schema=showcase.schema.json
```
"""
