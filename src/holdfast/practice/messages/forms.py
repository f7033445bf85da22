"""What is typed in about messages. Errors keep what was written."""

from datetime import time

from django import forms

from holdfast.practice.caseload.contact import CHANNELS, SafeContact
from holdfast.practice.messages.models import Timetable

HOUR = {"invalid": "Write the time as 15:00."}
WHOLE = {"invalid": "Write a whole number.", "required": "Fill this in."}


def _hour(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=HOUR,
    )


class ContactForm(forms.Form):
    """What a client said about being written to."""

    channel = forms.ChoiceField(
        label="How may we write to you?",
        choices=list(CHANNELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one. Until it was asked, nothing is sent."},
    )
    address = forms.CharField(
        label="The address or number that is safe",
        max_length=200,
        required=False,
        help_text="Kept sealed, opened only at the moment of sending.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    earliest = _hour("Not before")
    latest = _hour("Not after")
    name_ourselves = forms.BooleanField(label="When we call, we may say who we are", required=False)
    note = forms.CharField(
        label="And if somebody else answers?",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Whatever else you agreed. Kept sealed.",
    )

    @classmethod
    def of(cls, contact: SafeContact) -> "ContactForm":
        return cls(
            initial={
                "channel": contact.channel or None,
                "address": contact.address,
                "earliest": contact.earliest or None,
                "latest": contact.latest or None,
                "name_ourselves": contact.name_ourselves,
                "note": contact.note,
            }
        )

    def contact(self) -> SafeContact:
        given = self.cleaned_data
        return SafeContact(
            channel=given["channel"],
            address=given["address"].strip(),
            earliest=_written(given["earliest"]),
            latest=_written(given["latest"]),
            name_ourselves=given["name_ourselves"],
            note=given["note"].strip(),
        )


class TimetableForm(forms.Form):
    """When messages go out around an appointment."""

    before_hours = forms.IntegerField(
        label="The form before a session: hours before it",
        min_value=1,
        max_value=24,
        error_messages=WHOLE,
        help_text="A form opens 24 hours before the session at the earliest.",
    )
    after_minutes = forms.IntegerField(
        label="The form after a session: minutes after its end", min_value=0, max_value=1440, error_messages=WHOLE
    )
    again_hours = forms.IntegerField(
        label="Named once more, if nothing came: hours later",
        min_value=1,
        max_value=71,
        required=False,
        error_messages=WHOLE,
        help_text="For the form after a session. Empty: it is not named again.",
    )
    appointment_hours = forms.IntegerField(
        label="A word about the appointment itself: hours before it",
        min_value=1,
        max_value=336,
        required=False,
        error_messages=WHOLE,
        help_text="Empty: appointments are not named.",
    )

    @classmethod
    def of(cls, timetable: Timetable) -> "TimetableForm":
        return cls(initial={name: getattr(timetable, name) for name in cls.base_fields})


def _written(hour: time | None) -> str:
    return hour.strftime("%H:%M") if hour else ""
