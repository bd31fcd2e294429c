"""Types of stores, updates, watching and extracts for a use, as a caller sees them. Checked by mypy, never run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import assert_type

from sor_addressing import GuardPolicy, LiveRegister, LoadReport, Register, RegisterStore, UpdateResult, export
from sor_addressing.changes import (
    Change,
    Comparison,
    Life,
    LifeEvent,
    Review,
    ReviewedEntry,
    Watched,
    WatchMemory,
    life_of,
    watch,
)
from sor_addressing.daily import FileSet, Publisher, StoredDay, StoreState, UpdateReason, UpdateState
from sor_addressing.daily.download import SOR2, HttpOrigin
from sor_addressing.daily.origin import FolderOrigin
from sor_addressing.exports import Clause, Front, Key, Manifest, Use
from sor_addressing.model import SourceDay
from sor_addressing.search import UnknownValue


def updates() -> None:
    store = RegisterStore("home", origin=FolderOrigin("mirror"), policy=GuardPolicy(max_unit_loss=0.1), keep_days=3)
    result = store.update(accept=True)
    assert_type(result, UpdateResult)
    assert_type(result.state, UpdateState)
    assert_type(result.reason, UpdateReason | None)
    assert_type(result.report, LoadReport | None)
    assert_type(store.latest(), Register)
    assert_type(store.on(dt.date(2026, 1, 15)), Register)
    assert_type(store.days(), tuple[StoredDay, ...])
    assert_type(store.state(), StoreState)
    assert_type(store.state().age_days, int | None)
    assert_type(store.history("990001"), Life)
    assert_type(store.home, Path)
    RegisterStore(origin=HttpOrigin(files=SOR2))
    publisher = Publisher.load("publisher.toml")
    assert_type(publisher.sets["legacy"], FileSet)
    assert_type(HttpOrigin(publisher.base).places(), dict[str, tuple[str, ...]])


async def lives(store: RegisterStore) -> None:
    def on_change(old: Register, new: Register) -> None: ...

    def on_changes(found: Comparison) -> None: ...

    with LiveRegister(store, poll_seconds=60, on_change=on_change, on_changes=on_changes) as live:
        assert_type(live, LiveRegister)
        assert_type(live.current, Register)
        assert_type(live.refresh(), bool)
        assert_type(live.last_error, Exception | None)
        assert_type(await live.changed(since=live.current), Register)
        live.subscribe(on_change)()


def tells(register: Register) -> None:
    life = life_of([register], "990001")
    assert_type(life, Life)
    assert_type(life[0], LifeEvent)
    assert_type(life[0].change, Change | None)


def watches(reviewed: Review, register: Register) -> None:
    found = watch(reviewed, WatchMemory.load("told.json"), register=register, previous=None)
    assert_type(found, Watched)
    assert_type(found.news, tuple[ReviewedEntry, ...])
    assert_type(found.subject("da"), str)
    found.memory.save("told.json")


def exports(register: Register) -> None:
    manifest = export(register, "municipalities", "recipients.csv", language="da")
    assert_type(manifest, Manifest)
    assert_type(manifest.rows, int)
    assert_type(manifest.sources, tuple[SourceDay, ...])
    assert_type(manifest.unknown, tuple[UnknownValue, ...])
    uses = Use.load("uses.toml")
    assert_type(uses, Mapping[str, Use])
    assert_type(uses["ours"].key, Key)
    assert_type(uses["ours"].front, Front)
    assert_type(uses["ours"].where, tuple[Clause, ...])


def goes_over(life: Life) -> Iterator[str]:
    yield from (event.text("da") for event in life)
