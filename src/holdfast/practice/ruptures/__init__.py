"""Rupture episodes: opened, acknowledged, talked about, closed."""
