"""What changed between two days of the register, and for whom."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
