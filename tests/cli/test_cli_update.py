"""``update``, and the store where no register is named."""

from __future__ import annotations

from pathlib import Path


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
