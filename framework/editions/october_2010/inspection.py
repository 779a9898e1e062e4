"""The lifecycle of an inspection in the edition of October 2010: its tables, brought together."""

from framework.editions.october_2010.headings import GRADE_MEANINGS, GRADES, HALVES, HEADINGS, OPENING
from framework.inspection import ladders, limit_days
from framework.inspection.duties import DUTIES
from framework.inspection.evolve import EFFECTS
from framework.inspection.guards.table import GUARDS
from framework.inspection.lifecycle import InspectionLifecycle
from framework.inspection.limits import LIMITS
from framework.inspection.outcomes.outcome import default_result
from framework.inspection.outcomes.table import RESULT_FACTORIES
from framework.inspection.steps import STEPS
from framework.report.tables import ReportTables

REPORT = ReportTables("2010-10", GRADES, GRADE_MEANINGS, OPENING, HALVES, HEADINGS)

INSPECTION = InspectionLifecycle(
    kind="inspection",
    title="inspection",
    steps=STEPS,
    guards=GUARDS,
    outcomes=RESULT_FACTORIES,
    default_outcome=default_result,
    effects=EFFECTS,
    limits=LIMITS,
    anchors=limit_days.ANCHORS,
    lapsed_by=limit_days.LAPSED_BY,
    never_late=limit_days.NEVER_LATE,
    ended=limit_days.ENDED,
    suspended=limit_days.SUSPENDED,
    ordinary_ladder=ladders.LADDER,
    ladders=ladders.LADDERS,
    reminded_after=ladders.REMINDED_AFTER,
    begins_with="notification",
    owed_before=frozenset({"deferral_answer"}),
    duties=DUTIES,
    overdue_after=ladders.OVERDUE_AFTER,
    report=REPORT,
)
"""An inspection of an authority under the framework of October 2010."""
