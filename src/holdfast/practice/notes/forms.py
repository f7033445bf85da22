"""What an author types in. Errors keep what was written."""

from typing import Any

from django import forms

from holdfast.practice.notes.actions import EMPTY
from holdfast.practice.notes.queries import ReadProcessNote

LONGEST = 8000


class NoteForm(forms.Form):
    """A note."""

    text = forms.CharField(
        label="A note to yourself",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": EMPTY},
    )
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def new(cls, posted: Any = None) -> "NoteForm":
        return cls(posted, auto_id="new-note-%s")

    @classmethod
    def of(cls, read: ReadProcessNote, posted: Any = None) -> "NoteForm":
        form = cls(posted, initial={"text": read.now.text, "after": read.now.number}, auto_id=f"{read.row.pk}-%s")
        form.fields["text"].label = "The note"
        return form


class VoidForm(forms.Form):
    """Why a note no longer stands."""

    reason = forms.CharField(
        label="Why it no longer stands",
        max_length=400,
        error_messages={"required": "A note is voided with a reason. Write a few words."},
    )

    @classmethod
    def of(cls, read: ReadProcessNote, posted: Any = None) -> "VoidForm":
        return cls(posted, auto_id=f"{read.row.pk}-%s")
