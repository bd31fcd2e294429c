"""A compiled register answers as the one it was made from, and a damaged one never answers wrongly."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import random
import subprocess
import sys
import zlib
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import pytest

from sor_addressing import IdentifierKind, Register, SnapshotError, UnitKind
from sor_addressing.companions import ShakRecord
from sor_addressing.index import opening as compiled
from sor_addressing.index import saving as compiling
from sor_addressing.index.columns import TYPECODES
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.index.opening import LAYOUT, MAGIC, PREAMBLE, Section
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.told.endpoints import EndpointRegistrations
from sor_addressing.loading.from_records import report_of
from sor_addressing.model import EndpointRegistration, UnitRecord
from sor_addressing.search.columns import make_columns
from sor_addressing.search.kept import kept_columns
from sor_addressing.testing import RegisterBuilder, made_up_nation

TYPES = ("XDIS91", "DIS91 D9134L", "FDIS91", "REF01", "XRPT01", "CTL03", "no such type")
UNKNOWN = ("5790999999998", "990000", "99Æ", "???", "")
HEAD = ("snapshot_date", "has_message_types", "has_directions")


def mappings(register: Register) -> dict[str, dict[str, tuple[str, ...]]]:
    """Every ``by_…`` mapping, units by their SOR codes."""
    several = {
        "location": register.by_location_number,
        "provider": register.by_provider_number,
        "shak": register.by_shak_code,
        "cvr": register.by_cvr_number,
    }
    found = {name: {key: tuple(u.sor_code for u in units) for key, units in of.items()} for name, of in several.items()}
    return {"sor": {key: (unit.sor_code,) for key, unit in register.by_sor_code.items()}, **found}


def identifiers(register: Register) -> list[str]:
    """Every identifier that the register holds, of whatever kind, and some that it does not."""
    index = register._index
    held = [key for kind in IdentifierKind for key in index.keys(kind)]
    odd = [index.text(position) for position in index.columns.odd_text]
    without_unit = map(index.number_text, range(len(index.columns.number_key)))
    return list(dict.fromkeys([*held, *odd, *without_unit, *UNKNOWN]))


def answers(register: Register, *, every: int = 1) -> Iterator[object]:
    """All that a register can be asked, or every so manieth identifier of it."""
    yield len(register), register.snapshot_date, register.has_message_types, register._index.has_directions
    for identifier in identifiers(register)[::every]:
        yield register.resolve(identifier, message_type="XDIS91").to_dict()
        for message_type in TYPES[:: 1 + every // 2]:
            yield register.validate(identifier, message_type).to_dict()
        yield register.validate(identifier, "DIS91", direction="send").to_dict()


def everything(register: Register) -> Iterator[object]:
    """All answers, the units themselves, the mappings and the load report."""
    yield register.load_report.to_dict()
    yield mappings(register)
    yield from (unit.to_dict() for unit in register)
    yield from answers(register)


def still(register: Register) -> Callable[[], dt.date]:
    """A clock that stands still on the register's day."""
    return lambda: register.snapshot_date


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> Register:
    """Read from files, so that its report has sources and problems."""
    written = made_up_nation(300, seed=11).write(tmp_path_factory.mktemp("extract"))
    text = written.units.read_text("utf-8-sig")
    first_code = text.index("SorIdentifier>") + len("SorIdentifier>")
    damaged = text[:first_code] + "9" + text[first_code:]  # one problem more: a check digit that is wrong
    written.units.write_text(damaged, "utf-8")
    today = dt.date(2026, 1, 16)
    return Register.load(written.units, message_types=written.message_types, clock=lambda: today)


