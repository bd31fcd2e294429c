from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sor_addressing import AddressingPolicy, Register
from sor_addressing.testing import RegisterBuilder, SampleQuestion, sample_questions

MARK = {"made_up": True, "snapshot_date": "2026-01-15"}
QUESTIONS = sample_questions()


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.sample()


def test_a_resolution_tells_who_it_is_and_how_that_was_found(run) -> None:
    ran = run("resolve", "990001", "--sample")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "MADE-UP REGISTER: none of the units exists.\n"
        '"990001" on 2026-01-15, read as provider number.\n'
        "Recipient: Lægehuset Entydig (SOR code 9000311000016009) at location number 5790999000314.\n"
        "The location number is the unit's own.\n"
    )


def test_several_candidates_stand_in_a_table_and_the_reason_below(run) -> None:
    ran = run("resolve", "990003", "--sample", "--lang", "da", "--message-type", "DIS91")
    assert ran.code == 1
    assert ran.out == (
        "OPDIGTET REGISTER: ingen af enhederne findes.\n"
        '"990003" pr. 2026-01-15, læst som ydernummer.\n'
        "Ikke entydig: der skal vælges.\n"
        "\n"
        "Kandidater (2)\n"
        "  Navn                   SOR-kode          Hører under                              Lokationsnummer"
        "  Eget/nedarvet  Kan nås  Svar          Grunde\n"
        "  ---------------------  ----------------  ---------------------------------------  ---------------"
        "  -------------  -------  ------------  ------\n"
        "  Lægerne To Adresser A  9000421000016006  Lægerne Porsegade › Lægerne To Adresser  5790999000383  "
        "  eget           ja       understøttet\n"
        "  Lægerne To Adresser B  9000431000016008  Lægerne Porsegade › Lægerne To Adresser  5790999000390  "
        "  eget           ja       understøttet\n"
        "\n"
        '  fejl  Flere mulige modtagere  "990003" (ydernummer) står på 2 enheder med forskellige lokationsnumre: '
        "5790999000383, 5790999000390. Vælg en af kandidaterne ved dens SOR-kode.\n"
    )


def test_a_candidate_that_can_not_be_used_has_its_reason_in_the_table_and_in_words(run, tmp_path: Path) -> None:
    builder = RegisterBuilder()
    owner = builder.owner("Ejeren")
    house = builder.institution(owner, "Huset")
    number = "990500"
    for name in "AB":
        builder.unit(house, f"Klinik {name}", provider_number=number, location_number=True)
    builder.unit(house, "Klinik C", provider_number=number, location_number=True, to_date=dt.date(2025, 12, 31))
    builder.write(tmp_path)
    ran = run("resolve", number, "--register", tmp_path)
    (row,) = (line for line in ran.lines if line.startswith("  Klinik C"))
    assert row.endswith("no         The unit is closed")
    assert [line.split("  ")[2] for line in ran.lines if line.startswith("  error")] == [
        "Several possible recipients",
        "The unit is closed",
    ]
    assert "  error  The unit is closed           Klinik C (" in ran.out
    assert "its last day was 2025-12-31. Find out who took over." in ran.out


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.about}, {question.message_type}")
def test_json_is_the_answer_of_the_library(question: SampleQuestion, run, register: Register) -> None:
    verdict = register.validate(question.identifier, question.message_type)
    ran = run("validate", question.identifier, question.message_type, "--sample", "--json")
    assert ran.json == json.loads(json.dumps(verdict.to_dict() | MARK))
    assert (ran.code, ran.err) == (0 if verdict.deliverable else 1, "")
    resolution = register.resolve(question.identifier, message_type=question.message_type)
    ran = run("resolve", question.identifier, "--message-type", question.message_type, "--sample", "--json")
    assert ran.json == json.loads(json.dumps(resolution.to_dict() | MARK))
    assert ran.code == (0 if resolution.recipient else 1)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.about}, {question.message_type}")
def test_every_reason_is_told_with_its_title(question: SampleQuestion, language: str, run, register: Register) -> None:
    verdict = register.validate(question.identifier, question.message_type)
    ran = run("validate", question.identifier, question.message_type, "--sample", "--lang", language)
    assert verdict.explain(language).splitlines()[0] == ran.lines[1]
    for finding in verdict.findings:
        assert f"{finding.title(language)}  " in ran.out
        assert finding.text(language) in ran.out


