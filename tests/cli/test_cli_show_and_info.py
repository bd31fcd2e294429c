from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sor_addressing import Register, RegisterStore
from sor_addressing.testing import RegisterBuilder, sample_extract, write_complete, write_sor_csv, write_sor_entity

INHERITS, CLOSED = "9000051000016005", "9005001000016002"
SUCCESSOR = "Klinikken Efterfølger"
UNIT_KEYS = [
    "sor_code", "name", "kind", "types", "period", "ancestors", "location", "inheritance_is_broken", "provider_number",
    "shak_code", "cvr_number", "pharmacy_number", "local_code", "organisational_level", "specialities",
    "region", "municipality", "postal_address", "visiting_address", "activity_address", "contact", "replaces", "replaced_by",
    "geographical_parent", "information", "local_attributes", "children", "usable", "findings",
]  # fmt: skip


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.sample()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A register with a unit that has something in every field, and that unit's SOR code."""
    builder = RegisterBuilder()
    owner = builder.owner("Ejeren", types="550891000005100", cvr_number="99000007")
    house = builder.institution(
        owner,
        "Huset",
        types="394761003",
        postal_address={"street": "Prøvevej", "building": "7", "postcode": "0999", "district": "Prøveby"},
        contact={"telephone": "00 11 22 33", "email": "post@example.org"},
    )
    before = builder.unit(house, "Klinikken før", to_date=dt.date(2024, 12, 31))
    clinic = builder.unit(
        house,
        "Klinikken med alt",
        types=["990121000005100", "264372000"],
        from_date=dt.date(2025, 1, 1),
        to_date=dt.date(2026, 12, 31),
        location={
            "internal_only": True,
            "inactive": True,
            "system": "9101",
            "supplier": "9201",
            "net_operator": "81000035007",
            "region_code": "1082",
            "administrator": "9601",
            "note": "Kun om dagen",
            "from_date": dt.date(2025, 2, 1),
            "to_date": dt.date(2026, 2, 28),
        },
        provider_number="990123",
        shak_code="9901020",
        cvr_number="99000007",
        pharmacy_number="999,1",
        local_code="L1",
        specialities=[("990501000005100", "990801000005100"), "990541000005100"],
        visiting_address={"street": "Bagvej", "building": "3", "postcode": "0998", "district": "Prøvestrand"},
        geographical_parent=("3", house),
        replaces=[before, "9099991000016005"],
        information={"ambulant_activity": True, "patients_admitted": False},
        local_attributes=["blå", "", "rød"],
    )
    for number in range(22):
        builder.unit(clinic, f"Afsnit {number + 1}", inherits=True)
    builder.registers(clinic, "XDIS91 XD9134L", send=True)
    builder.registers(clinic, "DIS91 D9134L", receive=True)
    builder.registers(clinic, "HYGIEJNE1", send=True, receive=True)
    folder = tmp_path_factory.mktemp("everything")
    builder.write(folder)
    return folder, clinic


