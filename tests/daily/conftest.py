"""What tests of the store begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.daily.made_up_days import Mirror


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """A mirror that has the first day."""
    mirror = Mirror(tmp_path / "mirror")
    mirror.publish(0)
    return mirror
