"""Process notes: one therapist's own, under a key of their own; no other room may import this one."""
