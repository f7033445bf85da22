"""From one TOML table to one Instrument; whatever does not fit is refused with its place and its cure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from holdfast.instruments.codes import LOINC, loinc_problem
from holdfast.instruments.fields import Fields, listing
from holdfast.instruments.model import (
    STRUCTURE_ONLY,
    AnswerSet,
    Band,
    Code,
    Condition,
    Figure,
    Instrument,
    Item,
    Rights,
)
from holdfast.instruments.scales import parse_scales
from holdfast.instruments.wordings import Wording, read_wording

INSTRUMENT_ID = re.compile(r"[a-z0-9-]+")
VERSION = re.compile(r"\d+\.\d+")
NAME = re.compile(r"[a-z][a-z0-9_]*")
SHOW_IF = re.compile(r"([a-z][a-z0-9_]*) >= (\d+)")
SHIP = ("yes", "yes-nd", STRUCTURE_ONLY)
RATERS = ("client", "therapist")
OCCASIONS = ("before", "after", "monthly", "intake", "on-request")
KINDS = ("cutoff", "rci", "reliability", "mean", "sd", "ceiling")
STATUSES = ("verified", "secondary", "unverified")
OWN = "holdfast-"
PLAIN = "default"
"""The name of the set of answers that has no name."""


def parse(table: Mapping[str, object], *, file: str) -> Instrument:
    """The instrument in a file's table. Raises InstrumentError for every rule of the format that it breaks."""
    top = Fields(table, file=file, place="The file")
    id_ = top.matching("id", INSTRUMENT_ID, '"demo5": lower-case letters, digits and hyphens')
    version = top.matching("version", VERSION, '"1.0"')
    rights = parse_rights(top.inner("rights", "Table `rights`"))
    answers = parse_answers(top.inner("answers", "Table `answers`"))
    items, texts = parse_items(top, answers)
    figures, bands = parse_figures(top), parse_bands(top)
    scales = parse_scales(top, items={item.id: item for item in items}, answers=answers, figures=figures, bands=bands)
    instrument = Instrument(
        id=id_,
        version=version,
        title=top.text("title"),
        edition=top.text("edition", ""),
        recall=top.text("recall", ""),
        seconds=top.numbers("seconds", ()),
        validated=top.flag("validated"),
        rater=top.choice("rater", RATERS),
        occasions=top.texts("occasions"),
        rights=rights,
        answers=MappingProxyType(answers),
        items=items,
        scales=scales,
        figures=figures,
        bands=bands,
        codes=parse_codes(top, known=["panel", *(item.id for item in items), *(scale.id for scale in scales)]),
        wordings=MappingProxyType(parse_wordings(top, rights, texts=texts, answers=answers)),
    )
    top.finish()
    refuse_what_is_not_earned(top, instrument)
    return instrument


def parse_rights(fields: Fields) -> Rights:
    """Who holds the words and what is allowed; holder, licence, ship and source are required."""
    rights = Rights(
        holder=fields.text("holder"),
        licence=fields.text("licence"),
        ship=fields.choice("ship", SHIP),
        source=fields.text("source"),
        notice=fields.text("notice", ""),
        evidence=fields.text("evidence", ""),
        evidence_date=fields.day("evidence_date"),
        reviewer=fields.text("reviewer", ""),
        permission=fields.text("permission", ""),
    )
    fields.finish()
    return rights


def parse_answers(fields: Fields) -> dict[str, AnswerSet]:
    """The sets of answers by name; the one without a name is called "default"."""
    named = [key for key, inner in fields.table.items() if isinstance(inner, Mapping)]
    sets = {}
    if set(fields.table) - set(named) or not named:
        sets[PLAIN] = parse_answer_set(fields, PLAIN)
    for name in named:
        inner = fields.inner(name, f"Table `answers.{name}`")
        sets[name] = parse_answer_set(inner, name)
        inner.finish()
    fields.finish()
    return sets


def parse_answer_set(fields: Fields, name: str) -> AnswerSet:
    """One set of answers, from its lowest to its highest point."""
    answers = AnswerSet(
        name=name,
        lowest=fields.number("lowest"),
        highest=fields.number("highest"),
        whole=fields.flag("whole", True),
    )
    if answers.lowest >= answers.highest:
        fields.refuse(f"runs from {answers.lowest} to {answers.highest}", "`lowest` has to be below `highest`.")
    return answers


def parse_items(top: Fields, answers: Mapping[str, AnswerSet]) -> tuple[tuple[Item, ...], dict[str, dict[str, str]]]:
    """The items in order, and their texts by item and language."""
    items: list[Item] = []
    texts: dict[str, dict[str, str]] = {}
    for fields in top.each("items", "Item"):
        item = parse_item(fields, answers)
        if item.id in texts:
            fields.refuse(f"repeats the id `{item.id}`", "Give every item an id of its own.")
        inner = fields.inner("text", f"Text of item `{item.id}`", {})
        texts[item.id] = {language: inner.text(language) for language in inner.table}
        fields.finish()
        items.append(item)
    if not items:
        top.refuse("has no items", "Add at least one [[items]].")
    for at, item in enumerate(items):
        earlier = [one.id for one in items[:at]]
        if item.show_if and item.show_if.item not in earlier:
            top.refuse(
                f"shows item `{item.id}` by `{item.show_if.item}`, which does not come before it",
                f"Items before it: {listing(earlier)}.",
            )
    return tuple(items), texts


