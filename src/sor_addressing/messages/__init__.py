"""Which message types exist, how they are spelt, and what converts into what: data, and thin readers of it."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
