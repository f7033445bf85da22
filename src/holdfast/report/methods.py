"""What came in, how it was looked at, and where the limits are; in plain words."""

from holdfast.report.model import AllianceStudy, CaseloadReport, Intake, Omission, OutcomeStudy
from holdfast.report.words import count, grouped, number, percent, safe

SHOWN = 200  # entries left out that are listed one by one


def came_in(report: CaseloadReport) -> str:
    """The input: rows, what was used, what was left out and why."""
    intake = report.intake
    left = len(intake.left_out)
    rows = f"{grouped(intake.used)} of {count(intake.rows, 'row')} of {intake.source} gave at least one number."
    notes = "".join(f"<li>{safe(note)}</li>" for note in intake.notes)
    return (
        '<section aria-labelledby="came-in"><h2 id="came-in">What came in</h2>'
        f"<p>{safe(rows)} {safe(_columns(report))}</p>{f'<ul>{notes}</ul>' if notes else ''}"
        f"{_left_out(intake) if left else _nothing(intake)}</section>"
    )


def _nothing(intake: Intake) -> str:
    """Said only when it is so."""
    return "<p>Nothing was left out.</p>" if intake.used == intake.rows else ""


def _columns(report: CaseloadReport) -> str:
    """Which columns were read as what."""
    said = [f"{study.name} from the column {study.column}" for study in (report.alliance, report.outcome) if study]
    return f"Read: {'; '.join(said)}." if said else ""


def _left_out(intake: Intake) -> str:
    """Every entry that was not used, by row; very many are listed up to a point, the rest counted."""
    shown = intake.left_out[:SHOWN]
    more = len(intake.left_out) - len(shown)
    items = "".join(f"<li>{safe(_omission(each))}</li>" for each in shown)
    rest = f"<p>And {count(more, 'more entry', 'more entries')}.</p>" if more else ""
    are = "was" if len(intake.left_out) == 1 else "were"
    return (
        f"<p>{count(len(intake.left_out), 'entry', 'entries')} {are} left out:</p>"
        f'<ul class="left-out">{items}</ul>{rest}'
    )


def _omission(each: Omission) -> str:
    where = f"Row {grouped(each.row)}, {each.column}" if each.column else f"Row {grouped(each.row)}"
    return f"{where}: {each.reason}"


def methods(report: CaseloadReport) -> str:
    """How the numbers were made and what they cannot say."""
    alliance = _alliance(report.alliance) + _together(report) if report.alliance else ""
    outcome = _outcome(report.outcome) if report.outcome else ""
    if report.outcome and not report.alliance:
        outcome += _expected_outcome(report.outcome)
    doubts = [*report.doubts]
    doubts += report.alliance.doubts if report.alliance and not report.trust else ()
    doubts += report.outcome.doubts if report.outcome else ()
    limits = "".join(f"<li>{safe(doubt)}</li>" for doubt in dict.fromkeys(doubts))
    doubtful = f"<h3>Doubts about this file</h3><ul>{limits}</ul>" if limits else ""
    return (
        '<section aria-labelledby="methods"><h2 id="methods">How this was made, and its limits</h2>'
        f"{alliance}{outcome}{doubtful}{_general(report)}</section>"
    )


def _alliance(study: AllianceStudy) -> str:
    """The detector, its settings and its stated rates."""
    rule = study.rule
    prior = "" if study.calibrated else "Uncalibrated: no archive stands behind the first ranges. "
    said = (
        f"Every rating of the {study.name} (from {number(study.low)} to {number(study.high)}, higher is better) is "
        "compared with what the earlier ratings of the same client lead one to expect. The method is "
        f"{study.method}: a level that may drift, a spread learnt from the client, extreme ratings weighted down.",
        f"A rating is lower than expected when one as low comes up by chance less than {percent(rule.alpha)} of the "
        f"time. A slide is signalled when several ratings in a row add up to more than chance gives once in "
        f"{number(rule.run_length, places=0)} sessions. Both from the {_ordinal(rule.first_alarm)} rated session on. "
        f"The chance figure on the first page is the sum of the two rates over all monitored sessions.",
        "The first signal opens a rupture episode; later ones belong to it while it is open, so chance alone opens at "
        "most as many episodes as it gives signals.",
        "An episode counts as repaired in the ratings when, within "
        f"{count(rule.window, 'rated session')}, the level is back near where it was before "
        f"(with a probability of {percent(rule.repair_probability)}). A low rating is usually followed by a higher one "
        "by chance; the part to expect is given beside each return.",
        f"{prior}What is expected of a first session comes from {study.prior_source}.",
    )
    return f"<h3>{safe(_title(study.name))}</h3>{''.join(f'<p>{safe(sentence)}</p>' for sentence in said)}"


