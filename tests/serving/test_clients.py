"""Clients that are generated from the description, and ask a running service. Generators come from package registries: ``-m clients``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.serving.http.running import Running

from sor_addressing import Register
from sor_addressing.serving.openapi import openapi
from sor_addressing.testing import MadeUpLetter, edifact_of

pytestmark = pytest.mark.clients
PROGRAMS = Path(__file__).parent / "clients"
REGISTER = Register.sample()
LETTER = edifact_of(MadeUpLetter())


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    running = Running("--sample", "--workers", "1")
    yield running
    running.end()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "openapi.json").write_text(json.dumps(openapi()), "utf-8")
    return tmp_path


def run(command: list[str], folder: Path) -> str:
    """What a program printed; it may take its time, for generators are fetched."""
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def is_told(answer: dict[str, Any]) -> None:
    verdict = REGISTER.validate("990001", "XDIS91")
    found = REGISTER.find(region="1081", kind=["OE", "SI"], limit=2)
    assert answer == {
        "outcome": str(verdict.outcome),
        "reasons": [f"{one.severity} {one.code}: {one.text('en')}" for one in verdict.findings],
        "arrives": verdict.arrives_as and verdict.arrives_as.text,
        "owner": verdict.resolution.unwrap().location.owner.sor_code,  # type: ignore[union-attr]
        "total": found.total,
        "first": found[0].location_number,
        "nobody": None,
        "code": "malformed-identifier",
        "ready": True,
        "refs": [[1, "supported"], [2, "not_resolved"]],
        "letters": [report.deliverable for report in REGISTER.validate_message(LETTER)],
    }


@pytest.mark.skipif(not (shutil.which("npm") and shutil.which("node")), reason="there is no npm here")
def test_a_program_in_typescript_is_checked_against_it_and_asks(service: Running, folder: Path) -> None:
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    packages = ["openapi-typescript@7", "openapi-fetch", "typescript@5", "@types/node@20"]
    run(["npm", "install", "--silent", "--no-audit", "--no-fund", *packages], folder)
    run(["npx", "openapi-typescript", "openapi.json", "-o", "api.d.ts"], folder)
    shutil.copy(PROGRAMS / "ask.ts", folder)
    checked = ["npx", "tsc", "--strict", "--target", "es2022", "--module", "nodenext", "--types", "node", "ask.ts"]
    run(checked, folder)
    (folder / "letter.edi").write_bytes(LETTER)
    is_told(json.loads(run(["node", "ask.js", f"http://127.0.0.1:{service.port}", "letter.edi"], folder)))
    # A key that no answer has is an error of the compiler.
    wrong = (folder / "ask.ts").read_text("utf-8").replace("verdict.outcome,", "verdict.outcom,")
    (folder / "ask.ts").write_text(wrong, "utf-8")
    with pytest.raises(AssertionError, match="Did you mean 'outcome'"):
        run(checked, folder)


NO_JAVA = not (shutil.which("openapi-generator-cli") and "jackson-databind" in os.environ.get("CLASSPATH", ""))


@pytest.mark.skipif(NO_JAVA, reason="needs openapi-generator-cli, and the jars of its clients in CLASSPATH")
def test_a_program_in_java_asks_through_a_generated_client(service: Running, folder: Path) -> None:
    options = "serializationLibrary=jackson,openApiNullable=false"
    generator = ["openapi-generator-cli", "generate", "-i", "openapi.json", "-g", "java", "-o", "client"]
    run([*generator, "--library", "native", f"--additional-properties={options}"], folder)
    sources = [str(path) for path in (folder / "client" / "src" / "main" / "java").rglob("*.java")]
    run(["javac", "-nowarn", "-d", "classes", *sources, str(PROGRAMS / "Ask.java")], folder)
    path = os.pathsep.join([str(folder / "classes"), os.environ["CLASSPATH"]])
    printed = run(["java", "-cp", path, "Ask", f"http://127.0.0.1:{service.port}"], folder)
    verdict = REGISTER.validate("990001", "XDIS91")
    codes = ", ".join(finding.code for finding in verdict.findings)
    assert printed.splitlines() == [f"{verdict.outcome} {verdict.arrives_as} [{codes}]", "2", "400"]
