"""What the example programs come to, beside running without a word on standard error."""

from __future__ import annotations

import csv
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sor_addressing import LiveRegister, Register

EXAMPLES = Path(__file__).parents[2] / "examples"


def imported(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestTheScriptOverACsv:
    def test_keeps_every_row_and_column_and_puts_the_answer_beside_it(self, tmp_path: Path) -> None:
        script, register = imported("check_csv"), Register.sample()
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_text(
            "note;recipient;message_type\nfirst;990001;DIS91\nsecond;990001;XDIS91\nthird;990003;DIS91\n", "utf-8"
        )
        assert script.check(register, source, target) == {"supported": 1, "converted": 1, "not_resolved": 1}
        with target.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        answers = ["deliverable", "outcome", "send_as", "to_unit", "to_location_number", "reasons"]
        assert list(rows[0]) == ["note", "recipient", "message_type", *answers]
        assert [list(row.values())[3:] for row in rows] == [
            ["yes", "supported", "DIS91 D9134L", "Lægehuset Entydig", "5790999000314", ""],
            ["no", "converted", "DIS91 D9134L", "Lægehuset Entydig", "5790999000314", "conversion-by-sender"],
            ["no", "not_resolved", "", "", "", "recipient-ambiguous"],
        ]

    def test_goes_through_a_file_with_gaps(self, tmp_path: Path) -> None:
        script, register = imported("check_csv"), Register.sample()
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_text("recipient;message_type\n;DIS91\n990001;\n990001\nx;y;z;surplus\n990001;DIS91\n", "utf-8")
        assert script.check(register, source, target) == {"supported": 1, "not_resolved": 4}
        with target.open(encoding="utf-8", newline="") as file:
            reasons = [row["reasons"] for row in csv.DictReader(file, delimiter=";")]
        assert reasons[:3] == ["recipient-missing", "message-type-missing", "message-type-missing"]
        assert reasons[4] == ""


def test_the_spark_job_counts_every_letter(tmp_path: Path) -> None:
    for needed in ("pyspark", "pyarrow"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
    if shutil.which("java") is None:
        pytest.skip("needs a Java")
    # Spark itself writes to standard error.
    program = EXAMPLES / "spark" / "validate_traffic.py"
    ended = subprocess.run([sys.executable, program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2_000:]
    assert ended.stdout.startswith("2000 letters:")


class TestTheScheduledUpdate:
    def test_tells_what_changed_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["scheduled_update.py"])
        assert imported("scheduled_update").main() == 0
        told = capsys.readouterr().out
        assert "-- 2026-01-15: all is well" in told
        assert "-- 2026-01-16: somebody should look" in told
        mail = (tmp_path / "store" / "mail.txt").read_text("utf-8")
        assert mail.splitlines()[0].startswith("Address book on 2026-01-16: 1 newly broken")
        assert "Correct location number: 5790999000000 should be 5790999000017." in mail
        page = (tmp_path / "store" / "changes.html").read_text("utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert "Klinikken der lukker" in page

    def test_says_nothing_twice(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["scheduled_update.py"])
        program = imported("scheduled_update")
        program.main()
        monkeypatch.setattr("sys.argv", ["scheduled_update.py", "mirror", "store", "book.csv"])
        assert program.main() == 0
        assert "nothing new since 2026-01-16" in (tmp_path / "store" / "mail.txt").read_text("utf-8")


class TestTheWebService:
    @pytest.fixture
    def service(self) -> ModuleType:
        for package in ("fastapi", "httpx2"):
            if importlib.util.find_spec(package) is None:
                pytest.skip(f"{package} is not installed")
        return imported("fastapi_service")

    @pytest.fixture
    def client(self, service: ModuleType, tmp_path: Path) -> Iterator[Any]:
        from fastapi.testclient import TestClient

        with TestClient(service.create_app(service.made_up_store(tmp_path), poll_seconds=None)) as client:
            yield client

    def test_answers_in_the_keys_of_a_verdict(self, client: Any) -> None:
        answer = client.get("/recipients/990001/may-receive/DIS91")
        on = Register.sample().snapshot_date
        assert answer.json() == Register.sample().validate("990001", "DIS91", on=on).to_dict()

    def test_sends_what_may_be_sent(self, client: Any) -> None:
        answer = client.post("/letters", params={"recipient": "990001", "message_type": "DIS91"})
        assert (answer.status_code, answer.json()) == (200, {"send_as": "DIS91 D9134L", "to": "5790999000314"})

    @pytest.mark.parametrize(
        ("recipient", "message_type", "reasons"),
        [
            ("990001", "XDIS91", ["conversion-needed", "conversion-by-sender"]),
            ("990003", "DIS91", ["recipient-ambiguous"]),
            ("990001", " ", ["message-type-missing"]),
        ],
    )
    def test_refuses_with_reasons_what_may_not(
        self, client: Any, recipient: str, message_type: str, reasons: list[str]
    ) -> None:
        answer = client.post("/letters", params={"recipient": recipient, "message_type": message_type})
        assert answer.status_code == 422
        assert answer.json()["detail"]["reasons"] == reasons
        assert answer.json()["detail"]["text"]

    def test_tells_its_age(self, client: Any) -> None:
        assert client.get("/health").json() == {"snapshot_date": "2026-01-15", "age_days": 0, "error": None}

    def test_stops_looking_for_news_when_it_ends(self, service: ModuleType, tmp_path: Path) -> None:
        from fastapi.testclient import TestClient

        app = service.create_app(service.made_up_store(tmp_path), poll_seconds=60)
        with TestClient(app):
            live = app.state.live
            assert isinstance(live, LiveRegister)
        assert live._closed.is_set()
