"""Answers for those who ask over a network: what a service exposes, as functions on a register. Nothing here opens a port."""
