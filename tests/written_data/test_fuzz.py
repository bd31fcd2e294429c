"""Whatever stands in a file of TOML, JSON or settings in CSV: it is read, or refused with one error of ours that names the file.

A short run by default. For a long one, give the number of examples for each reader::

    SOR_ADDRESSING_FUZZ=20000 python -m pytest tests/written_data/test_fuzz.py
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.changes.book.reading import read_book
from sor_addressing.changes.review.watching import WatchMemory
from sor_addressing.daily.days import read_day
from sor_addressing.daily.journal import Journal
from sor_addressing.errors import SnapshotError, SorAddressingError
from sor_addressing.exports.uses import Use
from sor_addressing.extracts.tables.headers import match_columns
from sor_addressing.index.report import LoadReport
from sor_addressing.messages.catalogue import Catalogue
from sor_addressing.messages.conversions import ConversionModel
from sor_addressing.quality.packages import Package
from sor_addressing.register.allowing.approvals import Approvals
from sor_addressing.register.face import Register
from sor_addressing.search.words.aliases import Aliases
from sor_addressing.testing import numbers
from sor_addressing.written_data.json_texts import read_json
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import read_toml

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "40"))
fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

CODE = numbers.sor_code(1)
REPORT = Register.sample().load_report.to_json()
TOML = {
    "policy": 'preset = "strict"\nmax_age_days = 5\n[severities]\nunit-shared = "info"\n',
    "model": 'name = "m"\n[[rows]]\nfamily = "*"\nfrom_format = "EDI"\nto_format = "XML"\nby = "sender"\nscope = "region"\nscope_value = 1\n',
    "aliases": f'[aliases]\n{CODE} = ["Det gule hus", "Gulhuset"]\n',
    "packages": '[[package]]\nname = "p"\nunit_type = ["a"]\nshould_send = "DIS91"\ncomplete = true\ntitle = {da = "x", en = "y"}\n',
    "uses": '[wards]\nkey = "sor_code"\nfront = "owner"\n[[wards.where]]\nkind = "OE"\nowner_name = ["region *"]\npostal_code = ["9999"]\n',
    "columns": '[columns]\nlocation_number = "Nr"\n[columns.message_types]\nmessage_type = "Ærinde"\n',
}
JSON = {
    "day": '{"origin": "x", "arrived_at": "2026-01-15T00:00:00+00:00", "digests": {"a": "b"}, "counts": {"units": 3}, '
    '"has_message_types": true, "reasons": [{"code": "units-lost", "details": {"a": 1}}], "layout": 1}',
    "journal": '{"updates": 1, "state": "renewed", "at": "2026-01-15T00:00:00+00:00", "reasons": [], "known": {"etag": "x"}, '
    '"known_of": "2026-01-15.1", "extracts": 1}',
    "memory": '{"layout": 1, "day": "2026-01-15", "entries": {"a": ["unit-closed"]}}',
    "book": '[{"location_number": "5790999000017", "name": "A", "x": {"y": [1.5]}},\n{"location_number": 5790999000024}]',
    "book lines": '{"location_number": "5790999000017", "name": "A"}\n{"location_number": 5790999000024}\n',
}
CSV = {
    "aliases": f"SOR-kode;Navn\n{CODE};Det gule hus\n",
    "model": "family,from_format,to_format,by,scope,scope_value\n*,EDI,XML,sender,region,1\n",
    "catalogue": "family,code,format,version,current\nDIS91,DIS91,EDI,D9134L,yes\n",
    "approvals": "system,code,version,direction,status\nJournal,DIS91,D9134L,send,approved\n",
}


def _columns(path: Path) -> object:
    return match_columns(["Nr", "Ærinde"], "message_types", file="edi.csv", columns=path)


def _day(path: Path) -> object:
    folder = path.parent / "2026-01-15.1"
    folder.mkdir(exist_ok=True)
    (folder / "day.json").write_bytes(path.read_bytes())
    return read_day(folder)


READERS: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "policy.toml": (TOML["policy"], "toml", AddressingPolicy.load),
    "model.toml": (TOML["model"], "toml", ConversionModel.load),
    "aliases.toml": (TOML["aliases"], "toml", Aliases.load),
    "packages.toml": (TOML["packages"], "toml", Package.load),
    "uses.toml": (TOML["uses"], "toml", Use.load),
    "columns.toml": (TOML["columns"], "toml", _columns),
    "day.json": (JSON["day"], "json", _day),
    "journal.json": (JSON["journal"], "json", Journal.read),
    "memory.json": (JSON["memory"], "json", WatchMemory.load),
    "book.json": (JSON["book"], "json", read_book),
    "book.jsonl": (JSON["book lines"], "json", read_book),
    "aliases.csv": (CSV["aliases"], "csv", Aliases.load),
    "model.csv": (CSV["model"], "csv", ConversionModel.load),
    "catalogue.csv": (CSV["catalogue"], "csv", Catalogue.load),
    "approvals.csv": (CSV["approvals"], "csv", Approvals.load),
}
BOMBS = [
    b"", b"\xef\xbb\xbf", b"\xff\xfe{\0}\0", b"\xe6", b"\0", b"\r", b"#" * 100_000,
    b"a = " + b"[" * 100_000, b"a = " + b"[" * 100 + b"]" * 100, b"a = " + b"{b=" * 5_000, b"a." * 50_000 + b"b = 1",
    b"[" + b"a." * 50_000 + b"b]", b'a = ' + b"9" * 10_000, b"a = 0x" + b"f" * 10_000, b"a = 1e999", b"a = nan", b"a = inf", b"a = 1\na = 2",
    b'a = "\\ud800"', b"a = 1979-13-01", b"\"a\"" + b".'b'" * 5_000 + b" = 1",
    b'{"a":' * 100_000, b"[" * 100_000, b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", b'{"a": ' + b"9" * 10_000 + b"}", b'{"a": 1e999}',
    b'{"a": -1e999}', b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1, "a": 2}', b'{"a": "\\ud800"}', b'{"a": "\\ud800\\udc00"}', b"[{}]", b"[1]",
    b"null", b"1", b'"x"', b"{}", b"{}{}", b"{} x", b'{"a": 1', b'"' * 99_999, b"a;b\n" * 1_000, b'"' + b"x" * 200_000 + b'";y\n',
]  # fmt: skip
PIECES = [
    b"[", b"]", b"[[", b"{", b"}", b"=", b".", b"'", b'"', b'"""', b"\n", b"#", b",", b":", b"-1", b"0", b"1e999", b"nan", b"true", b"null", b"[1]",
    b"9" * 30, b"9" * 5_000, b"0x" + b"f" * 500, b"2026-01-15", b"9999-12-31T23:59:59+00:00", b"\xff", b"\0", "æ".encode(), b"\\ud800", b"{}",
    b"[[[[[[", b"x", b'"x"', b";", b"\t", b" ",
]  # fmt: skip
damages = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 30), st.sampled_from(PIECES) | st.binary(max_size=5)),
    min_size=1,
    max_size=4,
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.just("x" * 300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def outcome(path: Path, read: Callable[[Path], object]) -> str:
    """What a reader says of a file; empty where it reads it."""
    told: SorAddressingError | None = None
    try:
        read(path)
    except SorAddressingError as error:
        told = error
    assert told is None or (told.__cause__ is None and len(str(told)) < 3_000)
    return str(told or "")


@pytest.mark.parametrize("name", READERS)
def test_what_is_as_it_should_be_is_read(name: str, tmp_path: Path) -> None:
    text, _, read = READERS[name]
    for mark in (b"", b"\xef\xbb\xbf"):
        (tmp_path / name).write_bytes(mark + text.encode())
        assert outcome(tmp_path / name, read) == ""


@pytest.mark.parametrize("name", READERS)
def test_bombs_of_every_kind_give_one_error_that_names_the_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for bomb in BOMBS:
        path.write_bytes(bomb)
        said = outcome(path, READERS[name][2])
        assert said == "" or str(path) in said


@fuzzing
@given(st.sampled_from(sorted(READERS)), damages)
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, damage: list[tuple[int, int, bytes]]
) -> None:
    text, _, read = READERS[name]
    data = text.encode()
    for start, removed, put in damage:
        at = start % (len(data) + 1)
        data = data[:at] + put + data[at + removed :]
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    outcome(path, read)


