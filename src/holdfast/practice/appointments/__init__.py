"""The public page of a therapist, requests for an appointment, and the calendar."""
