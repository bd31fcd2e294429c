"""Making an extract: :func:`export`, from a register, a use and a path to a file and its manifest."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import attrs

from sor_addressing._version import __version__
from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.errors import ExportError
from sor_addressing.exports.above import Above
from sor_addressing.exports.choosing import ExportQuestion, choose
from sor_addressing.exports.display_names import display_names
from sor_addressing.exports.formats.by_name import format_of, write_as
from sor_addressing.exports.manifest import Manifest
from sor_addressing.exports.registered import types_asked
from sor_addressing.exports.rows import Table, types_to_show
from sor_addressing.exports.selecting import select
from sor_addressing.exports.uses import Use
from sor_addressing.index.making.resting import without_garbage_collection
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.model import Progress
from sor_addressing.register.face import Register
from sor_addressing.register.inside import day_asked, index_of
from sor_addressing.search.rules.find import unknown_type
from sor_addressing.texts import LANGUAGES
from sor_addressing.whole_file import STANDARD_OUTPUT, WholeFiles, is_stream

MESSAGE_TYPES = ("list", "columns")
PROFILES = ("eer", "eer-pilot")
"""Profiles of FHIR that an extract can be written by."""


def export(
    register: Register,
    use: str | Use,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,  # noqa: A002 (what it is called everywhere)
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    only_addressable: bool = True,
    message_types: str = "list",
    language: str = "da",
    spreadsheet: bool = False,
    profile: str | None = None,
    ask: str | MessageType | Iterable[str | MessageType] | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Write the extract for a use: one row a recipient, under a key that is unique, with a manifest beside it.

    File and manifest come to stand together, or an earlier pair stays. The same register, use and day give the same bytes. Into a device, a
    pipe or standard output (``-``, with a ``format``) the extract is written alone; its manifest is what is given back.

    Args:
        register: the register.
        use: ``municipalities``, ``general-practice``, ``hospitals``, ``all-addresses``, or a :class:`Use`.
        path: the file; ``NAME.manifest.json`` comes beside it.
        format: ``csv``, ``jsonl``, ``sqlite``, ``parquet`` (extra ``arrow``), ``xlsx`` (extra ``excel``) or ``fhir``; by the name of the file where
            None.
        on: the day that addresses have to be usable on; today by default.
        policy: what is accepted; the default policy where None.
        only_addressable: leave out what no letter can go to; else it is there, with the reason.
        message_types: ``list`` for two lists, of what is received and sent; ``columns`` for a column for every type.
        language: of words and reasons, ``da`` or ``en``; names of columns stay.
        spreadsheet: CSV in the form that spreadsheets take without damage to identifiers.
        profile: of ``fhir``: ``eer`` for what the profiles of MedCom's endpoint register demand, ``eer-pilot`` with the pilot's system of location
            numbers; what SOR can't say of it is listed in the manifest. A Bundle of every sort of resource where None.
        ask: of ``sqlite``: the message type or types that its answers are worked out for, in any spelling; all that anybody has registered where
            None. The answers are about the whole register, whatever the use.
        progress: called while writing with the name of the file, rows written and rows in all.

    Raises:
        ExportError: there is no such use or format, or the file can't be written.
        MalformedMessageType: one of ``ask`` is blank; TypeError: it is no text.
        MissingExtra: the format needs a package that isn't installed.
        ValueError: the language or the form of the message types is none of those.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(Register.sample(), "general-practice", Path(folder, "practices.csv"))
    <Manifest of practices.csv: 7 rows by provider_number, register of 2026-01-15>
    """
    wanted = _use(use)
    target = Path(path)
    if os.fspath(path) != STANDARD_OUTPUT:
        target = target.absolute()
    form = format_of(target, format)
    if message_types not in MESSAGE_TYPES:
        raise ValueError(f"message_types is {message_types!r}: use {' or '.join(MESSAGE_TYPES)}")
    if language not in LANGUAGES:
        raise ValueError(f"no texts in language {language!r}: use 'da' or 'en'")
    if spreadsheet and form != "csv":
        raise ExportError(f"{target.name}: spreadsheet is a form of csv, and this is {form}")
    if profile is not None and (profile not in PROFILES or form != "fhir"):
        raise ExportError(
            f"{target.name}: profile is {profile!r}, format {form}: use {' or '.join(PROFILES)}, with the format fhir"
        )
    if ask is not None and form != "sqlite":
        raise ExportError(f"{target.name}: only sqlite answers for message types, and this is {form}")
    asked = ExportQuestion(index_of(register), day_asked(register, on), policy or DEFAULT_POLICY)
    types = types_asked(asked.index, ask)
    unknown_types = [] if ask is None else [value for one in types for value in unknown_type(asked.index, one)]
    with without_garbage_collection():
        selected = select(asked.index, wanted, asked.day)
        chosen = choose(asked, selected, wanted.key, only_addressable=only_addressable)
        above = Above(asked.index)
        names = display_names(above, chosen.rows, wanted.front, chosen.keys)
    shown = types_to_show(asked.index, chosen.rows) if message_types == "columns" else None
    table = Table(asked, chosen, names, above, shown, language, _counting(progress, target.name))
    about = Manifest(
        path=target,
        format=form,
        use=wanted.name,
        description=wanted.description(language),
        key=str(wanted.key),
        rows=len(table),
        columns=tuple(column.name for column in table.columns),
        on=dt.date.fromordinal(asked.day),
        snapshot_date=register.snapshot_date,
        only_addressable=only_addressable,
        message_types=message_types,
        has_message_types=register.has_message_types,
        language=language,
        not_addressable=chosen.not_addressable,
        without_key=chosen.without_key,
        unknown=(*selected.unknown, *unknown_types),
        policy=asked.policy.to_dict(),
        sources=register.load_report.sources,
        library_version=__version__,
        bytes=0,
        sha256="",
    )
    with WholeFiles(error=ExportError) as files:
        more = write_as(files, table, about, spreadsheet=spreadsheet, profile=profile, types=types)
        size, digest = files.measured(target)
        manifest = attrs.evolve(about, bytes=size, sha256=digest, more=more)
        if not is_stream(target):
            with files.text(manifest.manifest_path) as beside:
                beside.write(manifest.to_json())
    return manifest


def _use(use: str | Use) -> Use:
    if isinstance(use, Use):
        return use
    known = Use.shipped()
    if use not in known:
        raise ExportError(f"there is no use {use!r}: take {', '.join(known)}, or one of your own with Use.load")
    return known[use]


def _counting(progress: Progress | None, name: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(name, done, total)
