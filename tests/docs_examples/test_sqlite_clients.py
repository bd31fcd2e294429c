"""The Java of the page on answers in SQLite, as it stands there, where Java and its driver for SQLite are to be had."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sor_addressing import Register, export

PAGE = Path(__file__).parents[2] / "docs" / "sqlite.md"
DRIVER = Path("/usr/share/java/sqlite-jdbc.jar")


@pytest.mark.skipif(shutil.which("java") is None or not DRIVER.exists(), reason="needs Java and its driver for SQLite")
def test_java_asks_as_the_page_shows(tmp_path: Path) -> None:
    export(Register.sample(), "all-addresses", tmp_path / "recipients.sqlite", ask=["DIS91"])
    (code,) = re.findall(r"```java\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    (tmp_path / "MaySend.java").write_text(code, "utf-8")
    done = subprocess.run(
        ["java", "-cp", f"{DRIVER}:.", "MaySend.java"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, "send DIS91 D9134L to 5790999000314\n"), done.stderr
