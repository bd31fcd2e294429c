"""Everyday words: groups that the package has and that a region adds, and what their files may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from sor_addressing import EverydayWords, PolicyError, Register
from sor_addressing.search.words.lexicon import shipped_lexicon
from sor_addressing.testing import RegisterBuilder


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder()
    region = build.owner("Region Nordhav")
    for town in ("Aalborg", "Aarhus"):
        hospital = build.institution(region, f"{town} Universitetshospital", location_number=True)
        build.unit(hospital, "Kardiologisk Afdeling", location_number=True)
        build.unit(hospital, "Neurokirurgi", location_number=True)
        build.unit(hospital, "Øre-Næse-Halskirurgi", location_number=True)
        build.unit(hospital, "Nyresygdomme, Ambulatorium", location_number=True)
        build.unit(hospital, "Medicinsk Afdeling III", location_number=True)
    care = build.owner("Engby Kommune", location_number=True)
    build.institution(care, "Visitationen", location_number=True)
    build.institution(care, "Akutfunktionen", location_number=True)
    return build.build()


def first(register: Register, text: str, **more: object) -> str:
    match = register.search(text, **more)[0]  # type: ignore[arg-type]
    return f"{match.name} < {match.unit.parent.name}" if match.unit.parent else match.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hjerteafd aalborg", "Kardiologisk Afdeling < Aalborg Universitetshospital"),
        ("hjertemedicinsk aarhus", "Kardiologisk Afdeling < Aarhus Universitetshospital"),
        ("kardiologi AAUH", "Kardiologisk Afdeling < Aalborg Universitetshospital"),
        ("kardiologi auh", "Kardiologisk Afdeling < Aarhus Universitetshospital"),
        ("skejby", "Aarhus Universitetshospital < Region Nordhav"),
        ("aarhus sygehus", "Aarhus Universitetshospital < Region Nordhav"),
        ("ønh aarhus", "Øre-Næse-Halskirurgi < Aarhus Universitetshospital"),
        ("nefrologisk amb aarhus", "Nyresygdomme, Ambulatorium < Aarhus Universitetshospital"),
        ("nyreambulatoriet aalborg", "Nyresygdomme, Ambulatorium < Aalborg Universitetshospital"),
        ("med. afd. 3 aarhus", "Medicinsk Afdeling III < Aarhus Universitetshospital"),
        ("visitator engby", "Visitationen < Engby Kommune"),
        ("akutteam engby", "Akutfunktionen < Engby Kommune"),
        ("engbyvisitation", "Visitationen < Engby Kommune"),
        ("aarhuskardiologi", "Kardiologisk Afdeling < Aarhus Universitetshospital"),
        ("nefologisk aarhus", "Nyresygdomme, Ambulatorium < Aarhus Universitetshospital"),
    ],
)
def test_what_people_call_things_finds_them(register, text, expected):
    assert first(register, text) == expected


def test_a_word_in_full_does_not_drift_over_its_short_form(register):
    assert all(match.score < 80 for match in register.search("neurologisk") if match.name == "Neurokirurgi")


def hows(register: Register, text: str) -> dict[str, tuple[str, float]]:
    return {word.word: (str(word.how), word.likeness) for word in register.search(text)[0].matched}


def test_each_word_says_how_it_stands_there(register):
    assert hows(register, "kardiologisk afdelingen aarhus") == {
        "kardiologisk": ("as_written", 100.0),
        "afdelingen": ("inflection", 95.0),
        "aarhus": ("as_written", 100.0),
    }
    assert hows(register, "kardiolgisk aalborg univ") == {
        "kardiolgisk": ("misspelling", 89.6),
        "aalborg": ("as_written", 100.0),
        "univ": ("abbreviation", 83.3),
    }
    assert hows(register, "hjerteafd aarhus") == {
        "hjerte": ("everyday_word", 90.0),
        "afd": ("abbreviation", 95.0),
        "aarhus": ("as_written", 100.0),
    }


def test_parts_that_nobody_has_are_missed(register):
    match = register.search("nyreskadestue aarhus")[0]
    assert match.missed == ("skadestue",)


def test_a_region_adds_words_of_its_own(register, tmp_path):
    words = {"pulshuset": ["aarhus universitetshospital", "pulshuset"], "kardiologi": ["pumpe+"]}
    assert first(register, "pumpeafd pulshuset", words=words) == "Kardiologisk Afdeling < Aarhus Universitetshospital"
    path = tmp_path / "words.toml"
    path.write_text(
        '[words]\npulshuset = ["aarhus universitetshospital", "pulshuset"]\nkardiologi = ["pumpe+"]\n', "utf-8"
    )
    loaded = EverydayWords.load(path)
    assert loaded == EverydayWords(words)
    assert len(loaded) == 2
    assert first(register, "pumpeafd pulshuset", words=loaded) == "Kardiologisk Afdeling < Aarhus Universitetshospital"
    assert all(match.score < 80 for match in register.search("pumpeafd"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("words = 3", r"words is 3: write a table"),
        ("[word]\na = ['b']", r"there is no key 'word' \(did you mean words\?\)"),
        ("", r"has no table \[words\] from title to a list of words"),
        ("[words]\na = 3", r"line 2: .*a is 3: write a text or a list of texts"),
        ("[words]\na = []", r"line 2: .*is empty: write the words of the group"),
        ("[words]\na = ['---']", r"line 2: .*'---' is no word: it has neither letters nor digits"),
        ("[words]\n\nb = ['x-']", r"line 3: .*'x-': a beginning has 2 letters or more"),
        ("[words]\nb = ['en to tre+']", r"line 2: .*the first part of a compound is one word"),
        ("[words]\nb = ['a b c d e f g']", r"line 2: .*has 7 words; 6 are the most"),
        (f"[words]\nb = ['{'a' * 101}']", r"line 2: .*a member of 101 characters; 100 are the most"),
        ("[words", r"line 1: not TOML"),
    ],
)
def test_a_file_that_holds_no_such_words_is_an_error_that_says_where(tmp_path: Path, text, message):
    path = tmp_path / "words.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError, match=message) as caught:
        EverydayWords.load(path)
    assert str(path) in str(caught.value)
    assert caught.value.text("da") != str(caught.value) or "TOML" in message


def test_words_given_in_a_mapping_are_held_to_the_same():
    with pytest.raises(PolicyError, match=r"words\['a'\]: 'x-': a beginning has 2 letters or more"):
        EverydayWords({"a": ["x-"]})
    with pytest.raises(PolicyError, match="give a list of words"):
        EverydayWords({"a": "hjerte"})
    with pytest.raises(PolicyError, match="is no text"):
        EverydayWords({"a": [3]})  # type: ignore[list-item]
    for given in (5, ["hjerte"], "hjerte"):
        with pytest.raises(PolicyError, match=f"words is {type(given).__name__}: give a map from title to a list"):
            Register.sample().search("hus", words=given)  # type: ignore[arg-type]


def test_the_packages_groups_hold_what_they_should():
    groups = EverydayWords.shipped().groups
    assert len(groups) > 90
    assert all(len(members) > 1 for members in groups.values())
    lexicon = shipped_lexicon()
    for words in (
        ("kardiologisk", "hjertesygdomme", "hjertemed", "hjerteafdelingen", "hjerte"),
        ("urologi", "urinvejskirurgisk", "urinvejs"),
        ("hospital", "sygehuset", "sgh"),
        ("skadestuen", "fam", "akutmodtagelsen"),
    ):
        meanings = [lexicon.meaning(word) for word in words]
        assert len({meaning.groups if meaning else None for meaning in meanings}) == 1, words
    heart, chest = lexicon.meaning("hjertemedicin"), lexicon.meaning("hjertekirurgi")
    assert heart is not None
    assert chest is not None
    assert heart.groups != chest.groups
