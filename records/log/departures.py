"""Conditions that find departures from the rules: overrides, and changes of grades after the draft report was sent."""

from sqlalchemy import ColumnElement, exists, or_, select, tuple_

from framework.editions.october_2010.headings import GRADES
from framework.inspection.event_kinds import CONDITIONAL_OVERRIDE, OVERRIDE_KINDS
from records.tables.inspections import EVENTS

_GRADED, _SENT, _NOT_SERVED = "heading_graded", "draft_sent", "draft_not_served"


def overrides() -> ColumnElement[bool]:
    """Matches each event by which a named person departed from a rule: a gate overridden (by a step or in the order), a limit
    waived, or a connection allowed that para 62 bars."""
    kinds = EVENTS.c.kind.in_((*OVERRIDE_KINDS, CONDITIONAL_OVERRIDE))
    # The data is canonical JSON, in which a quotation mark inside a text is escaped: no text can hold this pattern.
    is_override = EVENTS.c.data.contains('"override":true')
    return kinds & or_(EVENTS.c.kind != CONDITIONAL_OVERRIDE, is_override)


def grades_after_draft(inspection: str | None) -> ColumnElement[bool]:
    """Matches each event that gave a heading another grade after the draft report had been sent (paras 50, 51).

    A heading whose text alone changed is left out, and so is what was graded after the letter with the draft turned out not to
    have arrived, until the draft was sent anew."""
    sent, graded, between = EVENTS.alias("sent"), EVENTS.alias("graded"), EVENTS.alias("between")
    taken_back = exists(
        select(between.c.number).where(
            between.c.inspection_id == graded.c.inspection_id,
            between.c.kind == _NOT_SERVED,
            between.c.number > sent.c.number,
            between.c.number < graded.c.number,
        )
    )
    # The drafts drive the query: there is one of an inspection, beside some thirty events of grading.
    later = (graded.c.inspection_id == sent.c.inspection_id) & (graded.c.number > sent.c.number)
    rows = (
        select(graded.c.inspection_id, graded.c.number)
        .select_from(sent.join(graded, later & (graded.c.kind == _GRADED)))
        .where(sent.c.kind == _SENT, ~taken_back)
    )
    if inspection is not None:
        rows = rows.where(sent.c.inspection_id == inspection)
    return tuple_(EVENTS.c.inspection_id, EVENTS.c.number).in_(rows) & ~_same_grade()


def _same_grade() -> ColumnElement[bool]:
    """Matches events whose data names one grade twice: as the new one, and under `before` as the one that it replaced."""
    return or_(*(EVENTS.c.data.like(f'%"grade":"{grade}"%"grade":"{grade}"%') for grade in GRADES))
