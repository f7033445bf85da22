"""The door for the server. Django runs no system checks here by itself, so this does, and refuses to start."""

import os

from django.core import checks
from django.core.wsgi import get_wsgi_application
from django.db import connections

from holdfast.errors import SettingsError
from holdfast.practice.lib.server import without_core_dumps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.practice.settings")
application = get_wsgi_application()

for found in checks.run_checks(include_deployment_checks=True, databases=["default"]):
    if found.is_serious():
        raise SettingsError("{id}: {message} {hint}", id=found.id, message=found.msg, hint=found.hint)
connections.close_all()
without_core_dumps()