@fuzzing
@given(st.sampled_from([name for name, (_, kind, _) in READERS.items() if kind == "json"]), st.data())
def test_any_value_in_any_place_of_json_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    text, _, read = READERS[name]
    document = json.loads(text.splitlines()[0] if name.endswith("l") else text)
    inside = document[0] if isinstance(document, list) else document
    inside[data.draw(st.sampled_from(sorted(inside)))] = data.draw(values)
    path = tmp_path_factory.getbasetemp() / name
    path.write_text(json.dumps(document, default=str), "utf-8")
    outcome(path, read)


@fuzzing
@given(damages)
def test_a_damaged_load_report_is_read_or_refused(damage: list[tuple[int, int, bytes]]) -> None:
    data = REPORT
    for start, removed, put in damage:
        at = start * 7 % (len(data) + 1)
        data = data[:at] + put + data[at + removed :]
    with suppress(SnapshotError):
        LoadReport.from_json(data)


GETTERS: list[Callable[[WrittenTable, str], object]] = [
    WrittenTable.text, WrittenTable.texts, WrittenTable.switch, WrittenTable.day, WrittenTable.moment, WrittenTable.table, WrittenTable.tables,
    lambda table, key: table.whole(key, -5, 5), lambda table, key: table.one_of(key, ("a", "b")),
    lambda table, key: table.mapped(key, WrittenTable.texts),
]  # fmt: skip


