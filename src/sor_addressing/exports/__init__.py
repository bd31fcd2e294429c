"""Extracts made for a use: one row a recipient, a key that is unique, and everything a sender needs beside it."""
