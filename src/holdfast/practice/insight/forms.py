"""What a therapist types in. Errors keep what was written."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from holdfast.practice.accounts.models import NOWHERE, Membership, Practice
from holdfast.practice.caseload.models import Consent
from holdfast.practice.checkins.questions import FOLDER
from holdfast.practice.lib.words import languages
from holdfast.practice.ruptures.models import RuptureEpisode

MISSING = {"required": "Fill this in."}
LONGEST = 8000


def language_choices() -> list[tuple[str, str]]:
    return [(each.language, each.name) for each in languages(FOLDER).values()]


class ClientForm(forms.Form):
    """A client of the caseload: a code for lists and tables, and what is sealed."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        error_messages=MISSING,
        help_text="Stands on lists and in tables. Not the name.",
    )
    name = forms.CharField(
        label="Name", max_length=200, error_messages=MISSING, help_text="Kept sealed; only you can open it."
    )
    contact = forms.CharField(
        label="How to reach them",
        max_length=400,
        required=False,
        help_text="A telephone number or address that is safe to use. Kept sealed. Leave it empty if there is none.",
    )
    language = forms.ChoiceField(label="Language of the forms", choices=language_choices, required=False)


class LanguageForm(forms.Form):
    """In which language the client's forms are."""

    language = forms.ChoiceField(label="Language of the forms", choices=language_choices)


class BookingForm(forms.Form):
    """Day and time of the next session, in the practice's own time zone."""

    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=MISSING | {"invalid": "Write the day as 2026-11-30."},
    )
    time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=MISSING | {"invalid": "Write the time as 15:00."},
    )

    @classmethod
    def a_week_after(cls, last: datetime | None, at: datetime) -> "BookingForm":
        """A first guess: same day and time, the next week that is still to come."""
        guess = timezone.localtime(last or at)
        while guess <= timezone.localtime(at):
            guess += timedelta(days=7)
        return cls(initial={"day": guess.date(), "time": guess.time() if last else None})

    def starts_at(self) -> datetime:
        moment = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(moment)


class ConsentForm(forms.Form):
    """How a client agreed."""

    how = forms.ChoiceField(
        label="How did they agree?",
        choices=[(each.value, each.label.capitalize()) for each in (Consent.How.IN_SESSION, Consent.How.ON_PAPER)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )


class ShareForm(forms.Form):
    """With whom, until when, and whether comments are part of it."""

    supervisor = forms.ChoiceField(label="With", error_messages={"required": "Choose a supervisor."})
    last_day = forms.DateField(
        label="Until the end of",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=MISSING | {"invalid": "Write the day as 2026-11-30."},
    )
    with_comments = forms.BooleanField(label="Comments too, as the client agreed", required=False)

    def __init__(self, *args: Any, supervisors: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.supervisors = {str(each.pk): each for each in supervisors}
        choices = [(key, each.person.name) for key, each in self.supervisors.items()]
        self.fields["supervisor"].choices = choices  # type: ignore[attr-defined]

    def supervisor_chosen(self) -> Membership:
        return self.supervisors[self.cleaned_data["supervisor"]]

    def until(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"], time(23, 59)))


class SettingsForm(forms.Form):
    """How the practice works, in words."""

    false_alarms_per_20 = forms.FloatField(
        label="Signals to put up with when nothing happens",
        help_text="How many computed signals you accept in 20 calm sessions. With fewer, more real dips pass.",
        min_value=0.02,
        max_value=8,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        error_messages=MISSING | {"invalid": "Write a number such as 0.6."},
    )
    talk_at = forms.FloatField(
        label="Worth talking about at a rating of or below",
        help_text="From 0 to 100. A fixed rule beside the signals, said as “worth talking about”. Empty: no such rule.",
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    exit_address = forms.URLField(
        label="Where “Leave this page” takes a client",
        help_text="A page that says nothing about therapy, such as a weather report. Write it with https://.",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Write a whole address, such as https://example.org."},
    )
    clients_sign_in = forms.BooleanField(
        label="Clients may have a page of their own",
        help_text="A therapist gives it in the session. There they read what they said, and decide what is shown when.",
        required=False,
    )
    keeps_sealed = forms.BooleanField(
        label="Answers may wait on a client’s phone for a connection",
        help_text="Sealed, so that nothing on the phone can open them; for 7 days at most. Off: the open page alone "
        "keeps them, and whoever closes it without a connection loses them.",
        required=False,
    )

    @classmethod
    def of(cls, practice: Practice) -> "SettingsForm":
        """As it stands."""
        address = "" if practice.exit_address == NOWHERE else practice.exit_address
        return cls(
            initial={
                "false_alarms_per_20": practice.false_alarms_per_20,
                "talk_at": practice.talk_at,
                "exit_address": address,
                "clients_sign_in": practice.clients_sign_in,
                "keeps_sealed": practice.keeps_sealed,
            }
        )


class TextForm(forms.Form):
    """A note or a reply."""

    text = forms.CharField(
        max_length=LONGEST,
        error_messages={"required": "Nothing is written yet. Write it first."},
        widget=forms.Textarea,
    )


class ClosingForm(forms.Form):
    """How the therapist sees an episode at its end, and why."""

    status = forms.ChoiceField(
        label="How did it go?",
        choices=[
            (RuptureEpisode.Status.REPAIRED, "Repaired"),
            (RuptureEpisode.Status.PARTLY, "Partly repaired"),
            (RuptureEpisode.Status.NOT, "Not repaired"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three."},
    )
    text = forms.CharField(
        label="What makes you say so?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write a sentence, so that you both can follow it later."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["id"] = "closing-text"