def test_the_page_of_a_unit_has_everything_that_the_register_has_of_it(run, everything: tuple[Path, str]) -> None:
    folder, code = everything
    ran = run("show", code, "--register", folder)
    assert (ran.code, ran.err) == (0, "")
    units = Register.load(folder, snapshot_date=dt.date(2026, 1, 15)).by_sor_code
    unit = units[code]
    (house, owner), before = unit.ancestors, units[unit.replaces[0]]
    number = unit.location.number
    below = unit.children
    indent = " " * len("  Geographical parent  ")
    assert ran.lines == [
        "Klinikken med alt",
        f"  SOR code           {code}",
        "  Level              organisational unit (OE)",
        "  Types              990121000005100, 264372000 (pharmacy)",
        "  Valid              2025-01-01 – 2026-12-31, open; first 2025-01-01",
        "  Provider number    990123",
        "  SHAK code          9901020",
        "  CVR number         99000007",
        "  Pharmacy number    999,1",
        "  Local code         L1",
        "  Specialities       990501000005100 (990801000005100), 990541000005100",
        "  Ambulant activity  yes",
        "  Admits patients    no",
        "  Local attribute 1  blå",
        "  Local attribute 3  rød",
        "Electronic address",
        f"  Location number      {number}",
        "  Own or inherited     own",
        "  Number valid         2025-02-01 – 2026-02-28, open; first 2025-02-01",
        "  Active               no",
        "  Internal use only    yes",
        "  System               9101",
        "  Supplier             9201",
        "  Net operator (VANS)  81000035007 (MultiMed)",
        "  Region               1082 (Central Denmark Region)",
        "  EDI administrator    9601",
        "  Note                 Kun om dagen",
        "Addresses and contact",
        f"  Postal address    Prøvevej 7, 0999 Prøveby (from Huset ({house.sor_code}))",
        "  Visiting address  Bagvej 3, 0998 Prøvestrand",
        "  Activity address  Bagvej 3, 0998 Prøvestrand (in its place: Visiting address)",
        "  Region            1082 (Central Denmark Region)",
        f"  Telephone         00 11 22 33 (from Huset ({house.sor_code}))",
        f"  E-mail            post@example.org (from Huset ({house.sor_code}))",
        "Place in the register",
        f"  Above                Huset ({house.sor_code})",
        f"{indent}Ejeren ({owner.sor_code})",
        f"  Below (22)           Afsnit 1 ({below[0].sor_code})",
        *(f"{indent}{child.name} ({child.sor_code})" for child in below[1:20]),
        f"{indent}… and 2 more",
        f"  Replaces             Klinikken før ({before.sor_code})",
        f"{indent}9099991000016005",
        f"  Geographical parent  3 (another unit): Huset ({house.sor_code})",
        "Message types on the location number",
        "  Code       Version  Format  Send  Receive  Name",
        "  ---------  -------  ------  ----  -------  ---------------",
        "  DIS91      D9134L   EDI     no    yes      Clinical e-mail",
        "  HYGIEJNE1                   yes   yes      in no catalogue",
        "  XDIS91     XD9134L  XML     yes   no       Clinical e-mail",
        "Can't be reached on 2026-01-15.",
        f"  error  The location number is not active             Location number {number} of Klinikken med alt ({code}) is marked as not active.",
        (
            "  error  The location number is for internal use only  "
            f"Location number {number} of Klinikken med alt ({code}) is for internal use of its owner only."
        ),
    ]


def test_a_unit_without_a_number_says_so(run) -> None:
    extract = sample_extract()
    none = run("show", extract.unit("Afdelingen Uden nummer").sor_code, "--sample")
    assert "  Location number  none" in none.lines
    assert "Can't be reached on 2026-01-15." in none.lines
    broken = run("show", extract.unit("Afsnittet Brudt arv").sor_code, "--sample")
    assert "  Location number  should be inherited, but the way up is broken" in broken.lines


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("Klinikken Lukket (afløst)", "closed"),
        ("Afdelingen Åbner til marts", "not yet open"),
        ("Afdelingen Ulæselig dato", "the date in the register can't be read"),
    ],
)
def test_a_unit_that_is_not_in_force_is_shown_with_the_reason(name: str, valid: str, run) -> None:
    ran = run("show", sample_extract().unit(name).sor_code, "--sample")
    (line,) = (line for line in ran.lines if line.startswith("  Valid"))
    assert (ran.code, valid in line) == (0, True)
    assert "Can't be reached on 2026-01-15." in ran.lines


def test_an_unreachable_unit_names_its_successor(run) -> None:
    ran = run("show", CLOSED, "--sample", "--lang", "da", "--policy", "lenient")
    assert ran.code == 0
    assert "Kan ikke nås den 2026-01-15." in ran.lines
    (line,) = (line for line in ran.lines if line.startswith("  Afløst af"))
    assert line.split()[2:] == [*SUCCESSOR.split(), f"({sample_extract().unit(SUCCESSOR).sor_code})"]


def test_where_no_message_types_were_loaded_the_page_says_so(run, folder: Path) -> None:
    ran = run("show", "990001", "--register", folder / "Sor.xml")
    assert "  No message types were loaded: give them with --message-types." in ran.lines


