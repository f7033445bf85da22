"""Our objects to and from other people's tables."""
