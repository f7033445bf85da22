"""Practices, people, sign-in, roles, permissions."""
