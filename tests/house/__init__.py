"""The rules of the house, held by machine."""
