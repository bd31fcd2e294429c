from __future__ import annotations

from pathlib import Path

import pytest

QUESTION = ("validate", "990001", "DIS91", "--sample")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("resolve", "--sample"), "Missing argument 'ID'"),
        (("validate", "990001", "--sample"), "Missing argument 'TYPE [TYPE]...'"),
        ((*QUESTION, "--on", "15-01-2026"), "'15-01-2026' is not a day: write it as 2026-01-15"),
        ((*QUESTION, "--on", "20260115"), "'20260115' is not a day"),
        ((*QUESTION, "--on", "2026-02-30"), "there is no day 2026-02-30"),
        ((*QUESTION, "--snapshot-date", "i dag"), "'i dag' is not a day"),
        ((*QUESTION, "--lang", "sv"), "'sv' is not one of 'da', 'en'"),
        ((*QUESTION, "--direction", "both"), "'both' is not one of 'receive', 'send'"),
        ((*QUESTION, "--kind", "cvr_number"), "'cvr_number' is not one of"),
        (("validate", "990001", " ", "--sample"), "Invalid value for 'TYPE [TYPE]...'"),
        (("resolve", "990001", "--message-type", "", "--sample"), "Invalid value for '--message-type'"),
        (("info", "--problems", "many", "--sample"), "'many' is neither a number nor 'all'"),
        (("info", "--problems", "-1", "--sample"), "'-1' is neither a number nor 'all'"),
        (("resolv", "990001"), "No such command 'resolv'"),
        (("demo", "--json"), "--json"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_not_understood_is_a_usage_error(arguments: tuple[str, ...], says: str, run) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("content", "says", "danish"),
    [
        (None, "can't be read: No such file or directory", "kan ikke læses: filen eller mappen findes ikke"),
        ("max_age_days = ", "line 1: not TOML: Invalid value", "linje 1: ikke TOML"),
        (
            "max_age_days = -1",
            "max_age_days is -1: use a whole number of days, 0 or more",
            "max_age_days er -1: brug et helt antal dage, 0 eller flere",
        ),
        ("max_age = 1", "there is no key 'max_age' (did you mean max_age_days?)", "der er ingen nøgle 'max_age'"),
        (
            'preset = "harsh"',
            "preset is 'harsh': use default, strict or lenient",
            "preset er 'harsh': brug default, strict eller lenient",
        ),
    ],
)
def test_a_bad_policy_is_a_usage_error_that_names_file_and_field(
    content: str | None, says: str, danish: str, run, tmp_path: Path
) -> None:
    path = tmp_path / "policy.toml"
    if content is not None:
        path.write_text(content, "utf-8")
    ran = run(*QUESTION, "--policy", path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Error: {path}")
    assert says in ran.err
    ran = run(*QUESTION, "--policy", path, "--json", "--lang", "da")
    error = ran.json["error"]
    assert (ran.code, error["code"], error["file"]) == (2, "policy-error", str(path))
    assert danish in error["text"]
    assert ran.err.startswith(f"Fejl: {path}")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "da_DK.UTF-8"}, "da"),
        ({"LC_MESSAGES": "da"}, "da"),
        ({"LC_ALL": "DA"}, "da"),
        ({"LANG": "da_DK.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LC_MESSAGES": "da_DK", "LC_ALL": "C"}, "en"),
        ({"LANG": "da_DK.UTF-8", "LC_ALL": ""}, "da"),
    ],
    ids=str,
)
def test_the_language_is_that_of_the_environment(environment: dict[str, str], language: str, run) -> None:
    first = {"da": "OPDIGTET REGISTER: ingen af enhederne findes.", "en": "MADE-UP REGISTER: none of the units exists."}
    assert run("resolve", "990001", "--sample", **environment).lines[0] == first[language]
    for asked in ("da", "en"):
        assert run("resolve", "990001", "--sample", "--lang", asked, **environment).lines[0] == first[asked]


@pytest.mark.parametrize(
    "command",
    [
        "resolve",
        "validate",
        "validate-file",
        "review",
        "watch",
        "search",
        "find",
        "show",
        "compare",
        "history",
        "info",
        "sample",
        "demo",
    ],
)
def test_every_command_has_help(command: str, run) -> None:
    ran = run(command, "-h")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: program {command} [OPTIONS]")
    assert "--lang [da|en]" in ran.out


def test_the_help_names_every_command_register_and_exit_code(run) -> None:
    out = run("--help").out
    commands = out.partition("Commands:\n")[2]
    assert [line.split()[0] for line in commands.splitlines()] == [
        "resolve", "validate", "validate-file", "review", "watch", "search", "find", "show", "compare", "history", "audit",
         "allowed-types", "names", "conversions", "what-if", "handover", "deliveries", "answer", "schema", "info",
         "update", "compile", "export", "serve", "columns", "sample", "demo", "completion",
    ]  # fmt: skip
    for word in ("--sample", "--register", "SOR_ADDRESSING_REGISTER", "0 ", "1 ", "2 ", "3 ", "4 "):
        assert word in out


@pytest.mark.parametrize(
    ("given", "variables", "said"),
    [
        (["validat"], {}, "No such command 'validat'. Did you mean 'validate'?"),
        (["Serach"], {}, "No such command 'Serach'. Did you mean 'search'?"),
        (["xyzzy"], {}, "No such command 'xyzzy'; sor-addressing --help shows them."),
        (["validat"], {"LANG": "da_DK.UTF-8"}, "Der er ingen kommando 'validat'. Mente du 'validate'?"),
        (["validate", "1", "DIS91", "--polcy", "x"], {}, "Did you mean '--policy'?"),
    ],
)
def test_a_slip_is_met_with_what_was_meant(run, given, variables, said):
    ran = run(*given, **variables)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
