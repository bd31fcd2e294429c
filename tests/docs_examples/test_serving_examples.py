"""The files of ``examples/serving`` are such files, and the clients among them get their answers from the running service."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from sor_addressing import Register
from sor_addressing.cli.app import program

FOLDER = Path(__file__).parents[2] / "examples" / "serving"
TOKEN = "made-up-token-of-a-test"  # noqa: S105 (nobody's)
IN_A_CONTAINER = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}


def assert_is_a_command(arguments: list[str]) -> None:
    name, *options = arguments
    command = program.get_command(click.Context(program), name)
    assert command is not None
    command.make_context(name, options)  # a usage error where an option is none


def instructions() -> dict[str, str]:
    text = (FOLDER / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    return dict(line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_the_image_runs_a_command_of_ours_without_root_and_looks_after_itself() -> None:
    image = instructions()
    assert int(image["USER"]) > 0
    assert "/health" in image["HEALTHCHECK"]
    assert_is_a_command(json.loads(image["CMD"]))
    extras = re.search(r"sor-addressing\[([a-z,]+)\]", image["RUN"])
    assert extras is not None
    pyproject = (FOLDER.parents[1] / "pyproject.toml").read_text("utf-8")
    assert all(re.search(rf"^{extra} = \[", pyproject, flags=re.MULTILINE) for extra in extras[1].split(","))


def test_compose_serves_what_is_renewed_and_nothing_can_be_written_but_the_store() -> None:
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))["services"]
    for service in services.values():
        assert IN_A_CONTAINER.items() <= service.items()
        assert service["volumes"][0].partition(":ro")[0] == "store:/var/lib/sor-addressing"
    assert_is_a_command(services["serve"]["command"])
    assert services["serve"]["volumes"][0].endswith(":ro")
    assert services["serve"]["ports"][0].startswith("127.0.0.1:")
    (loop,) = services["update"]["command"]
    found = re.search(r"sor-addressing ([^;]*)", loop)
    assert found is not None
    assert_is_a_command(shlex.split(found[1]))


def test_the_unit_of_systemd_runs_a_command_of_ours() -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # keys have upper and lower case
    read.read_string((FOLDER / "sor-addressing-serve.service").read_text("utf-8"))
    _, *arguments = shlex.split(read["Service"]["ExecStart"])
    assert_is_a_command(arguments)
    assert read["Service"]["User"] != "root"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_has_nothing_to_say_of_the_unit(tmp_path: Path) -> None:
    text = (FOLDER / "sor-addressing-serve.service").read_text("utf-8")
    unit = tmp_path / "sor-addressing-serve.service"
    unit.write_text(text.replace("/opt/sor-addressing/bin/sor-addressing", sys.executable), "utf-8")
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in ended.stderr.splitlines() if "sor-addressing" in line] == []


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on the made-up register that wants a token."""
    tokens = tmp_path_factory.mktemp("tokens") / "tokens.txt"
    tokens.write_text(TOKEN + "\n", "utf-8")
    tokens.chmod(0o600)
    command = ["serve", "--sample", "--port", "0", "--workers", "1", "--token-file", str(tokens), "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "sor_addressing", *command], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")["address"]
        process.terminate()
        process.wait(timeout=30)


CLIENTS = {
    "java": ["java", "MaySend.java"],
    "dotnet": ["dotnet", "run", "MaySend.cs"],
    "pwsh": ["pwsh", "-NoProfile", "may-send.ps1"],
}


def run(command: list[str], *, token: str = TOKEN, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=FOLDER,
        env={**os.environ, "SOR_TOKEN": token},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("tool", CLIENTS)
def test_a_client_is_answered_and_refused_without_the_token(service: str, tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"needs {tool}")
    asked = [*CLIENTS[tool], service, "990001", "DIS91 D9134L"]
    answered = run(asked)
    assert answered.returncode == 0, answered.stderr
    if tool == "java":
        answer = json.loads(answered.stdout)
        assert answer["deliverable"] is True
        assert answer["send_as"]["text"] == "DIS91 D9134L"
    else:
        assert answered.stdout.startswith("send")
    assert run(asked, token="another").returncode != 0  # noqa: S106 (no token)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_asks_many_at_once(service: str) -> None:
    pairs = [("990001", "DIS91"), ("nobody", "DIS91"), ("990001", "XREF15 XR1530R")]
    given = "".join(json.dumps({"id": one, "message_type": asked}) + "\n" for one, asked in pairs)
    done = run(["sh", "may-send.sh", service], given=given)
    assert done.returncode == 0, done.stderr
    register = Register.sample()
    answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["outcome"], one["deliverable"]) for one in answers] == [
        (str(verdict.outcome), verdict.deliverable) for verdict in register.validate_many(pairs)
    ]
    assert run(["sh", "may-send.sh", service], token="another", given=given).returncode != 0  # noqa: S106 (no token)
