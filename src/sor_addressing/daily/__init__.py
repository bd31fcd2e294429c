"""Every day: downloading an extract, keeping the days in a store, holding back a bad one, serving the newest."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
