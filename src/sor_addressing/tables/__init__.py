"""Tables in, the same tables with verdicts beside each row out: of pyarrow and polars, and CSV files."""
