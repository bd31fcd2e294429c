"""The formats of extracts, a module each."""
