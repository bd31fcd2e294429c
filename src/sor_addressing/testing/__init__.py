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

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
