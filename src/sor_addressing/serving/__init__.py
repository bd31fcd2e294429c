"""Answers for those who ask over a network: what a service exposes, as functions on a register. Only ``service`` opens a port."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