def test_where_nothing_is_registered_the_page_says_so(run) -> None:
    ran = run("show", sample_extract().unit("Klinikken Uden registreringer").sor_code, "--sample")
    assert "  No registrations." in ran.lines


def test_a_direction_that_no_file_says_is_not_said(run, tmp_path: Path) -> None:
    written = sample_extract().write(tmp_path, directions="none")
    ran = run("show", "990001", "--register", written.units.parent)
    assert "  DIS91  D9134L   EDI     not said  not said  Clinical e-mail" in ran.lines


def test_several_units_are_listed(run, register: Register) -> None:
    ran = run("show", "990003", "--sample")
    assert ran.code == 0
    assert ran.lines[1] == '2 units have "990003":'
    shown = [line.split("  ")[1] for line in ran.lines[4:-1]]
    assert shown == [unit.name for unit in register.by_provider_number["990003"]]
    assert ran.lines[-1] == "Show one by its SOR code, or all with --full."


def test_several_units_can_have_a_page_each(run) -> None:
    ran = run("show", "990003", "--sample", "--full")
    pages = [line for line in ran.lines if line.startswith("Lægerne To Adresser")]
    assert pages == ["Lægerne To Adresser A", "Lægerne To Adresser B"]


@pytest.mark.parametrize(
    ("mapping", "system"),
    [
        ("by_sor_code", "urn:oid:1.2.208.176.1.1|"),
        ("by_location_number", "https://www.gs1.org/gln/"),
        ("by_provider_number", "urn:oid:1.2.208.176.1.4|"),
        ("by_shak_code", None),
        ("by_cvr_number", "cvr.dk|"),
    ],
)
def test_every_unit_is_found_by_every_identifier(mapping: str, system: str | None, run, register: Register) -> None:
    units_by = getattr(register, mapping)
    others = [getattr(register, name) for name in ("by_provider_number", "by_shak_code") if name != mapping]
    identifier = next(one for one in units_by if not any(one in other for other in others))
    units = units_by[identifier] if mapping != "by_sor_code" else (units_by[identifier],)
    for spelt in (identifier, f" {identifier[:3]} {identifier[3:]}", f"{system}{identifier}" if system else identifier):
        ran = run("show", spelt, "--sample", "--json")
        assert (ran.code, [unit["sor_code"] for unit in ran.json["units"]]) == (0, [unit.sor_code for unit in units])


def test_a_number_held_as_two_kinds_shows_both(run) -> None:
    ran = run("show", "990150", "--sample", "--json")
    assert {unit["name"] for unit in ran.json["units"]} == {"Afdelingen Samme tal", "Lægerne Samme tal"}


def test_a_system_says_which_kind(run) -> None:
    assert run("show", "urn:oid:1.2.208.176.1.1|990150", "--sample", "--json").json["units"] == []
    ran = run("show", "urn:oid:1.2.208.176.1.4|990150", "--sample", "--json")
    assert [unit["name"] for unit in ran.json["units"]] == ["Lægerne Samme tal"]
    assert run("show", "noget andet|990150", "--sample").code == 1


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ("5790999090018", "recipient-unknown"),
        ("5790999090001", "location-without-unit"),
        ("9000011000016000", "check-digit-wrong"),
        ("Lægehuset på hjørnet", "identifier-malformed"),
    ],
)
def test_what_no_unit_has_is_told_like_a_resolution(identifier: str, code: str, run) -> None:
    ran = run("show", identifier, "--sample")
    resolved = run("resolve", identifier, "--sample")
    assert (ran.code, ran.out) == (1, resolved.out)
    document = run("show", identifier, "--sample", "--json").json
    assert [finding["code"] for finding in document["findings"]] == [code]
    assert document["units"] == []


