"""Finding recipients: by words that people type, and by rules."""
