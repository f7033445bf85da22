"""The tests: unit, spec, reference, properties, practice, house, e2e."""
