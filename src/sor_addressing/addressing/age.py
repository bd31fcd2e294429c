"""What is to be said of a register's age: that it is too old, or of a day that has not come."""

from __future__ import annotations

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.severities import RawFinding, Severity

OF_AGE = ("register-stale", "register-of-the-future")
"""The codes of what is said of it."""

YOUNGEST = -1
"""An extract may be of tomorrow, for clocks differ; of a later day nothing is known yet, so its own day is wrong."""


def said_of_age(age: int, policy: AddressingPolicy) -> tuple[RawFinding, ...]:
    """What is to be said of a register that is ``age`` days old; nothing where it is fresh."""
    if age < YOUNGEST:
        return (("register-of-the-future", Severity.ERROR, (-age,)),)
    if age > policy.refuse_after_days:
        return (("register-stale", Severity.ERROR, (age, policy.refuse_after_days)),)
    if age > policy.max_age_days:
        return (("register-stale", policy.levels["register-stale"], (age, policy.max_age_days)),)
    return ()
