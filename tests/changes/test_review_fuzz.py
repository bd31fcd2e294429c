"""Whatever stands in a book, the review has an answer, and the corrected book has everything that the old one had."""

from __future__ import annotations

import csv
import io
import json
import os
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing import Register, review
from sor_addressing.changes import AddressBookError, EntryState
from sor_addressing.identifiers import LocationNumber, SorCode
from sor_addressing.testing import made_up_nation

REGISTER: Register = made_up_nation(300, seed=5).to_register()
BEFORE: Register = made_up_nation(300, seed=6).to_register()
KNOWN = [
    text
    for unit in list(REGISTER)[:60]
    for text in (unit.sor_code, unit.location.number if unit.location else "", unit.provider_number, unit.shak_code)
    if text
]
HELD = {
    text
    for unit in REGISTER
    for number in (unit.location.number if unit.location else "",)
    for text in (unit.sor_code, number, unit.name, unit.provider_number, unit.shak_code)
}
CELLS = st.one_of(
    st.sampled_from(KNOWN),
    st.sampled_from(KNOWN).map(lambda text: text[:-1]),
    st.sampled_from(KNOWN).map(lambda text: text.lstrip("0") + ".0"),
    st.text(max_size=20),
    st.sampled_from(
        ["5,79E+12", "urn:oid:1.2.208.176.1.1|x", "\u200b", "XDIS91 XREF15", "0 \ud7fc", "0" * 16, "1" * 500]
    ),
    st.integers(),
    st.floats(),
    st.none(),
)
FIELDS = ("sor_code", "location_number", "provider_number", "shak_code", "message_type", "name", "key")

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "60"))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, CELLS)), min_size=1, max_size=3))
def test_every_entry_gets_an_answer(rows: list[dict[str, object]]) -> None:
    found = review(rows, REGISTER, BEFORE)
    assert len(found.entries) == len(rows)
    assert sum(found.counts.values()) == len(rows)
    json.dumps(found.to_dict())
    found.to_csv(io.StringIO(), language="da")
    for language in ("da", "en"):
        assert found.to_markdown(language=language)
    for one in found.entries:
        assert (one.state is EntryState.OK) is (one.reasons == ())
        assert not (one.replacements and one.candidates)
        assert len({replacement.field for replacement in one.replacements}) == len(one.replacements)
        suggested = {replacement.suggested for replacement in one.replacements} - HELD - {""}
        assert all(SorCode.is_canonical(text) or LocationNumber.is_canonical(text) for text in suggested)


NOTES = st.text(alphabet="ab;,\" ='\n\r\t|æ0", max_size=8)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(NOTES, st.sampled_from([*KNOWN, "x", ""]), NOTES), min_size=1, max_size=6),
    delimiter=st.sampled_from(";,\t|"),
    ends=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_corrected_file_has_all_that_the_old_one_had(
    tmp_path: Path, rows: list[tuple[str, str, str]], delimiter: str, ends: str, quoting: int
) -> None:
    path, new = tmp_path / "book.csv", tmp_path / "new.csv"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ends, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(("note", "GLN", "more"))
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))
    with suppress(AddressBookError):
        found = review(path, REGISTER, candidates=0)
        found.write_corrected(new)
        old_rows = _rows(path, delimiter)
        new_rows = _rows(new, delimiter)
        assert len(new_rows) == len(old_rows)
        changed = 0
        for old, now in zip(old_rows, new_rows, strict=True):
            assert (now[0], now[2]) == (old[0], old[2]) if len(old) == 3 else now[: len(old)] == old
            changed += len(old) == 3 and now[1] != old[1]
        assert changed == sum(
            1 for one in found.entries if any(two.field == "location_number" for two in one.replacements)
        )


def _rows(path: Path, delimiter: str) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True))
