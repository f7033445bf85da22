"""The sign-in form: mail address and password, the limits before the hash, one sentence for every refusal."""

from typing import Any

from allauth.account.forms import ChangePasswordForm
from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from holdfast.practice.accounts.limits import Busy, bucket, count_wrong, one_hash_at_a_time, source_of, too_many
from holdfast.practice.accounts.models import Membership, Person
from holdfast.practice.accounts.queries import membership_of

WRONG = "Mail address and password do not fit together. Check both and try again."
WAIT = "Too many tries from here. Wait a quarter of an hour, then try again."
BUSY = "Many people are signing in at this moment. Wait a few seconds, then try again."


class SignInForm(forms.Form):
    """Signs in nobody without an active membership; the words are the same for every reason."""

    email = forms.EmailField(
        label="Mail address", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.membership: Membership | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        email, password = cleaned.get("email", "").strip().lower(), cleaned.get("password")
        if not email or not password:
            return cleaned
        source = source_of(self.request)
        if not bucket.takes_one() or too_many(source, email):
            raise forms.ValidationError(WAIT, code="wait")
        try:
            with one_hash_at_a_time():
                person = authenticate(self.request, username=email, password=password)
        except Busy:
            raise forms.ValidationError(BUSY, code="wait") from None
        self.membership = membership_of(person) if isinstance(person, Person) else None
        if self.membership is None:
            count_wrong(source, email)
            raise forms.ValidationError(WRONG)
        return cleaned


class NewPasswordForm(ChangePasswordForm):
    """Our words on the labels, and no second set of them inside the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": "Password until now",
            "password1": "New password",
            "password2": "New password once more",
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["oldpassword"].help_text = self.fields["password1"].help_text = ""
