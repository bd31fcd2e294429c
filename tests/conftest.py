"""Programs that tests start find the package where this run has it, and what tests share: imports, a disk that is soon full."""

from __future__ import annotations

import gc
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GIVEN = [str(Path(one).absolute()) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([*GIVEN, str(ROOT)]))

TINY = 64 * 1024


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--check-schemas", action="store_true", help="hold every answer that any test is given to its JSON Schema"
    )


def pytest_collection_finish() -> None:
    """What was collected stays to the end: no collection of garbage, and no test that looks for what is left, has to go through it."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _answers_are_what_their_schemas_say(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.config.getoption("--check-schemas"):
        yield
        return
    from tests.serving.recorded import faults_of, recording

    with recording(nested=False) as answers:
        yield
    assert faults_of(answers) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 64 kB; skips where this user can't make one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={TINY}", "tmpfs", str(folder)]
    try:
        made = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("this user can't make a disk that is soon full")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: S607  # wherever it lies
