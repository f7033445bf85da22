"""The scales of an instrument: which items, by which method, and what range follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from holdfast.instruments.fields import Fields, listing
from holdfast.instruments.model import AnswerSet, Band, Figure, Item, Scale

METHODS = ("sum", "mean", "count", "table")
KEY_STATUSES = ("verified", "secondary", "unverified")
DIRECTIONS = ("worse", "better", "neither")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How the items of a scale become its raw score."""

    method: str
    multiply: float
    threshold: float | None
    table: tuple[float, ...]


def parse_scales(
    top: Fields,
    *,
    items: Mapping[str, Item],
    answers: Mapping[str, AnswerSet],
    figures: Sequence[Figure],
    bands: Sequence[Band],
) -> tuple[Scale, ...]:
    """The scales in order; figures and bands of a scale that does not exist are refused."""
    scales: list[Scale] = []
    for fields in top.each("scales", "Scale"):
        scale = parse_scale(fields, items=items, answers=answers, figures=figures, bands=bands)
        taken = [*items, *(earlier.id for earlier in scales)]
        if scale.id in taken:
            fields.refuse(f"repeats the id `{scale.id}`", f"Taken: {listing(taken)}.")
        scales.append(scale)
    known = [scale.id for scale in scales]
    for name in [*(figure.scale for figure in figures), *(band.scale for band in bands)]:
        if name not in known:
            top.refuse(
                f"has a figure or band of the scale `{name}`, which does not exist",
                f"Known scales: {listing(known)}.",
            )
    return tuple(scales)


def parse_scale(
    fields: Fields,
    *,
    items: Mapping[str, Item],
    answers: Mapping[str, AnswerSet],
    figures: Sequence[Figure],
    bands: Sequence[Band],
) -> Scale:
    """One scale with its computed range."""
    name = fields.text("id")
    fields.place = f"Scale `{name}`"
    of = parse_members(fields, items)
    ranges = [answers[items[item].answers] for item in of]
    recipe = parse_recipe(fields, ranges)
    lowest, highest = scale_range(recipe, ranges)
    scale = Scale(
        id=name,
        items=of,
        method=recipe.method,
        multiply=recipe.multiply,
        higher_is=fields.choice("higher_is", DIRECTIONS),
        max_missing=parse_gaps(fields, recipe, len(of)),
        key_status=fields.choice("key_status", KEY_STATUSES),
        key_source=fields.text("key_source", ""),
        threshold=recipe.threshold,
        table=recipe.table,
        table_starts_at=sum(one.lowest for one in ranges),
        figures=tuple(figure for figure in figures if figure.scale == name),
        bands=tuple(band for band in bands if band.scale == name),
        lowest=lowest,
        highest=highest,
    )
    fields.finish()
    if scale.key_status == "secondary" and not scale.key_source:
        fields.refuse("has a secondary key without `key_source`", "Name where the key was read.")
    refuse_disorder(fields, scale)
    return scale


def parse_members(fields: Fields, items: Mapping[str, Item]) -> tuple[str, ...]:
    """The items of a scale; each has to exist, once."""
    of = fields.texts("items")
    unknown = [item for item in of if item not in items]
    if unknown:
        fields.refuse(f"names items that do not exist: {listing(unknown)}", f"Known items: {listing(items)}.")
    if not of or len(set(of)) < len(of):
        fields.refuse("names no item, or one twice", "Name each of its items once.")
    return of


def parse_recipe(fields: Fields, ranges: Sequence[AnswerSet]) -> Recipe:
    """The method with the numbers it needs; numbers that the method does not use are refused as unknown."""
    method = fields.choice("method", METHODS)
    multiply = fields.number("multiply", 1)
    if multiply <= 0:
        fields.refuse(f"multiplies by {multiply}", "`multiply` has to be above 0.")
    table = fields.numbers("table") if method == "table" else ()
    sums = sum(one.points - 1 for one in ranges) + 1
    if method == "table" and (len(table) != sums or not all(one.whole for one in ranges)):
        fields.refuse(f"has a table of {len(table)} values", f"It needs one for each of the {sums} whole sums.")
    return Recipe(
        method=method,
        multiply=multiply,
        threshold=fields.number("threshold") if method == "count" else None,
        table=table,
    )


def scale_range(recipe: Recipe, ranges: Sequence[AnswerSet]) -> tuple[float, float]:
    """The lowest and highest score that answers can give."""
    bottom, top = sum(one.lowest for one in ranges), sum(one.highest for one in ranges)
    if recipe.method == "mean":
        bottom, top = bottom / len(ranges), top / len(ranges)
    if recipe.method == "count":
        bottom, top = 0, len(ranges)
    if recipe.method == "table":
        bottom, top = min(recipe.table), max(recipe.table)
    return bottom * recipe.multiply, top * recipe.multiply


def parse_gaps(fields: Fields, recipe: Recipe, size: int) -> int | None:
    """How many gaps are allowed; counts and tables are never prorated."""
    if "max_missing" not in fields.table:
        fields.take("max_missing", None)
        return 0 if recipe.method in ("count", "table") else None
    gaps = fields.whole("max_missing")
    if not 0 <= gaps < size:
        fields.refuse(f"allows {gaps} of {size} items to be missing", f"`max_missing` runs from 0 to {size - 1}.")
    if gaps and recipe.method in ("count", "table"):
        fields.refuse(f"prorates a {recipe.method}", "Set max_missing = 0.")
    return gaps


def refuse_disorder(fields: Fields, scale: Scale) -> None:
    """Bands rise, and lie on the scale; so do cut-offs."""
    starts = [band.at_least for band in scale.bands]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        fields.refuse(f"has its bands out of order: {listing(starts)}", "List them from the lowest to the highest.")
    cutoffs = [figure.value for figure in scale.figures if figure.kind == "cutoff"]
    outside = [value for value in (*starts, *cutoffs) if not scale.lowest <= value <= scale.highest]
    if outside:
        fields.refuse(
            f"has a band or cut-off off its range: {listing(outside)}",
            f"The scale runs from {scale.lowest:g} to {scale.highest:g}.",
        )