@pytest.fixture(scope="module")
def path(loaded, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("compiled") / "register.sor"
    loaded.save(path)
    return path


@pytest.fixture(scope="module")
def opened(path, loaded) -> Register:
    return Register.open(path, clock=loaded._clock)


# The same answers


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_whole_nation_answers_the_same_from_a_file(seed, tmp_path):
    loaded = made_up_nation(160, seed=seed).to_register()
    loaded.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor", clock=still(loaded))
    for mine, its in zip(everything(loaded), everything(opened), strict=True):
        assert mine == its


def test_a_nation_with_everything_odd_answers_the_same_from_a_file(tmp_path):
    loaded = made_up_nation(2_000, seed=5).to_register()
    loaded.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor", clock=still(loaded))
    assert mappings(loaded) == mappings(opened)
    for mine, its in zip(answers(loaded, every=6), answers(opened, every=6), strict=True):
        assert mine == its


def test_the_load_report_is_the_same_with_its_problems_and_texts(loaded, opened):
    mine, its = loaded.load_report, opened.load_report
    assert mine.problems
    assert its == mine
    assert its.to_dict() == mine.to_dict()
    assert [problem.text("da") for problem in its.problems] == [problem.text("da") for problem in mine.problems]
    assert opened.load_report is its


def test_a_register_without_message_types_says_so_from_a_file_too(tmp_path):
    build = RegisterBuilder()
    build.owner("Ejer", location_number=True)
    loaded = Register.from_records(build.extract().units, snapshot_date=dt.date(2026, 1, 15))
    loaded.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor", clock=still(loaded))
    assert list(everything(opened)) == list(everything(loaded))
    assert not opened.has_message_types


def test_a_register_without_units_can_be_compiled(tmp_path):
    loaded = Register.from_records([], [], snapshot_date=dt.date(2026, 1, 15))
    loaded.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor", clock=still(loaded))
    assert list(everything(opened)) == list(everything(loaded))


def test_eight_threads_get_the_same_answers_at_once(loaded, path):
    right = list(answers(loaded, every=9))
    fresh = Register.open(path, clock=loaded._clock)
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: list(answers(fresh, every=9)), range(8)))
    assert given == [right] * 8


