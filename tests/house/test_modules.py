"""Modules have one job and a name that says which; importing the package stays cheap; public names are documented."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from tests.house.api_listing import names

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 500
NAMES_THAT_SAY_NOTHING = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}

# What `import sor_addressing` leaves to the first question that needs it.
NEEDED_LATER = {"click", "csv", "lxml", "rapidfuzz", "rich", "tomllib", "xml", "zoneinfo"}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.relative_to(PACKAGE).as_posix())
def test_a_module_has_one_job(module: Path) -> None:
    lines = module.read_text("utf-8").count("\n")
    assert lines <= LONGEST, f"{lines} lines are two jobs"
    assert not NAMES_THAT_SAY_NOTHING & {part.strip("_") for part in module.relative_to(PACKAGE).with_suffix("").parts}


def test_no_two_classes_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(module.relative_to(PACKAGE).as_posix())
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = (
        "import json, sys; before = set(sys.modules); import sor_addressing; "
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    loaded = {name.partition(".")[0] for name in json.loads(answer)}
    assert "sor_addressing" in loaded
    assert loaded & NEEDED_LATER == set()


def test_every_public_name_is_documented() -> None:
    without = []
    for place in sorted(names()):
        module, _, name = place.rpartition(".")
        value = getattr(import_module(module), name)
        if not inspect.isclass(value) and not inspect.isfunction(value):
            continue
        if not inspect.getdoc(value):
            without.append(name)
        if inspect.isclass(value):
            members = [member for member in vars(value) if not member.startswith("_")]
            without.extend(
                f"{name}.{member}"
                for member in members
                if isinstance(vars(value)[member], (property, classmethod, staticmethod))
                or inspect.isfunction(vars(value)[member])
                if not inspect.getdoc(getattr(value, member))
            )
    assert without == []
