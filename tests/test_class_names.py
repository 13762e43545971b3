"""A class name means one thing in the whole package, so that whoever meets it need not ask which one it is."""

import ast
from collections import defaultdict
from pathlib import Path

import vrclient

PACKAGE = Path(vrclient.__file__).parent


def test_a_class_name_means_one_thing() -> None:
    found = defaultdict(list)
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(str(file.relative_to(PACKAGE)))
    assert len(found) > 300
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
