"""What a published rule is made of: what counts as a fall, in which unit, and what counts as the way back."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypedDict, TypeVar, Unpack

from holdfast.errors import MethodError


class FallKind(StrEnum):
    """What a rating is compared with. from-previous: the rated session before; from-peak: the highest rating since the
    last return; below-mean, below-quartile: the client's own mean or lower quartile over all sessions; below-level: a
    fixed score; lasting: three sessions before against three from here on (Tang & DeRubeis, criterion 3)."""

    FROM_PREVIOUS = "from-previous"
    FROM_PEAK = "from-peak"
    BELOW_MEAN = "below-mean"
    BELOW_QUARTILE = "below-quartile"
    BELOW_LEVEL = "below-level"
    LASTING = "lasting"


class Unit(StrEnum):
    """In what the size of a fall is measured. own: of this client over all sessions; pooled: within clients, over the
    sample; larger: whichever of own and pooled is larger; mean: the mean of the clients' own SDs; difference: of steps
    from session to session; moving-range: mean absolute step/1.128379; quartile-range: Q3 - Q1 (type 7);
    difference-error: SD*sqrt(2*(1 - reliability)), SD as given or of all ratings of the sample."""

    POINTS = "points"
    OWN_SD = "own-sd"
    POOLED_SD = "pooled-sd"
    LARGER_SD = "larger-sd"
    MEAN_SD = "mean-sd"
    OWN_DIFFERENCE_SD = "own-difference-sd"
    POOLED_DIFFERENCE_SD = "pooled-difference-sd"
    MOVING_RANGE = "moving-range"
    QUARTILE_RANGE = "quartile-range"
    DIFFERENCE_ERROR = "difference-error"


IN_POINTS = frozenset({Unit.POINTS, Unit.DIFFERENCE_ERROR})
OF_THE_SAMPLE = frozenset(
    {Unit.POOLED_SD, Unit.LARGER_SD, Unit.MEAN_SD, Unit.POOLED_DIFFERENCE_SD, Unit.DIFFERENCE_ERROR}
)


class Provenance(StrEnum):
    """How far the wording of a rule is known: as published; a published method that we use for ruptures; our reading of
    a study whose wording we have not seen; our own design."""

    PUBLISHED = "published"
    METHOD = "published method, our use of it"
    OURS = "our reading of"
    DESIGN = "our design"


Word = TypeVar("Word", bound=StrEnum)


def _known(words: type[Word], word: str, what: str) -> Word:
    """The member behind a word. Raises MethodError for a word that is none."""
    try:
        return words(word)
    except ValueError:
        raise MethodError(
            "{word} is no {what}. It is one of {known}.", word=word, what=what, known=", ".join(words)
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """One condition on a session: its rating lies `size` units below (strict: more than that) what kind names.

    For below-level, size is the score itself. lasting has no size. Words stand for kind and unit as well.
    Raises MethodError for a word that is none.
    """

    kind: FallKind
    size: float = 0.0
    unit: Unit = Unit.OWN_SD
    strict: bool = False

    def __post_init__(self) -> None:
        """Take words for kinds and units."""
        object.__setattr__(self, "kind", _known(FallKind, self.kind, "kind of fall"))
        object.__setattr__(self, "unit", _known(Unit, self.unit, "unit"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """When a rating is back. tolerance: units below what it fell from that still count as back; rise: back is a rise
    from the lowest rating as large as the fall asked for, instead; within: in how many rated sessions (None: any);
    needed: whether a fall without a return is no event of this rule."""

    tolerance: float = 0.0
    unit: Unit = Unit.OWN_SD
    rise: bool = False
    within: int | None = None
    needed: bool = False

    def __post_init__(self) -> None:
        """Take a word for the unit."""
        object.__setattr__(self, "unit", _known(Unit, self.unit, "unit"))


class RuleParameters(TypedDict, total=False):
    """What can be changed in a preset. size and unit change the falls (level: the score), tolerance, within, rise and
    needed the return; sd and reliability are those of the scale, for the unit difference-error."""

    size: float
    unit: Unit
    tolerance: float
    within: int | None
    rise: bool
    needed: bool
    sd: float
    reliability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """One rule: every one of `falls` has to hold; `back` says when it is over.

    source: where it comes from; provenance: how far its wording is known; scale: the range it was made for, if one.
    """

    name: str
    falls: tuple[Fall, ...]
    back: Return = field(default_factory=Return)
    provenance: Provenance
    source: str
    sd: float | None = None
    reliability: float | None = None
    scale: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse settings with which the words above would not be true."""
        bounds = (
            ("falls", bool(self.falls), "one condition or more"),
            ("size", all(fall.size >= 0.0 for fall in self.falls), "0 or more"),
            ("tolerance", self.back.tolerance >= 0.0, "0 or more"),
            ("within", self.back.within is None or self.back.within >= 1, "1 or more, or None"),
            ("sd", self.sd is None or self.sd > 0.0, "above 0"),
            ("reliability", self.reliability is None or 0.0 <= self.reliability < 1.0, "at least 0 and below 1"),
        )
        for name, fits, wanted in bounds:
            if not fits:
                raise MethodError(
                    "{rule} cannot have this {name}. It is {wanted}.", rule=self.name, name=name, wanted=wanted
                )
        if Unit.DIFFERENCE_ERROR in self.units and self.reliability is None:
            raise MethodError("{rule} needs the reliability of the scale. Give one, below 1.", rule=self.name)
        if self.peak and len(self.falls) > 1:
            raise MethodError("{rule} joins a fall from the peak with others. It stands alone.", rule=self.name)

    @property
    def units(self) -> frozenset[Unit]:
        """Every unit that its sizes are measured in."""
        back = () if self.back.rise else (self.back.unit,)
        sized = (fall.unit for fall in self.falls if fall.kind not in (FallKind.BELOW_LEVEL, FallKind.LASTING))
        return frozenset((*sized, *back))

    @property
    def peak(self) -> bool:
        """Whether the fall is counted from the highest rating so far."""
        return any(fall.kind is FallKind.FROM_PEAK for fall in self.falls)

    @property
    def retrospective(self) -> bool:
        """Whether a flag can depend on sessions after it: own SD and mean over all sessions, or a return asked for."""
        online = {FallKind.FROM_PREVIOUS, FallKind.FROM_PEAK, FallKind.BELOW_LEVEL}
        later = any(fall.kind not in online for fall in self.falls) or self.back.needed
        return later or any(fall.unit not in IN_POINTS for fall in self.falls if fall.kind is not FallKind.BELOW_LEVEL)

    def with_parameters(self, **parameters: Unpack[RuleParameters]) -> "RuleSpec":
        """The same rule with other settings. Raises MethodError for one that it does not have."""
        unknown = sorted(set(parameters) - set(RuleParameters.__annotations__))
        if unknown:
            raise MethodError(
                "{rule} has no setting {unknown}. The settings are {known}.",
                rule=self.name,
                unknown=", ".join(unknown),
                known=", ".join(RuleParameters.__annotations__),
            )
        told = dict(parameters)
        of_falls = {key: told[key] for key in ("size", "unit") if key in told}
        of_back = {key: told[key] for key in ("tolerance", "within", "rise", "needed") if key in told}
        of_rule = {key: told[key] for key in ("sd", "reliability") if key in told}
        falls = tuple(fall if fall.kind is FallKind.LASTING else replace(fall, **of_falls) for fall in self.falls)  # type: ignore[arg-type]
        return replace(self, falls=falls, back=replace(self.back, **of_back), **of_rule)  # type: ignore[arg-type]
