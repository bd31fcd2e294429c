"""The letters of the sample show what they promise, each in a register of the sample."""

from __future__ import annotations

from sor_addressing import Register
from sor_addressing.testing import sample_letters, write_sample_letters


def test_every_letter_of_the_sample_shows_what_it_promises(tmp_path):
    register = Register.sample()
    letters = sample_letters()
    paths = write_sample_letters(tmp_path / "letters")
    reports = list(register.validate_messages([tmp_path / "letters"]))
    assert [path.name for path in paths] == [letter.name for letter in letters] == sorted(one.name for one in letters)
    for letter, report in zip(letters, reports, strict=True):
        found = {finding.code for one in report.letters for finding in one.reasons}
        weighty = {f.code for one in report.letters for f in one.reasons if f.severity != "info"}
        assert report.deliverable is letter.deliverable, (letter.name, found, str(report.error))
        assert (report.error is not None) is (not letter.deliverable and letter.shows is None), letter.name
        if letter.shows is None:
            assert weighty == set(), letter.name
        else:
            assert letter.shows in found, (letter.name, found)


def test_the_letters_of_the_sample_are_the_same_every_time():
    assert sample_letters() == sample_letters()