def _together(report: CaseloadReport) -> str:
    """How several sources are heard together; nothing where only the client's rating is there."""
    if not (report.trust and report.trust.pooled):
        return ""
    said = (
        "More than the client's rating was given, so everything said in a session is heard together: the tails of all "
        "ratings, guesses and reports are pooled, and the pooled tail is compared with the stated rate. A slide may be "
        "in the ratings of either side. Two views lie far apart when their departures from what was expected differ by "
        "more than chance gives. Episodes are followed in the client's ratings."
    )
    return f"<p>{safe(said)}</p>"


def _outcome(study: OutcomeStudy) -> str:
    """Reliable change, with the SD and reliability it rests on."""
    if study.reliable_points is None:
        said = [
            f"The {study.name} is shown as it was scored. No reliability was given, so no change is called reliable."
        ]
    else:
        said = [
            f"A change in {study.name} from the first to the last score is reliable when it is larger than "
            f"{number(study.reliable_points)} points: 1.96 standard errors of a difference between two scores "
            f"(Jacobson and Truax 1991), from {_basis(study)}. Higher is {study.higher_is}.",
            "If nobody had changed, 1 client in 20 would still be called changed, half of them in each direction.",
        ]
    if study.cutoff is not None:
        said.append(f"The cut-off between the clinical and the functional range is {number(study.cutoff)}, as given.")
    return f"<h3>{safe(_title(study.name))}</h3>{''.join(f'<p>{safe(sentence)}</p>' for sentence in said)}"


def _expected_outcome(study: OutcomeStudy) -> str:
    """What the shaded range is in a report without an alliance; it names no ruptures."""
    said = (
        f"Without a rated alliance no ruptures are named. The shaded range is where a client's own earlier scores lead "
        f"one to expect the next {study.name}, by a level that may drift and a spread learnt from the client; about 96 "
        "of 100 scores lie in it while nothing changes. A score outside it is a large change, in either direction."
    )
    return f"<p>{safe(said)}</p>"


def _basis(study: OutcomeStudy) -> str:
    """The SD and the reliability, and where they come from."""
    parts = []
    for name, value, source in (
        ("a standard deviation", study.sd, study.sd_source),
        ("a reliability", study.reliability, study.reliability_source),
    ):
        if value is not None:
            parts.append(f"{name} of {number(value, places=3)}{f' ({source})' if source else ''}")
    return " and ".join(parts) or "the standard error given"


def _general(report: CaseloadReport) -> str:
    """The limits that hold for every report."""
    said = []
    if report.alliance:
        said += [
            "A rupture found in scores is an unusual drop in a rating, not an observed rupture. Clients say less "
            "than they feel, and many ratings stand at the top of the scale. A direct question tells more.",
            "In simulation, at a false-alarm rate of 2 %, a dip of twice the usual spread in one session is seen "
            "about one time in three, of three times the spread about six times in ten. No signal is no green light.",
            "Across 11 studies, repaired ruptures go with better outcome (r = .29, interval .10 to .47; Eubanks, Muran "
            "and Safran 2018). Training therapists in repair has not been shown to help (r = .11, interval "
            "-.09 to .30).",
        ]
    if report.alliance and report.outcome:
        said.append(
            "Across 295 studies the alliance and the outcome go together (r = .278, interval .256 to .299; Flückiger "
            "and others 2018): 7.7 % of the variance, and a correlation, not an effect."
        )
    if report.simulated:
        said.append("These data are simulated. They show what the report looks like, and nothing about therapy.")
    said.append("The report was made on this machine from the file named above; it asks nothing of any network.")
    return f"<h3>In general</h3><ul>{''.join(f'<li>{safe(sentence)}</li>' for sentence in said)}</ul>"


def _ordinal(place: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(place, f"{place}th")


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
