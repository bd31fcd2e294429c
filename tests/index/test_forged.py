"""A compiled file that somebody forged, with right checksums, raises `SnapshotError` or answers: nothing else ever comes of it, and it ends."""

from __future__ import annotations

import os
import random
import signal
import zlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing import Register, SnapshotError, compare
from sor_addressing.index.columns import TYPECODES
from sor_addressing.index.opening import BLOCK, HEAPS, MAGIC, PREAMBLE, SECTIONS, aligned
from sor_addressing.testing import made_up_nation

EXAMPLES = 40_000 if os.environ.get("SOR_ADDRESSING_FUZZ") else 60

Parts = dict[str, tuple[str, bytes]]


def taken_apart(data: bytes) -> tuple[int, list[str], Parts]:
    """Layout, facts, and the sections of a compiled file."""
    layout, length = (int.from_bytes(data[at : at + 4], "little") for at in (8, 12))
    begins = PREAMBLE + length
    facts: list[str] = []
    parts: Parts = {}
    for line in data[PREAMBLE:begins].decode().split("\n"):
        if line.startswith("section "):
            _, name, typecode, offset, size, _ = line.split(" ")
            parts[name] = (typecode, data[begins + int(offset) :][: int(size)])
        elif line:
            facts.append(line)
    return layout, facts, parts


def put_together(layout: int, facts: list[str], parts: Parts) -> bytes:
    """A compiled file with right checksums, whatever its sections hold."""
    for name in list(parts):
        if f"{name}_crc" in parts:
            held = parts[name][1]
            sums = array("I", [zlib.crc32(held[at : at + BLOCK]) for at in range(0, len(held), BLOCK)])
            parts[f"{name}_crc"] = ("I", sums.tobytes())
    lines, body = list(facts), b""
    for name, (typecode, held) in parts.items():
        lines.append(f"section {name} {typecode} {len(body)} {len(held)} {zlib.crc32(held)}")
        body += held.ljust(aligned(len(held)), b"\0")
    header = "\n".join(lines).encode()
    header = header.ljust(aligned(PREAMBLE + len(header)) - PREAMBLE, b"\n")
    numbers = b"".join(number.to_bytes(4, "little") for number in (layout, len(header), zlib.crc32(header)))
    return MAGIC + numbers + header + body


class Long(bytes):
    """Bytes that a failing test does not print."""

    def __repr__(self) -> str:
        return "<bytes>"


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "good.sor"
    made_up_nation(120, seed=11).to_register().save(path)
    return Long(path.read_bytes())


def forged(good: bytes, path: Path, name: str, change: Callable[[array[int]], object]) -> Path:
    layout, facts, parts = taken_apart(good)
    typecode, held = parts[name]
    column = array(typecode, held)
    change(column)
    parts[name] = (typecode, column.tobytes())
    path.write_bytes(put_together(layout, facts, parts))
    return path


@contextmanager
def ending() -> Iterator[None]:
    """What takes a minute never ends."""

    def stop(*_: object) -> None:
        raise AssertionError("it does not end")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def ask_everything(path: Path) -> int:
    """Every kind of question, each on its own; how many of them were refused."""
    refused = 0
    register = other = None
    try:
        register = Register.open(path)
        other = Register.open(path)
    except SnapshotError:
        return 1
    questions: list[Callable[[], object]] = [
        lambda: [register.validate(number, "XDIS91").to_dict() for number in NUMBERS],
        lambda: [register.resolve(number).explain() for number in NUMBERS],
        lambda: [one.to_dict() for one in list(other)],
        lambda: [list(one.descendants) for one in list(register)[:5]],
        lambda: [(one.ancestors, one.children, one.parent) for one in register],
        lambda: register.find(message_type="XDIS91"),
        lambda: register.search("afdeling"),
        lambda: dict(register.by_provider_number.items()),
        lambda: dict(register.by_location_number.items()),
        lambda: dict(register.by_shak_code.items()),
        lambda: dict(register.by_cvr_number.items()),
        lambda: [register.history(one.sor_code) for one in list(register)[:20]],
        lambda: compare(register, other).to_dict(),
        lambda: register.load_report,
    ]
    with ending():
        for question in questions:
            try:
                question()
            except SnapshotError:
                refused += 1
    return refused


