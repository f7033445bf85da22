"""A form out, answers in, kept as they were said."""
