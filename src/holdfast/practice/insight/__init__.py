"""The pages that the therapist reads."""