NUMBERS = ("5790999000015", "990001", "5790999000000", "9901", "???")


def test_what_was_put_together_again_is_the_same(good, tmp_path):
    assert put_together(*taken_apart(good)) == good
    assert ask_everything(forged(good, tmp_path / "same.sor", "unit_parent", lambda _: None)) == 0


def own_parent(column: array[int]) -> None:
    column[5] = 5


def a_circle(column: array[int]) -> None:
    column[5], column[6] = 6, 5


POSITIONS_AND_DAYS = [name for name, code in TYPECODES.items() if code == "i" and "quiet" not in name]
"""Of the days on which nothing is to be said of a unit any will do: they are only compared."""


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("unit_parent", own_parent),
        ("unit_parent", a_circle),
        ("sor_key", lambda column: column.reverse()),
        ("number_key", lambda column: column.reverse()),
        *((name, lambda column: column.__setitem__(3, 2**31 - 2)) for name in POSITIONS_AND_DAYS),
        *((name, lambda column: column.__setitem__(3, -7)) for name in POSITIONS_AND_DAYS),
        *((name, lambda column: column.__setitem__(3, 2**63)) for name, code in TYPECODES.items() if code == "Q"),
        ("unit_kind", lambda column: column.__setitem__(3, 77)),
        ("unit_location_state", lambda column: column.__setitem__(3, 77)),
        ("texts", lambda column: column.__setitem__(slice(0, 40), array("B", b"\xff" * 40))),
        ("records", lambda column: column.__setitem__(slice(0, 40), array("B", b"\xff" * 40))),
    ],
)
def test_what_cannot_be_is_refused(good, tmp_path, name, change):
    parts = taken_apart(good)[2]
    if len(array(*parts[name])) < 5:
        pytest.skip("the nation has too little of it")
    if name == "number_told":
        pytest.skip("nobody looks at it where no endpoint register was loaded; tests/index/test_told.py does")
    assert ask_everything(forged(good, tmp_path / "forged.sor", name, change)) > 0


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_nothing_but_answers_and_our_error_comes_of_any_forged_file(good, tmp_path, seed):
    chance = random.Random(seed)  # noqa: S311
    layout, facts, parts = taken_apart(good)
    for _ in range(chance.randrange(1, 4)):
        name = chance.choice([one for one in parts if not one.endswith("_crc")])
        typecode, held = parts[name]
        column = array(typecode, held)
        if not len(column):
            continue
        wide = 8 * column.itemsize
        low, high = (-(2 ** (wide - 1)), 2 ** (wide - 1) - 1) if typecode in "iq" else (0, 2**wide - 1)
        for _ in range(chance.choice([1, 1, 3, len(column)])):
            at = chance.randrange(len(column))
            odd = [low, high, -1, 0, 1, len(column), at, column[chance.randrange(len(column))], column[at] + 1]
            column[at] = min(max(chance.choice(odd), low), high)
        parts[name] = (typecode, column.tobytes())
    path = tmp_path / "forged.sor"
    path.unlink(missing_ok=True)
    path.write_bytes(put_together(layout, facts, parts))
    ask_everything(path)


def test_every_section_can_be_forged(good):
    assert set(SECTIONS) <= set(taken_apart(good)[2])
    assert set(HEAPS) <= set(SECTIONS)


@pytest.mark.parametrize("fact", ["plan_rows x", "plan_rows -1", "registers ", "registers XYZ", "has_message_types 0"])
def test_a_fact_of_the_header_that_cannot_be_is_refused(good, tmp_path, fact):
    layout, facts, parts = taken_apart(good)
    name = fact.split(" ")[0]
    path = tmp_path / "forged.sor"
    path.write_bytes(put_together(layout, [*(one for one in facts if not one.startswith(name)), fact], parts))
    with pytest.raises(
        SnapshotError, match=f"damaged .header: .*{'plan_rows' if name == 'plan_rows' else 'registers'}"
    ):
        Register.open(path)
