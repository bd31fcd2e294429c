"""What if: plans of registrations to add and remove, and what they would do to letters, receipts and remarks."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