def parse_item(fields: Fields, answers: Mapping[str, AnswerSet]) -> Item:
    """One item, without its text."""
    return Item(
        id=fields.matching("id", NAME, '"q1": a small letter, then small letters, digits and underscores'),
        gist=fields.text("gist"),
        answers=fields.choice("answers", list(answers), PLAIN),
        reverse=fields.flag("reverse", False),
        safety=fields.flag("safety", False),
        facet=fields.text("facet", "") or None,
        show_if=parse_condition(fields),
        twin=fields.texts("twin", ()),
    )


def parse_condition(fields: Fields) -> Condition | None:
    """When the item is shown; None means always."""
    if "show_if" not in fields.table:
        fields.take("show_if", None)
        return None
    fields.matching("show_if", SHOW_IF, '"tension >= 1"')
    item, at_least = fields.text("show_if").split(" >= ")
    return Condition(item=item, at_least=float(at_least))


def parse_figures(top: Fields) -> tuple[Figure, ...]:
    """Published numbers, each with its source; only a verified one may drive a flag."""
    figures = []
    for fields in top.each("figures", "Figure"):
        figure = Figure(
            scale=fields.text("scale"),
            kind=fields.choice("kind", KINDS),
            value=fields.number("value"),
            status=fields.choice("status", STATUSES),
            source=fields.text("source"),
            label=fields.text("label", ""),
            population=fields.text("population", ""),
            drives_flag=fields.flag("drives_flag", False),
        )
        refuse_unverified_flag(fields, figure)
        figures.append(figure)
    return tuple(figures)


def parse_bands(top: Fields) -> tuple[Band, ...]:
    """Named stretches of a scale, each with its source; only a verified one may drive a flag."""
    bands = []
    for fields in top.each("bands", "Band"):
        band = Band(
            scale=fields.text("scale"),
            at_least=fields.number("at_least"),
            label=fields.text("label"),
            status=fields.choice("status", STATUSES),
            source=fields.text("source"),
            drives_flag=fields.flag("drives_flag", False),
        )
        refuse_unverified_flag(fields, band)
        bands.append(band)
    return tuple(bands)


def refuse_unverified_flag(fields: Fields, number: Figure | Band) -> None:
    """A number whose source nobody has read to the page drives nothing."""
    fields.finish()
    if number.drives_flag and number.status != "verified":
        fields.refuse(f"drives a flag with the status {number.status}", "Only a verified number may drive a flag.")


def parse_codes(top: Fields, *, known: list[str]) -> tuple[Code, ...]:
    """Codes of public terminologies, each with its source; LOINC codes pass the digit and the list."""
    codes = []
    for fields in top.each("codes", "Code"):
        code = Code(
            target=fields.choice("target", known),
            system=fields.text("system"),
            code=fields.text("code"),
            source=fields.text("source"),
        )
        fields.finish()
        problem = loinc_problem(code.code) if code.system == LOINC else None
        if problem:
            fields.refuse(problem, "Read it at its source and enter it in instruments/codes.py, or leave it out.")
        codes.append(code)
    return tuple(codes)


def parse_wordings(
    top: Fields, rights: Rights, *, texts: Mapping[str, Mapping[str, str]], answers: Mapping[str, AnswerSet]
) -> dict[str, Wording]:
    """The words by language: none where they may not ship, and in no language half of them."""
    tables = top.inner("wording", "Table `wording`", {})
    languages = sorted({language for text in texts.values() for language in text} | set(tables.table))
    if languages and not rights.text_may_ship:
        top.refuse("is structure-only and yet holds words", "Leave out every `text` and every `wording` table.")
    points = {name: one.points for name, one in answers.items()}
    wordings = {}
    for language in languages:
        lacking = [item for item, text in texts.items() if language not in text]
        if lacking:
            tables.refuse(f"lacks the text in {language} of: {listing(lacking)}", "Add it to the items.")
        words = {item: text[language] for item, text in texts.items()}
        inner = tables.inner(language, f"Table `wording.{language}`")
        wordings[language] = read_wording(inner, language=language, text=words, points=points)
        if rights.ship == "yes-nd" and "sha256" not in inner.table:
            inner.refuse("may not be altered and has no `sha256`", f"Record {wordings[language].sha256}.")
    return wordings


def refuse_what_is_not_earned(top: Fields, instrument: Instrument) -> None:
    """Project items have no norms, and are never called validated."""
    stray = [occasion for occasion in instrument.occasions if occasion not in OCCASIONS]
    if stray or not instrument.occasions:
        top.refuse(f"has the occasions {listing(stray)}", f"Known: {listing(OCCASIONS)}.")
    if not instrument.id.startswith(OWN):
        return
    if instrument.figures or instrument.bands:
        top.refuse("gives a norm, a figure or a band to project items", "Leave it out until the items are validated.")
    if instrument.validated:
        top.refuse("calls project items validated", "Set validated = false.")
