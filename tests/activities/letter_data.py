"""Builders of letter and document data: made-up people in a real authority, days that fit together."""

from typing import Any

from framework.correspondence.letters import INVITE_COMPLAINTS
from framework.editions.registry import edition
from framework.vocabulary.roles import TITLES, Role

NAMES = {
    Role.COORDINATOR: "Carol Marsh",
    Role.MANAGER: "Miriam Oduya",
    Role.LEAD_INSPECTOR: "Lena Hartley",
    Role.CQC_INSPECTOR: "Chidi Quill",
    Role.QUALITY_ASSURANCE_MANAGER: "Quentin Lindley",
    Role.DCS: "Dr Dorothea Caine",
    Role.LINK_OFFICER: "Liam Okonjo",
    Role.CHIEF_EXECUTIVE: "Charles Eden",
    Role.LEAD_MEMBER: "Councillor Maya Lister",
    Role.LSCB_CHAIR: "Bridget Sloane",
    Role.PCT_CHIEF_EXECUTIVE: "Peter Tranter",
}
DATES: dict[str, str | None] = {
    "notification": "2010-11-03",
    "case_lists": "2010-11-05",
    "documents": "2010-11-09",
    "survey_invitations": "2010-11-09",
    "first_cases_choice": "2010-11-09",
    "set_up_meeting": "2010-11-09",
    "fieldwork_starts": "2010-11-17",
    "fieldwork_agreed": "2010-11-15",
    "case_audits": "2010-11-15",
    "inspection_ends": "2010-11-26",
    "oral_feedback": "2010-11-26",
    "draft_report": "2010-12-10",
    "factual_comments": "2010-12-17",
    "final_report": "2010-12-24",
    "publication": "2011-01-05",
    "complaints_close": "2011-02-04",
    "evaluation": "2011-01-19",
    "deferral_answer": None,
    "risk_confirmation": None,
    "complaint_answer": None,
}
MEETING = {"day": "2010-11-09", "time": "10:00", "place": "Council House, room 2", "sequence": 0}
MOVED = [
    {"limit": "draft_report", "title": "Draft report to the Director of Children's Services", "from": "2011-05-03", "to": "2011-05-04"},
    {"limit": "publication", "title": "Publication of the report", "from": "2011-05-24", "to": "2011-05-25"},
]  # fmt: skip
COMPLAINTS_TO = "Complaints, 1 Example Street, Example, or complaints@office.example"
REASON = "A bank holiday was proclaimed for Friday 29 April 2011."
FACTS: dict[str, dict[str, Any]] = {
    "announcement": {"set_up_meeting": MEETING, "team": ["Lena Hartley", "Ian Ashby", "Nora Bell", "Chidi Quill"]},
    "set_up_invitation": {"meeting": MEETING},
    "invitation_withdrawn": {"withdrawn": {**MEETING, "sequence": 1, "invited": [], "people": {}}},
    "meeting_note": {"fieldwork": "2010-11-15"},
    "first_cases": {"replaces": None},
    "reminder": {
        "owed": [
            {
                "limit": "case_lists",
                "step": "receive_case_lists",
                "title": "Lists of cases",
                "due": "2010-11-05",
                "rung": -1,
                "days_late": 0,
            }
        ]
    },
    "assignment": {
        "what": "assigned",
        "role": "inspector",
        "lead": "Lena Hartley",
        "first": "2010-11-15",
        "last": "2010-11-26",
        "agreed": True,
        "changed": [],
    },
    "report_waiting": {"report": "draft"},
    "report_returned": {"report": "final", "because": "quality_assurance"},
    "decision_waiting": {"what": "deferral", "asked_by": "dcs"},
    "changed_dates": {"moved": MOVED},
    "comments_received": {"count": 3, "earlier": 0},
    "late_comments": {"after": "finalising", "earlier": 0},
    "publication": {
        "link": "https://reports.example/SLAC-2010-001-final-report.pdf",
        "file": "SLAC-2010-001-final-report.pdf",
    },
    "deferral_granted": {"decided_by": "Miriam Oduya", "grounds": "other", "by_rule": False},
    "deferral_refused": {"decided_by": "Miriam Oduya", "grounds": "other", "by_rule": False},
    "resumption": {"fieldwork": "2010-11-15"},
    "cancellation": {"decided_by": "Miriam Oduya", "complaints_until": "2010-12-18"},
    "correction": {"moved": MOVED, "event": "the day the inspection ended", "was": "2011-04-13", "now": "2011-04-14"},
}
FIRST_CASES = {
    "safeguarding": [f"BHM-{n:04d}" for n in range(101, 105)],
    "looked_after": [f"BHM-{n:04d}" for n in range(105, 109)],
}
TEXTS: dict[str, dict[str, Any]] = {
    "meeting_note": {
        "attendees": "Dr Dorothea Caine, Liam Okonjo, Lena Hartley, Chidi Quill",
        "decisions": "Fieldwork begins on 15 November.\n\n- Liam Okonjo books rooms by Friday.\n- Lena Hartley sends the\n  list of interviews.",
    },
    "oral_feedback": {"headings": "- Referrals are dealt with quickly.\n- Care plans are not always clear.\n- Partners work well together."},
    "changed_dates": {"reason": REASON},
    "deferral_granted": {"reason": "Floods closed the offices in which inspectors would work."},
    "report_returned": {"reason": "The grade of one section does not follow from what was found."},
    "decision_waiting": {"reason": "A fire has closed the offices in which the files are kept."},
    "deferral_refused": {"reason": "The absence of two managers does not keep us from seeing the services."},
    "cancellation": {"explanation": "The area is joined with another authority on 1 April."},
    "correction": {"reason": "The day was entered a day too early."},
}  # fmt: skip


