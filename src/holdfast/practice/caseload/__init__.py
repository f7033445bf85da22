"""Clients, dyads, episodes of care, sessions planned and held."""
