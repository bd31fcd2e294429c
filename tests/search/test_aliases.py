"""Everyday names: read from TOML and CSV, refused where they are wrong, and searched like names."""

from __future__ import annotations

from pathlib import Path

import pytest

from sor_addressing import Aliases, PolicyError, Register
from sor_addressing.testing.numbers import sor_code

FIRST, SECOND = sor_code(0), sor_code(1)
WRONG = FIRST[:-1] + str((int(FIRST[-1]) + 1) % 10)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", f'[aliases]\n{FIRST} = ["Det gule hus", "Gulhuset"]\n{SECOND} = "Hjertehuset"\n'),
        ("a.csv", f"SOR-kode;Navn\n{FIRST};Det gule hus\n{FIRST};Gulhuset\n\n# ours\n{SECOND};Hjertehuset\n"),
        ("a.csv", f"{FIRST},Det gule hus\n{FIRST},Gulhuset\n{SECOND},Hjertehuset\n"),
        ("a.txt", f"\ufeffname\tsor_code\nDet gule hus\t{FIRST}\nGulhuset\t{FIRST}\nHjertehuset\t{SECOND}\n"),
    ],
)
def test_a_table_is_read(tmp_path: Path, name: str, text: str) -> None:
    aliases = Aliases.load(written(tmp_path, name, text))
    assert aliases == Aliases({FIRST: ["Det gule hus", "Gulhuset"], SECOND: ["Hjertehuset"]})
    assert len(aliases) == 2


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("a.csv", f"{FIRST};Huset\n{WRONG};Huset\n", r"a\.csv, line 2: .* is not a SOR code: its check digit is"),
        ("a.csv", "navn;kode\nx;y\n", r"a\.csv, line 1: 'navn' is not a SOR code"),
        ("a.csv", f"{FIRST}\n", r"a\.csv, line 1: has 1 cell; a row is a SOR code and a name"),
        ("a.csv", f"{FIRST};...\n", r"a\.csv, line 1: '\.\.\.' is no name: it has neither letters nor digits"),
        ("a.csv", f"{FIRST};{'x' * 201}\n", r"a\.csv, line 1: a name of 201 characters; 200 are the most"),
        (
            "a.toml",
            f"# ours\n[aliases]\n{FIRST} = 5\n",
            r"a\.toml, line 3: aliases: \d+ is 5: write a text or a list of texts",
        ),
        (
            "a.toml",
            f'[aliases]\n{FIRST} = "Huset"\n12 = "Andet"\n',
            r"a\.toml, line 3: aliases: '12' is not a SOR code",
        ),
        ("a.toml", "", r"a\.toml: has no table \[aliases\]"),
        ("a.toml", "[alias]\n", r"a\.toml, line 1: there is no key 'alias' \(did you mean aliases\?\)"),
        ("a.toml", "[aliases\n", r"a\.toml, line 1: not TOML"),
    ],
)
def test_a_bad_row_is_named_with_file_and_line(tmp_path: Path, name: str, text: str, error: str) -> None:
    with pytest.raises(PolicyError, match=error):
        Aliases.load(written(tmp_path, name, text))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"{FIRST};Lægehuset\n".encode("windows-1252"))
    with pytest.raises(ValueError, match=r"a\.csv, line 1: not UTF-8"):
        Aliases.load(path)


def test_one_text_in_place_of_a_list_is_refused() -> None:
    with pytest.raises(ValueError, match="give a list of names, not the text 'Huset'"):
        Aliases({FIRST: "Huset"})


def test_aliases_are_searched_like_names_and_say_so() -> None:
    register = Register.sample()
    unit = next(iter(register))
    aliases = Aliases({unit.sor_code: ["Det gule hus på bakken"]})
    for text in ("gule hus", "det gule hus", "gulle huset bakken"):
        (match, *_) = register.search(text, aliases=aliases)
        assert match.unit == unit
        assert {(word.field, word.text) for word in match.matched} == {("alias", "Det gule hus på bakken")}
    assert [match.unit for match in register.search("gule hus", aliases={unit.sor_code: ["Gule hus"]})][:1] == [unit]
    assert unit not in [match.unit for match in register.search("gule hus")]


def test_codes_that_the_register_does_not_hold_are_told_and_do_no_harm() -> None:
    register = Register.sample()
    unknown = sor_code(5_000)
    known = next(iter(register)).sor_code
    aliases = Aliases({unknown: ["Intetsteds"], known: ["Et sted"]})
    assert aliases.unknown(register.by_sor_code) == (unknown,)
    assert aliases.unknown([known]) == (unknown,)
    assert register.search("intetsteds", aliases=aliases) == ()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (5, "aliases is int: give a map from SOR code to a list of names"),
        ([(FIRST, "Huset")], "aliases is list: give a map from SOR code to a list of names"),
        ({5: ["Huset"]}, r"aliases\[5\]: a SOR code is a text in quotes, not int"),
        ({FIRST: 5}, "give a list of names, not int"),
        ({FIRST: None}, "give a list of names, not NoneType"),
        ({FIRST: {"Huset": 1}}, "give a list of names, not dict"),
        ({FIRST: b"Huset"}, "give a list of names, not bytes"),
        ({FIRST: [5]}, "a name is a text in quotes, not int"),
        ({FIRST: [["Huset"]]}, "a name is a text in quotes, not list"),
        ({FIRST: [float("nan")]}, "a name is a text in quotes, not float"),
    ],
)
def test_what_is_no_map_of_names_is_refused(given: object, error: str) -> None:
    with pytest.raises(PolicyError, match=error):
        Aliases(given)  # type: ignore[arg-type]
    with pytest.raises(PolicyError, match=error):
        Register.sample().search("Huset", aliases=given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (f"SOR-kode;Navn;Navn\n{FIRST};Det gule hus;Gulhuset\n", "line 1: has two columns of SOR codes, or of names"),
        (f"{FIRST};Det gule hus;Gulhuset\n", "line 1: has 3 cells"),
    ],
)
def test_no_name_of_a_table_is_lost(tmp_path: Path, text: str, error: str) -> None:
    with pytest.raises(PolicyError, match=error):
        Aliases.load(written(tmp_path, "a.csv", text))
