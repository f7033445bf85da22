"""The pages on which client and therapist answer."""
