"""All comparisons, one after the other."""

from bench import detector, rules

detector.main()
rules.main()
