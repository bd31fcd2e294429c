"""What a system is approved for, and what that means for a location number: approval lists, the names on them, and the answer."""
