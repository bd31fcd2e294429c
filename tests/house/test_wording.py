"""How texts are worded: Danish as Danes write it, a title for everything that lists name, numbers with the word that fits them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sor_addressing
from sor_addressing import Register, SorAddressingError, audit
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.changes import ChangeKind
from sor_addressing.extracts.facts import facts
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.messages import ConversionModel
from sor_addressing.quality import shipped_rules
from sor_addressing.texts import LANGUAGES, entries, fact_in_words, has_title, text_of, title_of

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = sorted(path.stem for path in (Path(sor_addressing.__file__).parent / "texts").glob("*.toml"))
FORBIDDEN = {
    r"\bregisteret\b": "registret",
    r"\bventet?\b|\bventes\b|\bventede\b": "forventet, forventes",
    r"\bi ring\b": "i en cirkel",
    r"\bvægt\b": "alvor",
    r"\bdom\b": "svar, vurdering",
    r"\bpolicy \w+=": "the option of the command line and the argument in Python",
    r"\begen læser\b": "egen indlæser",
    r"\bset på \{": "vurderet pr.",
    r"\bforældet\b": "for gammelt",
}
PLURALS = (
    "enheder|filer|poster|breve|linjer|celler|dage|gange|ændringer|bemærkninger|advarsler|oplysninger|registreringer|lokationsnumre|problemer|kolonner|"
    "units|files|entries|letters|rows|cells|days|times|changes|remarks|warnings|errors|notes|infos|registrations|problems|columns|lines|attempts"
)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_danish_is_written_as_danes_write_it(subject: str) -> None:
    found = {
        (code, wrong, better)
        for code, texts in entries(subject).items()
        for wrong, better in FORBIDDEN.items()
        if re.search(wrong, texts["da"], re.IGNORECASE)
    }
    assert found == set()


def test_danish_pages_are_too() -> None:
    pages = [*(ROOT / "docs" / "da").glob("*.md"), ROOT / "examples" / "recipient_browser" / "texts.toml"]
    assert [
        (page.name, wrong)
        for page in pages
        for wrong in FORBIDDEN
        if re.search(wrong, page.read_text("utf-8"), re.IGNORECASE)
    ] == []


@pytest.mark.parametrize("subject", sorted({*SUBJECTS} - {"errors", "usage"}))
def test_a_number_stands_with_the_word_that_fits_it(subject: str) -> None:
    wrong = {
        (code, language)
        for code, texts in entries(subject).items()
        for language in LANGUAGES
        if re.search(rf"\{{\w+\}} (?:{PLURALS})\b", texts[language])
    }
    assert wrong == set()


def test_one_is_one() -> None:
    assert text_of("cli", "letters-unreadable", "da", {"unreadable": 1}) == "1 fil kan ikke læses."
    assert text_of("cli", "letters-unreadable", "en", {"unreadable": 1}) == "1 file can't be read."
    assert text_of("cli", "letters-unreadable", "da", {"unreadable": 2}) == "2 filer kan ikke læses."
    assert text_of("cli", "rows", "en", {"count": 0}) == "0 rows"


def test_everything_that_lists_name_has_a_title_in_both_languages() -> None:
    assert [code for code in DEFAULT_SEVERITIES if not has_title("findings", code)] == []
    assert [code for code in entries("problems") if not has_title("problems", code)] == []
    assert [rule.code for rule in shipped_rules() if not has_title("rules", rule.code)] == []
    assert [kind for kind in ChangeKind if f"kind.{kind}" not in entries("changes")] == []
    known = {f"findings.{code}" for code in DEFAULT_SEVERITIES} | {f"problems.{code}" for code in entries("problems")}
    assert set(entries("titles")) == known
    for texts in entries("titles").values():
        assert all(texts[language][0].isupper() and len(texts[language]) <= 60 for language in LANGUAGES)
        assert not any(texts[language].endswith(".") or "{" in texts[language] for language in LANGUAGES)


def test_an_answer_gives_titles() -> None:
    register = Register.sample()
    verdict = register.validate("990001", "XDIS91")
    assert verdict.reason is not None
    assert verdict.reason.title() == "The sender's side has to convert"
    assert verdict.reason.title("da") == "Afsenderens side skal konvertere"
    assert [problem.title("da") for problem in register.load_report.problems] == [
        "Dato kan ikke læses",
        "Registreringer uden enhed",
    ]
    assert audit(register).remarks[0].title("da") != audit(register).remarks[0].rule
    with pytest.raises(ValueError, match="no texts in language 'sv'"):
        verdict.reason.title("sv")
    assert title_of("findings", "of-a-later-version", "da") == "of-a-later-version"


def test_what_files_do_not_tell_is_told_in_danish() -> None:
    assert [fact.name for fact in facts() if fact_in_words(fact.name, "da") == fact.name] == []
    assert all(fact_in_words(fact.name, "en") == fact.name for fact in facts())


def test_models_and_notes_of_conversions_are_danish() -> None:
    names = ("current-practice", "receiver-converts", "sender-converts", "none")
    assert {ConversionModel.shipped(name).name for name in names} == set(names)
    assert {name for name in names if f"model.{name}" not in entries("names")} == set()
    rows = (
        (Path(sor_addressing.__file__).parent / "messages" / "data" / "conversions.csv").read_text("utf-8").splitlines()
    )
    notes = {row.split(",")[6] for row in rows if row and not row.startswith("#")} - {"note", ""}
    assert {note for note in notes if f"note.{note}" not in entries("names")} == set()


@pytest.mark.parametrize("kind", IdentifierKind)
def test_kinds_have_words(kind: IdentifierKind) -> None:
    assert text_of("names", kind, "da", {}) != kind


def test_a_stopped_letter_says_in_its_headline_why() -> None:
    register = Register.sample()
    late = Register.sample().validate("990001", "DIS91", policy=None)
    assert late.explain("da").startswith("DIS91 må sendes: understøttet.")
    closed = register.validate("9005001000016002", "DIS91")
    assert closed.explain("da").splitlines()[0] == "DIS91 må ikke sendes: enheden er lukket."
    assert closed.explain("en").splitlines()[0] == "DIS91 may not be sent: the unit is closed."


ENGLISH = re.compile(
    r"(?<![\w/.:-])(?:the|of|is|are|and|which|with|from|unit|units|not|may|can't|was|were|has|no|file|entries|letter|number|this)(?![\w/.=-])"
)


@pytest.mark.parametrize(
    "arguments",
    [
        "resolve 990003",
        "validate 990001 XDIS91",
        "validate 9005001000016002 DIS91 XDIS91",
        "validate 990001 DIS91 --on 2020-01-01",
        "find --message-type XDIS91",
        "find --region X --explain",
        "search lukket",
        "show 990001",
        "show 9000121000016003",
        "audit",
        "audit --list-rules",
        "audit --by region --format markdown",
        "audit --format html",
        "info",
        "export hospitals -o {folder}/x.csv",
        "review {folder}/book.csv",
        "review {folder}/book.csv --format markdown",
        "review {folder}/book.csv --format html",
        "validate-file {folder}/letters",
        "validate-file {folder}/letters --explain --statistics",
        "demo",
        "columns {folder}/book.csv",
    ],
)
def test_what_a_command_prints_in_danish_has_no_english(arguments: str, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from sor_addressing.cli.app import program
    from sor_addressing.testing import write_sample_letters

    (tmp_path / "book.csv").write_text("navn;SOR-kode\nA;9005001000016002\nB;9000311000016009\nC;90\n", "utf-8")
    if "letters" in arguments:
        write_sample_letters(tmp_path / "letters")
    sample = [] if arguments.startswith(("demo", "columns")) else ["--sample"]
    ran = CliRunner().invoke(program, [*arguments.format(folder=tmp_path).split(), *sample, "--lang", "da"])
    assert ran.exit_code in (0, 1), ran.output
    said = re.sub(r"<style>.*?</style>|<[^>]*>|`[^`]*`|\S*[/=]\S*", "", ran.output, flags=re.DOTALL)
    said = re.sub(r"\$ sor-addressing.*|sor-addressing \w+", "", said)
    assert ENGLISH.findall(said) == []


def test_errors_are_danish_wherever_a_register_refuses() -> None:
    with pytest.raises(SorAddressingError) as raised:
        Register.sample().search("")
    assert raised.value.text("da").startswith("intet at søge efter")
