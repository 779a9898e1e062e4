"""The table of letters: the title of each, its paragraph, its recipients and its attachments.

The wording is in `templates/letters/`; the step that sends a letter is in `framework.inspection.steps`. Recipients follow
paras 8, 32, 41, 50 to 52 and 60. A kind with an empty `to` goes to persons: a reminder to those who owe a limit, an
assignment to a member of the team.
"""

from dataclasses import dataclass

from framework.common.errors import BadInput
from framework.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class LetterRule:
    """One kind of letter."""

    kind: str
    title: str
    """Its name on screens and in lists."""
    paragraph: int | None
    """The paragraph that requires it; None if it follows from another letter or from a date that moved."""
    to: tuple[Role, ...]
    cc: tuple[Role, ...] = ()
    attachments: tuple[str, ...] = ()
    """Kinds of document (see `documents`) that go with it, in this order."""
    invitation: bool = False
    """Whether a calendar entry goes with it: an invitation where its facts name a meeting, a withdrawal where they name a
    withdrawn one."""
    to_all_told: bool = False
    """Whether copies go to every person who had an earlier letter of the inspection (reminders do not count)."""
    to_formerly_invited: bool = False
    """Whether it goes to those whose calendar holds the meeting and who are no longer invited; with none of them it is not sent."""
    signed_by: Role = Role.COORDINATOR
    """Who signs it, and answers questions about it."""
    starts_clock: bool = False
    """Whether its acceptance for delivery is day 0 of the time limits (para 8)."""
    in_the_morning: bool = False
    """Whether it waits for 09:00 London of a working day: it reports what the system recorded by itself at midnight."""


DCS, LINK, LEAD, CQC = Role.DCS, Role.LINK_OFFICER, Role.LEAD_INSPECTOR, Role.CQC_INSPECTOR
PCT, QA, MANAGER = Role.PCT_CHIEF_EXECUTIVE, Role.QUALITY_ASSURANCE_MANAGER, Role.MANAGER
SET_UP = (DCS, LINK, LEAD, CQC)
TOLD_OF_DATES = (LINK, LEAD)
TOLD_BEFORE = (LINK, LEAD, CQC)
TOLD_OF_REPORT = (Role.LEAD_MEMBER, Role.LSCB_CHAIR, Role.CHIEF_EXECUTIVE)

# The table is read as one, so its rows keep to one line each.
# fmt: off
LETTERS: tuple[LetterRule, ...] = (
    #          kind                         title                                   para  to            cc              with it
    LetterRule("announcement",              "Announcement of the inspection",       8,    (DCS,),       (LINK,),        ("announcement",), starts_clock=True),
    LetterRule("notification_failed",       "Notification did not arrive",          8,    (LINK, LEAD), (CQC,),        (), invitation=True, to_all_told=True),
    LetterRule("set_up_invitation",         "Invitation to the set-up meeting",     32,   SET_UP,       (),             ("agenda",), invitation=True, signed_by=LEAD),
    LetterRule("invitation_withdrawn",      "Withdrawal of an invitation",          32,   (), invitation=True, to_formerly_invited=True, signed_by=LEAD),
    LetterRule("meeting_note",              "Note of the set-up meeting",           33,   SET_UP,       (),             ("indicative_timetable",), signed_by=LEAD),
    LetterRule("first_cases",               "First cases chosen",                   41,   (DCS, LINK),  (),             ("first_cases_list",), signed_by=LEAD),
    LetterRule("reminder",                  "Reminder",                             None, ()),
    LetterRule("changed_dates",             "Changed dates",                        None, (DCS,),       TOLD_OF_DATES,  (), invitation=True),
    LetterRule("lead_changed",              "Another lead inspector",               68,   (DCS, LINK), signed_by=LEAD),
    LetterRule("oral_feedback",             "Oral feedback given",                  55,   (DCS,), signed_by=LEAD),
    LetterRule("draft_report",              "Draft report for factual accuracy",    50,   (DCS,),       (PCT,),         ("draft_report", "comments_form"), signed_by=LEAD),
    LetterRule("comments_received",         "Comments received",                    51,   (DCS,), signed_by=LEAD),
    LetterRule("comments_returned_without", "Draft returned without comments",      51,   (DCS,), signed_by=LEAD),
    LetterRule("comments_none_received",    "No comments received",                 51,   (DCS,), signed_by=LEAD, in_the_morning=True),
    LetterRule("late_comments",             "Comments received late",               51,   (DCS,), signed_by=LEAD),
    LetterRule("final_report",              "Final report",                         52,   (DCS,),       TOLD_OF_REPORT, ("final_report", "comments_table"), signed_by=LEAD),
    LetterRule("publication",               "Publication of the report",            53,   (DCS,),       TOLD_OF_REPORT),
    LetterRule("evaluation_request",        "Request to evaluate the inspection",   60,   (DCS, LINK)),
    LetterRule("window_closed",             "Time for complaints over",             65,   (DCS,), in_the_morning=True),
    LetterRule("deferral_granted",          "Deferral granted",                     9,    (DCS,),       TOLD_BEFORE,    (), invitation=True, to_all_told=True),
    LetterRule("deferral_refused",          "Deferral refused",                     9,    (DCS,)),
    LetterRule("resumption",                "Inspection resumed",                   8,    (DCS,),       TOLD_BEFORE,    ("announcement",), starts_clock=True, to_all_told=True),
    LetterRule("cancellation",              "Inspection cancelled",                 65,   (DCS,),       TOLD_BEFORE,    (), invitation=True, to_all_told=True),
    LetterRule("assignment",                "Assignment to the team",               62,   (), invitation=True),
    LetterRule("report_waiting",            "Report waits for approval",            61,   (QA,)),
    LetterRule("report_returned",           "Report came back",                     61,   (LEAD,)),
    LetterRule("decision_waiting",          "A decision waits",                     None, (MANAGER,)),
    LetterRule("correction",                "Correction of an earlier letter",      None, (DCS,),       TOLD_OF_DATES),
)
# fmt: on

WITHDRAWN = "withdrawn"
"""The fact that names a meeting whose invitation a letter withdraws."""
_BY_KIND = {rule.kind: rule for rule in LETTERS}
START_CLOCKS: tuple[str, ...] = tuple(rule.kind for rule in LETTERS if rule.starts_clock)
"""The kinds whose acceptance for delivery is day 0."""
INTERNAL: tuple[str, ...] = ("assignment", "report_waiting", "report_returned", "decision_waiting")
"""The kinds that only the inspectorate's own people receive. No step is refused because one of them finds no address."""
INVITE_COMPLAINTS: tuple[str, ...] = ("late_comments", "final_report", "publication", "cancellation")
"""The kinds that say how to complain, and so where to (paras 64 to 67)."""


def letter(kind: str) -> LetterRule:
    """Returns the rule for one kind of letter. Raises `BadInput` for a kind that is not in the table."""
    try:
        return _BY_KIND[kind]
    except KeyError:
        raise BadInput(f"there is no letter «{kind}»; the kinds are {', '.join(_BY_KIND)}") from None


MEETS_LIMIT: dict[str, str] = {
    "first_cases": "first_cases_choice",
    "draft_report": "draft_report",
    "final_report": "final_report",
    "publication": "publication",
    "deferral_granted": "deferral_answer",
    "deferral_refused": "deferral_answer",
}
"""Kind of letter -> the limit that is met by sending it: the last day on which the letter may go."""
