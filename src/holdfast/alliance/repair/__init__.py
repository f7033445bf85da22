"""What became of a rupture: episodes followed, what came back beside what chance gives, and whether it strengthened."""
