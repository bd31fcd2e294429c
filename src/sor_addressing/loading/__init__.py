"""From files or records to an index and a load report."""
