"""Extracts made for a use: one row a recipient, a key that is unique, and everything a sender needs beside it."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
