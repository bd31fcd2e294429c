"""Recipients by rule: filters, the columns they are answered from, and ``find``."""
