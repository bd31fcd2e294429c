"""The quality of a register: rules on its registrations, and reports for those who maintain them."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
