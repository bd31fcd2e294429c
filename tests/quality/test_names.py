"""NameReport taken apart, the pattern that siblings follow, proposals, everyday names, and the file of them that search reads."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.quality.one_practice import DAY, YESTERDAY, One

from sor_addressing import Aliases, PolicyError, Register, audit
from sor_addressing.index.lookup import Index
from sor_addressing.quality import NameReport, names
from sor_addressing.quality.naming.parts import Contents, above, taken_apart
from sor_addressing.quality.naming.siblings import proposal_for
from sor_addressing.quality.naming.words import is_searchable, naming_words
from sor_addressing.testing import RegisterBuilder, made_up_nation

PLACE = {"region_code": "1081", "municipality_code": "0851"}
HOSPITAL = "Prøve Hospital"


class Ward:
    """A hospital with units of one type."""

    def __init__(self, *wards: str, **fields: object) -> None:
        self.build = RegisterBuilder(DAY)
        self.owner = self.build.owner("Prøve Region")
        self.hospital = self.build.institution(self.owner, HOSPITAL, visiting_address=PLACE)
        for name in wards:
            self.add(name, **fields)

    def add(self, name: str, **fields: object) -> str:
        settings = {"types": "afdeling", "visiting_address": PLACE, "location_number": True, **fields}
        return self.build.unit(settings.pop("below", self.hospital), name, **settings)

    def names(self, **options: object) -> NameReport:
        return names(self.build.build(), **options)

    def broken(self, **options: object) -> list[tuple[str, str, str | None]]:
        return [(one.name, one.common, one.proposal) for one in self.names(**options).breaks]


USUAL = ["Øjensygdomme", "Nyresygdomme", "Kardiologi", "Lungesygdomme", "Urologi"]


def departments(form: str = "Afdeling for {}") -> Ward:
    return Ward(*[form.format(topic) for topic in USUAL])


@pytest.mark.parametrize(
    ("name", "pattern", "topic", "code"),
    [
        ("Afdeling for Kardiologi", "Afdeling for X", "Kardiologi", ""),
        ("afdeling  FOR kardiologi", "Afdeling for X", "kardiologi", ""),
        ("Afd. for Kardiologi", "Afd. for X", "Kardiologi", ""),
        ("Afd for Kardiologi", "Afd. for X", "Kardiologi", ""),
        ("Afdelingen for Øjne", "Afdelingen for X", "Øjne", ""),
        ("Afd. Kardiologi", "Afd. X", "Kardiologi", ""),
        ("Kardiologisk Afdeling", "X Afdeling", "Kardiologisk", ""),
        ("Kardiologisk Afdeling V", "X Afdeling N", "Kardiologisk", "V"),
        ("Hjertesygdomme, Afdeling", "X, Afdeling", "Hjertesygdomme", ""),
        ("Hjertesygdomme - Afdeling", "X, Afdeling", "Hjertesygdomme", ""),
        ("Hjerteafdelingen", "Xafdelingen", "Hjerte", ""),
        ("Hjerte-afdelingen", "X-afdelingen", "Hjerte", ""),
        ("Hjerteafd.", "Xafd.", "Hjerte", ""),
        ("Afdeling 3", "Afdeling N", "", "3"),
        ("Afsnit B12", "Afsnit N", "", "B12"),
        ("3. afdeling", "N. Afdeling", "", "3"),
        ("Afdeling for (børn)", "Afdeling for X", "(børn)", ""),
        ("Afdeling: Børn, 3", "Afdeling X N", "Børn", "3"),
        ("Afdelingen", "Afdelingen", "", ""),
        ("Afdeling for Øre-, Næse- og Halssygdomme", "Afdeling for X", "Øre-, Næse- og Halssygdomme", ""),
        ("Kardiologisk Afdeling for Børn", "X Afdeling Y", "Kardiologisk Afdeling for Børn", ""),
        ("Sundhed og Omsorg", "X", "Sundhed og Omsorg", ""),
        ("A\u030aben Afdeling", "X Afdeling", "Åben", ""),
    ],
)
def test_a_name_is_taken_apart(name: str, pattern: str, topic: str, code: str) -> None:
    parts = taken_apart(name)
    assert (str(parts.pattern), parts.topic, parts.code) == (pattern, topic, code)


@pytest.mark.parametrize(
    "name",
    [
        "Prøve Hospital, Afd. for Øjne",
        "Prøve Hospital Afd. for Øjne",
        "PRØVE HOSPITAL - Afd. for Øjne",
        "Proeve Hospital: Afd. for Øjne",
        "Afd. for Øjne, Prøve Hospital",
        "Afd. for Øjne, Regionshospitalet Andetsteds",
    ],
)
def test_the_organisation_in_front_or_behind_is_set_aside(name: str) -> None:
    parts = taken_apart(name, [above(HOSPITAL)])
    assert (str(parts.pattern), parts.topic) == ("Afd. for X", "Øjne")
    assert f"{parts.before}{parts.core}{parts.behind}" == name


def test_a_department_above_is_part_of_the_name_unless_a_comma_parts_it() -> None:
    chain = [above("Kardiologisk Afdeling"), above(HOSPITAL)]
    assert str(taken_apart("Kardiologisk Afdeling V", chain).pattern) == "X Afdeling N"
    assert str(taken_apart("Kardiologisk Afdeling, Afsnit V", chain).pattern) == "Afsnit N"


def test_a_name_of_places_alone_is_the_first_of_them_however_many_there_are() -> None:
    assert taken_apart("Prøve Hospital, " * 20_000 + "Afdeling 3").core == "Afdeling 3"
    assert taken_apart("Prøve Hospital, Andet Hospital, Region").core == "Prøve Hospital"


@pytest.mark.parametrize("name", ["", " ", ",", "—", "-", "Prøve Hospital", "3", "og", "\u0301", "Afd.", "🙂"])
def test_a_name_of_nothing_much_has_a_pattern_too(name: str) -> None:
    assert taken_apart(name, [above(HOSPITAL), above("")]).contents in tuple(Contents)


@pytest.mark.parametrize(
    ("name", "common", "proposal"),
    [
        ("Afd. for Hudsygdomme", "Afdeling for X", "Afdeling for Hudsygdomme"),
        ("afd for hudsygdomme", "Afdeling for X", "Afdeling for hudsygdomme"),
        ("Afdelingen for Hudsygdomme", "Afdeling for X", "Afdeling for Hudsygdomme"),
        ("Afdeling Hudsygdomme", "Afdeling for X", "Afdeling for Hudsygdomme"),
        ("Dermatologisk Afdeling", "Afdeling for X", "Afdeling for Dermatologi"),
        ("Hudsygdomme, Afdeling", "Afdeling for X", "Afdeling for Hudsygdomme"),
        ("Hudafdelingen", "Afdeling for X", "Afdeling for Dermatologi"),
        ("Dermatologi", "Afdeling for X", "Afdeling for Dermatologi"),
        ("Prøve Hospital, Afd. for Hudsygdomme", "Afdeling for X", "Prøve Hospital, Afdeling for Hudsygdomme"),
        ("Skæv Afdeling", "Afdeling for X", None),
        ("Samtalerummet", "Afdeling for X", None),
    ],
)
def test_what_breaks_the_pattern_of_its_siblings_gets_a_proposal(name: str, common: str, proposal: str | None) -> None:
    ward = departments()
    ward.add(name)
    assert ward.broken() == [(name, common, proposal)]


@pytest.mark.parametrize(
    ("form", "name", "proposal"),
    [
        ("Afd. for {}", "Afdeling for Hudsygdomme", "Afd. for Hudsygdomme"),
        ("{}afdelingen", "Dermatologisk Afdeling", "Hudafdelingen"),
        ("{}-afdelingen", "Hudafdeling", "Hud-afdelingen"),
        ("{} Afdeling", "Afdeling for Dermatologi", "Dermatologisk Afdeling"),
        ("{} afdeling", "Hudafdelingen", "Dermatologisk afdeling"),
        ("{}, Afdeling", "Afdeling for Hudsygdomme", "Hudsygdomme, Afdeling"),
        ("Afdelingen {}", "Afd. Hudsygdomme", "Afdelingen Hudsygdomme"),
    ],
)
def test_the_pattern_is_that_of_the_siblings_whatever_it_is(form: str, name: str, proposal: str) -> None:
    ward = departments(form)
    ward.add(name)
    assert [told for _, _, told in ward.broken()] == [proposal]


def test_numbers_are_told_apart_from_what_units_are_for() -> None:
    ward = departments()
    for number in range(1, 6):
        ward.add(f"Afdeling {number}")
    ward.add("Afd. 7")
    ward.add("8. afdeling")
    assert ward.broken() == [("Afd. 7", "Afdeling N", "Afdeling 7"), ("8. afdeling", "Afdeling N", "Afdeling 8")]


@pytest.mark.parametrize(
    "others",
    [
        {"name": "Klinik for Hudsygdomme"},
        {"name": "Afdeling 3"},
        {"name": "Afdelingen"},
        {"name": "Kardiologisk Afdeling for Børn"},
        {"name": "AFDELING FOR HUDSYGDOMME"},
        {"name": "Afd. for Hudsygdomme", "types": "klinik"},
        {"name": "Afd. for Hudsygdomme", "types": ()},
        {"name": "Afd. for Hudsygdomme", "visiting_address": {"region_code": "1082"}},
        {"name": "Afd. for Hudsygdomme", "to_date": YESTERDAY},
        {"name": "Afdeling for Hudsygdomme, Prøve Hospital"},
    ],
    ids=str,
)
def test_what_is_no_sibling_or_follows_the_pattern_breaks_none(others: dict[str, object]) -> None:
    ward = departments()
    ward.add(others.pop("name"), **others)
    assert ward.broken() == []


def test_few_siblings_have_no_pattern() -> None:
    few = Ward(*[f"Afdeling for {topic}" for topic in USUAL[:3]], "Afd. for Hudsygdomme")
    assert few.broken() == []
    assert few.broken(least=4) == [("Afd. for Hudsygdomme", "Afdeling for X", "Afdeling for Hudsygdomme")]
    few.add("Afdeling for Urologi")
    assert len(few.broken()) == 1


def test_where_half_are_named_otherwise_nothing_is_common() -> None:
    half = departments()
    for topic in USUAL:
        half.add(f"Afd. for {topic}")
    assert half.broken() == []
    assert not any(pattern.is_common for group in half.names().groups for pattern in group.patterns)


def test_patterns_are_counted_by_region_and_type() -> None:
    ward = departments()
    ward.add("Afd. for Hudsygdomme")
    ward.add("Øjenklinikken", types=["klinik", "afdeling"])
    found = ward.names()
    told = {
        (group.region, group.unit_type): [(one.pattern, one.units, one.is_common) for one in group.patterns]
        for group in found.groups
    }
    assert told == {
        ("1081", "afdeling"): [("Afdeling for X", 5, True), ("Afd. for X", 1, False), ("Xklinikken", 1, False)],
        ("1081", "klinik"): [("Xklinikken", 1, False)],
    }
    assert [group.breaking for group in found.groups] == [1, 0]
    assert (found.groups[0].region_name("da"), found.groups[0].name()) == ("Region Nordjylland", "afdeling")
    assert repr(found) == "<NameReport of 9 units on 2026-01-15: 1 break a pattern>"


def test_filters_and_the_day_say_which_units_are_compared() -> None:
    ward = departments()
    ward.add("Afd. for Hudsygdomme", from_date=DAY + dt.timedelta(1))
    assert ward.broken() == []
    assert len(ward.broken(on=DAY + dt.timedelta(1))) == 1
    assert ward.names(region="1082").units == 0
    with pytest.raises(TypeError, match="colour"):
        ward.names(colour="green")


@pytest.mark.parametrize("least", [1, 0, -3, True, 2.5, "5"])
def test_what_can_not_be_a_number_of_siblings_is_refused(least: object) -> None:
    with pytest.raises(PolicyError, match="give a whole number from 2 on"):
        names(Register.sample(), least=least)


def test_a_proposal_follows_the_pattern_that_it_is_made_by() -> None:
    register = made_up_nation(6_000, seed=3).to_register()
    found = names(register)
    proposed = [one for one in found.breaks if one.proposal]
    assert len(proposed) > 20
    for one in proposed:
        unit = register.by_sor_code[one.sor_code]
        parts = taken_apart(one.proposal, [above(each.name) for each in unit.ancestors])
        assert str(parts.pattern) == one.common


def test_a_proposal_that_would_be_of_another_pattern_is_none() -> None:
    behind = taken_apart("Afdeling Øjne").pattern
    assert proposal_for(taken_apart("Afdeling for Øjne"), behind, "Afdeling") == "Afdeling Øjne"
    assert proposal_for(taken_apart("Afd. i Klinikken"), taken_apart("Xklinikken").pattern, "klinikken") is None


@given(st.text(max_size=40), st.text(max_size=20))
def test_whatever_a_name_is_its_parts_are_the_name(name: str, organisation: str) -> None:
    parts = taken_apart(name, [above(organisation), above(HOSPITAL)])
    assert f"{parts.before}{parts.core}{parts.behind}" == unicodedata.normalize("NFC", " ".join(name.split()))
    assert isinstance(str(parts.pattern), str)
    is_searchable(parts.words)


@given(
    st.lists(
        st.sampled_from(
            ["Afd.", "Afdeling", "for", "Hjerte", "Kardiologisk", "V", "3", ",", "-", "klinikken", "Prøve Hospital"]
        ),
        max_size=6,
    )
)
def test_every_proposal_is_of_the_pattern_it_is_made_by(words: list[str]) -> None:
    parts = taken_apart(" ".join(words), [above(HOSPITAL)])
    for pattern in (
        taken_apart(name).pattern
        for name in ("Afdeling for Øjne", "Hudafdelingen", "Hud-klinikken", "Klinik 3", "3. klinik", "Øjne, Klinik")
    ):
        proposal = proposal_for(parts, pattern, "Klinik")
        assert proposal is None or taken_apart(proposal, [above(HOSPITAL)]).pattern.shape == pattern.shape


EVERYDAY = [
    ("Kardiologisk Afdeling", {}, "Hjerteafdelingen, Prøve Hospital"),
    ("Afdeling for Oftalmologi", {}, "Øjenafdelingen, Prøve Hospital"),
    ("Afdeling for Øjensygdomme", {}, None),  # has the word already
    ("Kardiologisk Afdeling V", {}, "Hjerteafdelingen V, Prøve Hospital"),
    ("Ambulatorium 3", {"specialities": ["Kardiologi"]}, "Hjerteambulatoriet 3, Prøve Hospital"),
    ("Hjerteafdelingen", {}, None),
    ("Samtalerummet", {}, None),
]


@pytest.mark.parametrize(("name", "fields", "everyday"), EVERYDAY)
def test_everyday_names_are_proposed(name: str, fields: dict[str, object], everyday: str | None) -> None:
    ward = Ward()
    code = ward.add(name, **fields)
    found = {one.sor_code: one.everyday_name for one in ward.names().everyday_names}
    assert found.get(code) == everyday


def test_a_ward_is_called_after_the_department_above_it() -> None:
    ward = Ward()
    department = ward.add("Urologisk Afdeling")
    below = ward.add("Ambulatorium 4", below=department)
    found = {one.sor_code: one for one in ward.names().everyday_names}
    assert found[below].everyday_name == "Urinvejsambulatoriet 4, Prøve Hospital"
    assert (found[below].searchable, found[department].searchable) == (False, True)


def test_a_name_that_two_units_would_have_is_proposed_for_neither() -> None:
    ward = Ward("Kardiologisk Afdeling", "Afdeling for Kardiologi")
    assert ward.names().everyday_names == ()


def test_a_unit_that_nobody_can_search_and_nothing_is_known_of_waits_for_a_name() -> None:
    ward = Ward()
    code = ward.add("Team 3")
    (one,) = ward.names().everyday_names
    assert (one.sor_code, one.everyday_name, one.searchable) == (code, None, False)


def full_ward() -> Ward:
    ward = Ward("Kardiologisk Afdeling", "Oftalmologi, Klinik", "Team 3", "=Cmd 4")
    department = ward.add("Urologisk Afdeling")
    for number in range(3):
        ward.add(f"Ambulatorium {number}", below=department)
    return ward


@pytest.mark.parametrize("ending", ["csv", "toml", "TOML", "txt"])
def test_a_written_file_of_everyday_names_is_read_again_and_finds_the_units(tmp_path: Path, ending: str) -> None:
    register = full_ward().build.build()
    found = names(register)
    path = tmp_path / f"names.{ending}"
    assert found.write_aliases(path).to_dict() == {"path": str(path), "rows": 6, "neutralised": 0}
    aliases = Aliases.load(path)
    assert aliases == found.aliases
    assert len(aliases) == 6
    for code, called in aliases.names.items():
        for name in called:
            assert register.search(name, aliases=aliases, limit=1)[0].sor_code == code
            assert register.search(name.partition(",")[0], aliases=aliases, limit=3)[0].sor_code == code
    assert "Team 3" in path.read_text("utf-8")


def test_everyday_names_of_a_nation_are_read_again_and_find_the_units(tmp_path: Path) -> None:
    register = made_up_nation(2_000, seed=12).to_register()
    found = names(register)
    found.write_aliases(tmp_path / "names.csv")
    aliases = Aliases.load(tmp_path / "names.csv")
    assert aliases.unknown(register.by_sor_code) == ()
    asked = list(aliases.names.items())[::9]
    assert len(asked) > 10
    missed = [
        name
        for code, (name,) in asked
        if code not in {match.sor_code for match in register.search(name, aliases=aliases, limit=5)}
    ]
    assert missed == []


def test_a_comment_becomes_a_name_once_somebody_writes_one(tmp_path: Path) -> None:
    ward = Ward()
    code = ward.add("Team 3")
    path = tmp_path / "names.csv"
    names(ward.build.build()).write_aliases(path)
    assert Aliases.load(path).names == {}
    path.write_text(path.read_text("utf-8").replace(f"# {code};Team 3", f"{code};Demensteamet"), "utf-8")
    assert Aliases.load(path).names == {code: ("Demensteamet",)}


@pytest.mark.parametrize("name", ['Afsnit "3"\\', "Afsnit 3\x7f", "Afsnit 3\x07", "+Afsnit 3"])
def test_odd_names_stand_in_the_file_and_harm_nothing(tmp_path: Path, name: str) -> None:
    ward = Ward(specialities=["Kardiologi"])
    ward.build.institution(ward.owner, "Sted " + name, visiting_address=PLACE)
    ward.add(name, below=ward.build.institution(ward.owner, name, visiting_address=PLACE), specialities=["Kardiologi"])
    for ending in ("csv", "toml"):
        path = tmp_path / f"names.{ending}"
        found = names(ward.build.build())
        found.write_aliases(path)
        assert len(Aliases.load(path)) == len(found.aliases)
    tomllib.loads((tmp_path / "names.toml").read_text("utf-8"))


def test_the_report_has_every_form(tmp_path: Path) -> None:
    ward = departments()
    code = ward.add("Afd. for <bold>Hud|sygdomme</bold>")
    found = ward.names()
    document = json.loads(json.dumps(found.to_dict()))
    assert list(document) == [
        "snapshot_date",
        "on",
        "least",
        "units",
        "not_known",
        "unknown",
        "groups",
        "breaks",
        "everyday_names",
    ]
    assert document["breaks"][0]["sor_code"] == code
    target = io.StringIO()
    found.to_csv(target, language="da")
    heads, row = csv.reader(io.StringIO(target.getvalue()), delimiter=";")
    assert heads == ["SOR-kode", "Navn", "Forslag", "Mønster", "Søskendes mønster", "Region", "Enhedstype"]
    assert row[0] == f'="{code}"'
    assert row[3:] == ["Afd. for X", "Afdeling for X", "Region Nordjylland", "afdeling"]
    for language, heading in (("da", "Navne, der bryder mønstret"), ("en", "Names that break the pattern")):
        page = found.to_html(tmp_path / "names.html", language=language)
        assert heading in page
        assert (tmp_path / "names.html").read_text("utf-8") == page
        assert "<bold>" not in page
        assert f"## {heading}" in found.to_markdown(tmp_path / "names.md", language=language)
    assert "\\|sygdomme" in found.to_markdown()


def test_what_the_files_do_not_tell_is_said(tmp_path: Path) -> None:
    path = tmp_path / "sor.csv"
    path.write_text("SOR-kode;Enhedsnavn;Enhedsniveau\n9000011000016006;Afdeling for Øjne;SI\n", "utf-8")
    found = names(Register.load(path, snapshot_date=DAY))
    assert (found.units, found.groups, found.not_known) == (1, (), ("unit types", "regions", "location numbers"))
    assert "None of the loaded files tells: unit types, regions, location numbers." in found.to_markdown()
    assert "Det siger ingen af de indlæste filer: enhedstyper" in found.to_html(language="da")
    assert "None of the loaded files" not in departments().names().to_markdown()


def test_a_report_of_nothing_has_every_form() -> None:
    found = names(Ward().build.build(), region="1082")
    assert (found.units, found.groups, found.breaks, found.everyday_names, len(found.aliases)) == (0, (), (), (), 0)
    assert "Patterns" in found.to_html()
    assert found.to_markdown(language="da").startswith("# Enheders navne i SOR")


@pytest.mark.parametrize(
    "name",
    [
        "Afsnit B12",
        "C6",
        "Klinikken",
        "HNV",
        "Team 3",
        "Afd. for XYZ",
        "Ambulatorium IV",
        "Afsnit 3, Prøve Hospital",
        "",
    ],
)
def test_codes_and_words_for_any_unit_are_nothing_to_search_by(name: str) -> None:
    assert not is_searchable(taken_apart(name, [above(HOSPITAL)]).words)


@pytest.mark.parametrize(
    "name",
    [
        "Afd. hjerte",
        "KMA",
        "Team KOL",
        "AFSNIT HAVN",
        "AFSNIT 3 HAVN",
        "Samtalerummet",
        "Hjerteafdelingen",
        "Afsnit for ØNH",
        "Bo",
    ],
)
def test_what_people_say_is_something_to_search_by(name: str) -> None:
    assert is_searchable(taken_apart(name, [above(HOSPITAL)]).words)


def test_units_that_nobody_would_search_are_seen_on_request() -> None:
    rule = "name-nobody-searches"
    one = One()
    one.below("Afsnit B12")
    one.below("Hjerteafsnittet")
    one.below("Afsnit B13", to_date=YESTERDAY)
    code = one.below("Afsnit B14")
    one.below("Afsnit B15", inherits=False)
    found = audit(one.build.build(), rules=[rule])
    assert [remark.name for remark in found.remarks] == ["Afsnit B12", "Afsnit B14"]
    called = {code: ["Blodprøverne"]}
    assert [remark.name for remark in audit(one.build.build(), rules=[rule], everyday_names=called).remarks] == [
        "Afsnit B12"
    ]
    assert rule not in audit(one.build.build()).counts


def test_everyday_names_of_a_file_count(tmp_path: Path) -> None:
    one = One()
    code = one.below("Afsnit B14")
    path = tmp_path / "names.csv"
    path.write_text(f"SOR-kode;navn\n{code};Blodprøverne\n", "utf-8")
    assert one.details("name-nobody-searches", everyday_names=path) == []
    assert one.details("name-nobody-searches", everyday_names=Aliases.load(path)) == []
    with pytest.raises(PolicyError, match=r"nothing\.csv"):
        one.details("name-nobody-searches", everyday_names=tmp_path / "nothing.csv")


def test_a_name_that_breaks_its_siblings_pattern_is_seen_on_request() -> None:
    ward = departments()
    code = ward.add("Afd. for Hudsygdomme", types=["afdeling", "andet"])
    register = ward.build.build()
    (remark,) = audit(register, rules=["name-breaks-pattern"]).remarks
    assert (remark.sor_code, remark.details["proposal"]) == (code, "Afdeling for Hudsygdomme")
    assert remark.fix("da") == "Giv Afd. for Hudsygdomme et navn som søskendes; forslag: Afdeling for Hudsygdomme."
    assert "name-breaks-pattern" not in audit(register).counts
    assert audit(departments().build.build(), rules=["name-breaks-pattern"]).counts == {"name-breaks-pattern": 0}
    elsewhere = audit(register, rules=["name-breaks-pattern"], region="1082")
    assert elsewhere.counts == {"name-breaks-pattern": 0}


def test_every_head_is_a_word_that_search_knows_and_no_two_are_written_alike() -> None:
    known = naming_words()
    written = [word.casefold() for forms in known.forms.values() for word in forms]
    assert len(set(written)) == len(written)
    assert all(len(forms) >= 2 for forms in known.forms.values())


def test_a_chain_of_thousands_of_units_costs_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    walked = Index.ancestors

    def counting(index: Index, row: int) -> Iterator[int]:
        nonlocal steps
        for each in walked(index, row):
            steps += 1
            yield each

    monkeypatch.setattr(Index, "ancestors", counting)
    ward, size = Ward(), 3_000
    below = ward.hospital
    for place in range(size):
        below = ward.add(f"Kardiologisk Afdeling X{place}", below=below)
    found = ward.names()
    assert steps < 100 * size
    assert {one.sor_code: one.everyday_name for one in found.everyday_names}[below] == (
        f"Hjerteafdelingen X{size - 1}, {HOSPITAL}"
    )


@pytest.mark.national
def test_the_names_of_a_whole_nation_are_told() -> None:
    register = made_up_nation(90_000, seed=5).to_register()
    found = names(register)
    assert found.units > 70_000
    assert found.to_html()


def test_a_value_of_the_filter_that_no_unit_has_is_told() -> None:
    found = names(Register.sample(), municipality="0999")
    assert [one.to_dict() for one in found.unknown] == found.to_dict()["unknown"]
    assert 'Ingen enhed i registret har kommune "0999"' in found.to_markdown(language="da")
    assert names(Register.sample(), municipality="0901").unknown == ()
