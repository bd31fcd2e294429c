"""The package does its work from a zip: nothing of its data is read as a file of the system's."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent

# What may say __file__: it hands the path to the loader, or is for a checkout alone.
ALLOWED = {"messages/datafile.py", "testing/sample/__main__.py"}

PROGRAM = """
import io, sys, tempfile
from pathlib import Path
import sor_addressing
assert sys.argv[1] in sor_addressing.__file__, sor_addressing.__file__
from sor_addressing import AddressingPolicy, Register, audit, compare, export, review
from sor_addressing.errors import LetterError
from sor_addressing.testing import edifact_of, fhir_of, made_up_nation, oioxml_of, sample_extract, sample_letters, vans_envelope_of, sbdh_of

register = Register.sample()
assert register.validate("990001", "DIS91").deliverable
assert register.validate("990001", "DIS91", policy=AddressingPolicy.strict()).explain("da")
assert register.search("klinik") and list(register.find())
assert audit(register).to_html() and audit(register, packages=None).to_markdown()
assert not compare(register, register)
assert review([{"ydernummer": "990001", "type": "DIS91"}], register).to_html()
for letter in sample_letters():
    try:
        register.validate_message(letter.content)
    except LetterError:
        pass
with tempfile.TemporaryDirectory() as folder:
    sample_extract().write(folder)
    loaded = Register.load(folder)
    assert len(loaded) == len(register) and loaded.load_report.to_json()
    for name in ("a.csv", "a.fhir.json", "a.sqlite"):
        assert export(register, "municipalities", Path(folder, name)).rows
    register.save(Path(folder, "a.sor"))
    assert len(Register.open(Path(folder, "a.sor"))) == len(register)
assert len(made_up_nation(50).to_register()) == 50
"""


def test_everything_works_from_a_zip(tmp_path: Path) -> None:
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in PACKAGE.rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                zipped.write(path, Path("sor_addressing", path.relative_to(PACKAGE)))
    environment = {**os.environ, "PYTHONPATH": str(archive)}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, str(archive)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    for arguments in (
        ["info", "--sample"],
        ["demo"],
        ["export", "municipalities", "-o", "-", "--format", "csv", "--sample"],
    ):
        told = subprocess.run(
            [sys.executable, "-P", "-m", "sor_addressing", *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert told.returncode == 0, told.stderr
        assert told.stdout


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_looks_for_its_own_place(module: Path) -> None:
    names = {node.id for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Name)}
    attributes = {
        node.attr for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Attribute)
    }
    if module.relative_to(PACKAGE).as_posix() not in ALLOWED:
        assert "__file__" not in names | attributes
