"""All comparisons, one after the other; each can be run alone as `python -m bench.<name>`."""

from bench import detector, erosion, everyday, false_alarms, mixed, pages, rules, sensitivity, sources

everyday.main()  # first, while the process is small: it states its peak memory
detector.main()
false_alarms.main()
sensitivity.main()
sources.main()
erosion.main()
rules.main()
mixed.main()
pages.main()