def person(role: Role) -> dict[str, str]:
    return {"role": role.value, "name": NAMES[role], "email": f"{role.value}@people.example", "post": TITLES[role]}


def inspection(scope: str = "joint", notice: str = "full", authority: str = "Birmingham") -> dict[str, Any]:
    return {
        "id": "SLAC-2010-001",
        "authority_code": "330",
        "authority": authority,
        "scope": scope,
        "edition": "2010-10",
        "stage": "planned",
        "notice": notice,
        "separate": scope != "joint",
    }


def letter_data(kind: str, scope: str = "joint", notice: str = "full", **changes: Any) -> dict[str, Any]:
    """The data of one letter; `facts` and `texts` given here go over those of the kind."""
    from framework.correspondence.letters import letter

    rule = letter(kind)
    texts = dict(TEXTS.get(kind, {}))
    if kind == "announcement" and scope != "joint":
        texts["scope_reason"] = "The last inspection of these services judged them inadequate."
    if kind == "announcement" and notice != "full":
        texts["notice_reason"] = "We were told of serious concerns about safeguarding."
    if kind == "first_cases":
        texts = first_cases(scope)
    invited = {"complaints_to": COMPLAINTS_TO} if kind in INVITE_COMPLAINTS else {}
    facts = {"so_far": [], "handed_in": [], **FACTS.get(kind, {}), **invited, **changes.pop("facts", {})}
    if kind == "final_report":
        facts = {
            "changes": CHANGES,
            "unchanged": UNCHANGED,
            "comments": len(COMMENTS),
            "judgements": judgements(scope),
            **facts,
        }
    return {
        "kind": kind,
        "paragraph": rule.paragraph,
        "letter_id": "l-1",
        "inspection": inspection(scope, notice),
        "written_on": "2010-11-03",
        "dates": {**DATES, **changes.pop("dates", {})},
        "people": {role.value: person(role) for role in NAMES},
        "to": [person(role) for role in rule.to or (Role.LINK_OFFICER,)],
        "cc": [person(role) for role in rule.cc],
        "facts": facts,
        "texts": {**texts, **changes.pop("texts", {})},
        **changes,
    }


def first_cases(scope: str) -> dict[str, Any]:
    """The first cases of the halves in scope."""
    return {half: cases if scope in ("joint", half) else [] for half, cases in FIRST_CASES.items()}


def judgements(scope: str) -> list[dict[str, str]]:
    grades = ("good", "adequate", "outstanding", "inadequate")
    return [{"heading": h.key, "grade": grades[n % 4]} for n, h in enumerate(edition("2010-10").report.graded(scope))]


