"""A questionnaire as a blank form for paper, made from its page: no wording is in it that may not be shown."""

import re
from typing import Any

from holdfast.practice.insight.catalogue import Preview
from holdfast.practice.insight.written import SIMULATED
from holdfast.practice.lib.words import is_rtl


def form_on_paper(found: Preview, *, is_simulated: bool) -> dict[str, Any]:
    """The data of the template ``form``.

    The code (id, version, language) is the one that the screen for answers from paper shows beside the same questions.
    """
    if found.form is None:
        raise ValueError("a questionnaire without words has no paper")
    words, tag = found.form.words, re.match(r"[a-z]{2,3}\b", found.language)
    return {
        "lang": tag[0] if tag else "en",
        "rtl": is_rtl(found.language),
        "title": found.instrument.title,
        "code": found.code,
        "foot": found.code,
        "simulated": SIMULATED if is_simulated else "",
        "blanks": [words.say(each) for each in ("paper_client", "paper_session", "paper_day")],
        "instruction": " ".join(part.instruction for part in found.form.parts if part.instruction),
        "questions": [
            {
                "number": f"{number}.",
                "text": question.text,
                "condition": question.condition.said if question.condition else "",
                "ends": list(question.ends or ()),
                "choices": [choice.label for choice in question.choices],
            }
            for number, question in enumerate(found.form.questions, 1)
        ],
        "notices": list(found.form.notices),
    }
