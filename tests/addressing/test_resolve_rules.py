"""Who an identifier means: one test for each rule, on registers of a few units."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import (
    AddressingPolicy,
    AmbiguousRecipient,
    MalformedIdentifier,
    RecipientNotAddressable,
    Resolution,
    Status,
    UnknownRecipient,
)
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import cvr_number, location_number, sor_code

DAY = dt.date(2026, 1, 15)
LAST_YEAR = dt.date(2025, 1, 31)
NEXT_MONTH = dt.date(2026, 3, 1)


def codes(resolution: Resolution) -> list[str]:
    return [finding.code for finding in resolution.findings]


def candidates(resolution: Resolution) -> dict[str, tuple[bool, list[str]]]:
    return {
        candidate.name: (candidate.usable, [finding.code for finding in candidate.findings])
        for candidate in resolution.candidates
    }


def made_of(resolution: Resolution) -> tuple[str, str | None, bool, list[str]]:
    recipient = resolution.recipient
    return (
        str(resolution.status),
        recipient.name if recipient else None,
        recipient.unit_certain if recipient else True,
        codes(resolution),
    )


@pytest.fixture
def build() -> RegisterBuilder:
    return RegisterBuilder(DAY)


class TestTheKind:
    def test_an_identifier_is_cleaned_before_it_is_looked_up(self, build: RegisterBuilder) -> None:
        unit = build.owner("Ejer", location_number=True)
        register = build.build()
        number = register.by_sor_code[unit].location.number
        for text in (
            f" {number[:4]} {number[4:8]}-{number[8:]}\u00a0",
            "".join(chr(ord(digit) + 0xFEE0) for digit in number),
            f"{number[:6]}\N{NON-BREAKING HYPHEN}{number[6:]}",
            f"https://www.gs1.org/gln|{number}",
            f"http://gs1.org/gln/{number}",
            f"urn:oid:1.3.88:{number}",
            f"0088:{number}",
            f"urn:oid:1.2.208.176.1.1#{unit}",
        ):
            assert made_of(register.resolve(text)) == ("resolved", "Ejer", True, []), text

    def test_a_kind_named_twice_and_differently_is_malformed(self, build: RegisterBuilder) -> None:
        unit = build.owner("Ejer", location_number=True)
        resolution = build.build().resolve(location_number=f"urn:oid:1.2.208.176.1.1|{unit}")
        assert made_of(resolution) == ("malformed", None, True, ["identifier-malformed"])
        assert "itself names another system" in resolution.findings[0].text("en")

    def test_a_system_that_is_not_known_is_malformed_and_says_which_are(self, build: RegisterBuilder) -> None:
        unit = build.owner("Ejer", location_number=True)
        resolution = build.build().resolve(f"urn:oid:9.9.9|{unit}")
        assert made_of(resolution) == ("malformed", None, True, ["identifier-malformed"])
        assert "urn:oid:1.2.208.176.1.1" in resolution.findings[0].text("da")

    def test_a_wrong_check_digit_is_malformed_and_says_which_it_should_be(self, build: RegisterBuilder) -> None:
        build.owner("Ejer")
        register = build.build()
        for right, kind in ((sor_code(77), "SOR code"), (location_number(77), "location number")):
            wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
            resolution = register.resolve(wrong)
            assert made_of(resolution) == ("malformed", None, True, ["check-digit-wrong"])
            finding = resolution.findings[0]
            assert finding.details["expected"] == right[-1]
            assert finding.details["suggestion"] == right
            assert kind in finding.text("en")
            with pytest.raises(MalformedIdentifier, match="should be " + right[-1]):
                resolution.unwrap()

    def test_a_good_check_digit_that_the_register_lacks_is_unknown(self, build: RegisterBuilder) -> None:
        build.owner("Ejer")
        register = build.build()
        for text in (sor_code(77), location_number(77), "990001", "9999010", "99A"):
            resolution = register.resolve(text)
            assert made_of(resolution) == ("unknown", None, True, ["recipient-unknown"]), text
            with pytest.raises(UnknownRecipient):
                resolution.unwrap()

    @pytest.mark.parametrize("text", ["", "   ", "???", "99.9!", "5790999000017000017000017", "Lægehuset"])
    def test_what_has_no_shape_of_any_kind_is_malformed(self, build: RegisterBuilder, text: str) -> None:
        build.owner("Ejer")
        expected = "unknown" if text == "Lægehuset" else "malformed"
        assert build.build().resolve(text).status == expected

    @pytest.mark.parametrize("kind", ["sor_code", "location_number", "provider_number", "shak_code"])
    def test_a_named_kind_is_checked_as_that_kind(self, build: RegisterBuilder, kind: str) -> None:
        build.owner("Ejer")
        resolution = build.build().resolve(**{kind: "12345678901"})
        assert made_of(resolution) == ("malformed", None, True, ["identifier-malformed"])
        assert resolution.kinds == (kind,)

    def test_what_the_register_holds_is_never_malformed(self, build: RegisterBuilder) -> None:
        good = location_number(5)
        wrong = good[:-1] + str((int(good[-1]) + 3) % 10)
        build.owner("Forkert ciffer", location_number=wrong, sor_code="9000991000016001")
        build.owner("Tolv cifre", location_number="579099900001")
        build.owner("Spørgsmålstegn", location_number="???")
        register = build.build()
        for text, name in ((wrong, "Forkert ciffer"), ("579099900001", "Tolv cifre"), ("???", "Spørgsmålstegn")):
            assert made_of(register.resolve(text)) == ("resolved", name, True, ["location-number-suspect"])
            assert made_of(register.resolve(location_number=text)) == (
                "resolved",
                name,
                True,
                ["location-number-suspect"],
            )
        assert register.resolve("9000991000016001").unwrap().name == "Forkert ciffer"
        assert register.resolve(sor_code="9000991000016001").unwrap().name == "Forkert ciffer"

    def test_zeros_go_in_front_of_a_provider_number_only_where_nothing_holds_it_as_it_stands(
        self, build: RegisterBuilder
    ) -> None:
        owner = build.owner("Ejer")
        house = build.institution(owner, "Huset", location_number=True)
        build.unit(house, "Lægerne", location_number=True, provider_number="009901")
        register = build.build()
        assert register.resolve("9901").unwrap().name == "Lægerne"
        assert register.resolve(provider_number="9901").unwrap().name == "Lægerne"
        build.unit(house, "Afdelingen", location_number=True, shak_code="9901")
        register = build.build()
        assert register.resolve("9901").unwrap().name == "Afdelingen"
        assert register.resolve(provider_number="9901").unwrap().name == "Lægerne"

    def test_two_kinds_are_ambiguous(self, build: RegisterBuilder) -> None:
        owner = build.owner("Ejer")
        house = build.institution(owner, "Huset", location_number=True)
        build.unit(house, "Lægerne", location_number=True, provider_number="999901")
        build.unit(house, "Afdelingen", location_number=True, shak_code="999901")
        resolution = build.build().resolve("999901")
        assert made_of(resolution) == ("ambiguous", None, True, ["kind-ambiguous"])
        assert resolution.kinds == ("provider_number", "shak_code")
        assert candidates(resolution) == {"Lægerne": (True, []), "Afdelingen": (True, [])}
        with pytest.raises(AmbiguousRecipient):
            resolution.unwrap()

    def test_two_kinds_at_one_and_the_same_number_are_not(self, build: RegisterBuilder) -> None:
        owner = build.owner("Ejer")
        house = build.institution(owner, "Huset", location_number=True, shak_code="999901")
        build.unit(house, "Lægerne", inherits=True, provider_number="999901")
        resolution = build.build().resolve("999901")
        assert made_of(resolution) == ("resolved", "Huset", True, [])
        assert resolution.kinds == ("provider_number", "shak_code")

    def test_two_kinds_stay_ambiguous_where_an_unusable_unit_has_another_number(self, build: RegisterBuilder) -> None:
        owner = build.owner("Ejer")
        house = build.institution(owner, "Huset", location_number=True, shak_code="999901")
        build.unit(house, "Lægerne", inherits=True, provider_number="999901")
        build.unit(house, "Lukket", to_date=LAST_YEAR, provider_number="999901")
        assert build.build().resolve("999901").status is Status.AMBIGUOUS

    @pytest.mark.parametrize("number", [cvr_number(3), "99000017"])
    def test_a_cvr_number_is_looked_up_and_never_resolved(self, build: RegisterBuilder, number: str) -> None:
        build.owner("Ejer", location_number=True, cvr_number=number)
        register = build.build()
        for text in (number, f"http://cvr.dk|{number}"):
            resolution = register.resolve(text)
            assert made_of(resolution) == ("unknown", None, True, ["recipient-unknown"])
            assert resolution.findings[0].details["variant"] == "cvr_number"
            assert "1 unit " in resolution.findings[0].text("en")
        assert [unit.name for unit in register.by_cvr_number[number]] == ["Ejer"]

    def test_a_municipality_code_is_unknown_and_the_finding_says_what_it_is(self, build: RegisterBuilder) -> None:
        build.owner("Kommunen", location_number=True, postal_address={"municipality_code": "0901"})
        resolution = build.build().resolve("0901")
        assert made_of(resolution) == ("unknown", None, True, ["recipient-unknown"])
        assert "kommunekode" in resolution.findings[0].text("da")

    def test_a_kind_that_was_named_wrongly_is_pointed_out(self, build: RegisterBuilder) -> None:
        owner = build.owner("Ejer", location_number=True, shak_code="9999")
        build.institution(owner, "Huset", location_number=True, provider_number="990001")
        register = build.build()
        number = register.by_sor_code[owner].location.number
        for asked, held_as in (
            ({"sor_code": number}, None),
            ({"location_number": owner}, None),
            ({"shak_code": "990001"}, "provider_number"),
            ({"provider_number": "9999"}, "shak_code"),
        ):
            resolution = register.resolve(**asked)
            assert resolution.recipient is None
            if held_as:
                assert resolution.findings[0].details["variant"] == held_as
                assert "right kind" in resolution.findings[0].text("en")


class TestOneUnit:
    def test_a_unit_with_its_own_number_is_the_recipient(self, build: RegisterBuilder) -> None:
        unit = build.owner("Ejer", location_number=True)
        recipient = build.build().resolve(unit).unwrap()
        assert (recipient.name, recipient.sor_code, recipient.unit_certain) == ("Ejer", unit, True)
        assert recipient.location is not None
        assert recipient.location_number == recipient.location.number
        assert recipient.unit.sor_code == unit

    def test_inheritance_goes_up_through_an_unbroken_chain_to_any_depth(self, build: RegisterBuilder) -> None:
        above = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        for depth in range(12):
            above = build.unit(above, f"Niveau {depth}", inherits=True)
        register = build.build()
        resolution = register.resolve(above)
        assert made_of(resolution) == ("resolved", "Niveau 11", True, ["location-inherited"])
        details = resolution.findings[0].details
        assert details["owner_name"] == "Huset"
        assert details["location_number"] == register.by_sor_code[above].location.number

    def test_a_chain_that_ends_without_a_number_is_broken(self, build: RegisterBuilder) -> None:
        owner = build.owner("Ejer", location_number=True)
        house = build.institution(owner, "Huset")
        middle = build.unit(house, "Midten", inherits=True)
        unit = build.unit(middle, "Afsnittet", inherits=True)
        resolution = build.build().resolve(unit)
        assert made_of(resolution) == ("not_addressable", None, True, ["inheritance-broken"])
        assert resolution.findings[0].details["ends_at"] == house
        with pytest.raises(RecipientNotAddressable, match="ends at Huset"):
            resolution.unwrap()

    def test_a_closed_or_future_unit_on_the_chain_is_a_warning_for_the_address_still_works(
        self, build: RegisterBuilder
    ) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True, to_date=LAST_YEAR)
        middle = build.unit(house, "Midten", inherits=True, from_date=NEXT_MONTH)
        unit = build.unit(middle, "Afsnittet", inherits=True)
        resolution = build.build().resolve(unit)
        assert made_of(resolution) == (
            "resolved",
            "Afsnittet",
            True,
            ["location-inherited", "ancestor-not-in-force"],
        )
        assert resolution.findings[1].details["names"] == ("Midten", "Huset")

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"location_number": True, "to_date": LAST_YEAR}, "unit-closed"),
            ({"location_number": True, "from_date": NEXT_MONTH}, "unit-not-yet-open"),
            ({"location_number": True, "period_unreadable": True}, "period-unreadable"),
            ({}, "location-missing"),
            ({"inherits": None}, "location-missing"),
            ({"location": {"to_date": LAST_YEAR}}, "location-closed"),
            ({"location": {"from_date": NEXT_MONTH}}, "location-not-yet-open"),
            ({"location": {"period_unreadable": True}}, "period-unreadable"),
            ({"location": {"inactive": True}}, "location-inactive"),
            ({"location": {"internal_only": True}}, "location-internal-only"),
        ],
    )
    def test_a_unit_that_cannot_be_used_is_kept_with_its_reason(
        self, build: RegisterBuilder, fields: dict[str, object], code: str
    ) -> None:
        unit = build.institution(build.owner("Ejer"), "Klinikken", **fields)
        resolution = build.build().resolve(unit)
        assert made_of(resolution) == ("not_addressable", None, True, [code])
        assert candidates(resolution) == {"Klinikken": (False, [code])}
        assert "Klinikken" in resolution.findings[0].text("da")
        assert "Klinikken" in resolution.findings[0].text("en")

    def test_every_reason_is_given_not_only_the_first(self, build: RegisterBuilder) -> None:
        unit = build.owner(
            "Klinikken",
            to_date=LAST_YEAR,
            location={"to_date": LAST_YEAR, "inactive": True, "internal_only": True},
        )
        assert codes(build.build().resolve(unit)) == [
            "unit-closed",
            "location-closed",
            "location-inactive",
            "location-internal-only",
        ]

    def test_an_unreadable_period_of_unit_and_number_is_one_finding_that_names_both(
        self, build: RegisterBuilder
    ) -> None:
        unit = build.owner("Klinikken", period_unreadable=True, location={"period_unreadable": True})
        resolution = build.build().resolve(unit)
        assert codes(resolution) == ["period-unreadable"]
        assert resolution.findings[0].details["of_unit"]
        assert resolution.findings[0].details["of_location_number"]

    def test_the_last_day_is_inclusive_and_the_first_day_counts(self, build: RegisterBuilder) -> None:
        unit = build.owner(
            "Klinikken", location_number=True, from_date=dt.date(2025, 6, 1), to_date=dt.date(2026, 6, 30)
        )
        register = build.build()
        statuses = {
            day: register.resolve(unit, on=day).status
            for day in (dt.date(2025, 5, 31), dt.date(2025, 6, 1), dt.date(2026, 6, 30), dt.date(2026, 7, 1))
        }
        assert list(statuses.values()) == ["not_addressable", "resolved", "resolved", "not_addressable"]

    def test_the_status_of_the_number_never_leaks_onto_the_unit(self, build: RegisterBuilder) -> None:
        closed_number = build.owner("Åben enhed", location={"to_date": LAST_YEAR})
        closed_unit = build.owner("Lukket enhed", to_date=LAST_YEAR, location={"from_date": LAST_YEAR})
        register = build.build()
        assert codes(register.resolve(closed_number)) == ["location-closed"]
        assert codes(register.resolve(closed_unit)) == ["unit-closed"]

    def test_a_unit_that_closes_soon_is_a_warning(self, build: RegisterBuilder) -> None:
        unit = build.owner("Klinikken", location_number=True, to_date=DAY + dt.timedelta(days=30))
        register = build.build()
        assert made_of(register.resolve(unit)) == ("resolved", "Klinikken", True, ["unit-closing"])
        assert codes(register.resolve(unit, on=DAY - dt.timedelta(days=1))) == []


class TestSeveralUnits:
    def test_units_at_one_number_resolve_to_its_owner_who_was_a_candidate(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True, shak_code="9999")
        build.unit(house, "Afsnit A", inherits=True, shak_code="9999")
        build.unit(house, "Afsnit B", inherits=True, shak_code="9999")
        resolution = build.build().resolve(shak_code="9999")
        assert made_of(resolution) == ("resolved", "Huset", True, [])
        assert len(resolution.candidates) == 3

    def test_units_at_one_number_move_to_its_owner_who_was_no_candidate(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        build.unit(house, "Afsnit A", inherits=True, provider_number="990001")
        build.unit(house, "Afsnit B", inherits=True, provider_number="990001")
        resolution = build.build().resolve("990001")
        assert made_of(resolution) == ("resolved", "Huset", False, ["moved-to-owner", "unit-shared"])
        assert resolution.findings[0].details["given_names"] == ("Afsnit A", "Afsnit B")
        assert resolution.findings[1].details["count"] == 2

    def test_where_the_owner_is_closed_the_highest_candidate_stands_in_for_it(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True, to_date=LAST_YEAR)
        lower = build.unit(
            build.unit(house, "Mellem", inherits=True), "Lavere", inherits=True, provider_number="990001"
        )
        build.unit(house, "Højere", inherits=True, provider_number="990001")
        build.unit(house, "Højere, senere", inherits=True, provider_number="990001")
        register = build.build()
        resolution = register.resolve("990001")
        assert made_of(resolution) == (
            "resolved",
            "Højere",
            False,
            ["location-inherited", "ancestor-not-in-force", "unit-shared"],
        )
        assert register.by_sor_code[lower].location.owner.name == "Huset"

    def test_several_owners_of_one_number_are_named_and_the_unit_is_not_certain(self, build: RegisterBuilder) -> None:
        number = build.location_number()
        owner = build.owner("Ejer")
        first = build.institution(owner, "Første", location_number=number)
        build.institution(owner, "Anden", location_number=number)
        register = build.build()
        resolution = register.resolve(number)
        assert made_of(resolution) == ("resolved", "Første", False, ["owner-shared", "unit-shared"])
        assert resolution.findings[0].details["names"] == ("Første", "Anden")
        assert made_of(register.resolve(first)) == ("resolved", "Første", True, ["owner-shared"])

    def test_the_highest_owner_wins_over_the_first(self, build: RegisterBuilder) -> None:
        number = build.location_number()
        house = build.institution(build.owner("Ejer"), "Huset")
        build.unit(house, "Lavt", location_number=number)
        build.owner("Højt", location_number=number)
        assert made_of(build.build().resolve(number))[:3] == ("resolved", "Højt", False)

    def test_a_location_number_resolves_to_its_owner_whoever_inherits_it(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        build.unit(house, "Afsnit A", inherits=True)
        build.unit(house, "Lukket afsnit", inherits=True, to_date=LAST_YEAR)
        register = build.build()
        resolution = register.resolve(register.by_sor_code[house].location.number)
        assert made_of(resolution) == ("resolved", "Huset", True, [])
        assert candidates(resolution) == {
            "Huset": (True, []),
            "Afsnit A": (True, ["location-inherited"]),
            "Lukket afsnit": (False, ["unit-closed", "location-inherited"]),
        }

    def test_a_location_number_whose_owner_is_closed_goes_to_a_unit_that_inherits_it(
        self, build: RegisterBuilder
    ) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True, to_date=LAST_YEAR)
        build.unit(house, "Afsnit A", inherits=True)
        number = build.build().by_sor_code[house].location.number
        assert made_of(build.build().resolve(number)) == (
            "resolved",
            "Afsnit A",
            True,
            ["location-inherited", "ancestor-not-in-force"],
        )
        build.unit(house, "Afsnit B", inherits=True)
        assert made_of(build.build().resolve(number)) == (
            "resolved",
            "Afsnit A",
            False,
            ["location-inherited", "ancestor-not-in-force", "unit-shared"],
        )

    def test_a_location_number_whose_owner_is_closed_and_nobody_inherits_cannot_be_used(
        self, build: RegisterBuilder
    ) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True, to_date=LAST_YEAR)
        build.unit(house, "Lukket afsnit", inherits=True, to_date=LAST_YEAR)
        register = build.build()
        resolution = register.resolve(register.by_sor_code[house].location.number)
        assert made_of(resolution) == (
            "not_addressable",
            None,
            True,
            ["unit-closed", "unit-closed", "location-inherited", "ancestor-not-in-force"],
        )

    def test_different_numbers_are_ambiguous_and_list_what_sets_the_candidates_apart(
        self, build: RegisterBuilder
    ) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        build.unit(house, "Afsnit A", inherits=True, provider_number="990001", types="gp", specialities=["s1"])
        build.unit(
            house,
            "Afsnit B",
            location_number=True,
            provider_number="990001",
            visiting_address={"street": "Prøvevej", "building": "1"},
        )
        build.unit(house, "Lukket", location_number=True, provider_number="990001", to_date=LAST_YEAR)
        resolution = build.build().resolve("990001")
        assert made_of(resolution) == ("ambiguous", None, True, ["recipient-ambiguous"])
        listed = [candidate.to_dict() for candidate in resolution.candidates]
        assert [one["usable"] for one in listed] == [True, True, False]
        assert [one["location_inherited"] for one in listed] == [True, False, False]
        assert [one["types"] for one in listed] == [["gp"], [], []]
        assert listed[1]["address"] == ["Prøvevej 1"]
        with pytest.raises(AmbiguousRecipient, match="Afsnit B"):
            resolution.unwrap()

    def test_one_usable_of_several_is_the_recipient(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        build.unit(house, "Åben", location_number=True, provider_number="990001")
        build.unit(house, "Lukket", location_number=True, provider_number="990001", to_date=LAST_YEAR)
        assert made_of(build.build().resolve("990001")) == ("resolved", "Åben", True, [])


class TestSuccessors:
    def closed(self, build: RegisterBuilder, name: str, *successors: str) -> str:
        return build.owner(name, location_number=True, to_date=LAST_YEAR, replaced_by=successors)

    def test_a_chain_with_one_way_to_a_unit_in_force_is_certain(self, build: RegisterBuilder) -> None:
        new = build.owner("Ny", location_number=True)
        between = self.closed(build, "Mellem", new)
        old = self.closed(build, "Gammel", between)
        resolution = build.build().resolve(old)
        assert made_of(resolution) == ("not_addressable", None, True, ["unit-closed", "unit-replaced"])
        details = resolution.findings[1].details
        assert (details["variant"], details["chain"], details["successors"]) == ("certain", (between, new), (new,))

    def test_following_goes_to_a_certain_successor(self, build: RegisterBuilder) -> None:
        new = build.owner("Ny", location_number=True)
        old = self.closed(build, "Gammel", new)
        resolution = build.build().resolve(old, policy=AddressingPolicy(follow_successors=True))
        assert made_of(resolution) == ("resolved", "Ny", True, ["unit-replaced"])
        assert [candidate.name for candidate in resolution.candidates] == ["Gammel"]

    @pytest.mark.parametrize("end", ["several", "loop", "dead-end", "dead-end-closed", "unusable"])
    def test_anything_else_is_named_and_not_followed(self, build: RegisterBuilder, end: str) -> None:
        if end == "several":
            old = self.closed(build, "Gammel", build.owner("A", location_number=True), build.owner("B", inherits=False))
        elif end == "loop":
            other = build.owner("Anden", sor_code=sor_code(900), to_date=LAST_YEAR, replaced_by=sor_code(901))
            old = build.owner("Gammel", sor_code=sor_code(901), to_date=LAST_YEAR, replaced_by=other)
        elif end == "dead-end":
            old = self.closed(build, "Gammel", sor_code(999))
        elif end == "dead-end-closed":
            old = self.closed(build, "Gammel", self.closed(build, "Også lukket"))
        else:
            old = self.closed(build, "Gammel", build.owner("Uden nummer"))
        register = build.build()
        for policy in (AddressingPolicy(), AddressingPolicy(follow_successors=True)):
            resolution = register.resolve(old, policy=policy)
            assert resolution.status is Status.NOT_ADDRESSABLE
            replaced = next(finding for finding in resolution.findings if finding.code == "unit-replaced")
            assert replaced.details["variant"] == {"dead-end-closed": "dead-end", "unusable": "certain"}.get(end, end)
            assert replaced.text("da") != replaced.text("en")

    def test_units_that_name_one_successor_together_are_followed_to_it(self, build: RegisterBuilder) -> None:
        new = build.owner("Ny", location_number=True)
        for name in ("Gammel A", "Gammel B"):
            build.owner(name, location_number=True, to_date=LAST_YEAR, replaced_by=new, provider_number="990001")
        build.owner("Bare lukket", location_number=True, to_date=LAST_YEAR, provider_number="990001")
        policy = AddressingPolicy(follow_successors=True)
        resolution = build.build().resolve("990001", policy=policy)
        assert made_of(resolution) == ("resolved", "Ny", True, ["unit-replaced", "unit-replaced"])
        build.owner("Kommende", location_number=True, from_date=NEXT_MONTH, provider_number="990001")
        assert build.build().resolve("990001", policy=policy).status is Status.NOT_ADDRESSABLE

    def test_units_that_name_different_successors_are_not_followed(self, build: RegisterBuilder) -> None:
        for name in ("A", "B"):
            new = build.owner(f"Ny {name}", location_number=True)
            build.owner(
                f"Gammel {name}", location_number=True, to_date=LAST_YEAR, replaced_by=new, provider_number="990001"
            )
        resolution = build.build().resolve("990001", policy=AddressingPolicy(follow_successors=True))
        assert resolution.status is Status.NOT_ADDRESSABLE

    def test_a_closed_unit_without_successors_names_none(self, build: RegisterBuilder) -> None:
        old = self.closed(build, "Gammel")
        resolution = build.build().resolve(old, policy=AddressingPolicy(follow_successors=True))
        assert codes(resolution) == ["unit-closed"]


class TestNumbersWithoutUnits:
    def test_a_number_with_registrations_and_no_unit_says_so(self, build: RegisterBuilder) -> None:
        build.owner("Ejer", location_number=True)
        number = location_number(4711)
        build.registers(number, "DIS91 D9134L")
        register = build.build()
        for resolution in (register.resolve(number), register.resolve(location_number=number)):
            assert made_of(resolution) == ("not_addressable", None, True, ["location-without-unit"])
            assert resolution.candidates == ()
        assert number not in register.by_location_number


class TestProviderRegister:
    def test_a_ceased_provider_number_is_a_warning_after_its_last_day(self, build: RegisterBuilder) -> None:
        unit = build.owner("Lægerne", location_number=True, provider_number="990001")
        build.provider_ceased("990001", dt.date(2025, 12, 31))
        register = build.build()
        for identifier in (unit, "990001"):
            assert made_of(register.resolve(identifier)) == ("resolved", "Lægerne", True, ["provider-ceased"])
        assert codes(register.resolve(unit, on=dt.date(2025, 12, 31))) == []

    def test_it_is_said_also_where_the_recipient_is_the_owner_of_the_number(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        build.unit(house, "Lægerne A", inherits=True, provider_number="990001")
        build.unit(house, "Lægerne B", inherits=True, provider_number="990001")
        build.provider_ceased("990001", LAST_YEAR)
        assert made_of(build.build().resolve("990001")) == (
            "resolved",
            "Huset",
            False,
            ["moved-to-owner", "unit-shared", "provider-ceased"],
        )


class TestMessageTypes:
    def two_addresses(self, build: RegisterBuilder) -> None:
        owner = build.owner("Ejer")
        a = build.institution(owner, "A", location_number=True, provider_number="990001")
        b = build.institution(owner, "B", location_number=True, provider_number="990001")
        build.registers(a, "DIS91 D9134L")
        build.registers(b, "REF01 H0131R", "DIS91 D9134L")

    def test_a_message_type_shows_its_outcome_for_each_candidate_and_never_chooses(
        self, build: RegisterBuilder
    ) -> None:
        self.two_addresses(build)
        resolution = build.build().resolve("990001", message_type="REF01")
        assert resolution.status is Status.AMBIGUOUS
        assert {one.name: one.outcome for one in resolution.candidates} == {"A": "unsupported", "B": "supported"}

    def test_a_policy_lets_the_message_type_choose_and_says_so(self, build: RegisterBuilder) -> None:
        self.two_addresses(build)
        policy = AddressingPolicy(narrow_by_message_type=True)
        register = build.build()
        resolution = register.resolve("990001", message_type="REF01", policy=policy)
        assert made_of(resolution) == ("resolved", "B", True, ["narrowed-by-message-type"])
        assert register.resolve("990001", message_type="DIS91", policy=policy).status is Status.AMBIGUOUS
        assert register.resolve("990001", message_type="REF15", policy=policy).status is Status.AMBIGUOUS
        assert register.resolve("990001", policy=policy).status is Status.AMBIGUOUS

    def test_without_a_message_type_there_is_no_outcome(self, build: RegisterBuilder) -> None:
        unit = build.owner("Ejer")
        register = build.build()
        assert register.resolve(unit).candidates[0].outcome is None
        assert register.resolve(unit, message_type="DIS91").candidates[0].outcome is None


class TestAnswers:
    def test_resolutions_are_values(self, build: RegisterBuilder) -> None:
        unit = build.owner("Ejer", location_number=True)
        register = build.build()
        assert register.resolve(unit) == register.resolve(unit)
        assert register.resolve(unit) != register.resolve(unit, on=LAST_YEAR)
        assert hash(register.resolve(unit)) == hash(register.resolve(unit))
        with pytest.raises(AttributeError):
            register.resolve(unit).status = Status.UNKNOWN  # type: ignore[misc]

    def test_a_repr_can_be_read(self, build: RegisterBuilder) -> None:
        unit = build.owner("Ejer", location_number=True)
        register = build.build()
        number = register.by_sor_code[unit].location.number
        assert repr(register.resolve(unit)) == f"<Resolution '{unit}': resolved <Recipient {unit} 'Ejer' at {number}>>"
        assert repr(register.resolve("???")) == "<Resolution '???': malformed identifier-malformed>"
        house = build.institution(unit, "Huset", inherits=True, provider_number="990001")
        build.unit(house, "Afsnittet", inherits=True, provider_number="990001")
        assert "unit not certain" in repr(build.build().resolve("990001").recipient)

    def test_the_policy_can_move_to_the_owner_of_the_number(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        unit = build.unit(house, "Afsnittet", inherits=True)
        own = build.unit(house, "Eget", location_number=True)
        register = build.build()
        policy = AddressingPolicy(addressed_unit="location-owner")
        assert made_of(register.resolve(unit, policy=policy)) == ("resolved", "Huset", True, ["moved-to-owner"])
        assert made_of(register.resolve(own, policy=policy)) == ("resolved", "Eget", True, [])

    def test_it_stays_with_the_unit_where_the_owner_cannot_be_used(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True, to_date=LAST_YEAR)
        unit = build.unit(house, "Afsnittet", inherits=True)
        policy = AddressingPolicy(addressed_unit="location-owner")
        assert made_of(build.build().resolve(unit, policy=policy)) == (
            "resolved",
            "Afsnittet",
            True,
            ["location-inherited", "ancestor-not-in-force"],
        )

    def test_the_explanation_tells_the_way(self, build: RegisterBuilder) -> None:
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        unit = build.unit(build.unit(house, "Afdelingen", inherits=True), "Afsnittet", inherits=True)
        register = build.build()
        number = register.by_sor_code[unit].location.number
        assert register.resolve(unit).explain("en").splitlines() == [
            f'"{unit}" on 2026-01-15, read as SOR code.',
            f"Recipient: Afsnittet (SOR code {unit}) at location number {number}.",
            "The location number is inherited: Afsnittet ← Afdelingen ← Huset.",
            f"note: Afsnittet ({unit}) is reached at location number {number}, which is inherited from Huset ({house}).",
        ]
        assert register.resolve(unit).explain("da").splitlines()[1] == (
            f"Modtager: Afsnittet (SOR-kode {unit}) på lokationsnummer {number}."
        )
