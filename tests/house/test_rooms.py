"""The face: some fifty names on top, the others in the room they belong to, each listed once; former names and places go on working."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import warnings
import zipfile
from importlib import import_module
from pathlib import Path

import pytest
from tests.house.api_listing import BESIDES, ROOMS, former_names

import sor_addressing
from sor_addressing import AddressingPolicy, Register, audit, compare, review
from sor_addressing._former import UNTIL
from sor_addressing._lazy import listing_of

PACKAGE = Path(sor_addressing.__file__).parent
STUBS = sorted(PACKAGE.rglob("*.pyi"))
LISTED = [name for name in ROOMS if hasattr(import_module(name), "__path__")]
FORMER = [(room, name, *today) for room in LISTED for name, today in former_names(room).items()]


def test_every_stub_is_a_room_and_every_room_of_a_folder_has_one() -> None:
    assert [path.name for path in STUBS] == ["__init__.pyi"] * len(STUBS)
    dotted = {".".join(("sor_addressing", *path.parent.relative_to(PACKAGE).parts)) for path in STUBS}
    assert dotted == set(LISTED)


def test_some_fifty_names_are_on_top() -> None:
    assert 45 <= len(sor_addressing.__all__) <= 60


@pytest.mark.parametrize("room", LISTED)
def test_a_room_gives_what_its_stub_lists(room: str) -> None:
    module = import_module(room)
    present, former = listing_of(module)
    assert module.__all__ == sorted(present)
    assert set(module.__all__) <= set(dir(module))
    assert not set(present) & set(former)
    assert [
        name for name, home in present.items() if getattr(module, name) is not getattr(import_module(home), name)
    ] == []
    with pytest.raises(AttributeError, match=rf"^module '{re.escape(room)}' has no attribute 'Registre'$"):
        module.Registre  # noqa: B018 (the attribute is what is tried)


@pytest.mark.parametrize("room", LISTED)
def test_no_name_of_a_room_is_that_of_a_module_in_it(room: str) -> None:
    """Importing the module would put it where the name was."""
    folder = Path(*import_module(room).__path__)
    assert {path.stem for path in folder.iterdir()} & set(import_module(room).__all__) == set()


@pytest.mark.parametrize("stub", STUBS, ids=lambda path: path.parent.name)
def test_a_stub_lists_names_as_type_checkers_take_them_for_exported(stub: Path) -> None:
    """``from x import A as A``, and below the mark ``B = x.A``, where A was called B once."""
    for node in ast.parse(stub.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            assert [one.asname for one in node.names] == [one.name for one in node.names]
        else:
            assert isinstance(node, (ast.Import, ast.Assign))
            assert stub.parent == PACKAGE


@pytest.mark.parametrize("room", [room for room in LISTED if room != "sor_addressing"])
def test_a_room_lists_what_it_holds_itself_or_rests_on(room: str) -> None:
    rests_on = {
        "register": {"index"},
        "quality": {"register"},
    }  # approval lists are asked by the register, and hold audits
    own = {"errors", *rests_on.get(room.rpartition(".")[2], ())}
    homes = {home.split(".")[1] for home in listing_of(import_module(room))[0].values()}
    assert homes - own <= {room.rpartition(".")[2]}


@pytest.mark.parametrize(("room", "name", "home", "present", "until"), FORMER)
def test_a_former_name_answers_and_says_where_it_is_now(
    room: str, name: str, home: str, present: str, until: str
) -> None:
    told = f"{room}.{name} is {home}.{present} now; the former name goes with version {until}"
    with pytest.warns(DeprecationWarning, match=f"^{re.escape(told)}$") as warned:
        value = getattr(import_module(room), name)
    assert value is getattr(import_module(home), present)
    assert present in import_module(home).__all__
    assert warned[0].filename == __file__
    assert until == UNTIL


def test_a_former_name_is_not_shown_among_the_others() -> None:
    assert {name for _, name, *_ in FORMER} & set(dir(sor_addressing)) == set()


def test_former_places_and_arguments_work_and_say_what_to_use(tmp_path: Path) -> None:
    from sor_addressing.changes import html_report, review_html, writers

    register = Register.sample()
    same, book, found = (
        compare(register, register),
        review([{"GLN": "5790999000314"}], register),
        audit(register, rules=["receipt-missing"]),
    )
    used = {
        "sor_addressing.changes.html_report.to_html": lambda to: html_report.to_html(same, to, language="da"),
        "sor_addressing.changes.review_html.to_html": lambda to: review_html.to_html(book, to, language="da"),
        "sor_addressing.changes.writers.to_csv": lambda to: writers.to_csv(same, to, language="da"),
        "sor_addressing.changes.writers.to_json_lines": lambda to: writers.to_json_lines(list(same), to),
        "sor_addressing.changes.writers.to_markdown": lambda to: writers.to_markdown(same, to, language="da"),
        "Review.to_markdown(language)": lambda to: to.write(book.to_markdown("da")),
        "AddressingPolicy.levels": lambda _to: AddressingPolicy().levels,
        "Audit.to_html(path=…)": lambda to: to.write(found.to_html(path=tmp_path / "a.html")),
        "Audit.to_csv(path=…)": lambda _to: found.to_csv(path=tmp_path / "a.csv"),
    }
    for former, use in used.items():
        stream = io.StringIO()
        with pytest.warns(
            DeprecationWarning, match=f"^{re.escape(former)} is .+ now; the former name goes with version"
        ) as told:
            use(stream)
        assert told[0].filename == __file__
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.html"]
    assert {place for place in BESIDES if place.startswith("sor_addressing.changes")} == {
        former.rpartition(".")[0] for former in used if former.startswith("sor_addressing.")
    }


def test_the_names_are_found_in_a_zip_too(tmp_path: Path) -> None:
    archive = tmp_path / "packed.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in PACKAGE.rglob("*"):
            if path.suffix in (".py", ".pyi"):
                packed.write(path, path.relative_to(PACKAGE.parent))
    program = (
        "import sor_addressing, sor_addressing.letters; print(sor_addressing.__file__, len(sor_addressing.__all__),"
        " sor_addressing.SorCode.__name__, sor_addressing.letters.Party.__name__)"
    )
    command = [sys.executable, "-W", "error", "-c", program]
    answer = subprocess.run(command, env={"PYTHONPATH": str(archive)}, capture_output=True, text=True, check=True)
    file, *said = answer.stdout.split()
    assert file.startswith(str(archive))
    assert said == [str(len(sor_addressing.__all__)), "SorCode", "Party"]


def test_nothing_inside_the_package_uses_a_former_name() -> None:
    former = {name for _, name, *_ in FORMER}
    used = []
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text("utf-8")
        for names in re.findall(r"from sor_addressing import ([\w, ]+)", text):
            used += [(path.name, name) for name in names.split(", ") if name in former]
    assert used == []


def test_no_warning_is_given_twice_for_one_line() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("default")
        from sor_addressing import Party  # noqa: F401
    assert len(told) == 1
