"""What is published where; and what of an address may be used and shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sor_addressing.daily.addresses import redirected, shown_address
from sor_addressing.daily.download import LEGACY, PUBLISHER, SOR2, SOR2_DAILY, HttpOrigin
from sor_addressing.daily.publisher import FileSet, PublishedFile
from sor_addressing.errors import MissingExtra, StoreError

SETS = [LEGACY, SOR2, SOR2_DAILY]


def refusal(base: str, **settings: object) -> str:
    with pytest.raises(StoreError) as caught:
        HttpOrigin(base, **settings)  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize("files", SETS, ids=lambda files: files.name)
def test_a_set_has_a_key_and_names_for_each_of_its_files(files: FileSet) -> None:
    assert len({file.key for file in files}) == len(files.files) > 0
    for file in files:
        assert file.names
        assert all(file.local_name(path) in file.names for path in file.paths)


def test_the_publishers_addresses_are_below_its_base() -> None:
    assert PUBLISHER == "https://sor-filer.sundhedsdata.dk/"
    assert [file.addresses(PUBLISHER) for file in (*SOR2, *SOR2_DAILY)] == [
        ("https://sor-filer.sundhedsdata.dk/sor2_produktion/V1_00/data/Sor_complete.zip",),
        ("https://sor-filer.sundhedsdata.dk/sor2_produktion/V1_00/data/SorEntity_daily.csv",),
    ]


def test_an_address_that_nobody_knows_is_asked_for_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        HttpOrigin(files=LEGACY, client=None).fetch(tmp_path, {})
    assert str(caught.value) == (
        "where Edityper.csv lies below https://sor-filer.sundhedsdata.dk/ is not known to this library; look it up there and "
        "say so: --file Edityper.csv=PATH, in Python FileSet.at({'Edityper.csv': PATH}), or paths in a publisher.toml of your own "
        "(--publisher, SOR_ADDRESSING_PUBLISHER); PATH is a path below the base address, or a whole address"
    )


def test_a_mirror_may_keep_its_files_as_the_publisher_or_directly() -> None:
    (units, message_types) = LEGACY
    base = "https://mirror.example/sor"
    assert units.addresses(base) == (
        f"{base}/sor_produktion/data/sor/sorxml/V_2_0_0/Sor.zip",
        f"{base}/sor_produktion/data/sor/sorxml/V_2_0_0/Sor.xml",
        f"{base}/Sor.zip",
        f"{base}/Sor.xml",
    )
    assert message_types.addresses(base) == (f"{base}/Edityper.csv",)


def test_a_file_can_be_placed_by_path_or_whole_address() -> None:
    moved = LEGACY.at({"SOR.ZIP": "a/Sor.zip", "edityper.csv": "https://elsewhere.example/e.csv"})
    assert [file.addresses(PUBLISHER) for file in moved] == [
        (f"{PUBLISHER}a/Sor.zip",),
        ("https://elsewhere.example/e.csv",),
    ]
    assert [file.local_name(file.addresses(PUBLISHER)[0]) for file in moved] == ["Sor.zip", "Edityper.csv"]


def test_a_file_that_the_set_has_not_can_not_be_placed() -> None:
    with pytest.raises(StoreError) as caught:
        LEGACY.at({"Sor.cvs": "x"})
    assert str(caught.value) == "the set legacy has no file 'Sor.cvs'; its files are Sor.zip, Sor.xml, Edityper.csv"


def test_the_name_of_a_file_is_never_the_addresss_alone() -> None:
    file = PublishedFile("units", ("Sor.zip", "Sor.xml"), ())
    names = [file.local_name(f"https://x.example/{path}") for path in ("a/SOR.XML", "..", "", "a/other.bin", "%2e%2e")]
    assert names == ["Sor.xml", "Sor.zip", "Sor.zip", "Sor.zip", "Sor.zip"]


def test_without_httpx_the_extra_is_named_when_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    one = HttpOrigin(files=SOR2)
    with pytest.raises(MissingExtra) as caught:
        one.fetch(tmp_path, {})
    assert str(caught.value) == (
        "Downloading needs the package httpx, which is not installed: install the extra with  "
        "pip install 'sor-addressing[fetch]'"
    )


@pytest.mark.parametrize("base", ["/mnt/share/sor", "ftp://mirror.example/", "https://", "https://[::1", "http://x:y/"])
def test_a_base_that_is_no_web_address_is_refused(base: str) -> None:
    text = refusal(base)
    assert text.startswith("base is not an address of http or https: ")
    assert text.endswith("; for a folder or a file share use FolderOrigin")


@pytest.mark.parametrize("end", ["?key=s3cret", "#s3cret"])
def test_a_token_in_an_address_is_refused_for_logs_would_show_it(end: str, tmp_path: Path) -> None:
    told = "has a query or fragment: https://mirror.example/; give a token by headers=, where no log shows it"
    assert refusal(f"https://mirror.example/{end}") == f"base {told}"
    files = LEGACY.at({"Edityper.csv": f"https://mirror.example/{end}"})
    with pytest.raises(StoreError) as caught:
        HttpOrigin(files=files).fetch(tmp_path, {})
    assert str(caught.value) == f"the path of a file {told}"


@pytest.mark.parametrize(
    "headers", [{"X-Token": "s3cret\n"}, {"X-Token": "hemmelig\N{LATIN SMALL LETTER AE}"}, {"": "s3cret"}]
)
def test_a_header_that_can_not_be_sent_is_refused_without_its_value(headers: dict[str, str]) -> None:
    (name,) = headers
    assert refusal("https://mirror.example/", headers=headers) == (
        f"the header {name!r} can't be sent: a name and a value are printable ASCII (headers=)"
    )


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://reader:s3cret@Mirror.example:8443/a?b#c", "https://mirror.example:8443/a"),
        ("http://reader@[::1]:80/a", "http://[::1]:80/a"),
        ("http://[::1", "<unreadable address>"),
    ],
)
def test_an_address_is_shown_without_secrets(address: str, shown: str) -> None:
    assert shown_address(address) == shown


def test_a_redirect_may_add_encryption_and_never_take_it_away() -> None:
    assert redirected("http://mirror.example/a", "https://mirror.example/b") == "https://mirror.example/b"
    with pytest.raises(StoreError, match=r"redirects to http://mirror\.example/b, which is not followed"):
        redirected("https://mirror.example/a", "http://mirror.example/b")


@pytest.mark.parametrize("location", ["", "http://[::1", "https://mirror.example:port/"])
def test_a_redirect_that_can_not_be_read_leads_nowhere(location: str) -> None:
    with pytest.raises(
        StoreError, match=r"^https://mirror\.example/a: redirects to (nowhere|<unreadable address>), which"
    ):
        redirected("https://mirror.example/a", location)
