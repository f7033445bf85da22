"""Linear mixed models: the sums of groups, the likelihood from them (design, factors), its search, errors that hang
together (serial), intervals (intervals, profile), and the fit as a whole."""
