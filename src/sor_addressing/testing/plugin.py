"""The pytest plugin of this library, found by pytest itself where the package is installed (entry point ``sor_addressing``).

Every test run of an integrator imports this module, so it imports nothing that reads or answers; a fixture does when it is first used.

Fixtures: ``sor_sample`` (the sample, for the session), ``sor_register`` (the sample or the register of the marker, by ``sor_clock``), ``sor_clock``,
``sor_nation``, ``sor_builder``, ``sor_outbox`` and ``sor_publisher``. Marker: ``sor``. Switch it off with ``-p no:sor_addressing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sor_addressing.register.face import Register
    from sor_addressing.testing.builder import RegisterBuilder
    from sor_addressing.testing.letters.outbox import MadeUpOutbox
    from sor_addressing.testing.made_up_publisher import MadeUpPublisher
    from sor_addressing.testing.sor_clock import SorClock

pytest.register_assert_rewrite("sor_addressing.testing.asserting")

_MARKER = (
    "sor(units={}, *, registers=(), message_types=True, ceased={}, snapshot_date=..., **named): the register of the fixture sor_register, "
    "made for this test as sor_addressing.testing.register_of makes it; units are given by name, each with its fields."
)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def sor_sample() -> Register:
    """The small made-up register that ships with the package, standing still on its own day; one for the whole session."""
    from sor_addressing.register.face import Register

    return Register.sample()


@pytest.fixture
def sor_clock(request: pytest.FixtureRequest) -> SorClock:
    """The clock of ``sor_register``; it begins on that register's day, and a test may set and advance it."""
    import datetime as dt

    from sor_addressing.testing.sor_clock import SorClock

    marker = request.node.get_closest_marker("sor")
    day: dt.date | str | None = marker.kwargs.get("snapshot_date") if marker is not None else None
    return SorClock() if day is None else SorClock(day)


@pytest.fixture
def sor_register(request: pytest.FixtureRequest, sor_clock: SorClock) -> Register:
    """The sample, or the register that the marker ``sor`` of the test describes; its today is what ``sor_clock`` tells."""
    marker = request.node.get_closest_marker("sor")
    if marker is None:
        sample: Register = request.getfixturevalue("sor_sample")
        return sor_clock.given_to(sample)
    from sor_addressing.testing.in_a_line import register_of

    return register_of(*marker.args, **{"clock": sor_clock, **marker.kwargs})


@pytest.fixture(scope="session")
def sor_nation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Register]:
    """A function that gives a made-up nation of any size: ``sor_nation(5000, seed=1)``. It is kept in pytest's cache between runs."""
    cache = getattr(request.config, "cache", None)
    try:
        folder = cache.mkdir("sor_addressing") if cache is not None else None
    except OSError:  # a checkout that can't be written
        folder = None
    folder = folder or tmp_path_factory.mktemp("sor_addressing")

    def nation(units: int = 5_000, *, seed: int = 1) -> Register:
        from sor_addressing.testing.nation.compiled import cached_nation

        return cached_nation(folder, units, seed=seed)

    return nation


@pytest.fixture
def sor_builder() -> RegisterBuilder:
    """An empty builder of made-up registers."""
    from sor_addressing.testing.builder import RegisterBuilder

    return RegisterBuilder()


@pytest.fixture
def sor_outbox(sor_register: Register, tmp_path: Path) -> MadeUpOutbox:
    """A made-up VANS client in a folder of the test, that answers by ``sor_register``."""
    from sor_addressing.testing.letters.outbox import MadeUpOutbox

    return MadeUpOutbox(tmp_path / "vans", sor_register)


@pytest.fixture
def sor_publisher() -> Iterator[MadeUpPublisher]:
    """A web server on this machine that plays the publisher, with the extract of the sample."""
    from sor_addressing.testing.made_up_publisher import serve_publisher

    with serve_publisher() as publisher:
        yield publisher
