"""By when remarks are to be gone: how fast they go, when they will be gone at that speed, and who is late."""
