"""The named rules, as data: one line says what each compares, in which unit, and where it comes from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Unpack

from holdfast.alliance.rules.spec import Fall, FallKind, Provenance, Return, RuleParameters, RuleSpec, Unit
from holdfast.errors import MethodError

Z95 = 1.959963984540054
GUMZ = (
    "Gumz, Braehler, Geyer & Erices 2012, BMC Med Res Methodol 12:10: thresholds of 1 and 2 SD, the larger of own and "
    "sample variability, crises of several sessions (read in its discussion); the window and the return are ours"
)


def _drop(size: float, unit: Unit, *, strict: bool = False) -> Fall:
    """A fall from the rated session before."""
    return Fall(kind=FallKind.FROM_PREVIOUS, size=size, unit=unit, strict=strict)


def _below(size: float, unit: Unit, *, kind: FallKind = FallKind.BELOW_MEAN, strict: bool = False) -> Fall:
    """A rating below the client's own mean, or another line."""
    return Fall(kind=kind, size=size, unit=unit, strict=strict)


def _quarter(within: int, unit: Unit) -> Return:
    """Back to a quarter of a unit below the rating before the fall, within so many sessions; else no event."""
    return Return(tolerance=0.25, unit=unit, within=within, needed=True)


def _rule(name: str, *falls: Fall, provenance: Provenance, source: str, back: Return | None = None) -> RuleSpec:
    """A preset; without a return of its own, back is where it fell from, whenever that is."""
    return RuleSpec(name=name, falls=falls, back=back or Return(), provenance=provenance, source=source)


OWN, DIFFERENCES, LARGER = Unit.OWN_SD, Unit.POOLED_DIFFERENCE_SD, Unit.LARGER_SD
RELIABLE = _drop(Z95, Unit.DIFFERENCE_ERROR, strict=True)
RELIABLE_AS = "a drop beyond 1.96*sqrt(2)*SEM (Jacobson & Truax 1991); reliability .80 stands in for the scale's own"

_PRESETS = (
    _rule(
        "drop-own-sd", _drop(1, OWN), provenance=Provenance.OURS, source="Chen et al. 2018, Psychother Res 28:560-570"
    ),
    _rule("drop-own-2sd", _drop(2, OWN), provenance=Provenance.DESIGN, source="drop-own-sd with 2 SD"),
    _rule("below-own-mean", _below(1, OWN), provenance=Provenance.DESIGN, source="1 own SD below the own mean"),
    _rule("below-own-mean-2sd", _below(2, OWN), provenance=Provenance.DESIGN, source="2 own SD below the own mean"),
    _rule(
        "drop-and-below",
        _drop(1, OWN),
        _below(1, OWN),
        provenance=Provenance.DESIGN,
        source="drop-own-sd and below-own-mean",
    ),
    _rule(
        "drop-own-diff-sd",
        _drop(2, Unit.OWN_DIFFERENCE_SD),
        provenance=Provenance.DESIGN,
        source="a step of 2 SD of the own steps",
    ),
    _rule(
        "stiles-2004",
        _drop(2, DIFFERENCES),
        back=_quarter(4, OWN),
        provenance=Provenance.OURS,
        source="Stiles et al. 2004, J Consult Clin Psychol 72:81-92; 2 SD as told by Gumz et al. 2012",
    ),
    _rule(
        "stiles-2004-drop",
        _drop(2, DIFFERENCES),
        provenance=Provenance.OURS,
        source="stiles-2004 without asking for a return",
    ),
    _rule(
        "strauss-2006",
        _below(1, Unit.MEAN_SD, kind=FallKind.FROM_PEAK),
        back=Return(rise=True, needed=True),
        provenance=Provenance.OURS,
        source="Strauss et al. 2006, J Consult Clin Psychol 74:337-345; 1 SD as told by Gumz et al. 2012",
    ),
    _rule("gumz-2012-1sd", _drop(1, LARGER), back=_quarter(3, LARGER), provenance=Provenance.OURS, source=GUMZ),
    _rule("gumz-2012-2sd", _drop(2, LARGER), back=_quarter(3, LARGER), provenance=Provenance.OURS, source=GUMZ),
    _rule(
        "vshape",
        _drop(1, OWN),
        back=_quarter(3, OWN),
        provenance=Provenance.DESIGN,
        source="drop-own-sd and back to a quarter of an own SD below within three sessions",
    ),
    _rule(
        "ichart-3",
        _below(3, Unit.MOVING_RANGE, strict=True),
        provenance=Provenance.METHOD,
        source="individuals chart, 3 sigma (Shewhart; Wetherill & Brown 1991)",
    ),
    _rule(
        "ichart-2",
        _below(2, Unit.MOVING_RANGE, strict=True),
        provenance=Provenance.METHOD,
        source="individuals chart, 2 sigma (Shewhart; Wetherill & Brown 1991)",
    ),
    _rule(
        "tukey",
        _below(1.5, Unit.QUARTILE_RANGE, kind=FallKind.BELOW_QUARTILE, strict=True),
        provenance=Provenance.METHOD,
        source="Tukey 1977: below Q1 - 1.5 IQR",
    ),
    _rule(
        "sudden-loss",
        Fall(kind=FallKind.LASTING),
        _drop(1, OWN),
        provenance=Provenance.METHOD,
        source="Tang & DeRubeis 1999, criterion 3 turned round (critical value of Lutz et al. 2013), and drop-own-sd",
    ),
)


def _reliable(name: str, source: str) -> RuleSpec:
    """A reliable-drop rule; the reliability has to be the scale's own."""
    return RuleSpec(name=name, falls=(RELIABLE,), provenance=Provenance.OURS, source=source, reliability=0.8)


PRESETS: Mapping[str, RuleSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            *_PRESETS,
            RuleSpec(
                name="reliable-drop",
                falls=(RELIABLE,),
                provenance=Provenance.METHOD,
                source=RELIABLE_AS,
                reliability=0.8,
            ),
            _reliable(
                "mclaughlin-2014",
                "McLaughlin et al. 2014, J Consult Clin Psychol 82:112-121; basis: reliable-drop",
            ),
            _reliable(
                "larsson-2018",
                "Larsson et al. 2018, Psychother Res 28:123-136; basis: reliable-drop",
            ),
            RuleSpec(
                name="pcoms-drop-1",
                falls=(_drop(1, Unit.POINTS),),
                provenance=Provenance.OURS,
                source="the PCOMS habit: a fall of one point on the Session Rating Scale prompts a conversation",
                scale=(0.0, 40.0),
            ),
            RuleSpec(
                name="srs-level-36",
                falls=(_below(36, Unit.POINTS, kind=FallKind.BELOW_LEVEL),),
                back=Return(unit=Unit.POINTS),
                provenance=Provenance.PUBLISHED,
                source="Duncan et al. 2003: a total of 36 or below on the Session Rating Scale",
                scale=(0.0, 40.0),
            ),
        )
    }
)
"""Every preset by its name, in the order of the manual."""


def find_rule(rule: str | RuleSpec, **parameters: Unpack[RuleParameters]) -> RuleSpec:
    """A preset by its name, or a rule of one's own, with settings changed.

    Raises MethodError for a name that is no preset and for settings out of range.
    """
    if isinstance(rule, str):
        if rule not in PRESETS:
            raise MethodError("No rule is called {rule}. The rules are {known}.", rule=rule, known=", ".join(PRESETS))
        rule = PRESETS[rule]
    return rule.with_parameters(**parameters) if parameters else rule


def list_rules() -> tuple[RuleSpec, ...]:
    """Every preset, in the order of the manual."""
    return tuple(PRESETS.values())
