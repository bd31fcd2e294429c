"""Writers of the published files, in their real formats."""