def test_the_keys_of_a_resolution_are_stable(run) -> None:
    document = run("resolve", "990001", "--sample", "--json").json
    assert list(document) == [
        "identifier", "kinds", "on", "status", "recipient", "candidates", "findings", "made_up", "snapshot_date",
    ]  # fmt: skip
    assert list(document["recipient"]) == [
        "sor_code", "name", "kind", "types", "specialities", "above", "address", "provider_number", "shak_code",
        "location_number", "location_inherited", "location_owner", "message_types", "unit_certain", "usable", "outcome",
        "findings",
    ]  # fmt: skip


def test_the_keys_of_a_verdict_are_stable(run) -> None:
    document = run("validate", "5790999000314", "XDIS91", "--sample", "--json").json
    assert list(document) == [
        "message_type", "direction", "outcome", "deliverable", "send_as", "arrives_as", "conversion", "receipts",
        "alternatives", "findings", "resolution", "made_up", "snapshot_date",
    ]  # fmt: skip
    assert list(document["findings"][0]) == ["code", "severity", "details", "text"]


def test_the_day_asked_about_counts(run) -> None:
    closed, before = "9005001000016002", "2025-06-30"
    assert run("resolve", closed, "--sample").code == 1
    ran = run("resolve", closed, "--sample", "--on", before)
    assert (ran.code, ran.lines[1]) == (0, f'"{closed}" on {before}, read as SOR code.')


def test_the_kind_can_be_said_where_a_number_is_held_as_two(run) -> None:
    assert [finding["code"] for finding in run("resolve", "990150", "--sample", "--json").json["findings"]] == [
        "kind-ambiguous"
    ]
    for kind, name in (("shak_code", "Afdelingen Samme tal"), ("provider_number", "Lægerne Samme tal")):
        ran = run("resolve", "990150", "--kind", kind, "--sample", "--json")
        assert (ran.code, ran.json["kinds"], ran.json["recipient"]["name"]) == (0, [kind], name)
        ran = run("validate", "990150", "DIS91", "--kind", kind, "--sample", "--json")
        assert ran.json["resolution"]["recipient"]["name"] == name


@pytest.mark.parametrize("kind", ["sor_code", "location_number", "provider_number", "shak_code"])
def test_a_kind_that_is_said_is_the_one_that_is_asked(kind: str, run, register: Register) -> None:
    resolution = register.resolve(**{kind: "990001"})
    ran = run("resolve", "990001", "--kind", kind, "--sample", "--json")
    assert ran.json == json.loads(json.dumps(resolution.to_dict() | MARK))


def test_the_other_direction_can_be_asked_about(run, register: Register) -> None:
    verdict = register.validate("990007", "DIS91", direction="send")
    ran = run("validate", "990007", "DIS91", "--direction", "send", "--sample", "--json")
    assert (ran.code, ran.json) == (1, json.loads(json.dumps(verdict.to_dict() | MARK)))
    ran = run("validate", "990003", "DIS91", "--direction", "send", "--sample")
    assert "Outcome" not in ran.out  # of the candidates only the outcome of receiving is known


def test_of_several_types_the_one_to_send_is_marked(run) -> None:
    ran = run("validate", "990001", "FDIS91", "XDIS91", "DIS91", "--sample")
    assert ran.code == 0
    assert ran.lines[1:7] == [
        "     Message type  Outcome    May be sent  Sent as       Arrives as    Converts",
        "  -  ------------  ---------  -----------  ------------  ------------  -------------------------------",
        "     FDIS91        converted  yes          FDIS91 5.0    DIS91 D9134L  the national conversion service",
        "     XDIS91        converted  no           DIS91 D9134L  DIS91 D9134L  the sender",
        "  →  DIS91         supported  yes          DIS91 D9134L  DIS91 D9134L",
        "",
    ]
    assert ran.lines[7] == "DIS91 may be sent: supported."


def test_several_types_in_json_are_all_verdicts_and_the_place_of_the_chosen_one(run, register: Register) -> None:
    types = ["XREF15", "FDIS91", "DIS91"]
    ran = run("validate", "990001", *types, "--sample", "--json")
    verdicts = [register.validate("990001", one).to_dict() for one in types]
    assert ran.json == json.loads(json.dumps({"chosen": 2, "verdicts": verdicts, **MARK}))
    assert ran.code == 0


