"""A register without a store: for a disk that is full or can't be written, or a user without a home."""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sor_addressing.clock import Clock
from sor_addressing.daily.disk import is_disk_trouble, is_of_origin
from sor_addressing.daily.guard import GuardPolicy, latest_day, reason_to_refuse, reasons_to_hold_back
from sor_addressing.daily.origin import Origin
from sor_addressing.daily.renewal import extent_of
from sor_addressing.errors import ExtractError, StoreError
from sor_addressing.model import Progress
from sor_addressing.register.face import Register

if TYPE_CHECKING:
    from sor_addressing.extracts.tables.headers import ColumnMap

_log = logging.getLogger(__name__)


def newest_in_memory(
    origin: Origin,
    *,
    old: Register | None,
    policy: GuardPolicy | None,
    clock: Clock | None,
    progress: Progress | None,
    columns: ColumnMap | None,
    max_days_apart: int,
) -> Register:
    """The origin's newest register, read into memory; ``old`` where there is none to be had, or ``policy`` holds it back.

    Raises:
        StoreError: there is none to be had, and no old one.
    """
    try:
        with TemporaryDirectory(prefix="sor-addressing-") as folder:
            fetched = origin.fetch(Path(folder), {}, progress)
            register = Register.load(
                *fetched.files, columns=columns, clock=clock, max_days_apart=max_days_apart, progress=progress
            )
    except (ExtractError, OSError) as error:
        if not is_disk_trouble(error) and not is_of_origin(error):
            raise
        if old is None:
            raise StoreError(f"there is no register, neither in a store nor from its origin: {error}") from error
        _log.warning("The register of %s stays: %s", old.snapshot_date, error)
        return old
    today, extent = latest_day(clock), extent_of(register)
    refusal = reason_to_refuse(extent, today)
    if refusal is not None and old is None:
        raise StoreError(f"there is no register, neither in a store nor from its origin: {refusal.text()}")
    if old is not None and (policy is not None or refusal is not None):
        held = reasons_to_hold_back(extent, extent_of(old), policy, today) if policy is not None else ()
        reasons = held if refusal is None else (refusal, *held)
        if reasons:
            why = "; ".join(reason.text() for reason in reasons)
            _log.warning("The register of %s stays: %s; accept the new one where it is right", old.snapshot_date, why)
            return old
    return register
