from __future__ import annotations

from pathlib import Path

import pytest

import sor_addressing
from sor_addressing.register.face import Register
from sor_addressing.testing import SampleQuestion, finding_examples, sample_extract, sample_files, sample_questions
from sor_addressing.testing.sample.__main__ import main

QUESTIONS = sample_questions()

# What these files can not bring about: it needs a policy, another day, another source, a message file or an address book.
NOT_IN_FILES = {example.code for example in finding_examples() if example.question is None}


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.sample()


def test_the_shipped_files_are_what_the_sample_writes(tmp_path: Path) -> None:
    units, message_types = sample_files()
    written = sample_extract().write(tmp_path)
    assert written.message_types is not None
    assert written.units.read_bytes() == units.read_bytes()
    assert written.message_types.read_bytes() == message_types.read_bytes()


def test_the_shipped_files_are_written_anew_by_the_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(sor_addressing, "__file__", str(tmp_path / "__init__.py"))
    assert main() == 0
    folder = tmp_path / "sample"
    assert capsys.readouterr().out.splitlines() == [str(folder / "Sor.xml"), str(folder / "Edityper.csv")]
    assert (folder / "Sor.xml").read_bytes() == sample_files()[0].read_bytes()


def test_the_sample_is_small_and_every_name_is_its_own() -> None:
    names = [unit.name for unit in sample_extract()]
    assert 50 <= len(names) <= 70
    assert len(set(names)) == len(names)


def test_examples_tell_what_shows_what() -> None:
    extract = sample_extract()
    assert extract.examples["location-internal-only"] == (extract.unit("Afdelingen Kun intern").sor_code,)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.about}, {question.message_type}")
def test_a_question_to_the_sample_shows_what_it_says(register: Register, question: SampleQuestion) -> None:
    verdict = register.validate(question.identifier, question.message_type)
    shown = {verdict.resolution.status, verdict.outcome, *(finding.code for finding in verdict.findings)}
    assert set(question.shows) - shown == set()


def test_files_and_records_of_the_sample_give_the_same_answers(register: Register) -> None:
    of_records = sample_extract().to_register(ceased_providers=None)
    for question in QUESTIONS:
        asked = (question.identifier, question.message_type)
        assert register.validate(*asked).to_dict() == of_records.validate(*asked).to_dict()


def test_the_records_know_a_provider_number_that_has_ceased() -> None:
    unit = sample_extract().unit("Lægerne Ophørt ydernummer")
    resolution = sample_extract().to_register().resolve(provider_number=unit.provider_number)
    assert [finding.code for finding in resolution.findings] == ["provider-ceased"]


def test_the_questions_show_every_status_and_outcome_and_every_finding_that_files_can_bring_about() -> None:
    from sor_addressing.addressing.answers import Status
    from sor_addressing.addressing.support import Outcome
    from sor_addressing.texts import entries

    shown = {code for question in QUESTIONS for code in question.shows}
    # What follows a dot is a variant of the text, not a code of its own.
    findings = {key.partition(".")[0] for key in entries("findings")}
    assert shown == {*Status, *Outcome, *findings} - NOT_IN_FILES
