"""Spellings that people take for the same are the same once folded."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sor_addressing.search.words.abbreviations import LONGEST, abbreviations, phrase
from sor_addressing.search.words.folding import fold, key_of_word, words_in
from sor_addressing.search.words.lexicon import shipped_lexicon
from sor_addressing.search.words.vocabulary import GRAMS, grams_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Århus", "Aarhus"),
        ("Århus", "ARHUS"),
        ("Ældre", "aeldre"),
        ("Øjne", "oejne"),
        ("Øjne", "ojne"),
        ("Køge", "Köge"),
        ("A\N{COMBINING RING ABOVE}rhus", "Århus"),
        ("Allé", "alle"),
        ("Øre-Næse-Hals", "øre næse hals"),
        ("lægens", "lægen"),
        ("læge's", "læges"),
        ("afd./klinik", "AFD KLINIK"),
        ("\N{LATIN SMALL LETTER AE WITH ACUTE}ble", "æble"),
        ("\N{LATIN CAPITAL LETTER O WITH STROKE AND ACUTE}re", "øre"),
        ("\N{LATIN SMALL LETTER A WITH DIAERESIS AND MACRON}ble", "äble"),
        ("a\N{COMBINING DOT BELOW}\N{COMBINING DIAERESIS}ble", "äble"),
        ("\N{MODIFIER LETTER CAPITAL AE}ble", "æble"),
        ("b\N{COMBINING GREEK YPOGEGRAMMENI}", "b\N{GREEK SMALL LETTER IOTA}"),
        ("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}a", "ia"),
        ("i\N{COMBINING DOT ABOVE}a", "ia"),
    ],
)
def test_two_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert phrase(one) == phrase(other)


@pytest.mark.parametrize(("one", "other"), [("hals", "hal"), ("tand", "ånd"), ("B12", "B2"), ("Hjørring", "Herning")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert phrase(one) != phrase(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    keys = [word.folded for word in words_in(text)]
    assert [fold(key) for key in keys] == keys
    assert all(key and "\n" not in key for key in keys)


@given(st.text())
@example("\N{COMBINING GREEK YPOGEGRAMMENI}")
@example("i\N{COMBINING DOT ABOVE}a")
def test_case_makes_no_difference(text: str) -> None:
    assert phrase(text.casefold()) == phrase(text)


def test_every_letter_folds_as_its_lower_case_does_and_as_it_does_taken_apart() -> None:
    for number in range(0x250, 0x10FFFF):
        letter = chr(number)
        if unicodedata.decomposition(letter) or letter.casefold() != letter:
            folded = fold(letter)
            same = {fold(letter.casefold()), fold(unicodedata.normalize("NFD", letter)), fold(folded), folded}
            assert len(same) == 1, hex(number)


@given(
    st.lists(st.text(alphabet="abcæøåxyz019", min_size=1), min_size=1),
    st.sampled_from([" ", "-", ", ", "/", "_", "  "]),
)
def test_what_parts_words_makes_no_difference(words: list[str], between: str) -> None:
    assert phrase(between.join(words)) == phrase(" ".join(words))


@given(st.text(min_size=1))
def test_trigrams_are_numbers_below_their_count(word: str) -> None:
    grams = grams_of(word)
    assert grams
    assert all(0 <= gram < GRAMS for gram in grams)


def test_a_genitive_s_is_only_taken_from_words_that_stay_long() -> None:
    assert [key_of_word(word) for word in ("klinikkens", "hals", "kreds", "b12s", "stress")] == [
        "klinikken", "hals", "kred", "b12s", "stress",
    ]  # fmt: skip


def groups(word: str) -> tuple[int, ...]:
    """The groups of everyday words that a word stands in."""
    meaning = shipped_lexicon().meaning(words_in(word)[0].folded)
    assert meaning is not None
    return meaning.groups


def test_abbreviations_go_both_ways_and_are_no_longer_than_they_may_be() -> None:
    phrases, endings = abbreviations()
    assert all(first in phrases[other] for first, others in phrases.items() for other in others)
    assert all(1 <= len(one) <= LONGEST for one in phrases)
    for short, long in [
        ("afd.", "afdeling"),
        ("amb", "ambulatorium"),
        ("klin.", "klinik"),
        ("sgh.", "sygehus"),
        ("hosp.", "hospital"),
        ("komm.", "kommune"),
    ]:
        assert phrase(long) in phrases[phrase(short)], short
    lexicon = shipped_lexicon()
    for short, long in [
        ("AUH", "Århus Universitetshospital"),
        ("OUH", "Odense Universitetshospital"),
        ("AAUH", "Aalborg Universitetshospital"),
    ]:
        assert groups(short) == lexicon.phrases[phrase(long)], short
    for short, long in [("lægehus", "lægerne"), ("RH", "Rigshospitalet")]:
        assert groups(short) == groups(long), short
    assert endings["afd"] == ("afdeling", "afdelingen")
