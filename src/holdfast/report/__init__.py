"""Figures and HTML made from results; drawn here, without a plotting library."""
