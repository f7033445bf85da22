"""All comparisons, one after the other."""

from bench import detector

detector.main()
