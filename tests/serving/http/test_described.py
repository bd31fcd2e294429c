"""The service held against its own description by chance: whatever is asked, the answer is one that the description knows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.serving.http.running import Running

COUNT = "15"


def tried(service: Running, folder: Path, count: str) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    if not program.exists() and shutil.which("schemathesis") is None:
        pytest.skip("schemathesis is not installed")
    asked = [
        str(program if program.exists() else shutil.which("schemathesis")), "run", f"http://127.0.0.1:{service.port}/openapi.json",
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method",
        "--max-examples", count, "--seed", "1", "--phases", "examples,coverage,fuzzing", "--no-color", "--generation-database", "none",
        "--request-timeout", "20", "--continue-on-failure",
    ]  # fmt: skip
    done = subprocess.run(
        asked, capture_output=True, text=True, cwd=folder, env={**os.environ, "PYTHONWARNINGS": ""}, check=False
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]


@pytest.mark.national
def test_whatever_is_asked_is_answered_as_described(service: Running, tmp_path: Path) -> None:
    tried(service, tmp_path, "100")
