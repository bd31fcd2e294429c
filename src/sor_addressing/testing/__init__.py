"""Test kit for those who build on this library: made-up registers, and writers of the real file formats.

Three ways to a made-up register, from small to large:

- :class:`RegisterBuilder` builds a tiny one, unit by unit, for a test that needs just this closed ward.
- :func:`sample_extract` is small and telling: one recipient for every kind of answer. Its files ship with the package.
- :func:`made_up_nation` gives one of any size by seed, with everything odd that the real register has.

All give a :class:`MadeUpExtract`, which becomes a register (``to_register()``) or published files (``write(folder)``). Shorter than them all
is :func:`register_of`: a register in one line.

Around a register stand assertions that explain (:func:`assert_deliverable`), a clock (:class:`SorClock`), days that follow one another
(:class:`MadeUpDays`), a VANS client (:class:`MadeUpOutbox`) and a publisher (:func:`serve_publisher`). The pytest plugin,
:mod:`sor_addressing.testing.plugin`, gives them as fixtures; none of them needs pytest.

Everything is made up; the numbers are from ranges that no real unit has, see :mod:`sor_addressing.testing.numbers`.

>>> from sor_addressing.testing import sample_extract
>>> extract = sample_extract()
>>> extract.unit("Lægehuset Entydig").provider_number
'990001'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sor_addressing.testing.asserting import assert_deliverable, assert_not_deliverable
    from sor_addressing.testing.builder import LocationFields, RegisterBuilder, UnitFields
    from sor_addressing.testing.day_edits import DayEdits
    from sor_addressing.testing.days import MadeUpDays, MadeUpOrigin
    from sor_addressing.testing.extract import MadeUpExtract, WrittenExtract
    from sor_addressing.testing.from_files import register_from_files
    from sor_addressing.testing.in_a_line import LineUnit, register_of, unit_named
    from sor_addressing.testing.letters.edifact import edifact_of
    from sor_addressing.testing.letters.envelopes import sbdh_of, vans_envelope_of
    from sor_addressing.testing.letters.fhir import fhir_of
    from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty
    from sor_addressing.testing.letters.oioxml import oioxml_of
    from sor_addressing.testing.letters.outbox import Answering, MadeUpOutbox, TakenFile
    from sor_addressing.testing.letters.sample_letters import SampleLetter, sample_letters, write_sample_letters
    from sor_addressing.testing.nation import made_up_nation
    from sor_addressing.testing.nation.compiled import cached_nation
    from sor_addressing.testing.published.companion_tables import (
        write_classifications,
        write_geolocations,
        write_location_message_types,
        write_locations,
        write_message_type_list,
        write_replaced_units,
        write_shak_map,
    )
    from sor_addressing.testing.published.complete_set import write_complete
    from sor_addressing.testing.published.message_types import MessageTypeOptions, write_message_types
    from sor_addressing.testing.published.providers import write_providers
    from sor_addressing.testing.published.shak import write_shak
    from sor_addressing.testing.published.sor_xml import write_sor_xml
    from sor_addressing.testing.published.table_options import TableOptions
    from sor_addressing.testing.published.unit_tables import write_sor_csv, write_sor_entity
    from sor_addressing.testing.publishing import MadeUpPublisher, PublisherFault, serve_publisher
    from sor_addressing.testing.sample import SampleQuestion, sample_extract, sample_files, sample_questions
    from sor_addressing.testing.sample.example_of_each import FindingExample, finding_examples
    from sor_addressing.testing.sor_clock import SorClock

__all__ = [
    "Answering",
    "DayEdits",
    "FindingExample",
    "LineUnit",
    "LocationFields",
    "MadeUpDays",
    "MadeUpExtract",
    "MadeUpLetter",
    "MadeUpOrigin",
    "MadeUpOutbox",
    "MadeUpParty",
    "MadeUpPublisher",
    "MessageTypeOptions",
    "PublisherFault",
    "RegisterBuilder",
    "SampleLetter",
    "SampleQuestion",
    "SorClock",
    "TableOptions",
    "TakenFile",
    "UnitFields",
    "WrittenExtract",
    "assert_deliverable",
    "assert_not_deliverable",
    "cached_nation",
    "edifact_of",
    "fhir_of",
    "finding_examples",
    "made_up_nation",
    "oioxml_of",
    "register_from_files",
    "register_of",
    "sample_extract",
    "sample_files",
    "sample_letters",
    "sample_questions",
    "sbdh_of",
    "serve_publisher",
    "unit_named",
    "vans_envelope_of",
    "write_classifications",
    "write_complete",
    "write_geolocations",
    "write_location_message_types",
    "write_locations",
    "write_message_type_list",
    "write_message_types",
    "write_providers",
    "write_replaced_units",
    "write_sample_letters",
    "write_shak",
    "write_shak_map",
    "write_sor_csv",
    "write_sor_entity",
    "write_sor_xml",
]

_MODULES = {
    "Answering": "letters.outbox",
    "DayEdits": "day_edits",
    "FindingExample": "sample.example_of_each",
    "LineUnit": "in_a_line",
    "LocationFields": "builder",
    "MadeUpDays": "days",
    "MadeUpExtract": "extract",
    "MadeUpLetter": "letters.made_up",
    "MadeUpOrigin": "days",
    "MadeUpOutbox": "letters.outbox",
    "MadeUpParty": "letters.made_up",
    "MadeUpPublisher": "publishing",
    "MessageTypeOptions": "published.message_types",
    "PublisherFault": "publishing",
    "RegisterBuilder": "builder",
    "SampleLetter": "letters.sample_letters",
    "SampleQuestion": "sample",
    "SorClock": "sor_clock",
    "TableOptions": "published.table_options",
    "TakenFile": "letters.outbox",
    "UnitFields": "builder",
    "WrittenExtract": "extract",
    "assert_deliverable": "asserting",
    "assert_not_deliverable": "asserting",
    "cached_nation": "nation.compiled",
    "edifact_of": "letters.edifact",
    "fhir_of": "letters.fhir",
    "finding_examples": "sample.example_of_each",
    "made_up_nation": "nation",
    "oioxml_of": "letters.oioxml",
    "register_from_files": "from_files",
    "register_of": "in_a_line",
    "sample_extract": "sample",
    "sample_files": "sample",
    "sample_letters": "letters.sample_letters",
    "sample_questions": "sample",
    "sbdh_of": "letters.envelopes",
    "serve_publisher": "publishing",
    "unit_named": "in_a_line",
    "vans_envelope_of": "letters.envelopes",
    "write_classifications": "published.companion_tables",
    "write_complete": "published.complete_set",
    "write_geolocations": "published.companion_tables",
    "write_location_message_types": "published.companion_tables",
    "write_locations": "published.companion_tables",
    "write_message_type_list": "published.companion_tables",
    "write_message_types": "published.message_types",
    "write_providers": "published.providers",
    "write_replaced_units": "published.companion_tables",
    "write_sample_letters": "letters.sample_letters",
    "write_shak": "published.shak",
    "write_shak_map": "published.companion_tables",
    "write_sor_csv": "published.unit_tables",
    "write_sor_entity": "published.unit_tables",
    "write_sor_xml": "published.sor_xml",
}


def __getattr__(name: str) -> object:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{module}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
