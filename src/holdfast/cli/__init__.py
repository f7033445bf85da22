"""The holdfast command: one file per verb, no rules inside."""
