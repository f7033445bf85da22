"""The Django project: the app a practice runs."""
