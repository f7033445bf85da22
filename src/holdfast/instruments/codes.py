"""Codes are types: a LOINC code has to pass its check digit and stand on the list of codes that somebody read."""

import re
from types import MappingProxyType

LOINC = "http://loinc.org"
NUMERIC = re.compile(r"(\d{1,7})-(\d)")
PHQ = "US Core examples; HL7 personal-health-record-format-ig, commit af4b716f, Questionnaire PHQ-9"
GAD = "HL7 personal-health-record-format-ig, commit af4b716f, Questionnaire GAD-7"

SEEN_LOINC = MappingProxyType(
    {
        "44249-1": PHQ,
        "44250-9": PHQ,
        "44255-8": PHQ,
        "44259-0": PHQ,
        "44254-1": PHQ,
        "44251-7": PHQ,
        "44258-2": PHQ,
        "44252-5": PHQ,
        "44253-3": PHQ,
        "44260-8": PHQ,
        "69722-7": "US Core examples; LHNCBC lforms, commit 24c71875, test/data/R4/phq9.json",
        "44261-6": "US Core examples; HL7 sdc, commit 4032ec6f, example PHQ9",
        "69737-5": GAD,
        "69725-0": GAD,
        "68509-9": GAD,
        "69733-4": GAD,
        "69734-2": GAD,
        "69735-9": GAD,
        "69689-8": GAD,
        "69736-7": GAD,
        "70274-6": "HL7 personal-health-record-format-ig, commit af4b716f, examplars",
        "LA6568-5": PHQ,
        "LA6569-3": PHQ,
        "LA6570-1": PHQ,
        "LA6571-9": PHQ,
    }
)
"""The LOINC codes that somebody read, each with where; a valid check digit alone does not make a code right."""


def check_digit(digits: str) -> int:
    """The check digit of a numeric LOINC code, from the digits before its hyphen.

    From the right, the 1st, 3rd, 5th ... digit is doubled and its digits added; the others are added as they are; the
    check digit brings the sum to a multiple of ten. Source: the LOINC users' guide (mod 10 algorithm).
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        part = int(digit) * (2 if place % 2 == 0 else 1)
        total += part // 10 + part % 10
    return -total % 10


def loinc_problem(code: str) -> str | None:
    """What is wrong with a LOINC code, or None: the digit first, then the list of codes that somebody read."""
    numeric = NUMERIC.fullmatch(code)
    if numeric and check_digit(numeric[1]) != int(numeric[2]):
        return f"has the LOINC code {code}, whose check digit should be {check_digit(numeric[1])}"
    if code not in SEEN_LOINC:
        return f"has the LOINC code {code}, which nobody has read at its source"
    return None
