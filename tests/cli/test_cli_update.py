"""``update``, and the store where no register is named."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sor_addressing import RegisterStore
from sor_addressing.daily import HttpOrigin
from sor_addressing.testing import sample_extract, serve_publisher


def test_it_renews_the_store_and_the_other_commands_ask_it(run, folder: Path, empty_store: Path) -> None:
    ran = run("update", "--from", folder, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[-1] == f"The store is in {empty_store}"
    asked = run("resolve", "990001", "--json", "--allow-stale")
    assert (asked.code, asked.json["status"], asked.json["made_up"]) == (0, "resolved", False)


def test_a_second_update_is_unchanged(run, folder: Path) -> None:
    assert run("update", "--from", folder, "--json").json["state"] == "renewed"
    second = run("update", "--from", folder, "--json")
    assert (second.code, second.json["state"]) == (0, "unchanged")
    assert set(second.json) == {
        "state", "snapshot_date", "reasons", "held", "counts", "origin", "text", "home",
    }  # fmt: skip


def test_what_can_not_be_fetched_leaves_the_old_one(run, folder: Path, tmp_path: Path) -> None:
    run("update", "--from", folder)
    ran = run("update", "--from", tmp_path / "gone", "--json")
    assert (ran.code, ran.json["state"], ran.json["snapshot_date"]) == (1, "kept-old", "2026-01-15")


def test_an_empty_store_is_no_register(run, tmp_path: Path) -> None:
    ran = run("update", "--from", tmp_path / "gone", "--lang", "en")
    assert ran.code == 3
    assert "gone" in ran.out


def test_another_home_is_another_store(run, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    assert run("update", "--from", folder, "--home", home).code == 0
    assert run("resolve", "990001").code == 3
    assert run("resolve", "990001", "--allow-stale", SOR_ADDRESSING_HOME=str(home)).code == 0


def test_message_types_with_other_headers_reach_the_store(run, tmp_path: Path) -> None:
    sample_extract().write(tmp_path, header={"location_number": "Nummer", "message_type": "Hvad"})
    refused = run("update", "--from", tmp_path, "--json")
    assert (refused.code, refused.json["state"]) == (3, "empty")
    assert "The header reads: 'Nummer', 'Hvad', 'Version', 'Retning'" in refused.json["text"]
    assert f"{tmp_path / 'Edityper.csv'}, line 1: no column for location_number" in refused.json["text"]
    mapped = ("--columns", "location_number=Nummer", "--columns", "message_type=Hvad")
    taken = run("update", "--from", tmp_path, "--json", *mapped)
    assert (taken.code, taken.json["state"], taken.json["counts"]["registrations"] > 100) == (0, "renewed", True)
    assert RegisterStore().latest().has_message_types


def test_where_a_file_lies_has_to_be_said_in_full(run, folder: Path) -> None:
    assert run("update", "--file", "Edityper.csv").code == 2
    assert run("update", "--file", "Edityper.csv=x.csv", "--from", folder).code == 2


def test_a_plain_update_fetches_the_complete_set(run) -> None:
    pytest.importorskip("httpx")
    assert run("update", "--dry-run", "--json").json["files"] == [
        {
            "name": "Sor_complete.zip",
            "addresses": ["https://sor-filer.sundhedsdata.dk/sor2_produktion/V1_00/data/Sor_complete.zip"],
        }
    ]
    with serve_publisher() as publisher:
        ran = run("update", "--from", publisher.address, "--json")
        assert (ran.code, ran.json["state"]) == (0, "renewed")
        assert RegisterStore().latest().has_message_types
        assert RegisterStore(origin=HttpOrigin(publisher.address)).update().state == "unchanged"


def test_a_place_that_is_not_known_names_the_commands_own_option(run) -> None:
    pytest.importorskip("httpx")
    for more in ((), ("--dry-run",)):
        ran = run("update", "--set", "legacy", *more, "--lang", "en")
        assert ran.code == 3
        said = " ".join((ran.out + ran.err).split())
        assert "--file Edityper.csv=PATH" in said
        assert "publisher.toml" in said


def test_what_was_asked_of_which_address_is_told(run) -> None:
    pytest.importorskip("httpx")
    with serve_publisher() as publisher:
        ran = run("update", "--from", f"{publisher.address}none/", "--json")
    assert ran.code == 3
    asked = (
        f"{publisher.address}none/sor2_produktion/V1_00/data/Sor_complete.zip (404)",
        "none/Sor_complete.zip (404)",
    )
    assert all(one in ran.json["text"] for one in (*asked, "--file Sor_complete.zip=PATH", "publisher.toml"))


def test_a_dry_run_shows_what_would_be_fetched_and_fetches_nothing(run, folder: Path, empty_store: Path) -> None:
    ran = run("update", "--from", "http://127.0.0.1:9/sor", "--dry-run", "--lang", "en")
    assert ran.code == 0
    assert "http://127.0.0.1:9/sor/Sor_complete.zip" in ran.out.replace("\n", "")
    found = run("update", "--from", folder, "--dry-run", "--json").json["files"]
    assert sorted(one["name"] for one in found) == sorted(path.name for path in folder.iterdir())
    assert list(empty_store.iterdir()) == []


def test_the_set_is_the_one_that_has_the_files_that_are_placed(run) -> None:
    ran = run("update", "--file", "Edityper.csv=a/Edityper.csv", "--dry-run", "--json")
    assert [one["name"] for one in ran.json["files"]] == ["Sor.zip", "Edityper.csv"]
    assert run("update", "--file", "Edityper.csv=a", "--set", "sor2", "--dry-run").code == 3
    assert (
        "no set of files has nothing.csv"
        in run("update", "--file", "nothing.csv=a", "--dry-run", "--json").json["error"]["text"]
    )


def test_a_publisher_of_ones_own_says_where_files_lie(run, tmp_path: Path) -> None:
    own = tmp_path / "publisher.toml"
    own.write_text(
        'base = "https://m.example/"\n[[legacy]]\nkey = "message_types"\npaths = ["e/Edityper.csv"]\n', "utf-8"
    )
    asked = ("update", "--set", "legacy", "--dry-run", "--json")
    by_option = run(*asked, "--publisher", own).json["files"]
    assert by_option[1]["addresses"] == ["https://m.example/e/Edityper.csv", "https://m.example/Edityper.csv"]
    assert run(*asked, SOR_ADDRESSING_PUBLISHER=str(own)).json["files"] == by_option


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('bas = "https://m.example/"', "did you mean base?"),
        ('base = "ftp://m.example/"', "base is not an address of http or https"),
        ('[[sor2]]\nkey = "komplet"', "key is 'komplet': use complete"),
        ('[[sor2]]\nkey = "complete"\nnames = []', "names is []: write the names"),
        ("[[sor2]]\nkey = 3", "key is 3"),
        ("sor2 = 1", "sor2 is 1"),
        ("x", "not TOML"),
    ],
)
def test_a_publisher_of_ones_own_that_is_wrong_names_line_and_key(run, tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "publisher.toml"
    own.write_text(text, "utf-8")
    error = run("update", "--publisher", own, "--dry-run", "--json").json["error"]
    assert (error["file"], error["line"] is not None) == (str(own), True)
    assert said in error["text"]


def test_a_site_is_asked_for_the_files_where_they_lie(run, folder: Path) -> None:
    pytest.importorskip("httpx")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ran = run(
            "update", "--json", "--from", f"http://127.0.0.1:{server.server_port}/",
            "--file", "Edityper.csv=Edityper.csv", "--file", "Sor.xml=Sor.xml",
        )  # fmt: skip
        server.shutdown()
    assert (ran.code, ran.json["state"], ran.json["snapshot_date"]) == (0, "renewed", "2026-01-15"), ran


def test_an_update_that_fails_is_told_once_and_in_one_language(tmp_path: Path) -> None:
    """What the library logs is no second message, in English, beside the answer."""
    environment = {**os.environ, "SOR_ADDRESSING_HOME": str(tmp_path / "home"), "LANG": "da_DK.UTF-8"}
    command = [sys.executable, "-m", "sor_addressing", "update", "--from", str(tmp_path / "nowhere"), "--lang", "da"]
    ran = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (ran.stdout + ran.stderr).count("nowhere") == 1
    assert "can't" not in ran.stdout + ran.stderr
