"""Grades (para 27) and the sections of the report in their order (para 49), in the edition of October 2010."""

from framework.report.headings import Half, Heading

GRADES: tuple[str, ...] = ("outstanding", "good", "adequate", "inadequate")
"""Best first (para 27)."""
GRADE_MEANINGS: dict[str, str] = {
    "outstanding": "Well above what services must provide. Practice is consistently strong, and children and young people are "
    "clearly the better for it.",
    "good": "More than services must provide. Practice is sound in nearly all that was seen; what is weak is known and "
    "acted upon.",
    "adequate": "What services must provide, and no more. Children are protected and cared for, but quality varies and has "
    "to improve.",
    "inadequate": "Less than services must provide. Children may go without the protection or care they need; change is "
    "needed at once.",
}
"""What each grade means, in our words, for the readers of a report."""

SAFEGUARDING, LOOKED_AFTER = "safeguarding", "looked_after"

OPENING: dict[str, str] = {"about": "About this inspection", "service": "Service information"}
"""The sections before the halves, which have no grade: key -> title."""

HALVES: tuple[Half, ...] = (
    Half(SAFEGUARDING, "Safeguarding", 23),
    Half(LOOKED_AFTER, "Services for looked after children", 25),
)

WITH_USERS = ("workforce development", "user engagement", "effective use of resources")
WITH_PARTNERS = ("workforce development", "partnerships", "effective use of resources")
PROVISION = (
    "service responsiveness",
    "quality of assessment and direct work with children and families",
    "quality of case planning, reviews and recording",
)
OVERALL = "Overall effectiveness including areas for development"
OUTCOMES = "looked_after.outcomes"

# The table is read as one, so its rows keep to one line each.
# fmt: off
HEADINGS: tuple[Heading, ...] = (
    Heading("safeguarding.overall_effectiveness",   "Overall effectiveness", SAFEGUARDING, schedule=OVERALL),
    Heading("safeguarding.capacity",                "Capacity for improvement", SAFEGUARDING, schedule="Capacity to improve"),
    Heading("safeguarding.areas_for_improvement",   "Areas for improvement", SAFEGUARDING, graded=False, in_schedule=False, lists_areas=True),
    Heading("safeguarding.ambition",                "Ambition and prioritisation", SAFEGUARDING),
    Heading("safeguarding.leadership",              "Leadership and management", SAFEGUARDING, taking_into_account=WITH_USERS),
    Heading("safeguarding.performance_management",  "Performance management and quality assurance", SAFEGUARDING),
    Heading("safeguarding.partnership_working",     "Partnership working", SAFEGUARDING),
    Heading("safeguarding.health_agencies",         "The contribution of health agencies to keeping children and young people safe", SAFEGUARDING),
    Heading("safeguarding.quality_of_provision",    "Quality of provision", SAFEGUARDING, taking_into_account=PROVISION),
    Heading("safeguarding.outcomes",                "Safeguarding outcomes for children and young people – children and young people are safe and feel safe", SAFEGUARDING),
    Heading("safeguarding.equality",                "Equality and diversity", SAFEGUARDING, in_schedule=False),

    Heading("looked_after.overall_effectiveness",   "Overall effectiveness", LOOKED_AFTER, schedule=OVERALL),
    Heading("looked_after.capacity",                "Capacity for improvement", LOOKED_AFTER, schedule="Capacity to improve"),
    Heading("looked_after.areas_for_improvement",   "Areas for improvement", LOOKED_AFTER, graded=False, in_schedule=False, lists_areas=True),
    Heading("looked_after.ambition",                "Ambition and prioritisation", LOOKED_AFTER),
    Heading("looked_after.leadership",              "Leadership and management", LOOKED_AFTER, taking_into_account=WITH_PARTNERS),
    Heading("looked_after.performance_management",  "Performance management and quality assurance", LOOKED_AFTER),
    Heading("looked_after.quality_of_provision",    "Quality of provision", LOOKED_AFTER, taking_into_account=PROVISION),
    Heading(OUTCOMES,                               "How good are outcomes for looked after children and care leavers?", LOOKED_AFTER, graded=False, schedule="Outcomes for looked after children and young people"),
    Heading("looked_after.being_healthy",           "Being healthy", LOOKED_AFTER, parent=OUTCOMES),
    Heading("looked_after.staying_safe",            "Staying safe", LOOKED_AFTER, parent=OUTCOMES),
    Heading("looked_after.enjoying_and_achieving",  "Enjoying and achieving", LOOKED_AFTER, parent=OUTCOMES),
    Heading("looked_after.positive_contribution",   "Making a positive contribution including user engagement", LOOKED_AFTER, parent=OUTCOMES),
    Heading("looked_after.economic_well_being",     "Economic well-being", LOOKED_AFTER, schedule="Achieving economic well-being", parent=OUTCOMES),
    Heading("looked_after.equality",                "Equality and diversity", LOOKED_AFTER, in_schedule=False),
)
# fmt: on