def test_the_document_of_a_unit_has_the_keys_of_the_library_and_three_more(run, register: Register) -> None:
    ran = run("show", INHERITS, "--sample", "--json", "--on", "2026-01-10")
    assert list(ran.json) == ["identifier", "on", "units", "findings", "made_up", "snapshot_date"]
    (unit,) = ran.json["units"]
    assert list(unit) == UNIT_KEYS
    assert UNIT_KEYS[:-3] == list(register.by_sor_code[INHERITS].to_dict())
    assert (ran.json["on"], ran.json["made_up"], ran.json["findings"]) == ("2026-01-10", True, [])
    assert (unit["usable"], [finding["code"] for finding in unit["findings"]]) == (True, ["location-inherited"])


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_unit_of_the_sample_has_a_page(language: str, run, register: Register) -> None:
    for unit in register:
        ran = run("show", unit.sor_code, "--sample", "--lang", language)
        assert (ran.code, ran.lines[1]) == (0, unit.name)


def test_info_tells_sources_counts_and_problems(run, folder: Path, register: Register) -> None:
    ran = run("info", "--register", folder, "--snapshot-date", "2026-01-15")
    counts = register.load_report.counts
    assert (ran.code, ran.err) == (0, "")
    lines = ran.lines
    assert lines[0] == "Register of 2026-01-15, 0 days old (limit: 2)."
    files = lines.index("Files")
    assert [line.split()[1:-2] for line in lines[files + 3 : files + 5]] == [
        ["Sor.xml", "2", "2026-01-15", "the"],
        ["Edityper.csv", "2026-01-15", "the"],
    ]
    at = lines.index("Counts")
    assert [int(line.split()[-1]) for line in lines[at + 1 : at + 1 + len(counts)]] == list(counts.values())
    at = lines.index("Message types in no catalogue")
    assert lines[at + 1] == "  HYGIEJNE1  2 rows"
    at = lines.index("Problems in the files")
    assert lines[at + 1 : at + 3] == ["  Date can't be read            1", "  Registrations without a unit  1"]
    assert [line.split("  ")[1] for line in lines[at + 4 :]] == ["Date can't be read", "Registrations without a unit"]


def test_info_marks_the_sample(run) -> None:
    assert run("info", "--sample").lines[:2] == [
        "MADE-UP REGISTER: none of the units exists.",
        "Register of 2026-01-15, 0 days old (limit: 2).",
    ]


@pytest.mark.parametrize(("wanted", "shown"), [("0", 0), ("1", 1), ("2", 2), ("all", 2)])
def test_info_shows_as_many_problems_as_wanted(wanted: str, shown: int, run) -> None:
    ran = run("info", "--sample", "--problems", wanted)
    assert ran.out.count(", line ") == shown
    assert (f"… and {2 - shown} more: show more with --problems N or --problems all." in ran.lines) is (shown < 2)
    assert len(run("info", "--sample", "--problems", wanted, "--json").json["problems"]) == shown


def test_info_shows_the_first_twenty_problems_and_in_json_all(run, tmp_path: Path) -> None:
    builder = RegisterBuilder()
    builder.owner("Ejeren")
    for _ in range(25):
        builder.registers(builder.location_number(), "DIS91 D9134L", receive=True)
    builder.write(tmp_path)
    ask = ("info", "--register", tmp_path, "--snapshot-date", "2026-01-15")
    assert run(*ask).out.count("  Registrations without a unit  ") == 21  # once with the count
    assert "… and 5 more: show more with --problems N or --problems all." in run(*ask).lines
    assert len(run(*ask, "--json").json["problems"]) == 25


def test_info_says_that_the_register_is_stale(run, folder: Path, days_later: Callable[[int], None]) -> None:
    days_later(3)
    ran = run("info", "--register", folder, "--lang", "da")
    assert (ran.code, ran.lines[0]) == (
        0, "Registret er fra 2026-01-15 og 3 dage gammelt: for gammelt (grænse: 2). Hent dagens udtræk.",
    )  # fmt: skip
    document = run("info", "--register", folder, "--json").json
    assert (document["age_days"], document["stale"]) == (3, True)


def test_info_says_that_message_types_are_missing(run, folder: Path) -> None:
    ran = run("info", "--register", folder / "Sor.xml")
    assert ran.lines[1:3] == [
        f"Read from {folder / 'Sor.xml'}",
        "No message types were loaded: give them with --message-types.",
    ]


