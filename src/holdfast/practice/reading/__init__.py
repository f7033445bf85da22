"""The pages on which answers about safety are read, and the duty to read them is set."""
