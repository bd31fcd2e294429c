"""What a caller gets wrong, and a type checker finds: each line is an error, and mypy says so where one is none. Checked, never run.

So does pyright, by the line below; it is no part of the checks, for it needs Node.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import datetime as dt

from sor_addressing import AddressingPolicy, Filter, Register


def imports() -> None:
    from sor_addressing import Regsiter  # type: ignore[attr-defined]  # noqa: F401
    from sor_addressing.letters import read_message_headers  # type: ignore[attr-defined]  # noqa: F401
    from sor_addressing.testing import register_off  # type: ignore[attr-defined]  # noqa: F401


def directions(register: Register) -> None:
    register.validate("990001", "DIS91", direction="recieve")  # type: ignore[arg-type]
    register.validate_many([("990001", "DIS91")], direction="sent")  # type: ignore[arg-type]
    register.validate_table(object(), direction="both")  # type: ignore[arg-type]
    register.find(direction="recieve")  # type: ignore[arg-type]
    register.find(conversion="none")  # type: ignore[arg-type]


def choices() -> None:
    AddressingPolicy(inherited="acept")  # type: ignore[arg-type]
    AddressingPolicy(addressed_unit="owner")  # type: ignore[arg-type]
    AddressingPolicy(version="exactly")  # type: ignore[arg-type]
    AddressingPolicy(internal_only="warn")  # type: ignore[arg-type]
    AddressingPolicy(unknown_support="reject")  # type: ignore[arg-type]
    AddressingPolicy(conversion_model="current practice")  # type: ignore[arg-type]
    AddressingPolicy(severities={"unit-closing": "eror"})  # type: ignore[dict-item]
    AddressingPolicy(max_age=2)  # type: ignore[call-arg]


def fields(register: Register) -> None:
    Filter(muncipality="0101")  # type: ignore[call-arg]
    register.find(muncipality="0101")  # type: ignore[call-arg]
    register.resolve("990001", on="2026-01-15")  # type: ignore[arg-type]
    register.resolve("990001", on=dt.date(2026, 1, 15)).recipiant  # type: ignore[attr-defined]  # noqa: B018
