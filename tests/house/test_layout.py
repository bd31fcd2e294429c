"""Where modules lie: no folder is a heap, no two names differ by an ending only, and a module does not repeat its folder's name."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent
FOLDERS = sorted({path.parent for path in PACKAGE.rglob("*.py")})
MOST_MODULES = 20
MOST_IMPORTS_OF_NEIGHBOURS = 4  # each module's, on average: with more, nothing in the folder can be read alone

ENDINGS = (
    "ations", "ation", "isons", "ison", "ables", "able", "ings", "ing", "ions", "ion", "ers", "er", "ies", "ed", "es", "e",
    "s", "y",
)  # fmt: skip


def names_in(folder: Path) -> list[str]:
    """The modules and folders in a folder, without its ``__init__``."""
    inner = [path.name for path in folder.iterdir() if path.is_dir() and any(path.glob("*.py"))]
    return sorted(inner + [path.stem for path in folder.glob("*.py") if path.stem not in ("__init__", "__main__")])


def stem(name: str) -> str:
    """A name without underscores and endings, as it is remembered.

    >>> stem("look_ups") == stem("lookup"), stem("comparing") == stem("comparison") == stem("comparable")
    (True, True)
    """
    word = name.replace("_", "")
    while shorter := next(
        (word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) > len(end) + 2), ""
    ):
        word = shorter
    return word


def shown(folder: Path) -> str:
    return folder.relative_to(PACKAGE.parent).as_posix()


@pytest.mark.parametrize("folder", FOLDERS, ids=shown)
def test_a_folder_can_be_looked_over(folder: Path) -> None:
    assert len([path for path in folder.glob("*.py") if path.stem != "__init__"]) <= MOST_MODULES


@pytest.mark.parametrize("folder", FOLDERS, ids=shown)
def test_no_two_names_differ_by_an_ending_only(folder: Path) -> None:
    alike = defaultdict(list)
    for name in names_in(folder):
        alike[stem(name)].append(name)
    assert [names for names in alike.values() if len(names) > 1] == []


@pytest.mark.parametrize("folder", FOLDERS[1:], ids=shown)
def test_a_module_does_not_repeat_the_name_of_its_folder(folder: Path) -> None:
    own = stem(folder.name)
    repeating = [name for name in names_in(folder) if own in (stem(name), *map(stem, name.split("_")))]
    assert repeating == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("lookup", "look_ups"), ("compiled", "compiling"), ("comparing", "comparison"), ("comparing", "comparable"),
     ("finding", "findings"), ("rule", "rules")],
)  # fmt: skip
def test_names_that_were_taken_for_each_other_are_found(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("report", "rows"), ("reading", "resolving"), ("kinds", "kept"), ("unit", "used")]
)
def test_names_that_tell_things_apart_are_let_through(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_no_two_classes_have_one_name() -> None:
    places = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(shown(path))
    assert len(places) > 300
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "docs" / "_ext"))
    import import_graph

    yield import_graph
    sys.modules.pop("import_graph", None)


def test_no_folder_is_a_heap(drawn) -> None:
    found = drawn.folders()
    assert len(found) == len(FOLDERS)
    assert sum(folder.within for folder in found) > 300
    assert [folder for folder in found if folder.within > MOST_IMPORTS_OF_NEIGHBOURS * folder.modules] == []
