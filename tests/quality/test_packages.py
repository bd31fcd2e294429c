"""Packages of message types: how they are read, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sor_addressing import PolicyError, audit
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.quality import Package
from sor_addressing.testing import RegisterBuilder

DAY = dt.date(2026, 1, 15)


def test_the_shipped_packages_speak_of_types_that_there_are_and_name_their_source() -> None:
    for package in Package.shipped():
        named = (
            *package.should_send,
            *package.should_receive,
            *package.may_send,
            *package.may_receive,
            *package.must_not,
        )
        assert named
        assert [text for text in named if not catalogue().parse(text).known] == []
        assert package.source
        assert {"da", "en"} <= set(package.title)


def test_packages_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "packages.toml"
    path.write_text('[[package]]\nname = "p"\nunit_name = "Sygehusadviser"\nshould_receive = "FDIS20"\n', "utf-8")
    assert Package.load(path) == (Package(name="p", unit_name="Sygehusadviser", should_receive=("FDIS20",)),)
    build = RegisterBuilder(DAY)
    owner = build.owner("Kommune")
    unit = build.institution(owner, "Sygehusadviser, Prøve Kommune", location_number=True)
    build.registers(unit, "DIS20", send=True, receive=True)
    found = audit(build.build(), rules=["package-types-missing"], packages=path)
    assert [(one.sor_code, one.details["receive"]) for one in found.remarks] == [(unit, ("FDIS20",))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("package = 3", r"packages.toml, line 1: package is 3: write tables, each under \[\[package\]\]"),
        ("[[package]\n", "line 1: not TOML"),
        ('[[package]]\nname = "p"\n', "line 1: package 1: the package is for nobody: give one of unit_type, "),
        ('[[package]]\nunit_name = "A"\n', "line 1: package 1: name is missing: write a text"),
        ('[[package]]\nname = "p"\nunit_name = "A"\ncolour = 1\n', "line 4: package 1: there is no key 'colour'"),
        ('[[package]]\nname = "p"\nunit_names = "A"\n', r"there is no key 'unit_names' \(did you mean unit_name\?\)"),
        ('[[package]]\nname = "p"\nunit_type = [1]\n', r"unit_type is \[1\]"),
        ('[[package]]\nname = "p"\nunit_type = []\n', r"unit_type is \[\]"),
        ('[[package]]\nname = "p"\nunit_name = 3\n', "unit_name is 3"),
        ('[[package]]\nname = "p"\nunit_name = "A"\ncomplete = "yes"\n', "use true or false"),
        (
            '[[package]]\nname = "p"\nunit_name = "A"\ntitle = {da = "x"}\n',
            "package 1.title: en is missing: write a text",
        ),
    ],
)
def test_what_is_no_package_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "packages.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError, match=told):
        Package.load(path)
