"""The index: records as columns, looked up by identifier, seen as units."""
