"""Readers of the published files: one module a file, each from bytes to records, knowing nothing of what is asked later."""
