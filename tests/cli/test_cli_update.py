"""``update``, and the store where no register is named."""

from __future__ import annotations

import functools
import http.server
import threading
from pathlib import Path

import pytest

from sor_addressing import RegisterStore
from sor_addressing.testing import sample_extract


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


def test_a_plain_update_says_what_is_not_known(run) -> None:
    pytest.importorskip("httpx")
    ran = run("update", "--json")
    assert (ran.code, ran.json["state"]) == (3, "empty")
    assert "Edityper.csv" in ran.json["text"]


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
