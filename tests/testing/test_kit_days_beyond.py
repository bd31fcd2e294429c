"""Days that there aren't are told as such by the test kit's clock and its days."""

from __future__ import annotations

import pytest

from sor_addressing.testing import MadeUpDays, SorClock, sample_extract


@pytest.mark.parametrize("days", [10**7, -(10**7), 10**12])
def test_a_clock_goes_no_further_than_there_are_days(days):
    clock = SorClock("2026-01-15")
    with pytest.raises(ValueError, match="there is no day"):
        clock.advance(days)
    assert clock().isoformat() == "2026-01-15"


def test_no_day_comes_after_the_last():
    with pytest.raises(ValueError, match="there is no day"):
        MadeUpDays(sample_extract()).next_day(10**7)
