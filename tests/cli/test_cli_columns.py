"""``columns`` shows how a header is understood, and writes the map that corrects it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sor_addressing.extracts.describe import describe_columns


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "SorEntity.csv"
    path.write_text("SorId;SorType;EntityName;ParentSorId;Farve\n", "utf-8")
    return path


def test_a_table_that_is_understood(run, table: Path) -> None:
    ran = run("columns", table)
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[:8] == [
        f"{table} is taken for units.",
        "  Header       Field            Use",
        "  -----------  ---------------  -------",
        "  SorId        sor_code         read",
        "  SorType      unit_kind        read",
        "  EntityName   unit_name        read",
        "  ParentSorId  parent_sor_code  read",
        "  Farve                         unknown",
    ]
    assert ran.lines[-1] == "The table can be read as it is."


def test_a_table_that_lacks_something_required(run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("SorId;Niveau;EntityName;ParentSorId;Telefon;Tlf\n", "utf-8")
    ran = run("columns", path, "--lang", "da")
    assert ran.code == 1
    assert "Påkrævet, men uden kolonne: unit_kind." in ran.out
    assert "Flere kolonner passer til ét felt" in ran.out


def test_a_table_of_nothing_known(run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Farve;Vaegt\n", "utf-8")
    ran = run("columns", path)
    assert ran.code == 1
    assert (
        ran.lines[0]
        == f"{path}: none of the columns is like those of any published file. Give --layout if it is one of them."
    )


def test_the_map_is_written_and_not_overwritten(run, table: Path, tmp_path: Path) -> None:
    target = tmp_path / "columns.toml"
    ran = run("columns", table, "--output", target)
    assert (ran.code, ran.lines[-1]) == (0, f"The columns were written to {target}.")
    assert target.read_text("utf-8") == describe_columns(table).to_toml()
    refused = run("columns", table, "--output", target)
    assert refused.code == 2
    assert f"{target} exists already" in refused.err
    assert run("columns", table, "--output", target, "--force").code == 0


def test_as_json(run, table: Path) -> None:
    described = describe_columns(table)
    assert run("columns", table, "--json").json == {**described.to_dict(), "toml": described.to_toml(), "written": None}


def test_a_layout_that_there_is_not(run, table: Path) -> None:
    ran = run("columns", table, "--layout", "farver")
    assert ran.code == 2
    assert "'farver' is none of message_types" in ran.err
    assert run("columns", table, "--layout", "message_types").code == 1


def test_a_file_that_is_not_there(run, tmp_path: Path) -> None:
    ran = run("columns", tmp_path / "x.csv")
    assert ran.code == 3
    assert "no such file or folder" in ran.err
