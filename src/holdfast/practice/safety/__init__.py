"""The safety item: asked only where two people read it, passed on with the answers, closed by a person alone."""
