"""What strangers and therapists type in about appointments. Errors keep what was written."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from holdfast.practice.caseload.queries import OpenedClient

MISSING = {"required": "Fill this in."}
DAY = {"invalid": "Write the day as 2026-11-30."}
HOUR = {"invalid": "Write the time as 15:00."}
KIND_NO = (
    "Thank you for writing. I have no room for new work at present, and I am sorry not to be able to offer you a "
    "time. I hope that you find somebody soon."
)


class RequestForm(forms.Form):
    """What a stranger tells: nothing about health is asked."""

    name = forms.CharField(
        label="Your name, or what we may call you",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=MISSING,
    )
    reach = forms.CharField(
        label="How we may reach you",
        max_length=200,
        error_messages=MISSING,
        help_text="One way that is safe for you: a telephone number or a mail address.",
    )
    hours = forms.CharField(
        label="When it is safe to do so",
        max_length=200,
        required=False,
        help_text="For instance: weekdays after 17:00, no voice messages.",
    )
    times = forms.CharField(
        label="Times that would suit you",
        max_length=400,
        error_messages=MISSING,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    words = forms.CharField(
        label="A word on what it is about, if you like",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="You need not say anything here. Details can wait until you meet.",
    )


class PageForm(forms.Form):
    """What a therapist says of herself."""

    is_on = forms.BooleanField(label="Everybody may read this page", required=False)
    slug = forms.SlugField(
        label="Address of the page",
        max_length=60,
        error_messages=MISSING | {"invalid": "Use small letters, digits and hyphens."},
        help_text="The last part of the address, for instance ada-quist.",
    )
    who = forms.CharField(label="Who you are", widget=forms.Textarea(attrs={"rows": 3}), error_messages=MISSING)
    how = forms.CharField(label="How you work", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    languages = forms.CharField(label="Languages", max_length=200, required=False)
    fees = forms.CharField(label="Fees", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    place = forms.CharField(label="Rooms, or online", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    turn_to = forms.CharField(
        label="Where to turn if it cannot wait",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="Stands above the form. Empty: the local emergency number is named without a figure.",
    )


class MomentForm(forms.Form):
    """A day and a time on the practice's clock."""

    day = forms.DateField(
        label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages=MISSING | DAY
    )
    time = forms.TimeField(
        label="Time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), error_messages=MISSING | HOUR
    )

    def moment(self) -> datetime:
        return on_the_clock(self.cleaned_data["day"], self.cleaned_data["time"])


class AcceptForm(MomentForm):
    code = forms.CharField(label="Code", max_length=40, error_messages=MISSING, help_text="For lists and tables.")
    field_order = ("code", "day", "time")


class ProposalForm(forms.Form):
    """One to three times."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in (1, 2, 3):
            self.fields[f"day{place}"] = forms.DateField(
                label=f"Day {place}",
                required=place == 1,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages=MISSING | DAY,
            )
            self.fields[f"time{place}"] = forms.TimeField(
                label=f"Time {place}",
                required=place == 1,
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                error_messages=MISSING | HOUR,
            )

    def times(self) -> list[datetime]:
        given = self.cleaned_data
        pairs = ((given.get(f"day{place}"), given.get(f"time{place}")) for place in (1, 2, 3))
        return [on_the_clock(day, hour) for day, hour in pairs if day and hour]


class DeclineForm(forms.Form):
    words = forms.CharField(
        label="Your words",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Nothing is written yet. A kind word is part of a no."},
        initial=KIND_NO,
    )


class SeriesForm(MomentForm):
    """A client, a first hour, and how often it comes again."""

    client = forms.ChoiceField(label="Client", error_messages=MISSING)
    weeks = forms.TypedChoiceField(
        label="Every", coerce=int, choices=[(1, "week"), (2, "two weeks"), (3, "three weeks"), (4, "four weeks")]
    )
    count = forms.IntegerField(label="How many", min_value=1, max_value=52, initial=1, error_messages=MISSING)
    field_order = ("client", "day", "time", "weeks", "count")

    def __init__(self, *args: Any, clients: list[OpenedClient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients = {str(each.id): each for each in clients}
        self.fields["client"].choices = [(key, each.name) for key, each in self.clients.items()]  # type: ignore[attr-defined]

    def client_chosen(self) -> OpenedClient:
        return self.clients[self.cleaned_data["client"]]


def on_the_clock(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def day_of(given: str, today: date) -> date:
    """The day that an address names; today for none, or for one that is no day."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        return today
