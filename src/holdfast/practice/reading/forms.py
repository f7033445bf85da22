"""The duty in words. Errors keep what was written."""

from collections.abc import Sequence
from typing import Any

from django import forms

from holdfast.practice.accounts.models import Membership
from holdfast.practice.safety.actions import DutyTerms
from holdfast.practice.safety.contacts import countries
from holdfast.practice.safety.models import Duty

MISSING = {"required": "Fill this in."}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DutyForm(forms.Form):
    """Who reads, when, by when, and what a client is told."""

    responder = forms.ChoiceField(label="Who reads these answers", error_messages=MISSING)
    substitute = forms.ChoiceField(
        label="Who reads them when that person does not", error_messages=MISSING, help_text="Somebody else."
    )
    weekdays = forms.MultipleChoiceField(
        label="They read on",
        choices=[(str(place), day) for place, day in enumerate(DAYS)],
        widget=forms.CheckboxSelectMultiple,
        error_messages=MISSING,
    )
    opens = forms.TimeField(
        label="From", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), error_messages=MISSING
    )
    closes = forms.TimeField(
        label="To", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), error_messages=MISSING
    )
    within_hours = forms.IntegerField(
        label="Within so many of these hours",
        min_value=1,
        max_value=24,
        help_text="Clients are told the moment that follows from it. Promise what you can keep on a bad day.",
        error_messages=MISSING | {"invalid": "Write a whole number of hours, 1 to 24."},
    )
    phone = forms.CharField(
        label="A number clients can call when nothing can be passed on", max_length=40, error_messages=MISSING
    )
    country = forms.ChoiceField(
        label="Whose contacts stand on the page",
        choices=lambda: [("", "Choose a country"), *((key, each.name["en"]) for key, each in countries().items())],
        error_messages=MISSING,
    )

    def __init__(self, *args: Any, people: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each in people}
        choices = [("", "Choose a person"), *((key, _called(each)) for key, each in self.people.items())]
        for name in ("responder", "substitute"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def of(cls, duty: Duty | None, people: Sequence[Membership]) -> "DutyForm":
        if duty is None:
            return cls(people=people, initial={"weekdays": ["0", "1", "2", "3", "4"], "within_hours": 6})
        initial = {name: getattr(duty, name) for name in ("opens", "closes", "within_hours", "phone", "country")}
        initial |= {"responder": str(duty.responder_id), "substitute": str(duty.substitute_id)}
        return cls(people=people, initial=initial | {"weekdays": [str(day) for day in duty.weekdays]})

    def terms(self) -> DutyTerms:
        given = self.cleaned_data
        return DutyTerms(
            responder=self.people[given["responder"]],
            substitute=self.people[given["substitute"]],
            opens=given["opens"],
            closes=given["closes"],
            weekdays=tuple(int(day) for day in given["weekdays"]),
            within_hours=given["within_hours"],
            phone=given["phone"],
            country=given["country"],
        )


def _called(each: Membership) -> str:
    return f"{each.person.name}, {each.get_role_display().lower()}"
