"""What the pair understands together: roots, what keeps it going, strengths, coping skills, and shared goals."""
