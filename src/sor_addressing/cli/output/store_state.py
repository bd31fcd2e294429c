"""How the store stands, as ``info`` shows it."""

from __future__ import annotations

import datetime as dt

from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, Screen
from sor_addressing.daily.outcomes import StoreState, UpdateState

_GOOD = (UpdateState.RENEWED, UpdateState.UNCHANGED)


def show_store(screen: Screen, state: StoreState) -> None:
    """State and reasons as a sentence, then where the store is, what is in it, and how the register came there."""
    say = screen.say
    screen.line()
    screen.line(say("section.store"), LOUD)
    screen.line(f"  {state.text(screen.language)}", GOOD if state.state in _GOOD else BAD)
    screen.pairs(
        (
            (say("store.home"), str(state.home)),
            (say("store.origin"), state.origin),
            (say("store.arrived"), _moment(state.arrived_at)),
            (say("store.updated"), _moment(state.updated_at)),
            (say("store.days"), ", ".join(day.isoformat() for day in state.days)),
            (say("store.pinned"), state.pinned.isoformat() if state.pinned else ""),
            (say("store.held"), state.held.isoformat() if state.held else ""),
        )
    )


def _moment(moment: dt.datetime | None) -> str:
    return moment.isoformat(" ", "minutes") if moment else ""
