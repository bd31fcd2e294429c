"""The plugin, in pytest runs of its own."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, entry_points
from pathlib import Path

import pytest

import sor_addressing
from sor_addressing.testing import sample_questions

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
SOURCE = Path(sor_addressing.__file__).parents[1]
INSTALLED = any(one.name == "sor_addressing" for one in entry_points(group="pytest11"))

MODULE = """
import datetime as dt
import pytest
from sor_addressing.testing import assert_deliverable, assert_not_deliverable, unit_named
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Run a test module with the plugin found by its entry point, also where the package itself is not installed."""
    paths = [str(SOURCE)]
    if not INSTALLED:
        beside = pytester.mkdir("installed")
        told = beside / "made_up_install-0.dist-info"
        told.mkdir()
        (told / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up-install\nVersion: 0\n")
        (told / "entry_points.txt").write_text("[pytest11]\nsor_addressing = sor_addressing.testing.plugin\n")
        paths.append(str(beside))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini("[pytest]\naddopts = --strict-markers --strict-config\nfilterwarnings = error\n")

    def run_module(text: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(test_of_an_integrator=MODULE + text)
        return pytester.runpytest_subprocess("-p", "no:randomly", *arguments)

    return run_module


def test_the_fixtures_give_a_register_a_builder_a_clock_a_nation_an_outbox_and_a_publisher(run) -> None:
    result = run("""
from urllib.request import urlopen

def test_sample(sor_register, sor_sample):
    assert_deliverable(sor_register, "990001", "DIS91")
    assert len(sor_register) == len(sor_sample)

def test_clock(sor_register, sor_clock):
    assert sor_register.age_days == 0
    sor_clock.advance(20)
    assert_not_deliverable(sor_register, "990001", "DIS91", reason="register-stale")

def test_the_clock_of_another_test_is_another(sor_register, sor_clock):
    assert (sor_clock(), sor_register.age_days) == (dt.date(2026, 1, 15), 0)

def test_builder(sor_builder):
    clinic = sor_builder.owner("Klinik", location_number=True)
    assert unit_named(sor_builder.build(), "Klinik").sor_code == clinic

def test_nation(sor_nation):
    assert len(sor_nation(200, seed=2)) == len(sor_nation(200, seed=2)) == 200

def test_outbox(sor_outbox):
    assert sor_outbox.collect() == ()

def test_publisher(sor_publisher):
    with urlopen(sor_publisher.address + "Edityper.csv") as answer:
        assert answer.status == 200
""")
    result.assert_outcomes(passed=7)


def test_the_marker_makes_the_register_of_a_test_in_a_line(run) -> None:
    result = run("""
@pytest.mark.sor(Klinikken={"provider_number": "990077"}, registers="DIS91 D9134L", snapshot_date="2026-03-01")
def test_keyword(sor_register, sor_clock):
    assert sor_register.validate("990077", "DIS91").outcome == "supported"
    assert sor_register.snapshot_date == sor_clock() == dt.date(2026, 3, 1)
    sor_clock.advance(3)
    assert sor_register.age_days == 3

@pytest.mark.sor({"Klinikken ved Åen": {"provider_number": "990077", "to_date": dt.date(2025, 1, 1)}})
class TestClosed:
    def test_closed(self, sor_register):
        assert_not_deliverable(sor_register, "990077", "DIS91", reason="unit-closed")

    @pytest.mark.sor(Klinikken={"provider_number": "990077"})
    def test_the_nearest_marker_counts(self, sor_register):
        assert [unit.name for unit in sor_register][-1] == "Klinikken"
""")
    result.assert_outcomes(passed=3)


def test_a_failing_assertion_tells_why_at_the_line_of_the_test(run) -> None:
    result = run("""
def test_closed(sor_register):
    assert_deliverable(sor_register, unit_named(sor_register, "Klinikken Lukket (uden afløser)"), "XDIS91")
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: this letter should be deliverable, and is not:",
            "*2025-06-30*",
            "*test_of_an_integrator.py:*: AssertionError",
        ]
    )


def test_a_nation_is_compiled_in_one_run_and_opened_in_the_next(run, pytester: pytest.Pytester) -> None:
    test = "def test_nation(sor_nation):\n    assert len(sor_nation(200)) == 200\n"
    run(test).assert_outcomes(passed=1)
    (kept,) = pytester.path.glob(".pytest_cache/d/sor_addressing/*")
    assert kept.name == f"nation-200-1-{sor_addressing.__version__}.sor"
    before = kept.stat().st_mtime_ns
    run(test).assert_outcomes(passed=1)
    assert kept.stat().st_mtime_ns == before


def test_without_a_cache_the_nation_is_made_for_the_run(run, pytester: pytest.Pytester) -> None:
    run(
        "def test_nation(sor_nation):\n    assert len(sor_nation(200)) == 200\n", "-p", "no:cacheprovider"
    ).assert_outcomes(passed=1)
    assert not (pytester.path / ".pytest_cache").exists()


def test_it_can_be_left_out(run) -> None:
    result = run("def test_nothing(sor_register):\n    pass\n", "-p", "no:sor_addressing")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'sor_register' not found"])


def test_the_marker_is_declared_and_explained(run) -> None:
    result = run("", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.sor(units={}, ?, registers=(), *register_of*"])


@pytest.mark.skipif(importlib.util.find_spec("xdist") is None, reason="pytest-xdist is not installed")
def test_several_workers_share_one_nation(run, pytester: pytest.Pytester) -> None:
    result = run(
        """
@pytest.mark.parametrize("number", range(4))
def test_nation(sor_nation, sor_register, number):
    assert len(sor_nation(300)) == 300
    assert_deliverable(sor_register, "990001", "DIS91")
""",
        "-n",
        "2",
    )
    result.assert_outcomes(passed=4)
    assert len(list(pytester.path.glob(".pytest_cache/d/sor_addressing/*"))) == 1


def test_the_tests_in_the_documentation_pass(run) -> None:
    page = (ROOT / "docs" / "test-kit.md").read_text("utf-8")
    blocks = [
        block for block in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL) if "def test_" in block
    ]
    result = run("\n\n".join(blocks))
    result.assert_outcomes(passed=5 + len(sample_questions()))


def test_a_run_that_uses_nothing_of_it_imports_nothing_heavy() -> None:
    program = "import pytest, sys; import sor_addressing.testing.plugin; print(*sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    ).stdout
    loaded = set(answer.split())
    ours = {name for name in loaded if name.startswith("sor_addressing")}
    assert ours - {"sor_addressing._version"} == {
        "sor_addressing",
        "sor_addressing._lazy",
        "sor_addressing.testing",
        "sor_addressing.testing.plugin",
    }
    assert loaded & {"lxml", "rapidfuzz", "attr"} == set()


def test_the_kit_needs_no_pytest() -> None:
    program = (
        "import sys; sys.modules['pytest'] = None\n"
        "from sor_addressing.testing import *\n"
        "from sor_addressing import Register\n"
        "assert_deliverable(Register.sample(), '990001', 'DIS91')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(
    SOURCE == ROOT / "src", reason="in a checkout, what is installed may be older; the wheel is looked at by itself"
)
def test_the_wheel_carries_the_entry_point() -> None:
    try:
        installed = distribution("sor-addressing")
    except PackageNotFoundError:
        pytest.fail("these tests run against an installed package where there is no source beside them")
    (entry,) = installed.entry_points.select(group="pytest11")
    assert (entry.name, entry.value) == ("sor_addressing", "sor_addressing.testing.plugin")
