"""What is to be said of a register's age: that it is too old, or of a day that has not come; and of a day asked about that it does not reach."""

from __future__ import annotations

from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.severities import RawFinding, Severity, raw_finding
from sor_addressing.index.lookup import Index

OF_AGE = ("register-stale", "register-of-the-future")
"""The codes of what is said of it."""

YOUNGEST = -1
"""An extract may be of tomorrow, for clocks differ; of a later day nothing is known yet, so its own day is wrong."""


# Whatever a policy says: nobody can lower them.
_ALWAYS = dict.fromkeys(OF_AGE, Severity.ERROR)


def said_of_age(age: int, policy: AddressingPolicy) -> tuple[RawFinding, ...]:
    """What is to be said of a register that is ``age`` days old; nothing where it is fresh."""
    if age < YOUNGEST:
        return (raw_finding(_ALWAYS, "register-of-the-future", -age),)
    if age > policy.refuse_after_days:
        return (raw_finding(_ALWAYS, "register-stale", age, policy.refuse_after_days),)
    if age > policy.max_age_days:
        return (raw_finding(levels_of(policy), "register-stale", age, policy.max_age_days),)
    return ()


def said_of_day(index: Index, day: int, policy: AddressingPolicy) -> tuple[RawFinding, ...]:
    """What is to be said of a day before that of the registrations; nothing of any other."""
    if day >= index.registrations_day:
        return ()
    return (raw_finding(levels_of(policy), "registrations-not-historical", day),)
