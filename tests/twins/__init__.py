"""Plain slow twins: one loop per formula, the referees of the fast methods."""
