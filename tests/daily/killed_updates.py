"""Kills updates of a store with SIGKILL and looks at the store after each; prints what it saw as JSON.

Run as a program: each update is a process forked from one that has everything imported, so that the kill falls into the update: at
random moments (``random``), or before each of its changes to the disk in turn (``each``).
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import attrs
from tests.daily.failing_disk import FailingDisk
from tests.daily.made_up_days import Mirror, answers, build, day

from sor_addressing.daily.store import RegisterStore


@attrs.define
class Trial:
    """A store, the newest extract that its mirror has, and what was seen so far."""

    store: RegisterStore
    mirror: Mirror
    number: int = 0
    last: int = 0
    killed: int = 0
    new_after_kill: int = 0
    left_over: int = 0
    wrong: list[tuple[int, int, int]] = attrs.field(factory=list)

    def publish(self) -> None:
        self.number += 1
        self.mirror.publish(self.number)

    def update(self, kill: Callable[[int], None], prepare: Callable[[], None] = lambda: None) -> bool:
        """Update in a process of its own, which may be killed; look at the store. Whether it was killed."""
        child = os.fork()
        if child == 0:
            prepare()
            self.store.update()
            os._exit(0)
        kill(child)
        was_killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        register = RegisterStore(self.store.home).latest(verify=True)
        seen = (register.snapshot_date - day(0)).days
        # In between where the one before was killed when its day was complete and not yet pointed to: the next update goes on from there.
        if not self.last <= seen <= self.number or answers(register) != answers(build(seen).build()):
            self.wrong.append((self.number, self.last, seen))
        self.last = seen
        self.killed += was_killed
        self.new_after_kill += was_killed and seen == self.number
        self.left_over += any(entry.name.endswith(".tmp") for entry in self.store.home.iterdir())
        return was_killed


def at_random_moments(trial: Trial, wanted: int) -> None:
    chance = random.Random(wanted)  # noqa: S311  # moments, no secrets
    trial.publish()
    begun = time.perf_counter()
    trial.store.update()
    longest = 1.2 * (time.perf_counter() - begun)
    trial.last = trial.number

    def kill(child: int) -> None:
        time.sleep(chance.random() * longest)
        os.kill(child, signal.SIGKILL)

    while trial.killed < wanted:
        trial.publish()
        trial.update(kill)


def before_each_change(trial: Trial) -> None:
    def kill_oneself() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def prepare() -> None:
        FailingDisk(kill_oneself).left = trial.killed

    while True:
        trial.publish()
        if not trial.update(lambda _child: None, prepare):
            return


def main(folder: Path, how: str, wanted: int) -> None:
    mirror = Mirror(folder / "mirror")
    mirror.publish(0)
    trial = Trial(RegisterStore(folder / "home", origin=mirror, keep_days=3), mirror)
    trial.store.update()
    if how == "random":
        at_random_moments(trial, wanted)
    else:
        before_each_change(trial)
    trial.store.update()
    newest = trial.store.latest(verify=True).snapshot_date == day(trial.number)
    seen = {
        "killed": trial.killed,
        "new_after_kill": trial.new_after_kill,
        "left_over": trial.left_over,
        "wrong": trial.wrong,
        "newest_at_last": newest,
        "home": sorted(entry.name for entry in trial.store.home.iterdir()),
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
