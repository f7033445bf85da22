"""Looks after the therapeutic alliance."""
