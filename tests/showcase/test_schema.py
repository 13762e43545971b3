"""The JSON Schema agrees with the reader on what is a showcase."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from vrclient.elements import kinds
from vrclient.showcase import scalars
from vrclient.showcase.diagnostics import Problems
from vrclient.showcase.models import ElementModel
from vrclient.showcase.schema import json_schema
from vrclient.showcase.source_map import Node, Scalar, Sequence
from vrclient.showcase.yaml_source import read_yaml

CASES = Path(__file__).parent / "cases"


def as_editors_see_it(node: Node | None) -> Any:
    if node is None or isinstance(node, Scalar):
        return scalars.core(node.text, plain=node.plain) if node else None
    if isinstance(node, Sequence):
        return [as_editors_see_it(one) for one in node.items]
    return {entry.key.text: as_editors_see_it(entry.value) for entry in node.entries}


def is_valid(file: Path, schema: dict[str, Any]) -> bool:
    root = read_yaml(file, Problems()).root
    return bool(jsonschema.Draft202012Validator(schema).is_valid(as_editors_see_it(root)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("warning_language_missing/showcase.yaml", True),
        ("include_twice/showcase.yaml", True),
        ("include_twice/parts/lake.yaml", True),
        ("unknown_key/showcase.yaml", False),
        ("unknown_kind/showcase.yaml", False),
        ("kind_missing/showcase.yaml", False),
        ("missing_keys/showcase.yaml", False),
        ("include_is_a_showcase/park.yaml", False),
        ("footprint_too_short/showcase.yaml", False),
        ("time_outside_the_day/showcase.yaml", False),
        ("place_with_four_numbers/showcase.yaml", False),
        ("choice_misspelled/showcase.yaml", False),
    ],
)
def test_same_verdict_as_the_reader(name: str, expected: bool, models: dict[str, type[ElementModel]]) -> None:
    schema = json_schema(models)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert is_valid(CASES / name, schema) == expected


def test_elements_are_told_apart_by_kind(models: dict[str, type[ElementModel]]) -> None:
    element = json_schema(models)["$defs"]["Element"]
    assert set(element["discriminator"]["mapping"]) == set(models)
    assert len(element["oneOf"]) == len(models)


def test_the_schema_of_the_real_kinds_is_one() -> None:
    schema = json_schema({name: kind.model for name, kind in kinds().items()})
    jsonschema.Draft202012Validator.check_schema(schema)
    json.dumps(schema)
