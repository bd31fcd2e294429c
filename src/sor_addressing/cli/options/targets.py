"""The options of ``audit`` that set a target: by which day how many remarks are left at most."""

from __future__ import annotations

import datetime as dt
from functools import wraps
from typing import Unpack

import attrs
import click

from sor_addressing.cli.options.asking import Command
from sor_addressing.cli.options.parameters import read_day
from sor_addressing.errors import PlanError
from sor_addressing.quality.audit import AuditOptions
from sor_addressing.quality.targets.reaching import TargetReport, target
from sor_addressing.quality.trends import Trend
from sor_addressing.register.face import Register
from sor_addressing.register.proposals.planned_rows import ChangePlan

_OPTIONS = (
    click.option(
        "--until",
        metavar="YYYY-MM-DD",
        callback=read_day,
        help="The day by which remarks are to be gone: tells how fast they go in --trend, and who is late.",
    ),
    click.option("--goal", type=click.IntRange(min=0), help="How many remarks may be left on that day; 0 by default."),
    click.option(
        "--plan",
        metavar="FILE",
        type=click.Path(dir_okay=False),
        help="A plan of registrations whose days are drawn in.",
    ),
)


@attrs.frozen(slots=True)
class Aim:
    """What the options say."""

    until: dt.date | None
    goal: int | None
    plan: str | None

    def checked(self) -> ChangePlan | None:
        """The plan, before anything that takes its time."""
        if self.until is None and (self.goal is not None or self.plan is not None):
            raise click.UsageError("--goal and --plan take --until")
        return None if self.plan is None else ChangePlan.load(self.plan)

    def report(
        self, seen: Trend, plan: ChangePlan | None, register: Register, day: dt.date, **options: Unpack[AuditOptions]
    ) -> TargetReport | None:
        """Where the trend stands; None where there is no target.

        Raises:
            PlanError: there is a plan, and the register, audited on ``day``, is not that of the last day.
        """
        if self.until is None:
            return None
        if plan is not None and day != seen.points[-1].on:
            last = seen.points[-1].on.isoformat()
            raise PlanError(
                f"a plan is laid over the last day of the trend, {last}: ask about the register of that day"
            )
        return target(seen, until=self.until, goal=self.goal or 0, plan=plan, register=register, **options)


def target_options(command: Command) -> Command:
    """Adds them; the command gets them as ``aim``."""

    @wraps(command)
    def with_aim(*, until: dt.date | None, goal: int | None, plan: str | None, **own: object) -> None:
        command(aim=Aim(until, goal, plan), **own)

    wrapped: Command = with_aim
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
