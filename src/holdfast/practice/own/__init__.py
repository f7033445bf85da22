"""The client's own page: what they said themselves, and their own hand on it."""
