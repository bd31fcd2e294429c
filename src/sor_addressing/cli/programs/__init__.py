"""Commands for programs in other languages: one that is kept beside them, and a service over HTTP."""