def test_the_keys_of_info_are_stable(run, register: Register) -> None:
    document = run("info", "--sample", "--json").json
    assert list(document) == [
        "snapshot_date", "sources", "counts", "unknown_types", "not_known", "problem_counts", "problems", "age_days", "stale",
        "where", "store", "made_up",
    ]  # fmt: skip
    assert {name: document[name] for name in ("counts", "age_days", "stale", "made_up", "snapshot_date")} == {
        "counts": dict(register.load_report.counts),
        "age_days": 0,
        "stale": False,
        "made_up": True,
        "snapshot_date": "2026-01-15",
    }


def test_info_tells_how_the_store_stands(run, folder: Path, empty_store: Path) -> None:
    assert run("update", "--from", folder).code == 0
    ran = run("info")
    assert ran.lines[:5] == [
        "Register of 2026-01-15, 0 days old (limit: 2).",
        f"Read from {empty_store / 'days' / '2026-01-15.1' / 'register.compiled'}",
        "",
        "Store",
        "  The register was renewed and is now that of 2026-01-15.",
    ]
    labels = [line[2:21].strip() for line in ran.lines[5:10]]
    assert labels == ["lies in", "fetched from", "came in", "last update", "days in the store"]
    assert [ran.lines[5].split()[-1], ran.lines[6].split()[-1]] == [str(empty_store), str(folder)]
    document = run("info", "--json").json
    assert (document["store"]["state"], document["store"]["days"]) == ("renewed", ["2026-01-15"])
    assert run("info", "--register", folder, "--json").json["store"] is None


def test_info_tells_why_the_store_kept_the_old_register(run, folder: Path, tmp_path: Path) -> None:
    run("update", "--from", folder)
    run("update", "--from", tmp_path / "gone")
    told = run("info").lines[4]
    assert told.startswith(
        "  The register is still that of 2026-01-15; nothing newer was taken. The new extract can't be fetched: "
    )
    RegisterStore().pin(dt.date(2026, 1, 15))
    assert "  pinned to          2026-01-15" in run("info").lines


def test_info_on_an_empty_store_tells_why_it_is_empty(run, tmp_path: Path) -> None:
    assert run("info").code == 3
    run("update", "--from", tmp_path / "gone")
    ran = run("info")
    assert ran.code == 3
    assert f" The store has no register. The new extract can't be fetched: {tmp_path / 'gone'}: " in ran.err


def test_info_tells_what_none_of_the_files_can_say(run, tmp_path: Path) -> None:
    extract = sample_extract()
    write_sor_csv(extract, tmp_path / "sor.csv")
    lines = run("info", "--register", tmp_path, "--snapshot-date", "2026-01-15").lines
    at = lines.index("Not known, for none of these files can say it")
    assert "periods of location numbers" in lines[at + 1]
    assert "inheritance of addresses" in lines[at + 1]


def test_a_unit_shows_what_is_not_known_of_its_number(run, tmp_path: Path) -> None:
    write_sor_csv(sample_extract(), tmp_path / "sor.csv")
    lines = run("show", INHERITS, "--register", tmp_path, "--snapshot-date", "2026-01-15").lines
    assert [line.split()[-2:] for line in lines if "Internal use only" in line or "Number valid" in line] == [
        ["not", "known"]
    ] * 2


def test_codes_are_shown_in_the_words_of_the_registers_own_classifications(run, tmp_path: Path) -> None:
    write_complete(sample_extract(), tmp_path / "Sor_complete.zip", write_units=partial(write_sor_entity, daily=False))
    document = run("show", INHERITS, "--register", tmp_path, "--snapshot-date", "2026-01-15", "--json").json
    code = document["units"][0]["location"]["system"]
    lines = run("show", INHERITS, "--register", tmp_path, "--snapshot-date", "2026-01-15").lines
    (shown,) = [line for line in lines if line.strip().startswith("System ")]
    word = Register.load(tmp_path, snapshot_date=dt.date(2026, 1, 15)).code_text("system", code)
    assert word
    assert shown.split(maxsplit=1)[1] == (code if word == code else f"{code} ({word})")