FINDINGS = (
    "Children who need help are seen quickly. Managers know the cases of their teams and check that plans are carried out.\n\n"
    "Records are up to date in most cases that inspectors read. In a few of them the reasons for a decision are missing:\n\n"
    "- the purpose of a visit is not always recorded\n"
    "- the views of the child are not always set apart from those of adults\n\n"
    "Partners share information early, and know whom to ask."
)
EQUALITY = (
    "Needs that come from a child's background, faith or disability are recorded and met in the cases inspectors read."
)


AREAS = [
    {"when": "within_six_months", "text": "Bring all assessments to the quality of the best."},
    {"when": "immediately", "text": "Review every case that waits for an assessment."},
    {"when": "immediately", "text": "See every child who has gone missing twice."},
]


def report(scope: str = "joint", text: str = FINDINGS) -> dict[str, Any]:
    grades = {judgement["heading"]: judgement["grade"] for judgement in judgements(scope)}
    halves = [
        {
            "key": half.key,
            "title": half.title,
            "headings": [
                {
                    "key": heading.key,
                    "title": heading.title,
                    "grade": grades.get(heading.key),
                    "taking_into_account": list(heading.taking_into_account),
                    "text": "" if heading.lists_areas else text,
                    "areas": AREAS if heading.lists_areas else [],
                    "equality": EQUALITY if heading.graded else "",
                }
                for heading in edition("2010-10").report.headings(scope)
                if heading.half == half.key
            ],
        }
        for half in edition("2010-10").report.halves_in(scope)
    ]
    about = "Five inspectors worked on site for ten days. They read 20 case files and met children, parents, carers, staff and partners."
    return {
        "halves": halves,
        "about": about,
        "service": "The area has about 250,000 children and young people.\n\nServices are in three districts.",
    }


COMMENTS = [
    {"number": 1, "where": "paragraph 12", "heading": None, "text": "The team has nine posts, not eight.", "late": False, "accepted": True, "reason": "The staff list shows nine.", "sections": []},
    {"number": 2, "where": "paragraph 30", "heading": "safeguarding.capacity", "text": "The grade is too low.", "late": False, "accepted": False, "reason": "This is not a matter of fact.", "sections": []},
    {"number": 3, "where": "Annex", "heading": None, "text": "The annex is missing.", "late": False, "accepted": True, "reason": "It is.", "sections": []},
    {"number": 4, "where": "paragraph 31", "heading": None, "text": "We have ten posts by now.", "late": True, "accepted": None, "reason": "It is not what we found on site.", "sections": []},
]  # fmt: skip
CHANGES = [
    {"heading": "safeguarding.partnership_working", "title": "Partnership working (Safeguarding)", "grade_was": "good", "grade_now": "good", "words_out": 1, "words_in": 1, "passages": [{"was": "… a team of eight posts …", "now": "… a team of nine posts …"}], "comments": [1], "word": None},
    {"heading": "safeguarding.ambition", "title": "Ambition and prioritisation (Safeguarding)", "grade_was": "good", "grade_now": "inadequate", "words_out": 0, "words_in": 0, "passages": [], "comments": [], "word": "The evidence was weighed again"},
]  # fmt: skip
UNCHANGED = [{"number": 3, "titles": [], "word": "The annex is sent apart."}]
DOCUMENT_FACTS: dict[str, dict[str, Any]] = {
    "agenda": {"meeting": MEETING},
    "announcement": {"set_up_meeting": MEETING, "so_far": []},
    "first_cases_list": {"replaces": None},
    "comments_table": {"comments": COMMENTS, "changes": CHANGES, "unchanged": UNCHANGED},
    "indicative_timetable": {"days": [f"2010-11-{n}" for n in (15, 16, 17, 18, 19, 22, 23, 24, 25, 26)]},
}


def document_data(kind: str, scope: str = "joint", **changes: Any) -> dict[str, Any]:
    """The data of one document."""
    from framework.correspondence.documents import document

    rule = document(kind)
    data = letter_data("announcement", scope)
    texts = first_cases(scope) if kind == "first_cases_list" else {}
    return {
        **{key: data[key] for key in ("inspection", "dates", "people")},
        "facts": DOCUMENT_FACTS.get(kind, {}),
        "texts": texts,
        "document": {"id": "d-1", "kind": kind, "state": rule.state, "title": rule.title},
        **({"report": report(scope)} if kind.endswith("_report") else {}),
        **changes,
    }
