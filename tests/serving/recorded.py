"""Answers as they are given: while it records, whatever any ``to_dict()`` of the package returns is kept, by its class."""

from __future__ import annotations

import ast
import copy
import functools
import inspect
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent
NO_ANSWERS = {
    "cli.output.letters:Counted": "a protocol",
    "quality.outcome:AuditOutcome": "what Audit is made of, and whose schema is Audit's",
    "serving.service.problems:ServiceProblem": "needs a language; its document is ProblemDetails",
    "serving.service.problems:RefusedQuestion": "likewise",
}
"""Classes with a ``to_dict`` that is no answer of its own."""

Answers = dict[str, list[dict[str, Any]]]


def classes_with_answers() -> Iterator[str]:
    """Every class of the package that has a ``to_dict``, as ``module:Class``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text("utf-8")
        if "def to_dict" in text:
            module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef) and any(
                    isinstance(one, ast.FunctionDef) and one.name == "to_dict" for one in node.body
                ):
                    yield f"{module}:{node.name}"


def class_of(name: str) -> type:
    module, _, own = name.partition(":")
    found: type = getattr(import_module(f"sor_addressing.{module}"), own)
    return found


@contextmanager
def recording() -> Iterator[Answers]:
    """Every answer that is given meanwhile, those in others too."""
    answers: Answers = defaultdict(list)
    before = {}
    for name in set(classes_with_answers()) - NO_ANSWERS.keys() | {"quality.outcome:AuditOutcome"}:
        cls = class_of(name)
        before[cls] = cls.__dict__["to_dict"]
        cls.to_dict = _kept(before[cls], answers)  # type: ignore[attr-defined]
    try:
        yield answers
    finally:
        for cls, to_dict in before.items():
            cls.to_dict = to_dict  # type: ignore[attr-defined]


def _kept(to_dict: Any, answers: Answers) -> Any:
    @functools.wraps(to_dict)
    def kept(self: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        found: dict[str, Any] = to_dict(self, *arguments, **named)
        cls = type(self)
        answers[f"{cls.__module__.removeprefix('sor_addressing.')}:{cls.__qualname__}"].append(
            copy.deepcopy(found)
        )  # whoever asked may change it
        return found

    assert inspect.isfunction(kept)
    return kept
