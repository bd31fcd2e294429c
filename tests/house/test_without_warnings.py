"""The package says nothing on standard error, not even under ``python -W error``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EVERY_MODULE = """
import importlib, importlib.util, pkgutil, sor_addressing
for module in pkgutil.walk_packages(sor_addressing.__path__, "sor_addressing."):
    if module.name != "sor_addressing.__main__" and (
        importlib.util.find_spec("pytest") or not module.name.startswith("sor_addressing.testing")
    ):
        importlib.import_module(module.name)
for name in sor_addressing.__all__:
    getattr(sor_addressing, name)
"""

EVERY_STEP = """
import sys
from sor_addressing import Register, RegisterStore, audit, compare, export, review
from sor_addressing.daily.origin import FolderOrigin
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, sample_extract
sample_extract().write("mirror")
register = Register.load("mirror")
register.save("register.compiled")
opened = Register.open("register.compiled")
store = RegisterStore("store", origin=FolderOrigin("mirror"))
store.update()
for one in (register, opened, store.latest()):
    one.validate("990001", "DIS91").explain("da")
    one.search("hjerteafd")
    one.find(message_type="DIS91")
    list(one.validate_many([("990001", "DIS91"), ("990003", "XDIS91")]))
    one.validate_message(edifact_of(MadeUpLetter(code="DIS91", receiver=MadeUpParty(location_number="5790999000314"))))
compare(register, opened).summary()
audit(opened).summary()
review([{"GLN": "5790999000314"}], opened).summary()
export(opened, "municipalities", "recipients.csv")
"""


@pytest.mark.parametrize("code", [EVERY_MODULE, EVERY_STEP], ids=["every module", "every step"])
def test_nothing_warns_where_warnings_are_errors(code: str, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-X", "dev", "-c", code]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
