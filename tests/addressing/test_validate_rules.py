"""Whether a message type may be sent: one test for each rule, on registers of a few units."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import (
    AddressingPolicy,
    AmbiguousRecipient,
    MalformedIdentifier,
    MessageType,
    MessageTypeUnsupported,
    RecipientNotAddressable,
    RegisterStale,
    SupportUnknown,
    UnknownRecipient,
    Verdict,
)
from sor_addressing.messages import ConversionModel
from sor_addressing.messages.conversions import ConversionRow
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number, sor_code

DAY = dt.date(2026, 1, 15)
EDI_RECEIPTS = ("CTL02 C0230Q", "CTL03 C0330Q")
XML_RECEIPTS = ("XCTL02 XC0230Q", "XCTL03 XC0330Q")


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def made_of(verdict: Verdict) -> tuple[str, bool, list[str]]:
    return str(verdict.outcome), verdict.deliverable, codes(verdict)


def travels(verdict: Verdict) -> tuple[str | None, str | None, str | None]:
    return (
        verdict.send_as.text if verdict.send_as else None,
        verdict.arrives_as.text if verdict.arrives_as else None,
        str(verdict.conversion.by) if verdict.conversion else None,
    )


def texts(types: tuple[MessageType, ...]) -> list[str]:
    return [message_type.text for message_type in types]


class Clinic:
    """One recipient and what it has registered."""

    def __init__(
        self, *types: str, send: tuple[str, ...] | None = None, location: dict[str, object] | None = None
    ) -> None:
        self.build = RegisterBuilder(DAY)
        self.code = self.build.owner("Klinikken", location_number=True, location=location or {})
        if types:
            directed = {} if send is None else {"receive": True}
            self.build.registers(self.code, *types, **directed)
        if send:
            self.build.registers(self.code, *send, send=True)
        self.register = self.build.build()
        self.number = self.register.by_sor_code[self.code].location.number

    def validate(self, message_type: str, **asked: object) -> Verdict:
        return self.register.validate(self.code, message_type, **asked)


class TestSupported:
    def test_the_same_family_and_code_is_supported(self) -> None:
        verdict = Clinic("DIS91 D9134L", *EDI_RECEIPTS).validate("DIS91 D9134L")
        assert made_of(verdict) == ("supported", True, [])
        assert travels(verdict) == ("DIS91 D9134L", "DIS91 D9134L", None)
        assert verdict.receipts == ("CTL02", "CTL03")
        assert verdict.require() is verdict

    @pytest.mark.parametrize("spelling", ["dis91", "DIS91 (D9134L)", "D9134L:DIS91", "meddis91 d9134l", "d9134l"])
    def test_any_spelling_will_do(self, spelling: str) -> None:
        assert made_of(Clinic("DIS91 D9134L", *EDI_RECEIPTS).validate(spelling)) == ("supported", True, [])

    def test_a_type_without_a_version_is_the_one_registered(self) -> None:
        assert travels(Clinic("DIS91 D9134L", *EDI_RECEIPTS).validate("DIS91"))[0] == "DIS91 D9134L"

    def test_of_several_versions_the_current_one_is_sent(self) -> None:
        verdict = Clinic("DIS91 D9133L", "DIS91 D9134L", *EDI_RECEIPTS).validate("DIS91")
        assert made_of(verdict) == ("supported", True, [])
        assert travels(verdict)[0] == "DIS91 D9134L"
        assert texts(verdict.alternatives) == ["DIS91 D9133L"]

    def test_another_version_is_supported_with_a_warning(self) -> None:
        verdict = Clinic("DIS91 D9133L", *EDI_RECEIPTS).validate("DIS91 D9134L")
        assert made_of(verdict) == ("supported", True, ["version-differs"])
        assert verdict.findings[0].details == {"message_type": "DIS91 D9134L", "registered": ("DIS91 D9133L",)}
        assert travels(verdict) == ("DIS91 D9134L", "DIS91 D9134L", None)

    def test_an_old_version_is_a_note_and_never_a_refusal(self) -> None:
        clinic = Clinic("DIS91 D9133L", *EDI_RECEIPTS)
        assert made_of(clinic.validate("DIS91 D9133L")) == ("supported", True, ["version-not-current"])
        assert made_of(clinic.validate("DIS91")) == ("supported", True, ["version-not-current"])

    def test_a_registration_without_a_version_leaves_the_version_open(self) -> None:
        clinic = Clinic("DIS91", *EDI_RECEIPTS)
        assert made_of(clinic.validate("DIS91 D9134L")) == ("supported", True, ["version-unknown"])
        assert made_of(clinic.validate("DIS91")) == ("supported", True, [])

    def test_a_type_in_no_catalogue_is_supported_where_it_is_registered_as_written(self) -> None:
        clinic = Clinic("HYGIEJNE1")
        assert made_of(clinic.validate("hygiejne1")) == ("supported", True, ["message-type-unknown"])
        assert made_of(clinic.validate("HYGIEJNE2")) == (
            "unsupported",
            False,
            ["message-type-unknown", "message-type-unsupported"],
        )

    def test_the_catalogue_type_itself_can_be_asked_for(self) -> None:
        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS)
        asked = clinic.validate("DIS91 D9134L").message_type
        assert made_of(clinic.register.validate(clinic.code, asked)) == ("supported", True, [])


class TestTwoFamiliesOfOneCode:
    def test_versions_of_the_other_family_do_not_count(self) -> None:
        clinic = Clinic("RPT01 R0130F", *EDI_RECEIPTS)
        assert made_of(clinic.validate("RPT01 R0131K")) == ("unsupported", False, ["message-type-unsupported"])
        assert clinic.validate("RPT01 R0130F").outcome == "supported"

    def test_a_bare_code_is_the_family_with_a_current_version(self) -> None:
        laboratory = Clinic("RPT01 R0131K", *EDI_RECEIPTS)
        assert made_of(laboratory.validate("RPT01")) == ("supported", True, ["version-unknown"])
        podiatrist = Clinic("RPT01 R0130F", *EDI_RECEIPTS)
        assert podiatrist.validate("RPT01").outcome == "unsupported"

    def test_a_bare_registration_is_the_family_with_a_current_version(self) -> None:
        clinic = Clinic("RPT01", *EDI_RECEIPTS)
        assert made_of(clinic.validate("RPT01 R0131K")) == ("supported", True, ["version-unknown"])
        assert made_of(clinic.validate("RPT01 R0130F")) == (
            "unsupported",
            False,
            ["message-type-unsupported", "version-unknown"],
        )


class TestConverted:
    def test_the_xml_party_converts_from_edi(self) -> None:
        verdict = Clinic("XDIS91 XD9134L", *XML_RECEIPTS).validate("DIS91 D9134L")
        assert made_of(verdict) == ("converted", True, ["conversion-needed"])
        assert travels(verdict) == ("DIS91 D9134L", "XDIS91 XD9134L", "receiver")
        assert verdict.conversion is not None
        assert verdict.conversion.proven
        assert verdict.conversion.model == "current-practice"
        assert verdict.receipts == ("XCTL02", "XCTL03")

    def test_what_the_sender_has_to_convert_waits_for_its_word(self) -> None:
        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS)
        verdict = clinic.validate("XDIS91 XD9134L")
        assert made_of(verdict) == ("converted", False, ["conversion-needed", "conversion-by-sender"])
        assert travels(verdict) == ("DIS91 D9134L", "DIS91 D9134L", "sender")
        with pytest.raises(MessageTypeUnsupported):
            verdict.require()
        own = clinic.validate("XDIS91 XD9134L", policy=AddressingPolicy(own_conversion=True))
        assert made_of(own) == ("converted", True, ["conversion-needed"])

    def test_fhir_correspondence_is_bridged_by_the_national_service(self) -> None:
        verdict = Clinic("FDIS91 5.0", "FCTL 2.0.0").validate("XDIS91 XD9134L")
        assert made_of(verdict) == ("converted", True, ["conversion-needed"])
        assert travels(verdict) == ("XDIS91 XD9134L", "FDIS91 5.0", "national-service")
        assert verdict.receipts == ("FCTL",)

    def test_a_noted_loss_is_a_warning(self) -> None:
        verdict = Clinic("FDIS91 5.0", "FCTL 2.0.0").validate("DIS91 D9134L")
        assert made_of(verdict) == ("converted", True, ["conversion-needed", "conversion-loses-content"])

    def test_a_pair_in_no_table_is_unproven(self) -> None:
        verdict = Clinic("XDIS01 XD0134L", *XML_RECEIPTS).validate("DIS01 D0134L")
        assert made_of(verdict) == ("converted", True, ["conversion-needed", "conversion-unproven"])
        assert verdict.conversion is not None
        assert not verdict.conversion.proven

    def test_without_a_version_a_proven_pair_is_found(self) -> None:
        verdict = Clinic("XDIS91 XD9133L", "XDIS91 XD9134L", *XML_RECEIPTS).validate("DIS91")
        assert travels(verdict) == ("DIS91 D9134L", "XDIS91 XD9134L", "receiver")
        assert codes(verdict) == ["conversion-needed"]

    def test_nobody_converts_where_no_row_says_so(self) -> None:
        clinic = Clinic("XDIS91 XD9134L", *XML_RECEIPTS)
        verdict = clinic.validate("DIS91", policy=AddressingPolicy(conversion_model="none"))
        assert made_of(verdict) == ("unsupported", False, ["message-type-unsupported", "conversion-not-agreed"])
        assert texts(verdict.alternatives) == ["XDIS91 XD9134L"]
        assert travels(verdict) == (None, None, None)

    def test_nobody_else_is_asked_to_convert_for_fhir(self) -> None:
        clinic = Clinic("FDIS20 3.0.0")
        assert made_of(clinic.validate("XDIS20")) == ("unsupported", False, ["message-type-unsupported"])

    def test_the_models_say_who_converts(self) -> None:
        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS)
        by = {
            model: travels(clinic.validate("XDIS91", policy=AddressingPolicy(conversion_model=model)))[2]
            for model in ("none", "current-practice", "receiver-converts", "sender-converts")
        }
        assert by == {
            "none": None,
            "current-practice": "sender",
            "receiver-converts": "receiver",
            "sender-converts": "sender",
        }

    def test_the_narrowest_row_of_a_model_of_ones_own_wins(self) -> None:
        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS, location={"region_code": "1084", "net_operator": "100097"})
        rows = [
            ConversionRow("*", "XML", "EDI", "sender"),
            ConversionRow("*", "XML", "EDI", "receiver", "region", "1084"),
            ConversionRow("*", "XML", "EDI", "receiver-operator", "net_operator", "100097"),
        ]
        for count, by in ((1, "sender"), (2, "receiver"), (3, "receiver-operator")):
            policy = AddressingPolicy(conversion_model=ConversionModel("vores", rows[:count]))
            assert travels(clinic.validate("XDIS91", policy=policy))[2] == by

    def test_where_two_formats_could_be_converted_to_the_better_way_is_taken(self) -> None:
        clinic = Clinic("XDIS91 XD9134L", "FDIS91 5.0", *XML_RECEIPTS, "FCTL 2.0.0")
        assert travels(clinic.validate("DIS91 D9134L")) == ("DIS91 D9134L", "XDIS91 XD9134L", "receiver")
        both = Clinic("DIS91 D9134L", "FDIS91 5.0", *EDI_RECEIPTS, "FCTL 2.0.0")
        assert travels(both.validate("XDIS91 XD9134L"))[2] == "national-service"

    def test_a_conversion_across_families_is_an_alternative_and_never_offered(self) -> None:
        verdict = Clinic("XDIS91 XD9134L", *XML_RECEIPTS).validate("GGOP GGOP100")
        assert made_of(verdict) == ("unsupported", False, ["message-type-unsupported"])
        assert texts(verdict.alternatives) == ["XDIS91 XD9134L"]

    def test_an_old_version_on_either_side_is_noted(self) -> None:
        verdict = Clinic("XDIS91 XD9133L", *XML_RECEIPTS).validate("DIS91 D9133L")
        assert codes(verdict) == ["conversion-needed", "version-not-current", "version-not-current"]

    def test_a_bare_code_of_two_families_says_so_when_converted(self) -> None:
        verdict = Clinic("XRPT01 XR0131K", *XML_RECEIPTS).validate("RPT01")
        assert made_of(verdict) == ("converted", True, ["conversion-needed", "version-unknown"])

    def test_a_conversion_is_a_value_that_serialises(self) -> None:
        conversion = Clinic("FDIS91 5.0", "FCTL 2.0.0").validate("DIS91 D9134L").conversion
        assert conversion is not None
        assert conversion.to_dict()["by"] == "national-service"
        assert conversion.to_dict()["loses_content"] is True
        unproven = Clinic("XDIS01 XD0134L", *XML_RECEIPTS).validate("DIS01 D0134L").conversion
        assert unproven is not None
        assert (unproven.to_dict()["proven"], unproven.to_dict()["note"]) == (False, None)


class TestReceiptsAndReplies:
    def test_receipts_that_are_not_registered_are_missing(self) -> None:
        verdict = Clinic("DIS91 D9134L", "CTL03 C0330Q").validate("DIS91")
        assert made_of(verdict) == ("supported", True, ["receipt-missing"])
        assert verdict.findings[0].details["receipts"] == ("CTL02",)

    def test_with_directions_the_receiver_has_to_be_registered_to_send_them(self) -> None:
        receives_only = Clinic("REF01 H0131R", *EDI_RECEIPTS, send=("DIS01 D0134L",))
        assert made_of(receives_only.validate("REF01")) == ("supported", True, ["receipt-missing"])
        sends = Clinic("REF01 H0131R", send=EDI_RECEIPTS)
        assert made_of(sends.validate("REF01")) == ("supported", True, [])

    def test_a_receipt_is_not_receipted(self) -> None:
        verdict = Clinic("CTL03 C0330Q").validate("CTL03")
        assert made_of(verdict) == ("supported", True, [])
        assert verdict.receipts == ()

    def test_a_correspondence_that_cannot_be_answered_is_a_warning(self) -> None:
        one_way = Clinic("DIS91 D9134L", send=EDI_RECEIPTS)
        assert made_of(one_way.validate("DIS91")) == ("supported", True, ["reply-impossible"])
        answers_in_fhir = Clinic("DIS91 D9134L", send=(*EDI_RECEIPTS, "FDIS91 5.0"))
        assert made_of(answers_in_fhir.validate("DIS91")) == ("supported", True, [])

    def test_without_directions_nobody_is_said_to_be_unable_to_reply(self) -> None:
        assert codes(Clinic("DIS91 D9134L", *EDI_RECEIPTS).validate("DIS91")) == []


class TestSending:
    def test_a_type_registered_to_be_sent_may_come(self) -> None:
        clinic = Clinic("DIS91 D9134L", send=("DIS01 D0134L",))
        verdict = clinic.validate("DIS01", direction="send")
        assert made_of(verdict) == ("supported", True, [])
        assert verdict.receipts == ()

    def test_a_type_registered_to_be_received_only_may_not_come_and_is_not_converted(self) -> None:
        clinic = Clinic("DIS91 D9134L", send=("XDIS91 XD9134L",))
        verdict = clinic.validate("DIS91", direction="send")
        assert made_of(verdict) == ("unsupported", False, ["message-type-unsupported"])
        assert texts(verdict.alternatives) == ["XDIS91 XD9134L"]

    def test_without_directions_it_is_not_known(self) -> None:
        clinic = Clinic("DIS91 D9134L")
        for asked in ("DIS91", "REF01"):
            assert made_of(clinic.validate(asked, direction="send")) == (
                "support_unknown",
                False,
                ["direction-not-known"],
            )
        accepting = AddressingPolicy(unknown_support="accept")
        assert clinic.validate("DIS91", direction="send", policy=accepting).deliverable

    def test_one_registration_without_a_direction_is_not_known_either(self) -> None:
        build = RegisterBuilder(DAY)
        code = build.owner("Klinikken", location_number=True)
        build.registers(code, "DIS91 D9134L")
        build.registers(code, "REF01 H0131R", receive=True)
        register = build.build()
        assert register.validate(code, "DIS91", direction="send").outcome == "support_unknown"
        assert register.validate(code, "REF01", direction="send").outcome == "unsupported"

    def test_the_exact_version_counts_here_too(self) -> None:
        clinic = Clinic("REF01 H0131R", send=("DIS91 D9133L",))
        exact = AddressingPolicy(version="exact")
        assert clinic.validate("DIS91 D9134L", direction="send").outcome == "supported"
        assert clinic.validate("DIS91 D9134L", direction="send", policy=exact).outcome == "unsupported"

    def test_a_direction_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(ValueError, match="sideways"):
            Clinic("DIS91 D9134L").validate("DIS91", direction="sideways")


class TestUnsupportedAndUnknown:
    def test_other_types_registered_is_unsupported(self) -> None:
        verdict = Clinic("REF01 H0131R").validate("DIS91")
        assert made_of(verdict) == ("unsupported", False, ["message-type-unsupported"])
        with pytest.raises(MessageTypeUnsupported, match="DIS91 may not be sent"):
            verdict.require()

    def test_a_number_without_registrations_is_not_known(self) -> None:
        build = RegisterBuilder(DAY)
        code = build.owner("Klinikken", location_number=True)
        build.registers(location_number(99), "DIS91")
        verdict = build.build().validate(code, "DIS91")
        assert made_of(verdict) == ("support_unknown", False, ["no-registrations"])
        assert verdict.alternatives == ()
        with pytest.raises(SupportUnknown):
            verdict.require()

    def test_a_register_without_message_types_says_that_and_not_no(self) -> None:
        build = RegisterBuilder(DAY)
        code = build.owner("Klinikken", location_number=True)
        build.without_message_types()
        register = build.build()
        assert made_of(register.validate(code, "DIS91")) == ("support_unknown", False, ["message-types-not-loaded"])
        accepting = AddressingPolicy(unknown_support="accept")
        assert made_of(register.validate(code, "DIS91", policy=accepting)) == (
            "support_unknown",
            True,
            ["message-types-not-loaded"],
        )

    @pytest.mark.parametrize(
        ("identifier", "error"),
        [
            ("???", MalformedIdentifier),
            (sor_code(99), UnknownRecipient),
            ("990001", AmbiguousRecipient),
            ("closed", RecipientNotAddressable),
        ],
    )
    def test_without_a_recipient_the_resolution_says_why(self, identifier: str, error: type[Exception]) -> None:
        build = RegisterBuilder(DAY)
        owner = build.owner("Ejer")
        for name in ("A", "B"):
            build.institution(owner, name, location_number=True, provider_number="990001")
        closed = build.institution(owner, "Lukket", location_number=True, to_date=dt.date(2020, 1, 1))
        verdict = build.build().validate(closed if identifier == "closed" else identifier, "DIS91")
        assert (verdict.outcome, verdict.deliverable) == ("not_resolved", False)
        assert verdict.findings == verdict.resolution.findings
        assert (verdict.send_as, verdict.arrives_as, verdict.conversion) == (None, None, None)
        assert (verdict.receipts, verdict.alternatives) == ((), ())
        with pytest.raises(error):
            verdict.require()


class TestAge:
    def at(self, age: int, **asked: object) -> Verdict:
        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS)
        register = clinic.build.build(clock=lambda: DAY + dt.timedelta(days=age))
        return register.validate(clinic.code, "DIS91", **asked)

    def test_a_stale_register_is_a_warning_and_then_an_error(self) -> None:
        assert made_of(self.at(2)) == ("supported", True, [])
        assert made_of(self.at(3)) == ("supported", True, ["register-stale"])
        assert made_of(self.at(14)) == ("supported", True, ["register-stale"])
        refused = self.at(15)
        assert made_of(refused) == ("supported", False, ["register-stale"])
        with pytest.raises(RegisterStale):
            refused.require()

    @pytest.mark.parametrize("ahead", [2, 30, 13_000])
    def test_a_register_of_a_day_that_has_not_come_is_an_error(self, ahead: int) -> None:
        ahead_of_its_time = self.at(-ahead, on=DAY)
        assert made_of(ahead_of_its_time) == ("supported", False, ["register-of-the-future"])
        assert ahead_of_its_time.findings[0].details == {"snapshot_date": "2026-01-15", "days_ahead": ahead}
        with pytest.raises(RegisterStale):
            ahead_of_its_time.require()
        lowered = AddressingPolicy(severities={"register-of-the-future": "info"})
        assert not self.at(-ahead, on=DAY, policy=lowered).deliverable

    def test_a_register_of_tomorrow_is_one_of_a_clock_that_is_behind(self) -> None:
        assert made_of(self.at(-1, on=DAY)) == ("supported", True, [])

    def test_age_is_measured_by_today_and_not_by_the_day_asked_for(self) -> None:
        assert codes(self.at(3, on=DAY)) == ["register-stale"]
        assert codes(self.at(0, on=DAY + dt.timedelta(days=300))) == []

    def test_a_day_before_the_snapshot_has_no_registrations_of_its_own(self) -> None:
        verdict = self.at(0, on=DAY - dt.timedelta(days=1))
        assert made_of(verdict) == ("supported", True, ["registrations-not-historical"])
        assert verdict.findings[0].details == {"on": "2026-01-14", "snapshot_date": "2026-01-15"}

    def test_the_limits_are_the_policys(self) -> None:
        assert codes(self.at(5, policy=AddressingPolicy(max_age_days=5))) == []
        assert not self.at(6, policy=AddressingPolicy(refuse_after_days=5)).deliverable
        assert not self.at(3, policy=AddressingPolicy.strict()).deliverable


class TestRecipients:
    def test_units_resolutions_and_recipients_are_taken(self) -> None:
        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS)
        register = clinic.register
        resolution = register.resolve(clinic.number)
        for recipient in (
            clinic.code,
            clinic.number,
            register.by_sor_code[clinic.code],
            resolution,
            resolution.recipient,
        ):
            assert made_of(register.validate(recipient, "DIS91")) == ("supported", True, [])

    def test_those_of_another_register_are_resolved_anew_by_their_sor_code(self) -> None:
        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS)
        closed = RegisterBuilder(DAY)
        closed.owner("Klinikken i går", sor_code=clinic.code, location_number=True, to_date=dt.date(2025, 1, 1))
        other = closed.build()
        resolution = clinic.register.resolve(clinic.number)
        for recipient in (clinic.register.by_sor_code[clinic.code], resolution, resolution.recipient):
            verdict = other.validate(recipient, "DIS91")
            assert codes(verdict) == ["unit-closed"]
            assert verdict.resolution.identifier == clinic.code
        unresolved = clinic.register.resolve("990001")
        assert other.validate(unresolved, "DIS91").resolution.identifier == "990001"

    def test_a_recipient_keeps_what_was_found_out_about_it(self) -> None:
        build = RegisterBuilder(DAY)
        house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
        for name in ("A", "B"):
            build.unit(house, name, inherits=True, provider_number="990001")
        build.registers(house, "DIS91 D9134L", *EDI_RECEIPTS)
        register = build.build()
        recipient = register.resolve("990001").unwrap()
        verdict = register.validate(recipient, "DIS91")
        assert made_of(verdict) == ("supported", True, ["moved-to-owner", "unit-shared"])
        assert verdict.resolution.unwrap() == recipient
        assert codes(register.validate(recipient, "DIS91", on=DAY + dt.timedelta(days=1))) == []

    def test_a_candidate_that_cannot_be_used_is_not_revived(self) -> None:
        build = RegisterBuilder(DAY)
        code = build.owner("Lukket", location_number=True, to_date=dt.date(2025, 1, 1))
        register = build.build()
        candidate = register.resolve(code).candidates[0]
        assert codes(register.validate(candidate, "DIS91")) == ["unit-closed"]

    def test_text_of_a_kind_of_its_own_is_an_identifier(self) -> None:
        class Number(str):
            __slots__ = ()

        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS)
        assert made_of(clinic.register.validate(Number(clinic.number), "DIS91")) == ("supported", True, [])

    def test_anything_else_is_refused(self) -> None:
        with pytest.raises(TypeError, match="not int"):
            Clinic("DIS91 D9134L").register.validate(5790999000017, "DIS91")  # type: ignore[arg-type]

    def test_a_blank_message_type_is_a_finding(self) -> None:
        assert made_of(Clinic("DIS91 D9134L").validate("  ")) == ("not_resolved", False, ["message-type-missing"])


class TestAnswers:
    def test_verdicts_are_values(self) -> None:
        clinic = Clinic("DIS91 D9134L", *EDI_RECEIPTS)
        assert clinic.validate("DIS91") == clinic.validate("DIS91")
        assert clinic.validate("DIS91") != clinic.validate("REF01")
        assert hash(clinic.validate("DIS91")) == hash(clinic.validate("DIS91"))

    def test_a_repr_can_be_read(self) -> None:
        clinic = Clinic("DIS91 D9134L")
        assert repr(clinic.validate("DIS91")) == (
            f"<Verdict DIS91 to '{clinic.code}': supported, deliverable (receipt-missing)>"
        )
        assert "not deliverable" in repr(clinic.validate("REF01"))

    def test_the_explanation_says_what_travels_and_why(self) -> None:
        clinic = Clinic("XDIS91 XD9134L", *XML_RECEIPTS)
        assert clinic.validate("DIS91 D9134L").explain("en").splitlines() == [
            "DIS91 D9134L may be sent: converted.",
            "It leaves the sender as DIS91 D9134L and arrives as XDIS91 XD9134L.",
            "Receipts to expect: XCTL02, XCTL03.",
            f'"{clinic.code}" on 2026-01-15, read as SOR code.',
            f"Recipient: Klinikken (SOR code {clinic.code}) at location number {clinic.number}.",
            "The location number is the unit's own.",
            (
                "note: The letter is converted from DIS91 D9134L to XDIS91 XD9134L; under the model current-practice, "
                "the receiver does that."
            ),
        ]
        assert clinic.validate("REF01").explain("da").splitlines()[0] == "REF01 må ikke sendes: ikke understøttet."
        sending = Clinic("REF01", send=("DIS91",))
        assert sending.validate("DIS91", direction="send").explain("en").startswith("DIS91 may come from the recipient")
        assert sending.validate("REF01", direction="send").explain("en").startswith("REF01 can't be expected")


class TestWhatIsWorkedOutOnce:
    def test_it_is_bounded_and_changes_no_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sor_addressing.addressing.plan._PLAN_LIMIT", 2)
        monkeypatch.setattr("sor_addressing.addressing.support._KNOWN_LIMIT", 2)
        clinic = Clinic("DIS91 D9134L", send=EDI_RECEIPTS)
        asked = ["DIS91", "dis91", "DIS91 D9134L", "XDIS91", "REF01", "DIS91 (D9134L)"]
        policies = [AddressingPolicy(), AddressingPolicy(own_conversion=True), AddressingPolicy(version="exact")]
        once = [made_of(clinic.validate(one, policy=policy)) for one in asked for policy in policies]
        again = [made_of(clinic.validate(one, policy=policy)) for one in asked for policy in policies]
        assert once == again
        index = clinic.register._index
        assert len(index.plans) <= 3
        assert all(len(plan.known) <= 2 for plan in index.plans.values())
