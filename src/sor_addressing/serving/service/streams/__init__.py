"""Requests and answers that go by without being held: rows in, rows out."""
