"""Who is this recipient in the Danish health service, and may I send this message type to it today?

:class:`Register` reads the daily extract of the national register SOR and answers from memory, with reasons. What everybody needs is
importable from here, and what belongs to one room from that room: :mod:`sor_addressing.letters`, ``changes``, ``quality``, ``exports``,
``messages``, ``search``, ``daily``, ``register``, ``model`` and ``testing``. Names are imported when first used, so that importing the
package costs nothing; each is listed once, in the stub ``__init__.pyi`` of its room.
"""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
