"""Answers as they are given: while it records, whatever any ``to_dict()`` of the package returns is kept, by its class."""

from __future__ import annotations

import ast
import copy
import functools
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent
NO_ANSWERS = {
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
                if isinstance(node, ast.ClassDef) and any(map(_answers, node.body)):
                    yield f"{module}:{node.name}"


def _answers(node: ast.stmt) -> bool:
    """Whether it is a ``to_dict`` that gives something, and not one that says only that there has to be one."""
    return (
        isinstance(node, ast.FunctionDef)
        and node.name == "to_dict"
        and any(isinstance(one, ast.Return) for one in ast.walk(node))
    )


def class_of(name: str) -> type:
    module, _, own = name.partition(":")
    found: type = getattr(import_module(f"sor_addressing.{module}"), own)
    return found


@contextmanager
def recording(*, nested: bool = True) -> Iterator[Answers]:
    """Every answer that is given meanwhile; ``nested`` those in others too."""
    answers: Answers = defaultdict(list)
    before = {}
    depth = [0]
    for name in set(classes_with_answers()) - NO_ANSWERS.keys() | {"quality.outcome:AuditOutcome"}:
        cls = class_of(name)
        before[cls] = cls.__dict__["to_dict"]
        cls.to_dict = _kept(before[cls], answers, depth, nested=nested)  # type: ignore[attr-defined]
    try:
        yield answers
    finally:
        for cls, to_dict in before.items():
            cls.to_dict = to_dict  # type: ignore[attr-defined]


def _kept(to_dict: Any, answers: Answers, depth: list[int], *, nested: bool) -> Any:
    @functools.wraps(to_dict)
    def kept(self: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        depth[0] += 1
        try:
            found: dict[str, Any] = to_dict(self, *arguments, **named)
        finally:
            depth[0] -= 1
        if nested or not depth[0]:
            cls = type(self)
            # Whoever asked may change it.
            answers[f"{cls.__module__.removeprefix('sor_addressing.')}:{cls.__qualname__}"].append(copy.deepcopy(found))
        return found

    assert inspect.isfunction(kept)
    return kept


_SEEN: set[tuple[str, str]] = set()


def faults_of(answers: Answers) -> list[str]:
    """Where answers are not what their schemas say; a shape that was looked at before is left out."""
    from sor_addressing.serving.schemas import classes

    names = {cls: name for name, cls in classes().items()}
    found = []
    for cls, given in answers.items():
        for answer in given:
            shape = cls, shape_of(answer)
            if shape not in _SEEN:
                _SEEN.add(shape)
                if cls not in names:
                    found.append(f"{cls} has no schema")
                    continue
                faults = validator_of(names[cls]).iter_errors(answer)
                found += [f"{names[cls]}: {one.json_path}: {one.message[:200]}" for one in faults]
    return found


@functools.cache
def validator_of(name: str) -> Any:
    """What holds an answer against a schema, formats too."""
    from jsonschema import Draft202012Validator

    from sor_addressing.serving.schemas import schema

    return Draft202012Validator(schema(name), format_checker=Draft202012Validator.FORMAT_CHECKER)


def shape_of(value: object) -> str:
    """What a schema can see of a value, but for its texts."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{shape_of(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(sorted({shape_of(inner) for inner in value})) + "]"
    moment = _MOMENT.match(value) if isinstance(value, str) else None
    if moment:
        return "moment" if moment[1] else "moment without a zone"
    return type(value).__name__


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$")


def references(value: object) -> Iterator[str]:
    """Whatever a schema or a description refers to."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)
