"""What a therapist types in. Errors keep what was written."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from holdfast.practice.ruptures.models import RuptureEpisode

MISSING = {"required": "Fill this in."}
LONGEST = 8000


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
