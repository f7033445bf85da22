"""One place where the tests choose their database engine, before Django reads its settings.

With HOLDFAST_TEST_POSTGRES (set by tests/prepare.sh) the practice runs on that server; without it, on a real
encrypted file in a temporary folder, with the settings of a real practice.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="holdfast-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
(_folder / "data" / "instruments").mkdir(parents=True, mode=0o700)
(_folder / "keys").mkdir(mode=0o700)
os.environ |= {
    "HOLDFAST_FOLDER": str(_folder / "data"),
    "HOLDFAST_KEYS": str(_folder / "keys"),
    "HOLDFAST_HOSTS": "127.0.0.1,localhost,testserver",
    "HOLDFAST_DATABASE": os.environ.get("HOLDFAST_TEST_POSTGRES", ""),
    "DJANGO_SETTINGS_MODULE": "holdfast.practice.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # playwright keeps an event loop in the thread of the test
}

from holdfast.practice.lib.keys import keyring  # noqa: E402 - the folders come first

keyring().create()

import django  # noqa: E402

django.setup()