def test_several_types_none_of_which_goes_are_a_no(run) -> None:
    ran = run("validate", "990003", "XREF15", "DIS91", "--sample", "--json")
    assert (ran.code, ran.json["chosen"]) == (1, 0)


def test_several_types_can_only_be_received(run) -> None:
    ran = run("validate", "990001", "DIS91", "XDIS91", "--direction", "send", "--sample")
    assert (ran.code, ran.out) == (2, "")
    assert "several types choose what to send; with --direction send give one" in ran.err


@pytest.mark.parametrize(
    ("policy", "deliverable"), [("default", False), ("strict", False), ("lenient", True)], ids=lambda value: str(value)
)
def test_a_preset_is_a_policy(policy: str, deliverable: bool, run) -> None:
    ran = run("validate", "990001", "XDIS91", "--policy", policy, "--sample", "--json")
    assert (ran.code, ran.json["deliverable"]) == (0 if deliverable else 1, deliverable)


def test_a_policy_file_is_a_policy(run, tmp_path: Path, register: Register) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('addressed_unit = "location-owner"\n[severities]\nmoved-to-owner = "error"\n', "utf-8")
    verdict = register.validate("9000051000016005", "XDIS91", policy=AddressingPolicy.load(path))
    ran = run("validate", "9000051000016005", "XDIS91", "--policy", path, "--sample", "--json")
    assert (ran.code, ran.json) == (1, json.loads(json.dumps(verdict.to_dict() | MARK)))
    assert ran.json["resolution"]["recipient"]["name"] == "Hjerteafdelingen"


class TestAStaleRegister:
    def ask(self, run, folder: Path, *arguments: str) -> int:
        resolved = run("resolve", "990001", "--register", folder, *arguments).code
        validated = run("validate", "990001", "DIS91", "--register", folder, *arguments).code
        chosen = run("validate", "990001", "XDIS91", "DIS91", "--register", folder, *arguments).code
        shown = run("show", "990001", "--register", folder, *arguments).code
        assert resolved == validated == chosen == shown
        return resolved

    def test_is_not_stale_within_the_limit(self, run, folder: Path, days_later: Callable[[int], None]) -> None:
        days_later(2)
        assert self.ask(run, folder) == 0

    def test_is_told_by_the_exit_code(self, run, folder: Path, days_later: Callable[[int], None]) -> None:
        days_later(3)
        assert self.ask(run, folder) == 4
        assert self.ask(run, folder, "--json") == 4

    def test_is_allowed(self, run, folder: Path, days_later: Callable[[int], None]) -> None:
        days_later(3)
        assert self.ask(run, folder, "--allow-stale") == 0

    def test_is_what_the_policy_says(
        self, run, folder: Path, tmp_path: Path, days_later: Callable[[int], None]
    ) -> None:
        days_later(3)
        policy = tmp_path / "patient.toml"
        policy.write_text("max_age_days = 3", "utf-8")
        assert self.ask(run, folder, "--policy", str(policy)) == 0

    def test_does_not_make_a_no_better(self, run, folder: Path, days_later: Callable[[int], None]) -> None:
        days_later(3)
        assert run("resolve", "990003", "--register", folder).code == 1

    def test_is_refused_in_the_end(self, run, folder: Path, days_later: Callable[[int], None]) -> None:
        days_later(15)
        ran = run("validate", "990001", "DIS91", "--register", folder, "--allow-stale", "--json")
        assert (ran.code, ran.json["deliverable"]) == (1, False)
        assert [(finding["code"], finding["severity"]) for finding in ran.json["findings"]] == [
            ("register-stale", "error")
        ]

    def test_says_so(self, run, folder: Path, days_later: Callable[[int], None]) -> None:
        days_later(3)
        told = "The register is of 2026-01-15 and 3 days old (limit: 2). Fetch today's extract."
        assert run("resolve", "990001", "--register", folder).lines[-1] == told
        assert run("show", "990001", "--register", folder).lines[-1] == told
        assert (
            run("validate", "990001", "DIS91", "--register", folder).lines[-1]
            == f"  warning  The register is stale  {told}"
        )

    def test_is_never_the_sample(self, run, days_later: Callable[[int], None]) -> None:
        days_later(1000)
        assert run("validate", "990001", "DIS91", "--sample").code == 0
