"""Leaving provider numbers: the SOR code that stands behind each entry, what has to be asked where it isn't certain, and the way back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing import AddressingPolicy, Register, review
from sor_addressing.changes import BookEntry, ConversionState, EntryConversion
from sor_addressing.errors import AddressBookError, PolicyError
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number, provider_number, shak_code, sor_code

DAY = dt.date(2026, 1, 15)
LAST = dt.date(2025, 12, 31)
ONE, OWNED, SHARED, TWO, CLOSED, SPLIT, GONE, ALONE, SHORT = map(provider_number, range(1, 10))


class Nation:
    """A provider number for each way in which it can be certain or not."""

    def __init__(self) -> None:
        build = RegisterBuilder(DAY)
        owner = build.owner("Region Opdigt")
        self.clinic = build.institution(
            owner, "Klinikken Lærkevej", location_number=location_number(1), provider_number=ONE
        )
        # The owner of the number and a unit below it carry one provider number.
        self.house = build.institution(
            owner, "Lægehuset Havnen", location_number=location_number(2), provider_number=OWNED
        )
        self.room = build.unit(self.house, "Lægerne Havnen, stuen", inherits=True, provider_number=OWNED)
        # Two units carry it, at the number of a house that doesn't.
        self.quiet = build.institution(owner, "Sundhedshuset", location_number=location_number(3))
        self.left = build.unit(self.quiet, "Lægerne til venstre", inherits=True, provider_number=SHARED)
        self.right = build.unit(self.quiet, "Lægerne til højre", inherits=True, provider_number=SHARED)
        self.north = build.institution(owner, "Lægerne Nord", location_number=location_number(4), provider_number=TWO)
        self.south = build.institution(owner, "Lægerne Syd", location_number=location_number(5), provider_number=TWO)
        self.closed = build.institution(
            owner,
            "Den lukkede",
            location_number=location_number(6),
            provider_number=CLOSED,
            to_date=LAST,
            replaced_by=self.clinic,
        )
        self.split = build.institution(
            owner,
            "Den delte",
            location_number=location_number(7),
            provider_number=SPLIT,
            to_date=LAST,
            replaced_by=(self.north, self.south),
        )
        self.gone = build.institution(
            owner, "Den borte", location_number=location_number(8), provider_number=GONE, to_date=LAST
        )
        self.alone = build.institution(owner, "Uden lokationsnummer", provider_number=ALONE)
        self.short = build.institution(
            owner, "Klinikken Nul", location_number=location_number(9), provider_number="000099"
        )
        self.hospital = build.institution(owner, "Prøve Sygehus", location_number=location_number(10), shak_code="9901")
        self.ward = build.unit(self.hospital, "Sengeafsnittet", inherits=True, shak_code=shak_code(1, "ward"))
        self.register: Register = build.build()


NATION = Nation()
CERTAIN, ALREADY, RESTORED, ASK = list(ConversionState)[:4]


def converted(to: str = "sor_code", policy: AddressingPolicy | None = None, **fields: object) -> EntryConversion:
    """What the one entry of a book becomes."""
    (entry,) = review([BookEntry(**fields)], NATION.register, to=to, policy=policy).entries  # type: ignore[arg-type]
    assert entry.conversion is not None
    return entry.conversion


def told(found: EntryConversion) -> tuple[str, str | None, tuple[str, ...]]:
    return str(found.state), found.value, found.reasons


def asked(found: EntryConversion) -> list[str]:
    return [one.sor_code for one in found.candidates]


class TestToSorCode:
    def test_one_unit_with_the_provider_number_is_certain(self) -> None:
        found = converted(provider_number=ONE)
        assert told(found) == ("certain", NATION.clinic, ())
        assert (found.name, found.kind, found.is_ready, found.question()) == (
            "Klinikken Lærkevej",
            "provider_number",
            True,
            "",
        )

    def test_the_owner_of_the_number_is_certain_where_it_carries_the_provider_number_itself(self) -> None:
        assert told(converted(provider_number=OWNED)) == ("certain", NATION.house, ())

    def test_units_at_one_number_that_is_another_s_are_asked_about(self) -> None:
        found = converted(provider_number=SHARED)
        assert told(found) == ("ask", None, ("unit-shared",))
        assert set(asked(found)) == {NATION.left, NATION.right}
        assert [found.question(language) for language in ("da", "en")] == [
            f"Er det Lægerne til venstre ({NATION.left}) eller Lægerne til højre ({NATION.right})?",
            f"Is it Lægerne til venstre ({NATION.left}) or Lægerne til højre ({NATION.right})?",
        ]

    def test_units_with_numbers_of_their_own_are_asked_about_with_what_sets_them_apart(self) -> None:
        found = converted(provider_number=TWO)
        assert told(found) == ("ask", None, ("recipient-ambiguous",))
        assert {(one.name, dict(one.apart)["location_number"]) for one in found.candidates} == {
            ("Lægerne Nord", location_number(4)),
            ("Lægerne Syd", location_number(5)),
        }

    def test_units_alike_in_the_first_fact_are_told_by_the_next(self) -> None:
        build = RegisterBuilder(DAY)
        owner = build.owner("Region Opdigt")
        for place, street in enumerate(["Vej A", "Vej A", "Vej B", "Vej C"], 1):
            where = {"street": street}
            number = location_number(place)
            build.institution(owner, "Klinikken", location_number=number, provider_number=ONE, visiting_address=where)
        (entry,) = review([{"ydernr": ONE}], build.build(), to="sor_code").entries
        assert entry.conversion is not None
        first, second = location_number(1), location_number(2)
        named = f"Klinikken (Vej A; {first}), Klinikken (Vej A; {second}), Klinikken (Vej B)"
        assert [entry.conversion.question(language) for language in ("da", "en")] == [
            f"Er det {named} eller en anden?",
            f"Is it {named} or another one?",
        ]

    def test_a_location_number_beside_it_tells_which_of_several_it_is(self) -> None:
        found = converted(provider_number=TWO, location_number=location_number(5))
        assert told(found) == ("certain", NATION.south, ())
        assert [str(kind) for kind, _ in found.cells] == ["sor_code", "provider_number"]

    def test_a_provider_number_beside_a_location_number_names_the_unit_below_the_owner(self) -> None:
        build = RegisterBuilder(DAY)
        house = build.institution(build.owner("Ejer"), "Huset", location_number=location_number(1))
        room = build.unit(house, "Klinikken i huset", inherits=True, provider_number=ONE)
        (entry,) = review([{"GLN": location_number(1), "ydernr": ONE}], build.build(), to="sor_code").entries
        assert entry.conversion is not None
        assert told(entry.conversion) == ("certain", room, ())

    def test_a_closed_unit_is_told_with_who_came_after_it(self) -> None:
        found = converted(provider_number=CLOSED)
        assert told(found) == ("closed", None, ("unit-closed",))
        assert asked(found) == [NATION.clinic]
        assert found.question("da").startswith("Er det nu Klinikken Lærkevej")

    def test_several_successors_are_asked_about(self) -> None:
        found = converted(provider_number=SPLIT)
        assert (told(found)[0], set(asked(found))) == ("closed", {NATION.north, NATION.south})

    def test_a_closed_unit_that_nobody_replaces_is_told_so(self) -> None:
        assert told(converted(provider_number=GONE)) == ("no-successor", None, ("unit-closed",))

    def test_a_policy_that_follows_successors_takes_the_one(self) -> None:
        policy = AddressingPolicy(follow_successors=True)
        assert told(converted(provider_number=CLOSED, policy=policy))[:2] == ("certain", NATION.clinic)

    def test_a_unit_that_no_letter_can_reach_is_no_certain_one(self) -> None:
        found = converted(provider_number=ALONE)
        assert told(found) == ("not-addressable", None, ("location-missing",))
        assert asked(found) == [NATION.alone]

    def test_zeros_that_a_spreadsheet_has_eaten_are_noted(self) -> None:
        assert told(converted(provider_number="99")) == ("certain", NATION.short, ("identifier-zeros-lost",))

    def test_a_sor_code_that_stands_there_stays_and_the_provider_number_goes(self) -> None:
        found = converted(sor_code=NATION.clinic, provider_number=ONE)
        assert told(found) == ("already", NATION.clinic, ())
        assert [(str(kind), text) for kind, text in found.cells] == [("provider_number", "")]

    def test_a_provider_number_of_others_at_the_same_address_is_noted_beside_the_sor_code(self) -> None:
        found = converted(sor_code=NATION.quiet, provider_number=SHARED)
        assert told(found) == ("already", NATION.quiet, ("identifiers-disagree",))
        assert told(converted(sor_code=NATION.left, provider_number=SHARED)) == ("already", NATION.left, ())

    def test_a_sor_code_in_the_column_of_provider_numbers_moves(self) -> None:
        found = converted(provider_number=NATION.clinic)
        assert told(found) == ("certain", NATION.clinic, ("identifier-in-wrong-column",))
        assert [(str(kind), text) for kind, text in found.cells] == [
            ("sor_code", NATION.clinic),
            ("provider_number", ""),
        ]

    def test_a_location_number_in_the_column_of_provider_numbers_is_not_lost(self) -> None:
        found = converted(provider_number=location_number(1))
        assert told(found)[:2] == ("certain", NATION.clinic)
        assert [(str(kind), text) for kind, text in found.cells] == [("sor_code", NATION.clinic)]

    def test_shak_codes_and_location_numbers_become_sor_codes_too(self) -> None:
        assert told(converted(shak_code=shak_code(1, "ward"))) == ("certain", NATION.ward, ())
        assert told(converted(location_number=location_number(10))) == ("certain", NATION.hospital, ())
        assert [str(kind) for kind, _ in converted(location_number=location_number(10)).cells] == ["sor_code"]

    def test_identifiers_that_disagree_are_asked_about(self) -> None:
        found = converted(provider_number=ONE, location_number=location_number(4))
        assert told(found) == ("ask", None, ("identifiers-disagree",))
        assert set(asked(found)) == {NATION.clinic, NATION.north}

    def test_a_mangled_number_that_can_not_have_been_the_unit_s_is_asked_about(self) -> None:
        assert told(converted(provider_number=ONE, location_number="4,2E+12"))[0] == "ask"
        assert told(converted(provider_number=ONE, location_number="5,79E+12"))[:2] == ("certain", NATION.clinic)

    def test_a_name_that_does_not_fit_is_noted(self) -> None:
        assert told(converted(provider_number=ONE, name="Tandlægerne Fjernby")) == (
            "certain",
            NATION.clinic,
            ("name-differs",),
        )

    def test_what_the_register_does_not_know_is_unknown(self) -> None:
        assert told(converted(provider_number="990999")) == ("unknown", None, ("recipient-unknown",))

    def test_a_name_alone_is_searched_for(self) -> None:
        found = converted(name="Klinikken Lærkevej")
        assert told(found) == ("without-identifier", None, ("entry-without-identifier",))
        assert asked(found)[:1] == [NATION.clinic]
        assert found.kind == "none"

    def test_an_identifier_that_was_another_s_is_asked_about(self) -> None:
        build = RegisterBuilder(DAY - dt.timedelta(days=31))
        owner = build.owner("Region Opdigt")
        build.institution(
            owner, "En anden", location_number=location_number(4), provider_number=ONE, sor_code=NATION.north
        )
        (entry,) = review([BookEntry(provider_number=ONE)], NATION.register, build.build(), to="sor_code").entries
        assert entry.conversion is not None
        assert told(entry.conversion) == ("ask", None, ("recipient-changed",))
        assert set(asked(entry.conversion)) == {NATION.clinic, NATION.north}


class TestToLocationNumber:
    def test_the_address_is_certain_where_the_unit_is_not(self) -> None:
        assert told(converted("location_number", provider_number=SHARED)) == (
            "certain",
            location_number(3),
            ("unit-shared",),
        )

    def test_several_addresses_are_asked_about(self) -> None:
        found = converted("location_number", provider_number=TWO)
        assert told(found)[0] == "ask"
        assert {one.value for one in found.candidates} == {location_number(4), location_number(5)}


class TestToProviderNumber:
    def test_the_unit_s_own_is_put_in(self) -> None:
        found = converted("provider_number", sor_code=NATION.clinic)
        assert told(found) == ("certain", ONE, ())
        assert [(str(kind), text) for kind, text in found.cells] == [("provider_number", ONE)]

    def test_a_number_that_others_have_too_is_not_put_in(self) -> None:
        for unit in (NATION.left, NATION.room, NATION.north):
            found = converted("provider_number", sor_code=unit)
            assert told(found) == ("shared", None, ("provider-number-shared",)), unit

    def test_a_unit_without_one_is_told_so(self) -> None:
        found = converted("provider_number", sor_code=NATION.hospital)
        assert told(found) == ("lacking", None, ())
        assert found.text("da") == "Prøve Sygehus er den rette, men står uden ydernummer i SOR."


def test_what_a_book_can_not_be_converted_to_is_an_error_of_ours() -> None:
    with pytest.raises(
        PolicyError, match="can't be converted to 'cvr_number': use sor_code, location_number, provider_number"
    ):
        review([BookEntry(provider_number=ONE)], NATION.register, to="cvr_number")  # type: ignore[arg-type]
    found = review([BookEntry(provider_number=ONE)], NATION.register)
    assert (found.readiness, found.entries[0].conversion) == (None, None)
    with pytest.raises(PolicyError, match="without to"):
        found.write_converted("x.csv")


def test_a_book_of_names_alone_is_told_and_only_where_it_is_converted(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("Nr;Navn\n1;Klinikken Lærkevej\n2;Ukendte Anders\n", "utf-8")
    with pytest.raises(AddressBookError, match="no column has identifiers"):
        review(book, NATION.register)
    found = review(book, NATION.register, to="sor_code")
    assert [str(one.conversion.state) for one in found.entries if one.conversion] == ["without-identifier"] * 2
    assert there_and_back(found, tmp_path, NATION.register, ".csv") == book.read_bytes()


class TestReadiness:
    book = (
        {"ydernr": ONE},
        {"ydernr": TWO},
        {"ydernr": CLOSED, "GLN": ""},
        {"ydernr": GONE},
        {"ydernr": ONE, "SOR": NATION.clinic},
        {"ydernr": "", "GLN": location_number(1)},
        {"ydernr": "", "navn": "Ingen"},
    )

    def test_a_book_is_counted_by_state_and_by_what_its_entries_have(self) -> None:
        readiness = review(self.book, NATION.register, to="sor_code").readiness
        assert readiness is not None
        assert readiness.to_dict() == {
            "to": "sor_code",
            "entries": 7,
            "ready": 3,
            "share": 0.4286,
            "by_state": {
                "certain": 2,
                "already": 1,
                "ask": 1,
                "closed": 1,
                "no-successor": 1,
                "without-identifier": 1,
            },
            "by_kind": {
                "provider_number": {"certain": 1, "ask": 1, "closed": 1, "no-successor": 1},
                "location_number": {"certain": 1},
                "none": {"without-identifier": 1},
                "sor_code+provider_number": {"already": 1},
            },
            "by_reason": {"unit-closed": 2, "entry-without-identifier": 1, "recipient-ambiguous": 1},
        }

    def test_it_stands_in_every_report(self, tmp_path: Path) -> None:
        found = review(self.book, NATION.register, to="sor_code")
        document = found.to_dict()
        assert json.loads(json.dumps(document)) == document
        assert document["summary"]["readiness"]["ready"] == 3  # type: ignore[index]
        markdown, page = found.to_markdown(language="da"), found.to_html(language="da", register=NATION.register)
        for report in (markdown, page):
            assert "På vej til SOR-kode" in report
            assert "Klar: 3 af 7 poster (42 %)." in report
            assert "Er det nu Klinikken Lærkevej" in report
        out = io.StringIO()
        found.to_csv(out, language="da")
        rows = list(csv.DictReader(io.StringIO(out.getvalue())))
        assert [row["conversion_state"] for row in rows][:3] == ["certain", "ask", "closed"]
        assert rows[1]["conversion_question"].startswith("Er det Lægerne ")
        assert "readiness" not in review(self.book, NATION.register).summary()


def there_and_back(found: object, folder: Path, register: Register, ending: str) -> bytes:
    """The converted book of a review, converted back to provider numbers."""
    new = found.write_converted(folder / f"new{ending}")  # type: ignore[attr-defined]
    back = review(new, register, to="provider_number")
    return back.write_converted(folder / f"back{ending}").read_bytes()


VALUES = {
    "Ydernr": [
        ONE,
        OWNED,
        SHARED,
        TWO,
        CLOSED,
        GONE,
        ALONE,
        "99",
        "000099",
        "990999",
        f'="{ONE}"',
        f" {ONE} ",
        "",
        "-",
    ],
    "SOR-kode": [NATION.clinic, NATION.ward, NATION.closed, sor_code(99_000), "9,00001E+15", "", ""],
    "GLN": [location_number(1), location_number(3), location_number(4), location_number(6), "5,79E+12", "", ""],
    "SHAK": [shak_code(1, "ward"), "9901", "", ""],
    "Navn": ["Klinikken Lærkevej", 'Huset "Ærø"; stuen', "", "=1+1"],
    "Fri tekst": ["a;b", "æ", "", '"'],
}
ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}), min_size=1, max_size=6
)
COLUMNS = (
    st.permutations(list(VALUES))
    .flatmap(lambda names: st.integers(1, len(names)).map(lambda count: names[:count]))
    .filter(lambda names: {"Ydernr", "SOR-kode", "GLN", "SHAK"} & set(names))
)


@given(
    ROWS, COLUMNS, st.sampled_from([";", ",", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]), st.booleans()
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("to", ["sor_code", "location_number"])
def test_there_and_back_gives_the_old_file(
    tmp_path: Path, to: str, rows: list[dict[str, str]], columns: list[str], delimiter: str, encoding: str, quoted: bool
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in rows)
    book = tmp_path / "book.csv"
    book.write_bytes(out.getvalue().encode(encoding))
    try:
        found = review(book, NATION.register, to=to)
    except AddressBookError as error:
        assert "a header and no entries" in str(error)  # noqa: PT017
        return
    assert there_and_back(found, tmp_path, NATION.register, ".csv") == book.read_bytes()


@given(ROWS, st.booleans())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("ending", [".json", ".jsonl"])
def test_there_and_back_gives_the_old_objects(
    tmp_path: Path, ending: str, rows: list[dict[str, str]], numbers: bool
) -> None:
    objects: list[dict[str, object]] = [dict(row) for row in rows]
    for one in objects:
        if numbers and str(one["Ydernr"]).isdigit():
            one["Ydernr"] = int(str(one["Ydernr"]))
        if one["SHAK"] == "":
            del one["SHAK"]
    text = json.dumps(objects, indent=1) if ending == ".json" else "\n".join(map(json.dumps, objects))
    book = tmp_path / f"book{ending}"
    book.write_text(text, "utf-8")
    found = review(book, NATION.register, to="sor_code")
    back = there_and_back(found, tmp_path, NATION.register, ending).decode()
    read = json.loads(back) if ending == ".json" else [json.loads(line) for line in back.splitlines()]
    assert [list(one.items()) for one in read] == [list(one.items()) for one in objects]


class TestConvertedBook:
    def write(self, tmp_path: Path, text: str, to: str = "sor_code", encoding: str = "utf-8") -> str:
        (tmp_path / "book.csv").write_bytes(text.encode(encoding))
        found = review(tmp_path / "book.csv", NATION.register, to=to)  # type: ignore[arg-type]
        return found.write_converted(tmp_path / "new.csv").read_bytes().decode(encoding)

    def test_a_column_for_the_new_identifier_is_added_where_there_is_none(self, tmp_path: Path) -> None:
        text = self.write(tmp_path, f"Nr;Ydernr;Note\r\n1;{ONE};æ\r\n2;{TWO};ø\r\n", encoding="cp1252")
        assert text.splitlines() == [
            "Nr;Ydernr;Note;sor_code;conversion_state;conversion_reasons;conversion_from",
            f"1;;æ;{NATION.clinic};certain;;sor_code+ {NATION.clinic}: provider_number={ONE}",
            f"2;{TWO};ø;;ask;recipient-ambiguous;",
        ]

    def test_a_column_that_is_there_is_filled(self, tmp_path: Path) -> None:
        text = self.write(tmp_path, f"SOR,Ydernr\n,{ONE}\n{NATION.clinic},{ONE}\n")
        assert text.splitlines()[1:] == [
            f"{NATION.clinic},,certain,,sor_code {NATION.clinic}: sor_code=; provider_number={ONE}",
            f"{NATION.clinic},,already,,sor_code {NATION.clinic}: provider_number={ONE}",
        ]

    def test_nothing_is_added_for_an_identifier_that_nobody_gets(self, tmp_path: Path) -> None:
        assert self.write(tmp_path, f"Ydernr\n{TWO}\n").splitlines()[0] == (
            "Ydernr;conversion_state;conversion_reasons;conversion_from"
        )

    def test_an_entry_that_was_changed_since_is_not_put_back_and_says_so(self, tmp_path: Path) -> None:
        text = self.write(tmp_path, f"Nr;Ydernr\n1;{ONE}\n2;000099\n")
        (tmp_path / "edited.csv").write_text(text.replace(NATION.clinic, NATION.hospital, 1), "utf-8")
        back = review(tmp_path / "edited.csv", NATION.register, to="provider_number")
        states = [(str(one.conversion.state), one.conversion.reasons) for one in back.entries if one.conversion]
        assert states == [("lacking", ("conversion-outdated",)), ("restored", ())]
        rows = back.write_converted(tmp_path / "back.csv").read_text("utf-8").splitlines()
        assert rows[1:] == [
            f"1;;{NATION.hospital};lacking;conversion-outdated;sor_code+ {NATION.clinic}: provider_number={ONE}",
            "2;000099;;restored;;",
        ]

    def test_a_converted_book_can_be_converted_to_something_else_and_still_goes_back(self, tmp_path: Path) -> None:
        old = f"Nr;Ydernr\n1;{ONE}\n2;{SHARED}\n3;{TWO}\n"
        self.write(tmp_path, old)
        there = review(tmp_path / "new.csv", NATION.register, to="location_number")
        assert there.write_converted(tmp_path / "other.csv").read_text("utf-8").splitlines() == [
            "Nr;Ydernr;location_number;conversion_state;conversion_reasons;conversion_from",
            f"1;;{location_number(1)};certain;;location_number+ {location_number(1)}: provider_number={ONE}",
            f"2;;{location_number(3)};certain;unit-shared;location_number+ {location_number(3)}: provider_number={SHARED}",
            f"3;{TWO};;ask;recipient-ambiguous;",
        ]
        back = review(tmp_path / "other.csv", NATION.register, to="provider_number")
        assert back.write_converted(tmp_path / "back.csv").read_text("utf-8") == old

    def test_an_entry_goes_back_whatever_became_of_its_unit_since(self, tmp_path: Path) -> None:
        old = f"Nr;Ydernr\n1;{ONE}\n2;{SHARED}\n"
        new = self.write(tmp_path, old)
        build = RegisterBuilder(DAY + dt.timedelta(days=31))
        owner = build.owner("Region Opdigt")
        build.institution(
            owner,
            "Klinikken",
            sor_code=NATION.clinic,
            location_number=location_number(1),
            provider_number=ONE,
            to_date=DAY,
        )
        build.institution(owner, "En anden", location_number=location_number(2), provider_number=SHARED)
        later = build.build()
        back = review(tmp_path / "new.csv", later, to="provider_number")
        assert back.write_converted(tmp_path / "back.csv").read_text("utf-8") == old
        again = review(tmp_path / "new.csv", later, to="sor_code")
        assert [str(one.conversion.state) for one in again.entries if one.conversion] == ["no-successor", "certain"]
        rows = again.write_converted(tmp_path / "again.csv").read_text("utf-8").splitlines()
        assert rows[1] == new.splitlines()[1].replace("certain;;", "no-successor;unit-closed;")
        third = review(tmp_path / "again.csv", later, to="provider_number")
        assert third.write_converted(tmp_path / "third.csv").read_text("utf-8") == old

    def test_what_a_row_has_beyond_the_header_stands_after_the_new_columns_and_goes_back(self, tmp_path: Path) -> None:
        old = f"Nr;Ydernr\n1;{ONE};ekstra\n2;{ONE};\n3;{ONE}\n"
        assert self.write(tmp_path, old).splitlines()[1:] == [
            f"1;{ONE};;unreadable;entry-misshapen;;ekstra",
            f"2;;{NATION.clinic};certain;;sor_code+ {NATION.clinic}: provider_number={ONE};",
            f"3;;{NATION.clinic};certain;;sor_code+ {NATION.clinic}: provider_number={ONE}",
        ]
        back = review(tmp_path / "new.csv", NATION.register, to="provider_number")
        assert back.write_converted(tmp_path / "back.csv").read_text("utf-8") == old

    def test_what_is_certain_of_the_address_alone_is_not_certain_of_the_unit_afterwards(self, tmp_path: Path) -> None:
        old = f"GLN;Ydernr\n{location_number(3)};{SHARED}\n"
        self.write(tmp_path, old, to="location_number")
        there = review(tmp_path / "new.csv", NATION.register, to="sor_code")
        assert [told(one.conversion) for one in there.entries if one.conversion] == [("ask", None, ("unit-shared",))]
        there.write_converted(tmp_path / "other.csv")
        back = review(tmp_path / "other.csv", NATION.register, to="provider_number")
        assert back.write_converted(tmp_path / "back.csv").read_text("utf-8") == old

    def test_an_entry_that_would_be_asked_about_today_still_goes_back(self, tmp_path: Path) -> None:
        old = f"Nr;Ydernr\n1;{ONE}\n"
        new = self.write(tmp_path, old)
        build = RegisterBuilder(DAY + dt.timedelta(days=31))
        owner = build.owner("Region Opdigt")
        for place, code in enumerate((NATION.clinic, NATION.house), 1):
            number = location_number(place)
            build.institution(owner, "Klinikken", sor_code=code, location_number=number, provider_number=ONE)
        later = build.build()
        again = review(tmp_path / "new.csv", later, to="sor_code")
        assert [told(one.conversion) for one in again.entries if one.conversion] == [("already", NATION.clinic, ())]
        assert again.write_converted(tmp_path / "again.csv").read_text("utf-8") == new.replace("certain", "already")
        back = review(tmp_path / "again.csv", later, to="provider_number")
        assert back.write_converted(tmp_path / "back.csv").read_text("utf-8") == old

    def test_converting_twice_changes_nothing(self, tmp_path: Path) -> None:
        text = self.write(tmp_path, f"Nr;Ydernr\n1;{ONE}\n2;{TWO}\n")
        again = review(tmp_path / "new.csv", NATION.register, to="sor_code")
        assert again.write_converted(tmp_path / "again.csv").read_text("utf-8") == text

    def test_it_is_never_written_over_the_book(self, tmp_path: Path) -> None:
        (tmp_path / "book.csv").write_text(f"Ydernr\n{ONE}\n", "utf-8")
        found = review(tmp_path / "book.csv", NATION.register, to="sor_code")
        with pytest.raises(AddressBookError, match="the address book itself"):
            found.write_converted(tmp_path / "book.csv")
        (tmp_path / "book.csv").write_text("Ydernr\n1\n", "utf-8")
        with pytest.raises(AddressBookError, match="has changed"):
            found.write_converted(tmp_path / "new.csv")

    def test_a_book_in_memory_becomes_a_file(self, tmp_path: Path) -> None:
        found = review([{"ydernr": ONE, "x": 1.5}, {"ydernr": None}], NATION.register, to="sor_code")
        assert json.loads(found.write_converted(tmp_path / "new.json").read_text("utf-8")) == [
            {
                "ydernr": "",
                "x": 1.5,
                "sor_code": NATION.clinic,
                "conversion_state": "certain",
                "conversion_reasons": "",
                "conversion_from": f'sor_code+ {NATION.clinic}: provider_number="{ONE}"',
            },
            {
                "ydernr": None,
                "sor_code": "",
                "conversion_state": "without-identifier",
                "conversion_reasons": "entry-without-identifier",
                "conversion_from": "",
            },
        ]


def test_the_state_of_many_closed_units_hangs_on_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sor_addressing.changes.review.meaning._MOST_ROWS", 1)
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    new = build.institution(owner, "Den nye", location_number=True)
    for name, after in (("Uden", ()), ("Med", (new,))):
        build.institution(owner, name, location_number=True, provider_number=ONE, to_date=LAST, replaced_by=after)
    (tmp_path / "book.csv").write_text(f"Nr;Ydernr\n1;{ONE}\n", "utf-8")
    (entry,) = review(tmp_path / "book.csv", build.build(), to="sor_code").entries
    assert entry.conversion is not None
    assert entry.conversion.state is ConversionState.CLOSED
    assert [one.sor_code for one in entry.conversion.candidates] == [new]
