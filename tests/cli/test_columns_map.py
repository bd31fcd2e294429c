"""``columns --columns``: a corrected map is seen to be understood before a register is loaded by it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from sor_addressing.cli.app import program


def test_a_corrected_map_can_be_tried_on_its_table(tmp_path: Path) -> None:
    table, columns = tmp_path / "LocationsCodeEDITypeMap.csv", tmp_path / "columns.toml"
    table.write_text("Nummeret;Hvad;Direction\n", "utf-8")
    run = CliRunner().invoke(program, ["columns", str(table), "--output", str(columns), "--lang", "en"])
    assert (run.exit_code, "message_type_id/message_type" in run.output) == (1, True)
    text = columns.read_text("utf-8")
    for field, header in (("location_number", "Nummeret"), ("message_type_id", "Hvad")):
        text = text.replace(f'# {field} = "..."', f'{field} = "{header}"')
    columns.write_text(text, "utf-8")
    run = CliRunner().invoke(program, ["columns", str(table), "--columns", str(columns), "--lang", "en"])
    assert run.exit_code == 0, run.output
    assert "Required" not in run.output
