"""Side-by-side comparisons that print ratios. Run with `make bench`."""
