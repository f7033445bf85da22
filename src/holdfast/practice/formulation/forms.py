"""What is typed in while building a formulation. Errors keep what was written."""

from typing import Any

from django import forms

from holdfast.practice.formulation.actions import EMPTY, Saying
from holdfast.practice.formulation.models import KINDS, Part, Worked
from holdfast.practice.formulation.queries import ReadEntry, ReadGoal

LONGEST = 4000
MISSING = {"required": EMPTY}
ASKS = {
    Part.ROOTS: "What happened, or what grew from it",
    Part.UPKEEP: "What keeps it going",
    Part.STRENGTHS: "What can be built on",
    Part.COPING: "The skill, and how it went",
}


class EntryForm(forms.Form):
    """One entry: a kind where the part has several, its words, and of a skill how it worked."""

    kind = forms.ChoiceField(label="What it is", error_messages={"required": "Choose what it is."})
    text = forms.CharField(
        max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), error_messages=MISSING, strip=True
    )
    worked = forms.ChoiceField(
        label="How it worked",
        choices=[("", "Choose one"), *Worked.choices],
        error_messages={"required": "Say how it worked, or that it was not tried yet."},
    )
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, part: Part, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, kinds = part, KINDS[part]
        self.fields["text"].label = ASKS[part]
        self.fields["kind"].choices = [("", "Choose one"), *((kind.value, kind.label) for kind in kinds)]  # type: ignore[attr-defined]
        if len(kinds) == 1:
            del self.fields["kind"]
        if part != Part.COPING:
            del self.fields["worked"]

    @classmethod
    def new(cls, part: Part, posted: Any = None) -> "EntryForm":
        return cls(posted, part=part, auto_id=f"new-{part}-%s")

    @classmethod
    def of(cls, read: ReadEntry, posted: Any = None) -> "EntryForm":
        now = read.now
        initial = {"kind": now.kind, "text": now.text, "worked": now.worked, "after": now.number}
        return cls(posted, part=read.part, initial=initial, auto_id=f"{read.row.pk}-%s")

    def saying(self) -> Saying:
        given = self.cleaned_data
        kind = given.get("kind") or KINDS[self.part][0].value
        return Saying(kind=kind, text=given["text"], worked=given.get("worked", ""))


class GoalForm(forms.Form):
    """A goal in words."""

    text = forms.CharField(
        label="The goal, in your own words",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=MISSING,
    )
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def new(cls, posted: Any = None) -> "GoalForm":
        return cls(posted, auto_id="new-goal-%s")

    @classmethod
    def of(cls, read: ReadGoal, posted: Any = None) -> "GoalForm":
        return cls(posted, initial={"text": read.now.text, "after": read.now.number}, auto_id=f"{read.row.pk}-%s")
