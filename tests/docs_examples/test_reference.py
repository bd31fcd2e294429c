"""The reference has everything that is public, and its parts are made as they should be."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

import sor_addressing

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = "\n".join(path.read_text("utf-8") for path in sorted((DOCS / "reference").glob("*.md")))
MOST_BYTES_OF_PICTURES = 300_000

sys.path.append(str(DOCS / "_ext"))

import public_names as listing  # noqa: E402 (lies beside the pages)


def test_every_public_name_is_in_the_reference_once() -> None:
    shown = " ".join(re.findall(r"^```\{public-names\} (.+)$", REFERENCE, re.MULTILINE)).split()
    parts = listing.public_names()
    assert sorted(shown) == sorted(parts), "each part of the package on one page"
    names = [name for part in shown for name in parts[part]]
    assert len({name.rpartition(".")[2] for name in names}) == len(names)
    assert {name.rpartition(".")[2] for name in names} == set(sor_addressing.__all__).union(
        *(import_module(f"sor_addressing.{room}").__all__ for room in (*listing.ROOMS, *listing.MODULES))
    )
    for part in shown:
        directives = [line.partition(":: ")[2] for line in listing.directives_of(part) if line.startswith(".. ")]
        assert directives == parts[part]


def test_every_public_enumeration_is_among_the_values() -> None:
    pytest.importorskip("sphinx")
    from reference_tables import enumerations

    page = (DOCS / "reference" / "outcomes.md").read_text("utf-8")
    (told,) = re.findall(r"^```\{other-values\} (.+)$", page, re.MULTILINE)
    assert sorted(told.split()) == sorted(re.findall(r"^```\{values\} (\w+)", page, re.MULTILINE))
    assert set(told.split()) < set(enumerations())
    assert {"Direction", "MessageFormat", "Severity"} < set(enumerations())


def test_every_field_of_a_policy_is_explained() -> None:
    pytest.importorskip("sphinx")
    import attrs

    from reference_tables import arguments_of

    fields = [field.name for field in attrs.fields(sor_addressing.AddressingPolicy) if field.init]
    assert list(arguments_of(sor_addressing.AddressingPolicy)) == fields


def test_every_command_is_shown_with_its_options() -> None:
    pytest.importorskip("sphinx")
    import click

    from commands import lines_of
    from sor_addressing.cli.app import program

    context = program.make_context("sor-addressing", [], resilient_parsing=True)
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        text = "\n".join(lines_of(command))
        assert text.startswith(f"## `{name}`\n")
        options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
        assert [one.name for one in options if max(one.opts, key=len) not in text] == []


def test_the_readme_has_no_link_that_a_package_page_cannot_follow() -> None:
    readme = (DOCS.parent / "README.md").read_text("utf-8")
    targets = re.findall(r"\]\(([^)]+)\)|(?:href|src)=\"([^\"]+)\"", readme)
    assert [one for pair in targets for one in pair if one and not one.startswith("https://")] == []


def test_every_guide_stands_in_the_table_of_needs() -> None:
    index = (DOCS / "howto" / "index.md").read_text("utf-8")
    linked = set(re.findall(r"\| \[\]\((.+?)\.md\) \|$", index, re.MULTILINE))
    assert linked == {path.stem for path in (DOCS / "howto").glob("*.md")} - {"index"}


def test_pictures_are_small_and_fetch_nothing() -> None:
    pictures = sorted((DOCS / "_static").iterdir())
    assert sum(path.stat().st_size for path in pictures) < MOST_BYTES_OF_PICTURES
    for path in pictures:
        if path.suffix == ".svg":
            assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)\S+|url\((?!#)", path.read_text("utf-8")) == []


@pytest.mark.parametrize("sideways", [False, True])
def test_the_boxes_of_a_diagram_lie_beside_each_other(sideways: bool) -> None:
    pytest.importorskip("sphinx")
    from diagrams import Drawing

    text = (
        "a: Upmost\nb [own]: One | with two lines\nc: Another\nd [inherited]: Below\na -> b\na -> c\nc -> d: inherits"
    )
    drawing = Drawing(text, sideways=sideways)
    boxes = list(drawing.boxes.values())
    for number, one in enumerate(boxes):
        assert one.width / 2 <= one.x <= drawing.width - one.width / 2
        assert one.height / 2 <= one.y <= drawing.height - one.height / 2
        for other in boxes[number + 1 :]:
            apart = abs(one.x - other.x) >= (one.width + other.width) / 2
            assert apart or abs(one.y - other.y) >= (one.height + other.height) / 2
    assert drawing.svg("A & B").count("<rect") == 4
    assert 'aria-label="A &amp; B"' in drawing.svg("A & B")


def test_the_boxes_of_a_circle_are_placed_too() -> None:
    pytest.importorskip("sphinx")
    from diagrams import Drawing

    assert Drawing("a: One\nb: Two\na -> b\nb -> a", sideways=False).svg("a circle").count("<line") == 2


@pytest.mark.parametrize("text", ["a: One\na => b", "a: One\na -> b", "a [loud]: One"])
def test_a_diagram_that_means_nothing_is_refused(text: str) -> None:
    pytest.importorskip("sphinx")
    from diagrams import Drawing

    with pytest.raises(ValueError, match="a diagram"):
        Drawing(text, sideways=False)
