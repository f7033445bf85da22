"""The door for the server. Django runs no system checks here by itself, so this does, and refuses to start."""

import os

from django.core import checks
from django.core.wsgi import get_wsgi_application

from holdfast.errors import SettingsError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.practice.settings")
application = get_wsgi_application()

for found in checks.run_checks(databases=["default"]):
    if found.is_serious():
        raise SettingsError("{id}: {message} {hint}", id=found.id, message=found.msg, hint=found.hint)
