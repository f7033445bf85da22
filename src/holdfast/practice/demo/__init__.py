"""A practice with simulated clients, for trying things out."""
