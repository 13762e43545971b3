"""The codes of problems: each has its sentence, and each is used. That no other is used is mypy's to say (`Code`)."""

import ast
from pathlib import Path
from typing import get_args

import vrclient
from vrclient.showcase import codes
from vrclient.showcase.codes import CODES, Code
from vrclient.showcase.manual import manual

PACKAGE = Path(vrclient.__file__).parent


def test_every_code_has_a_sentence_and_the_manual_lists_it() -> None:
    assert list(get_args(Code)) == list(CODES) == sorted(CODES)
    text = manual({})
    for code, sentence in CODES.items():
        assert code.replace("-", "").isalpha() and code.islower()
        assert sentence.endswith(".") and f"| `{code}` | {sentence} |" in text


def test_every_code_is_used() -> None:
    written = {
        node.value
        for file in PACKAGE.rglob("*.py")
        if file != Path(codes.__file__)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(CODES) - written == set()


def test_a_problem_carries_its_help_under_one_name() -> None:
    assert [str(file) for file in PACKAGE.rglob("*.py") if "remed" in file.read_text("utf-8").lower()] == []
