"""Commands for programs in other languages, which keep this one beside them."""
