"""First start: the folders, the keys, the tables. Doing it twice changes nothing."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from holdfast.errors import SettingsError
from holdfast.practice.lib.keys import Keyring, keyring


def prepare() -> bool:
    """Make what is missing of a practice's folders, keys and tables. Returns whether the keys are new."""
    folder = Path(settings.FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "instruments").mkdir(exist_ok=True, mode=0o700)
    is_new = not Keyring(Path(settings.KEYS)).exists()
    if is_new:
        _refuse_new_keys_for_old_data(folder)
        Path(settings.KEYS).mkdir(parents=True, exist_ok=True, mode=0o700)
        keyring().create()
        settings.SECRET_KEY = keyring().derive("holdfast web secret").hex()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return is_new


def _refuse_new_keys_for_old_data(folder: Path) -> None:
    """Lost keys are looked for, not replaced: new ones would open nothing, and bury what the old ones open."""
    is_sqlite = connection.vendor == "sqlite"
    if (folder / "practice.db").exists() if is_sqlite else connection.introspection.table_names():
        raise SettingsError(
            "There is a practice already, but {folder} holds no master.key. "
            "Put back the keys folder of this practice, or let HOLDFAST_KEYS name it.",
            folder=settings.KEYS,
        )
