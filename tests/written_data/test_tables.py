"""Values of a table are what they should be, or an error names file, line and key and says what would be right."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from subprocess import run
from sys import executable

import pytest

import sor_addressing
from sor_addressing.errors import ExportError, PolicyError, SorAddressingError, StoreError
from sor_addressing.shipped import shipped_rows, shipped_toml
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import toml_of


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


READ: dict[str, Callable[[WrittenTable], object]] = {
    "text": lambda table: table.text("a"),
    "texts": lambda table: table.texts("a"),
    "whole": lambda table: table.whole("a", 1, 9),
    "switch": lambda table: table.switch("a"),
    "one of": lambda table: table.one_of("a", Color),
    "day": lambda table: table.day("a"),
    "moment": lambda table: table.moment("a"),
    "table": lambda table: dict(table.table("a").values),
    "tables": lambda table: [dict(one.values) for one in table.tables("a")],
    "mapped": lambda table: table.mapped("a", WrittenTable.text),
}
RIGHT = {
    "text": "write a text",
    "texts": "write a text or a list of texts",
    "whole": "write a whole number from 1 to 9",
    "switch": "use true or false",
    "one of": "use red or blue",
    "day": "write a day such as 2026-01-15",
    "moment": "write a moment such as 2026-01-15T09:30:00+01:00",
    "table": "write a table, [a] and its keys below",
    "tables": "write tables, each under [[a]]",
    "mapped": "write a table, [a] and its keys below",
}
NOON = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("what", "written", "value"),
    [
        ("text", '"x"', "x"),
        ("texts", '"x"', ("x",)),
        ("texts", '["x", "y"]', ("x", "y")),
        ("texts", "[]", ()),
        ("whole", "9", 9),
        ("switch", "true", True),
        ("one of", '"blue"', Color.BLUE),
        ("day", "2026-01-15", dt.date(2026, 1, 15)),
        ("day", '"2026-01-15"', dt.date(2026, 1, 15)),
        ("moment", "2026-01-15T12:00:00Z", NOON),
        ("moment", '"2026-01-15T12:00:00+00:00"', NOON),
        ("table", '{b = "x"}', {"b": "x"}),
        ("tables", '[{b = "x"}]', [{"b": "x"}]),
        ("mapped", '{b = "x"}', {"b": "x"}),
    ],
)
def test_a_value_is_read_as_what_it_is(what: str, written: str, value: object) -> None:
    found = READ[what](toml_of(f"a = {written}", "f.toml", PolicyError))
    assert (type(found), found) == (type(value), value)


WRONG = (
    "1.5",
    "[1]",
    '["x", 1]',
    "{b = 1}",
    "10",
    "0",
    "2026-01-15T12:00:00",
    '"2026-02-30"',
    '" "',
    '"x"',
    "true",
    "[]",
)
FITTING = {("text", '"x"'), ("text", '"2026-02-30"'), ("texts", '"x"'), ("texts", '"2026-02-30"'), ("texts", "[]"),
           ("switch", "true"), ("table", "{b = 1}"), ("tables", "[]")}  # fmt: skip


@pytest.mark.parametrize("what", READ)
@pytest.mark.parametrize("written", WRONG)
def test_a_wrong_value_is_shown_with_file_line_and_key(what: str, written: str) -> None:
    if (what, written) in FITTING:
        return
    with pytest.raises(ExportError) as caught:
        READ[what](toml_of(f"# first\na = {written}", "f.toml", ExportError))
    error = caught.value
    assert (error.file, error.line, error.__cause__, error.__context__) == ("f.toml", 2, None, None)
    if (what, written) == ("mapped", "{b = 1}"):
        assert str(error) == "f.toml, line 2: a: b is 1: write a text"
    else:
        assert str(error).startswith("f.toml, line 2: a is ")
        assert str(error).endswith(f": {RIGHT[what]}")


@pytest.mark.parametrize("what", [name for name in READ if name not in ("table", "tables", "mapped")])
def test_what_is_missing_is_named(what: str) -> None:
    with pytest.raises(PolicyError, match=f"^f.toml: a is missing: {RIGHT[what]}$".replace("+", r"\+")):
        READ[what](toml_of("", "f.toml", PolicyError))


def test_what_is_left_out_has_its_default() -> None:
    table = toml_of('t = ""', "f.toml", PolicyError)
    assert (table.text("t", "x"), table.texts("a", None), table.whole("a", 0, 1, 5), table.switch("a", True)) == (
        "x",
        None,
        5,
        True,
    )
    assert (table.one_of("a", Color, None), table.day("a", None), table.tables("a")) == (None, None, [])
    assert "a" not in table.table("a")


def test_an_unknown_key_gets_a_suggestion() -> None:
    table = toml_of('max_age = 1\n[a]\nbb = "x"', "f.toml", PolicyError)
    with pytest.raises(PolicyError) as caught:
        table.only("max_age_days", "a")
    assert str(caught.value) == (
        "f.toml, line 1: there is no key 'max_age' (did you mean max_age_days?); the keys are max_age_days, a"
    )
    with pytest.raises(PolicyError, match=r"^f.toml, line 3: a: there is no key 'bb'; the keys are zz$"):
        table.table("a").only("zz")


PLACES = '''
"first key" = 1 # = "no"
text = """
rows = "no"
[no]
"""
list = [
  1, # [no]
  2,
]
inner = { deep = 1, deeper = { x = 1 } }

[a.b]
c.d = 1
'e.f' = 1

[[rows]]
x = 1
[rows.below]
y = 1
[[rows]]
x = 2
  [[rows.more]]
  z = 3
'''


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (2, lambda table: table.wrong("first key", "")),
        (3, lambda table: table.wrong("text", "")),
        (7, lambda table: table.wrong("list", "")),
        (11, lambda table: table.table("inner").table("deeper").wrong("x", "")),
        (14, lambda table: table.table("a").table("b").table("c").wrong("d", "")),
        (15, lambda table: table.table("a").table("b").wrong("e.f", "")),
        (13, lambda table: table.table("a").table("b").fault("")),
        (18, lambda table: table.tables("rows")[0].wrong("x", "")),
        (20, lambda table: table.tables("rows")[0].table("below").wrong("y", "")),
        (22, lambda table: table.tables("rows")[1].wrong("x", "")),
        (24, lambda table: table.tables("rows")[1].tables("more")[0].wrong("z", "")),
        (17, lambda table: table.tables("rows")[0].fault("")),
        (None, lambda table: table.fault("")),
    ],
)
def test_the_line_of_a_value_is_found_wherever_it_stands(
    line: int | None, fault: Callable[[WrittenTable], SorAddressingError]
) -> None:
    assert fault(toml_of(PLACES, "f.toml", PolicyError)).line == line


def test_what_looks_like_a_person_is_not_shown() -> None:
    person = f"{31:02d}{2:02d}{99:02d}-{9999:04d}"
    with pytest.raises(StoreError) as caught:
        toml_of(f'a = "{person}"', "f.toml", StoreError).whole("a", 0, 1)
    assert person not in str(caught.value)
    assert "(hidden)" in str(caught.value)


def test_shipped_data_are_read_from_a_zip_too(tmp_path: Path) -> None:
    package = Path(sor_addressing.__file__).parent
    archive = tmp_path / "library.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in package.rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                file.write(path, path.relative_to(package.parent))
    program = (
        "import sor_addressing as s; print(s.__file__); r = s.Register.sample(); "
        "u = next(iter(r)); print(r.validate(u, 'XDIS91').explain('da')); print(len(r.search('hjerte'))); "
        "from sor_addressing.letters import edifact; from sor_addressing.letters.edifact.parties import party_table; party_table()"
    )
    ended = run(
        [executable, "-c", program], env={"PYTHONPATH": str(archive)}, capture_output=True, text=True, cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(str(archive))


def test_shipped_tables_are_what_their_files_say() -> None:
    assert shipped_toml("sor_addressing.exports", "data", "uses.toml")["hospitals"]["key"] == "sor_code"
    assert ["RECEIVERID", "receiver"] in shipped_rows("sor_addressing.letters", "data", "sbdh_scopes.csv")
