"""What django-allauth asks us: no sign-up, no mail, our limits, our seal around the secrets of the second factor."""

from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.safestring import SafeString

from holdfast.practice.accounts.limits import count_wrong, source_of, too_many
from holdfast.practice.accounts.models import Person
from holdfast.practice.lib import clock
from holdfast.practice.lib.crypto import open_sealed, seal
from holdfast.practice.lib.keys import keyring

STARTED = "started"
LABEL = "holdfast second factor"


class SignInAdapter(DefaultAccountAdapter):
    """People are added at the console, so nobody signs up here; nothing is mailed, and no message stays on a page."""

    error_messages = {  # noqa: RUF012 - the shape django-allauth asks for
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "incorrect_password": "This is not your password. Nothing was changed.",
        "enter_current_password": "This is not your password. Nothing was changed.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say what happened by themselves."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing leaves the machine."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing leaves the machine."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in moments ago need not say the password again to set up the second factor."""
        started = self.request.session.get(STARTED)
        is_fresh = (
            started is not None and 0 <= clock.now().timestamp() - started < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        )
        return not is_fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        source, account = source_of(self.request), str(user.pk)
        if too_many(source, account):
            return False
        fits = user.check_password(password)
        if not fits:
            count_wrong(source, account)
        return fits


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticators are sealed under a key of the practice; the code to scan is drawn without colours."""

    error_messages = {  # noqa: RUF012 - the shape django-allauth asks for
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code does not fit, or was used already. Wait for the next one and enter it.",
    }

    def encrypt(self, text: str) -> str:
        return seal(keyring().derive(LABEL), text.encode(), bound_to=LABEL).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(keyring().derive(LABEL), bytes.fromhex(encrypted_text), bound_to=LABEL).decode()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.email if isinstance(user, Person) and user.email else str(user.pk)

    def build_totp_svg(self, url: str) -> SafeString:
        """Inline, with classes only: the content security policy allows neither data addresses nor inline styles."""
        drawing = segno.make(url, error="m", micro=False).svg_inline(
            border=4, svgclass="qr", lineclass="qr-line", omitsize=True, dark="#000", light="#fff"
        )
        return SafeString(drawing)  # squares alone; the address itself is not in it
