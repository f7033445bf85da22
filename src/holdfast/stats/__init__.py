"""Pure numerics on arrays: series, level, variance, group. Knows nothing of therapy."""