@fuzzing
@given(st.dictionaries(st.text(max_size=4), values, max_size=3))
def test_every_getter_answers_or_refuses(members: dict[str, object]) -> None:
    table = WrittenTable(members, "f", SorAddressingError)
    for key in (*members, "nowhere"):
        for getter in GETTERS:
            with suppress(SorAddressingError):
                getter(table, key)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = 1e999", "a number that is none or too large (nan, inf, 1e999); write a number"),
        (b"a = " + b"9" * 5_000, "a number of too many digits; write a smaller one, or a text in quotes"),
        (b"a = 0x" + b"f" * 5_000, "a number of too many digits; write a smaller one, or a text in quotes"),
        (b"a = " + b"[" * 5_000, "nested deeper than any such file; give the right one"),
        (b"a" + b".a" * 100 + b" = 1", "nested deeper than any such file: a key has too many parts; write fewer"),
        (b"\xff\xfea\0", "written in UTF-16; save it as UTF-8"),
        (b"a = '\xe6'", "not UTF-8 (byte 6); save it as UTF-8"),
        (b" " * 2_000, "more than 1,000 bytes, and no such file has; give the right one"),
    ],
)
def test_what_no_file_of_ours_may_hold_is_told(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_bytes(content)
    with pytest.raises(SorAddressingError) as caught:
        read_toml(path, SorAddressingError, most_bytes=1_000 if content.isspace() else 100_000)
    assert caught.value.reason == said


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b'{"a":\n 1e999}', None, "a number too large to be one (1e999); write a smaller one"),
        (b'{"a":\n NaN}', None, "not JSON: NaN and Infinity are no numbers there"),
        (b'{"a": 1,\n "a": 2}', None, "a key stands twice in one object; take one of them away"),
        (
            b'{"a": ' + b"9" * 5_000 + b"}",
            None,
            "a number of too many digits; write a smaller one, or a text in quotes",
        ),
        (b'{"a":' * 100 + b"1" + b"}" * 100, None, "nested deeper than any such file; give the right one"),
        (b'{"a":' * 100_000, None, "nested deeper than any such file; give the right one"),
        (b'{"a": 1,\n', 2, "not JSON: it ends too early"),
        (b'{"a": 1,\n x}', 2, "not JSON from here on"),
        (b'{"a": 1}\n{}', 2, "something stands after the end of the JSON"),
        (b"[]", 1, "not an object of JSON, which begins with { and ends with }"),
    ],
)
def test_what_no_json_of_ours_may_hold_is_told(content: bytes, line: int | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(content)
    with pytest.raises(SorAddressingError) as caught:
        read_json(path, SorAddressingError)
    assert (caught.value.line, caught.value.reason) == (line, said)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
