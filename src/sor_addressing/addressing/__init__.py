"""Questions and answers on an index: who is this recipient, and may this message type be sent to it."""
