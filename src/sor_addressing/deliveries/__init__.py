"""What came back: letters that left, the receipts that answered them, and what is still waited for. Nothing of any patient."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
