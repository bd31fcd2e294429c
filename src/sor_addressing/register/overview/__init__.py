"""Who converts what: a nation's location numbers counted by family, formats, places and models."""
