"""Append-only: who did what, and when."""
