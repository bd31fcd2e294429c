"""The rules of the package, by subject; each is one function, with its source in the docstring."""
