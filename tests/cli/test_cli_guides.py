"""The commands of the guides, from a pack to a register that is right, run as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAIRS = {"region": "region", "hospital": "sygehus", "supplier": "leverandoer", "municipality": "kommune"}
GUIDES = [*(DOCS / "howto" / f"{name}.md" for name in PAIRS), *(DOCS / "da" / f"{name}.md" for name in PAIRS.values())]
BLOCK = re.compile(r"^```shell\n((?:(?!```).*\n)*)```$", re.MULTILINE)
ENDS_WITH_NO = re.compile(r"#.*(?:exit code|afslutningskode) 1")


def commands(guide: Path) -> list[str]:
    return [line for block in BLOCK.findall(guide.read_text("utf-8")) for line in block.splitlines()]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: f"{guide.parent.name}/{guide.stem}")
def test_a_guide_runs(guide: Path, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for line in commands(guide):
        program, *words = shlex.split(line, comments=True)
        ran = run(*words)
        assert (program, ran.code) == ("sor-addressing", 1 if ENDS_WITH_NO.search(line) else 0), (line, ran.err)
    packs = list(tmp_path.rglob("page.html"))
    assert packs or guide.stem in ("hospital", "sygehus")


@pytest.mark.parametrize(("english", "danish"), PAIRS.items())
def test_both_languages_run_the_same(english: str, danish: str) -> None:
    def options(guide: Path) -> list[list[str]]:
        lines = (shlex.split(line, comments=True) for line in commands(guide))
        return [[word for word in line if word.startswith("--") and word != "--lang"] for line in lines]

    assert options(DOCS / "howto" / f"{english}.md") == options(DOCS / "da" / f"{danish}.md")


def test_every_command_and_option_that_a_guide_names_is_there(run) -> None:
    for guide in GUIDES:
        for named in re.findall(r"`sor-addressing ([^`]+)`", guide.read_text("utf-8")):
            command, *words = shlex.split(named)
            told = run(command, "--help").out
            assert [word for word in words if word.startswith("--") and f"{word} " not in told] == [], named
