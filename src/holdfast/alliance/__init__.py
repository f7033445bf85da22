"""Course, detection, episodes: the reason Holdfast exists."""
