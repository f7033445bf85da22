"""Everything of a client, for the client: readable as JSON, and what they answered as a table.

Holds what they said, what the two wrote together, their choices and consents, their contact, the messages that went
out, and who looked at the record. Not what the therapist rates, expects or notes, and nothing of other people.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.models import CheckIn, ReleaseChoice, Score
from holdfast.practice.answers.offers import as_offered
from holdfast.practice.answers.queries import comments_of, said_in
from holdfast.practice.caseload.contact import contact_of, written_contact
from holdfast.practice.caseload.models import Consent, Session
from holdfast.practice.caseload.queries import OpenedClient, sessions_of
from holdfast.practice.formulation.queries import Formulation, ReadVersion, formulation_in
from holdfast.practice.insight.answers import Phrases, said_on
from holdfast.practice.own.frame import Own

FORMAT = "holdfast own record 1"
COLUMNS = ("session", "session_at", "occasion", "sent_at", "form", "version", "item", "question", "value", "answer")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def export_of(own: Own, looks: Sequence[Any], at: datetime) -> bytes:
    """A ZIP of record.json, answers.csv and a word on what is not in it."""
    sessions = [session for each in own.pairs for session in sessions_of(own.actor, each.dyad)]
    answered = _answered(own, sessions)
    whole = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "simulated": own.client.practice.is_simulated,
        "practice": own.client.practice.name,
        "person": {
            "name": own.pairs[0].name,
            "code": own.client.code,
            "language": own.client.language,
            "contact": {**asdict(contact_of(own.client)), **written_contact(own.client)},
        },
        "work": [_pair(own, each, at) for each in own.pairs],
        "answers": answered,
        "scores": _scores(own, sessions),
        "comments": _comments(own, sessions),
        "choices": _choices(own),
        "consents": _consents(own),
        "looks": [asdict(each) for each in looks],
        "not_in_here": own.say("export_not_in"),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.json", json.dumps(whole, ensure_ascii=False, indent=1))
        archive.writestr("answers.csv", _table(answered))
        archive.writestr("README.txt", f"{own.say('export_lead')}\n\n{own.say('export_not_in')}\n")
    return packed.getvalue()


def _pair(own: Own, pair: OpenedClient, at: datetime) -> dict[str, Any]:
    built = formulation_in(own.actor, pair, at)
    return {
        "therapist": pair.dyad.therapist.person.name,
        "from": pair.dyad.opened_at.isoformat(),
        "to": pair.dyad.closed_at.isoformat() if pair.dyad.closed_at else None,
        "sessions": [
            {"number": each.number, "at": each.starts_at.isoformat(), "minutes": each.minutes, "state": each.state}
            for each in sessions_of(own.actor, pair.dyad)
        ],
        "goals": _goals(built),
        "formulation": [
            {
                "part": each.part.value,
                "set_aside": each.is_aside,
                "wordings": [_wording(version) for version in each.versions],
            }
            for each in built.entries
        ],
    }


def _goals(built: Formulation) -> list[dict[str, Any]]:
    return [
        {"state": each.row.state, "wordings": [_wording(version) for version in each.versions]} for each in built.goals
    ]


def _wording(version: ReadVersion) -> dict[str, Any]:
    parts = {"kind": version.kind, "worked": version.worked}
    said = {"text": version.text, "by": version.author, "at": version.at.isoformat(), "number": version.number}
    return said | {name: value for name, value in parts.items() if value}


def _answered(own: Own, sessions: Sequence[Session]) -> list[dict[str, Any]]:
    return [
        {
            "session": row.session.number,
            "session_at": row.session.starts_at.isoformat(),
            "occasion": row.purpose,
            "sent_at": row.submitted_at.isoformat(),
            "shown": row.release,
            "forms": list(_forms(row, answers, own.phrases)),
        }
        for row, answers in said_in(own.actor, sessions)
    ]


def _forms(row: CheckIn, answers: dict[str, dict[str, Any]], phrases: Phrases) -> Iterable[dict[str, Any]]:
    """Each form with every question that was asked: the value as it was kept, and the same in words."""
    for form in as_offered(row.forms, occasion=row.purpose):
        yield {
            "form": form.instrument.id,
            "version": form.instrument.version,
            "language": form.wording.language,
            "items": [
                {"item": said.item, "question": said.asked, "value": said.value, "answer": said.answer}
                for said in said_on(form, answers.get(form.instrument.id, {}), phrases)
            ],
        }


def _scores(own: Own, sessions: Sequence[Session]) -> list[dict[str, Any]]:
    rows = visible(own.actor, Score).filter(check_in__session__in=[each.pk for each in sessions])
    return [
        {
            "session": row.check_in.session.number,
            "occasion": row.check_in.purpose,
            "form": row.instrument,
            "scale": row.scale,
            "raw": row.raw,
            "percent": row.percent,
            "reason": row.reason,
        }
        for row in rows.select_related("check_in__session").order_by("check_in__submitted_at", "instrument", "scale")
    ]


def _comments(own: Own, sessions: Sequence[Session]) -> list[dict[str, Any]]:
    return [
        {
            "session": each.comment.check_in.session.number,
            "occasion": each.comment.check_in.purpose,
            "at": each.comment.at.isoformat(),
            "text": each.text,
            "replies": [{"at": reply.reply.at.isoformat(), "text": reply.text} for reply in each.replies],
        }
        for each in comments_of(own.actor, sessions)
    ]


def _choices(own: Own) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.kind,
            "shown": row.release,
            "from": row.chosen_at.isoformat(),
            "to": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in visible(own.actor, ReleaseChoice).filter(client=own.client)
    ]


def _consents(own: Own) -> list[dict[str, Any]]:
    return [
        {
            "purpose": row.purpose,
            "version": row.version,
            "language": row.language,
            "how": row.how,
            "given_at": row.given_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in visible(own.actor, Consent).filter(client=own.client)
    ]


def _table(answered: Sequence[dict[str, Any]]) -> str:
    """One row for each question. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for each in answered:
        for form in each["forms"]:
            for item in form["items"]:
                row = {**each, **form, **item}
                table.writerow([_cell(row[column]) for column in COLUMNS])
    return written.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
