"""Answers and an instrument make scores, by the stated rule of the instrument."""
