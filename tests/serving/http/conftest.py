from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.serving.http.running import Running


@pytest.fixture(scope="session")
def service() -> Iterator[Running]:
    """The sample's register, served by two workers."""
    running = Running("--sample", "--limit-body", "1", "--limit-seconds", "2", "--log-requests")
    yield running
    running.end()
