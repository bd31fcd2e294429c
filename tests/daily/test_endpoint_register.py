"""The store updates from the endpoint register too: where it lies in the folder, or an address of it is given."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sor_addressing import RegisterStore, StoreError
from sor_addressing.daily import FolderOrigin, HttpOrigin
from sor_addressing.daily.publisher import LEGACY, SOR2, Publisher
from sor_addressing.testing import RegisterBuilder, write_endpoint_register

DAY = dt.date(2026, 1, 15)


def made() -> RegisterBuilder:
    build = RegisterBuilder(snapshot_date=DAY)
    unit = build.owner("Klinikken", location_number=True)
    build.registers(unit, "XDIS91 XD9134L")
    build.registers_in_eer(unit, "HCO 1.1")
    return build


def test_a_folder_with_the_endpoint_register_updates_the_store(tmp_path: Path) -> None:
    build = made()
    written = build.write(tmp_path / "mirror")
    write_endpoint_register(build.extract(), tmp_path / "mirror" / "eer-2.ndjson", form="ndjson")
    store = RegisterStore(tmp_path / "home", origin=FolderOrigin(tmp_path / "mirror"))
    store.update()
    register = store.latest()
    assert register.load_report.counts["endpoint_registrations"] == 1
    assert register.validate("5790999000000", "HCO 1.1", on=DAY).outcome == "supported"
    assert written.units.name in {Path(one.file).name for one in register.load_report.sources}


def test_an_address_of_it_is_taken_beside_any_set() -> None:
    for files in (LEGACY, SOR2):
        with_eer = files.at({"eer.json": "https://mirror.example/eer/Bundle"})
        assert [one.key for one in with_eer][-1] == "endpoint_register"
        assert [one.paths for one in with_eer][-1] == ("https://mirror.example/eer/Bundle",)
        assert [one.key for one in files][-1] != "endpoint_register"
        again = with_eer.at({"EER.json": "eer.json"})
        assert [one.paths for one in again][-1] == ("eer.json",)
    assert Publisher.usual().set_with(["Edityper.csv", "eer.json"]).name == "legacy"
    with pytest.raises(StoreError, match="has no file"):
        LEGACY.at({"ear.json": "x"})


def test_a_publisher_file_names_its_address_for_every_set(tmp_path: Path) -> None:
    own = tmp_path / "publisher.toml"
    own.write_text('base = "https://mirror.example/sor/"\nendpoint_register = "https://eer.example/Bundle"\n')
    publisher = Publisher.load(own)
    for files in publisher.sets.values():
        assert HttpOrigin(publisher.base, files).places()["eer.json"][0] == "https://eer.example/Bundle"
    moved = publisher.sets["sor2"].at({"eer.json": "eer/eer.json"})
    assert HttpOrigin(publisher.base, moved).places()["eer.json"][0] == "https://mirror.example/sor/eer/eer.json"
    own.write_text('[[sor2]]\nkey = "complete"\npaths = ["Sor_complete.zip"]\n')
    assert {file.key for file in Publisher.load(own).sets["sor2"]} == {"complete"}
    own.write_text("endpoint_register = 3\n")
    with pytest.raises(StoreError, match="endpoint_register"):
        Publisher.load(own)