FORKING = """
import datetime as dt, json, os, sys, zlib
from sor_addressing import Register
register = Register.open(sys.argv[1], clock=lambda: dt.date(2026, 1, 16))
def digest():
    told = [register.validate(number, "XDIS91").to_dict() for number in register.by_location_number]
    told += [unit.to_dict() for unit in register]
    return zlib.crc32(json.dumps(told).encode())
if sys.argv[2] == "touched":
    digest()
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    os.write(writing, str(digest()).encode())
    os._exit(0)
mine = digest()
os.waitpid(child, 0)
print(mine, int(os.read(reading, 20)))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("when", ["touched", "untouched"])
def test_parent_and_child_answer_the_same_after_a_fork(when, loaded, path):
    told = [loaded.validate(number, "XDIS91").to_dict() for number in loaded.by_location_number]
    told += [unit.to_dict() for unit in loaded]
    digest = str(zlib.crc32(json.dumps(told).encode()))
    ended = subprocess.run([sys.executable, "-c", FORKING, path, when], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == [digest, digest]


# Opening costs next to nothing


def viewed(register: Register) -> set[str]:
    """The columns of an opened register that were viewed (and so verified) by now."""
    columns = register._index.columns
    found = set()
    for name in (*TYPECODES, "records", "texts"):
        try:
            object.__getattribute__(columns, name)
        except AttributeError:
            continue
        found.add(name)
    return found


def test_opening_touches_no_column(path):
    assert viewed(Register.open(path)) == set()


def test_a_question_touches_only_what_it_needs(loaded, path):
    register = Register.open(path, clock=loaded._clock)
    register.validate(next(iter(loaded.by_location_number)), "XDIS91")
    assert not viewed(register) & {"records", "child", "cvr_key", "unit_municipality", "location_note", "sor_row"}
    assert "number_key" in viewed(register)


ONE_QUESTION = """
import sys
before = set(sys.modules)
import datetime as dt
from sor_addressing import Register
register = Register.open(sys.argv[1], clock=lambda: dt.date(2026, 1, 16))
assert register.validate(sys.argv[2], "XDIS91", on=dt.date(2026, 1, 15)).outcome != "not_resolved"
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
print(*sorted(name for name in set(sys.modules) - before if name.startswith("sor_addressing.")))
"""


def test_opening_and_asking_once_imports_nothing_heavy(loaded, path):
    number = next(n for n in loaded.by_location_number if loaded.resolve(n).recipient)
    ended = subprocess.run(
        [sys.executable, "-c", ONE_QUESTION, path, number], capture_output=True, text=True, check=True
    )
    packages, modules = (set(line.split()) for line in ended.stdout.splitlines())
    assert not packages & {"lxml", "rapidfuzz", "json", "csv", "tomllib", "zoneinfo", "pathlib", "platformdirs"}
    assert not modules & {"sor_addressing.model", "sor_addressing.index.unit", "sor_addressing.loading"}
    assert "sor_addressing.index.opening" in modules


# Writing


def test_the_same_register_gives_the_same_bytes(loaded, path, tmp_path):
    loaded.save(tmp_path / "again.sor")
    assert (tmp_path / "again.sor").read_bytes() == path.read_bytes()


def test_an_opened_register_saves_to_the_same_bytes(path, tmp_path):
    Register.open(path).save(tmp_path / "again.sor")
    assert (tmp_path / "again.sor").read_bytes() == path.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows replaces no file that is open")
def test_an_opened_register_saves_onto_its_own_file(path, tmp_path):
    own = tmp_path / "own.sor"
    own.write_bytes(path.read_bytes())
    register = Register.open(own)
    register.save(own)
    assert own.read_bytes() == path.read_bytes()
    assert list(map(str, register.by_sor_code)) == list(Register.open(path).by_sor_code)


def test_the_header_tells_people_what_is_in_the_file(loaded, path):
    lines = header_lines(path.read_bytes())
    facts = dict(line.split(" ", 1) for line in lines if line and not line.startswith("section "))
    assert {name: facts[name] for name in HEAD} == {
        "snapshot_date": "2026-01-15",
        "has_message_types": "1",
        "has_directions": "1",
    }
    sources = loaded.load_report.sources
    assert [facts["source_1"], facts["source_2"]] == [source.to_line() for source in sources]


def test_a_fact_with_a_line_break_or_an_odd_name_stays_one_line(loaded, tmp_path):
    facts = {"source_1": "Sor\n.xml\nsection unit_key q 0 0 0", "source_2": "S\udcf8r\u2028.xml"}
    compiling.write_compiled(loaded._index, tmp_path / "a.sor", facts=facts, report=b"{}")
    _, read, _ = compiled.open_compiled(tmp_path / "a.sor")
    assert read["source_1"] == "Sor .xml section unit_key q 0 0 0"
    assert read["source_2"] == "S\\udcf8r\u2028.xml"


def test_a_report_that_names_a_file_by_odd_bytes_can_be_kept(loaded, tmp_path):
    import attrs

    report = attrs.evolve(loaded.load_report, unknown_types={"S\udcf8r": 1})
    Register(loaded._index, report).save(tmp_path / "a.sor")
    assert Register.open(tmp_path / "a.sor").load_report == report


def test_an_existing_file_is_replaced(loaded, path, tmp_path):
    target = tmp_path / "a.sor"
    target.write_bytes(b"older")
    loaded.save(target)
    assert target.read_bytes() == path.read_bytes()
    assert names(tmp_path) == ["a.sor"]


def test_a_relative_path_is_written_where_the_process_is(loaded, path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    loaded.save("a.sor")
    assert (tmp_path / "a.sor").read_bytes() == path.read_bytes()


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(loaded, tmp_path, monkeypatch):
    target = tmp_path / "a.sor"
    target.write_bytes(b"older")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(SnapshotError, match=r"a\.sor: can't be written: No space left on device"):
        loaded.save(target)
    assert names(tmp_path) == ["a.sor"]
    assert target.read_bytes() == b"older"


def test_what_a_failing_disk_wrote_wrongly_is_found_before_it_is_renamed(loaded, tmp_path, monkeypatch):
    written = compiling._write

    def wrongly(file: Any, *rest: Any) -> None:
        written(file, *rest)
        file.seek(-9, os.SEEK_CUR)
        file.write(b"\xff")

    monkeypatch.setattr(compiling, "_write", wrongly)
    with pytest.raises(SnapshotError, match=r"the compiled register is damaged \([\w.]+\)"):
        loaded.save(tmp_path / "a.sor")
    assert names(tmp_path) == []


def test_a_file_that_cannot_be_replaced_is_named_with_a_way_out(loaded, tmp_path, monkeypatch):
    def locked(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(SnapshotError, match=r"a\.sor: .*Permission denied.*save under a new name"):
        loaded.save(tmp_path / "a.sor")
    assert names(tmp_path) == []


@pytest.mark.parametrize("place", ["missing/a.sor", "file/a.sor", "."])
def test_a_place_where_no_file_can_be_is_refused(place, loaded, tmp_path):
    (tmp_path / "file").write_text("a file, not a folder")
    with pytest.raises(SnapshotError, match="can't be written"):
        loaded.save(tmp_path / place)
    assert names(tmp_path) == ["file"]


def test_two_saves_at_once_do_not_write_into_each_other(loaded, path, tmp_path):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(loaded.save, [tmp_path / "a.sor"] * 4))
    assert (tmp_path / "a.sor").read_bytes() == path.read_bytes()
    assert names(tmp_path) == ["a.sor"]


# The layout and the machine


def test_the_values_are_as_wide_on_every_machine():
    assert {code: array(code).itemsize for code in compiled.ITEM_SIZES} == compiled.ITEM_SIZES
    assert set(compiled.SECTIONS.values()) <= set(compiled.ITEM_SIZES)


def test_the_layout_number_stands_for_these_columns():
    # Whoever changes what columns there are, or what one means, counts LAYOUT up and writes the new number here.
    assert (LAYOUT, zlib.crc32(repr(compiled.SECTIONS).encode())) == (5, 397832314)


def test_a_machine_of_the_other_byte_order_is_refused(loaded, path, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "byteorder", "big")
    with pytest.raises(
        SnapshotError, match=r"register\.sor: compiled registers are little-endian and this machine is not"
    ):
        Register.open(path)
    with pytest.raises(SnapshotError, match="little-endian"):
        loaded.save(tmp_path / "a.sor")
    assert names(tmp_path) == []


def test_a_compiled_file_is_recognised_by_its_beginning(path, tmp_path):
    (tmp_path / "a").write_bytes(b"<SorTree/>")
    assert compiled.is_compiled(path)
    assert not compiled.is_compiled(tmp_path / "a")
    assert not compiled.is_compiled(tmp_path)
    assert not compiled.is_compiled(tmp_path / "missing")


# Damage


def refused(data: bytes, folder: Path, match: str) -> None:
    """Opening a file of these bytes raises an error that names the file and says ``match``."""
    damaged = folder / "damaged.sor"
    damaged.write_bytes(data)
    with pytest.raises(SnapshotError, match=r"damaged\.sor: " + match):
        Register.open(damaged)


def header_lines(data: bytes) -> list[str]:
    length = int.from_bytes(data[12:16], "little")
    return data[PREAMBLE : PREAMBLE + length].decode().rstrip("\n").split("\n")


def with_header(data: bytes, lines: list[str] | bytes) -> bytes:
    """The file with another header, its length and checksum made right."""
    length = int.from_bytes(data[12:16], "little")
    header = lines if isinstance(lines, bytes) else "\n".join(lines).encode()
    header += b"\n" * (-(PREAMBLE + len(header)) % 8)
    numbers = (LAYOUT, len(header), zlib.crc32(header))
    return MAGIC + b"".join(n.to_bytes(4, "little") for n in numbers) + header + data[PREAMBLE + length :]


def with_section(data: bytes, name: str, change: Callable[[list[str]], list[str]]) -> bytes:
    """The file with the header line of one section changed: type code, offset, size and checksum."""
    lines = [
        " ".join(["section", name, *change(line.split(" ")[2:])]) if line.startswith(f"section {name} ") else line
        for line in header_lines(data)
    ]
    return with_header(data, lines)


def sections(path: Path) -> list[Section]:
    mapped, header = compiled._map(str(path))
    mapped.close()
    return list(header.sections.values())


def test_the_way_these_tests_damage_a_file_leaves_a_good_one_good(path):
    data = path.read_bytes()
    assert with_header(data, header_lines(data)) == with_section(data, "texts", lambda parts: parts) == data


@pytest.mark.parametrize("size", [0, 1, 8, 19])
def test_a_file_too_short_to_be_one_is_refused(size, path, tmp_path):
    refused(path.read_bytes()[:size], tmp_path, f"{size} bytes are no compiled register; compile it from the extract")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(SnapshotError, match="no-such-file: can't be opened: No such file or directory"):
        Register.open(tmp_path / "no-such-file")
    with pytest.raises(SnapshotError, match="can't be opened"):
        Register.open(tmp_path)


def test_another_file_is_refused_and_says_how_an_extract_is_read(tmp_path):
    refused(b"<SorTree xmlns='urn:oio:nsi:2.0.0'></SorTree>", tmp_path, "not a compiled register; .*Register.load")


@pytest.mark.parametrize(("layout", "age"), [(LAYOUT - 1, "an older"), (LAYOUT + 1, "a newer")])
def test_another_layout_is_refused_and_says_to_compile_again(layout, age, path, tmp_path):
    data = bytearray(path.read_bytes())
    data[8:12] = layout.to_bytes(4, "little")
    refused(bytes(data), tmp_path, rf"was compiled by {age} version .*\(layout {layout}; .*compile it again")


@pytest.mark.parametrize(
    ("one", "other"), [(" pharmacy_number ", " local_code "), ("(email,", "(website,"), (" types ", " kinds ")]
)
def test_a_file_whose_records_have_another_order_is_refused(one, other, path, tmp_path):
    """Two fields, or two parts of one, changed places since it was compiled: all checksums are right, and every unit would be told wrongly."""
    lines = header_lines(path.read_bytes())
    (packed,) = [line for line in lines if line.startswith("packed ")]
    assert one in packed
    swapped = packed.replace(one, "?").replace(other, one).replace("?", other)
    data = with_header(path.read_bytes(), [swapped if line is packed else line for line in lines])
    refused(data, tmp_path, "was compiled by a version .* another order; compile it again from the extract")
    without = with_header(path.read_bytes(), [line for line in lines if line is not packed])
    refused(without, tmp_path, "was compiled by a version .* another order; compile it again from the extract")


def test_a_file_cut_off_anywhere_is_refused(path, tmp_path):
    data = path.read_bytes()
    chance = random.Random(3)  # noqa: S311
    ends = {section.offset for section in sections(path)} | {len(data) - 1, len(data) - 8}
    for end in sorted(ends | {chance.randrange(PREAMBLE, len(data)) for _ in range(60)}):
        refused(data[:end], tmp_path, "")


def test_a_file_with_more_at_its_end_is_refused(path, tmp_path):
    data = path.read_bytes()
    refused(data + bytes(8), tmp_path, rf"{len(data) + 8} bytes where {len(data)} were written")


LAST = "the last section"
NUMBER = {"offset": 1, "size": 2, "crc": 3}


def changed(place: int, value: str | Callable[[int], int]) -> Callable[[list[str]], list[str]]:
    def change(parts: list[str]) -> list[str]:
        parts[place] = value if isinstance(value, str) else str(value(int(parts[place])))
        return parts

    return change


@pytest.mark.parametrize(
    ("name", "change", "match"),
    [
        ("unit_from", changed(0, "q"), "type of unit_from"),
        ("texts", changed(0, "Z"), "type of texts"),
        ("unit_from", changed(1, "-8"), "section unit_from"),
        ("unit_from", changed(1, "1" + "0" * 30), r"cut off \(unit_from\)"),
        ("unit_from", changed(1, lambda offset: offset + 4), r"cut off \(unit_from\)"),
        ("unit_from", changed(2, "-4"), "section unit_from"),
        ("unit_from", changed(2, "1e3"), "section unit_from"),
        ("unit_from", changed(2, "٣"), "section unit_from"),
        ("unit_from", changed(2, ""), "section unit_from"),
        ("unit_from", changed(2, "9" * 5_000), "header"),
        ("unit_from", changed(2, "9" * 30), r"cut off \(unit_from\)"),
        ("unit_from", changed(2, lambda size: size - 4), "length of unit_from"),
        ("unit_from", changed(2, lambda size: size - 1), "size of unit_from"),
        ("unit_record", changed(2, lambda size: size - 8), "length of unit_record"),
        ("unit_key", changed(2, "0"), "length of unit_kind"),
        ("number_start", changed(2, lambda size: size - 4), "length of number_start"),
        ("cvr_start", changed(2, lambda size: size - 4), "length of cvr_start"),
        ("texts_crc", changed(2, lambda size: size - 4), "length of texts_crc"),
        ("set_entry", changed(2, "0"), "length of set_entry_crc"),
        (LAST, changed(2, "0"), "bytes where"),
        ("unit_from", lambda parts: parts[:3], "section unit_from"),
        ("unit_from", lambda parts: [*parts, "1"], "section unit_from"),
        ("unit_from", lambda _: [], "header: "),
    ],
)
def test_a_header_that_does_not_fit_the_file_is_refused(name, change, match, path, tmp_path):
    if name == LAST:
        name = sections(path)[-1].name
    refused(with_section(path.read_bytes(), name, change), tmp_path, f".*{match}")


@pytest.mark.parametrize("name", list(compiled.SECTIONS))
def test_a_missing_section_is_named(name, path, tmp_path):
    data = path.read_bytes()
    lines = [line for line in header_lines(data) if not line.startswith(f"section {name} ")]
    refused(with_header(data, lines), tmp_path, rf".*damaged \(no {name}\)")


def test_a_section_named_twice_is_refused(path, tmp_path):
    data = path.read_bytes()
    lines = header_lines(data)
    twice = next(line for line in lines if line.startswith("section texts "))
    refused(with_header(data, [*lines, twice]), tmp_path, ".*two sections texts")


def test_columns_of_search_without_their_checksums_are_refused(path, tmp_path):
    data = path.read_bytes()
    lines = header_lines(data)
    kept = next(line.split()[1] for line in lines if line.startswith("section kept.") and "_crc" not in line)
    fewer = [line for line in lines if not line.startswith(f"section {kept}_crc ")]
    refused(with_header(data, fewer), tmp_path, rf".*damaged \(no {kept}_crc\)")


def test_a_file_without_the_columns_of_search_can_be_searched_all_the_same(loaded, opened, tmp_path):
    bare = tmp_path / "bare.sor"
    facts = {"source_1": "none"}
    compiling.write_compiled(loaded._index, bare, facts=facts, report=loaded.load_report.to_json())
    found = Register.open(bare, clock=loaded._clock).search("klinik", limit=3)
    assert [match.unit.sor_code for match in found] == [
        match.unit.sor_code for match in opened.search("klinik", limit=3)
    ]
    assert len(found) == 3


def test_a_section_that_this_version_does_not_know_is_let_be(opened, path, tmp_path):
    data = path.read_bytes()
    newer = tmp_path / "newer.sor"
    newer.write_bytes(with_header(data, [*header_lines(data), "section later ? 0 3 7"]))
    assert mappings(Register.open(newer)) == mappings(opened)


@pytest.mark.parametrize("fact", HEAD)
def test_a_header_without_a_fact_of_the_register_is_refused(fact, path, tmp_path):
    data = path.read_bytes()
    lines = [line for line in header_lines(data) if not line.startswith(f"{fact} ")]
    refused(with_header(data, lines), tmp_path, f".*damaged .header: '{fact}'")


def test_a_header_with_a_day_that_is_none_is_refused(path, tmp_path):
    data = path.read_bytes()
    lines = ["snapshot_date 2026-02-31" if line.startswith("snapshot") else line for line in header_lines(data)]
    refused(with_header(data, lines), tmp_path, ".*damaged .header")


@pytest.mark.parametrize("header", [b"", b"\xff\xfe", b"section", b"section a", b"\n" * 64, b"x" * 2_000_000])
def test_a_header_of_something_else_is_refused(header, path, tmp_path):
    refused(with_header(path.read_bytes(), header), tmp_path, "the compiled register is damaged")


def test_a_length_of_the_header_beyond_the_file_is_refused(path, tmp_path):
    data = bytearray(path.read_bytes())
    data[12:16] = (len(data) * 2).to_bytes(4, "little")
    refused(bytes(data), tmp_path, r".*damaged \(header\)")


def flipped(data: bytes, position: int, bits: int) -> bytes:
    return data[:position] + bytes([data[position] ^ bits]) + data[position + 1 :]


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    """A compiled file with something in every section."""
    nation = made_up_nation(300, seed=11)
    builder = IndexBuilder()
    for record in (
        *nation.units,
        attrs.evolve(nation.units[0], to_date=dt.date(1999, 1, 1)),
        UnitRecord("?", UnitKind("OE")),
    ):
        builder.add(record)
    day = nation.snapshot_date
    beside = Beside(
        ceased_providers={"990001": day},
        retired_shak_codes={"9901": day},
        shak_periods=[ShakRecord("9901", "Afdelingen")],
        code_words={"1": "et"},
        has_history=True,
    )
    endpoints = EndpointRegistrations().extend(
        [EndpointRegistration(nation.registrations[0].location_number, "HCO 1.1", day)]
    )
    registrations = Registrations(endpoints=endpoints).extend(nation.registrations)
    index = builder.build(snapshot_date=day, registrations=registrations, beside=beside)
    path = tmp_path_factory.mktemp("full") / "full.sor"
    Register(index, report_of(index, None, [], [])).save(path)
    return path


@pytest.mark.parametrize("name", list(compiled.SECTIONS))
def test_one_bit_wrong_in_a_section_is_found_when_it_is_touched_and_when_all_is_verified(name, full, tmp_path):
    path = full
    section = next(section for section in sections(path) if section.name == name)
    assert section.size
    damaged = tmp_path / "damaged.sor"
    damaged.write_bytes(flipped(path.read_bytes(), section.offset + section.size // 2, 64))
    with pytest.raises(SnapshotError, match=rf"damaged\.sor: .*damaged \({name}\); compile it again"):
        compiled.verify_compiled(damaged)
    touched = name.removesuffix("_crc")
    with pytest.raises(SnapshotError, match=rf"damaged \((block \d+ of )?{touched}"):
        touch(Register.open(damaged), touched)


def touch(register: Register, name: str) -> None:
    if name == "report":
        assert register.load_report
    else:
        column = getattr(register._index.columns, name)
        assert column[0 : len(column)] is not None


def test_a_good_file_is_verified_without_a_word_and_closed_again(path, tmp_path):
    copy = tmp_path / "copy.sor"
    copy.write_bytes(path.read_bytes())
    compiled.verify_compiled(copy)
    copy.unlink()


def test_a_byte_wrong_anywhere_raises_or_changes_no_answer(loaded, path, tmp_path):
    data = path.read_bytes()
    today = loaded._clock
    kept = tuple(make_columns(loaded._index))
    right = list(quick(loaded, kept))
    chance = random.Random(2026)  # noqa: S311
    found = harmless = 0
    for number in range(200):
        damaged = tmp_path / f"{number}.sor"
        damaged.write_bytes(flipped(data, chance.randrange(len(data)), chance.randrange(1, 256)))
        try:
            register = Register.open(damaged, clock=today)
            told = list(quick(register, kept))
        except SnapshotError:
            found += 1
        else:
            assert told == right
            harmless += 1
    assert found + harmless == 200
    assert found > 150


def quick(register: Register, kept: tuple[str, ...]) -> Iterator[object]:
    """Everything there is, each part of it once: cheap enough to be asked for two hundred files."""
    yield mappings(register)
    yield register.load_report
    yield [unit.to_dict() for unit in register]
    columns = [kept_columns(register._index, make_columns)[name] for name in kept]
    yield [list(column[0 : len(column)]) for column in columns]
    for identifier in identifiers(register):
        for message_type in TYPES[:3]:
            verdict = register.validate(identifier, message_type)
            yield verdict.outcome, verdict.deliverable, verdict._raws, verdict.send_as, verdict.resolution._raws


def test_what_is_no_column_is_no_attribute(opened):
    with pytest.raises(AttributeError, match="no_such_column"):
        _ = opened._index.columns.no_such_column
