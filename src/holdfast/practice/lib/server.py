"""The server: granian, WSGI, a few threads, listening where it is told and nowhere else."""

import multiprocessing
import os
from multiprocessing.context import SpawnProcess

from django.core.management import call_command
from django.db import connections

from holdfast.errors import SettingsError


def without_core_dumps() -> None:
    """A crash leaves no copy of the memory, which holds keys, on the disk."""
    try:
        import resource
    except ImportError:  # Windows writes none by itself
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def start_worker(*, host: str, port: int) -> SpawnProcess:
    """A process that sends messages, beside the server and for as long as it runs."""
    if os.environ.get("HOLDFAST_TLS") != "on":
        os.environ.setdefault("HOLDFAST_FORM_ADDRESS", f"http://{host}:{port}")
    connections.close_all()
    worker = multiprocessing.get_context("spawn").Process(target=_work, daemon=True)
    worker.start()
    return worker


def _work() -> None:
    import django

    django.setup()
    without_core_dumps()
    try:
        call_command("work", prepared=True)
    except KeyboardInterrupt:  # Ctrl-C reaches this process too
        return


def serve(*, port: int, host: str = "127.0.0.1", workers: int = 2) -> None:
    """Serve until interrupted. Beyond loopback only behind a declared TLS proxy (HOLDFAST_TLS=on)."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    if host not in {"127.0.0.1", "::1", "localhost"} and os.environ.get("HOLDFAST_TLS") != "on":
        raise SettingsError(
            "The practice would be reached at {host} without encryption. Put a TLS proxy in front and set "
            "HOLDFAST_TLS=on, or keep 127.0.0.1.",
            host=host,
        )
    connections.close_all()  # none may cross the fork of the workers
    Granian(
        "holdfast.practice.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()
