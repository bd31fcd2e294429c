"""Nothing public vanishes unseen: names, parameters and fields are held against a text that only a command rewrites."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import attrs
from tests.house.api_listing import LISTING, _class, listing, names

ROOT = Path(__file__).parents[2]
IMPORTED = re.compile(r"^(?:>>> )?from (sor_addressing(?:\.\w+)*) import (.+)$", re.MULTILINE)


def test_the_public_face_is_as_it_was_promised() -> None:
    """Where this fails and the change was meant: ``python tests/house/api_listing.py``, and a line in the changelog."""
    before, now = LISTING.read_text("utf-8").splitlines(), listing().splitlines()
    assert "\n".join(difflib.unified_diff(before, now, "promised", "is", lineterm="", n=0)) == ""


def test_what_pages_and_examples_import_is_promised() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("**/*.md"), *(ROOT / "examples").rglob("*.py")]
    imported = {
        f"{module}.{name.strip()}"
        for page in pages
        for module, found in IMPORTED.findall(page.read_text("utf-8"))
        for name in found.partition("#")[0].split(",")
        if name.strip().isidentifier()
    }
    assert len(imported) > 30
    assert imported - names() == set()


def test_every_public_name_is_used_by_the_type_tests() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "tests" / "typing").glob("*.py")]
    used = {word for text in texts for word in re.findall(r"\w+", text)}
    kit = "sor_addressing.testing"  # has its own tests; what an integrator types most is in kit_face.py
    assert {name for name in names() if name.rpartition(".")[2] not in used and not name.startswith(kit)} == set()


def test_a_field_a_parameter_and_a_member_are_in_the_text() -> None:
    @attrs.frozen(slots=True, kw_only=True)
    class Small:
        number: int
        also: str | None = None

        def asked(self, way: str = "da") -> bool:
            return bool(way)

        @property
        def half(self) -> float:
            return self.number / 2

    Small.__module__ = "sor_addressing.made_up"
    assert list(_class("Small", Small)) == [
        "class Small",
        "    number: int",
        "    also: str | None",
        "    __init__(self, *, number: int, also: str | None = None) -> None",
        "    asked(self, way: str = 'da') -> bool",
        "    half: float",
    ]
