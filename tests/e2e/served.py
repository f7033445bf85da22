"""A practice served for one test run: a fresh folder, a free loopback port, a real process."""

import base64
import hmac
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

EMAIL, PASSWORD = "ada@example.org", "a long enough password"
SOURCE = Path(__file__).parents[2] / "src"
COMMAND = [sys.executable, "-c", "import sys; from holdfast.cli import main; sys.exit(main())", "practice"]


class Served(AbstractContextManager["Served"]):
    """``holdfast practice run`` in a folder of its own, with one therapist."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = _environment(folder)
        self.command = ["run", "--port", str(self.port), "--workers", "1"]
        self.secret = ""
        self.run("user", "add", "--practice", "Oak Street", "--email", EMAIL, "--name", "Ada", words=PASSWORD)
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def run(self, *arguments: str, words: str = "") -> str:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            input=f"{words}\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def say(self, python: str) -> None:
        """Run a line of Python beside the served practice, in its own words."""
        begin = (
            "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'holdfast.practice.settings'; django.setup(); "
        )
        done = subprocess.run(
            [sys.executable, "-c", begin + python], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *self.command],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(300):
            if self._answers():
                return
            time.sleep(0.1)
        raise AssertionError("The practice did not start.")

    def kill(self) -> None:
        """kill -9, the whole family: nobody gets to tidy up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/f", timeout=2) as answer:  # noqa: S310 - our own loopback
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def sign_in(self, page: Page) -> None:
        """Password, and the six digits of an authenticator app; the first time the app is set up."""
        page.goto(f"{self.address}/sign-in/")
        page.get_by_label("Mail address").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        if not self.secret:
            page.get_by_text("Enter it as text instead").click()
            self.secret = page.locator("code.key").inner_text().strip()
        page.get_by_role("textbox").fill(six_digits(self.secret))
        page.locator("main form.card button").click()


class Demo(Served):
    """The demonstration with its simulated year, made and served as ``holdfast practice demo`` does it."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = _environment(folder)
        self.process = None
        self.command = ["demo", "--folder", str(folder / "demo"), "--port", str(self.port)]
        self.run(*self.command, "--prepare-only")
        self.start()


def _environment(folder: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HOLDFAST_", "DJANGO_"))},
        "HOLDFAST_FOLDER": str(folder / "data"),
        "HOLDFAST_KEYS": str(folder / "keys"),
        "PYTHONPATH": str(SOURCE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def six_digits(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238: SHA-1, 30 seconds, six digits)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def watch(page: Page) -> list[str]:
    """Everything the browser complains about: policy, scripts, failed files, requests to anybody else."""
    complaints: list[str] = []

    def console(message: Any) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("http://127.0.0.1:", "about:")) else complaints.append(request.url)
        ),
    )
    return complaints
