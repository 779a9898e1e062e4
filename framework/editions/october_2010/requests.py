"""Requests to the authority when an inspection is announced: documents (para 30), case lists and their fields (paras 42
to 45), surveys (paras 14, 46). The rows are in our own words and belong to a half; a half out of scope is left out.
"""

from dataclasses import dataclass

from framework.editions.october_2010.headings import LOOKED_AFTER, SAFEGUARDING

REQUIRED, WHERE_AVAILABLE, ONE_OF = "required", "where available", "one of these"


@dataclass(frozen=True, slots=True)
class RequestedDocument:
    """One requested document, under its heading in para 30."""

    key: str
    heading: str
    title: str
    need: str = REQUIRED
    """`REQUIRED`, `WHERE_AVAILABLE`, or `ONE_OF`: one of the documents so marked under the heading is enough."""
    half: str = ""
    """The half it belongs to; empty for both."""


@dataclass(frozen=True, slots=True)
class RequestedList:
    """One of the four case lists of para 42."""

    key: str
    title: str
    half: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of children, whose invitations the authority distributes (para 46)."""

    name: str
    who: str


SAFE = "Effectiveness of safeguarding"
CARE = "Effectiveness of services for looked after children"
LEADERSHIP = "Leadership and management"
USERS = "Access to the views of service users"

# The tables are read as such, so their rows keep to one line each.
# fmt: off
DOCUMENTS: tuple[RequestedDocument, ...] = (
    RequestedDocument("lscb_annual_report", SAFE, "Annual report of the Local Safeguarding Children Board on how effective safeguarding is (required from April 2011)", ONE_OF, SAFEGUARDING),
    RequestedDocument("lscb_minutes", SAFE, "Minutes of the last three board meetings, with any case audits by several agencies from the last year", ONE_OF, SAFEGUARDING),
    RequestedDocument("safeguarding_plan", SAFE, "Strategic plan for safeguarding services, such as the Children and Young People's Plan", half=SAFEGUARDING),
    RequestedDocument("common_assessment_data", SAFE, "Figures on how many Common Assessments are made and how well they work", WHERE_AVAILABLE, SAFEGUARDING),
    RequestedDocument("looked_after_plan", CARE, "Strategic plan for services for looked after children", half=LOOKED_AFTER),
    RequestedDocument("needs_analysis", CARE, "Analysis of needs and commissioning plan, as far as you have them", WHERE_AVAILABLE, LOOKED_AFTER),
    RequestedDocument("placements", CARE, "Placements in children's homes (yours, voluntary or private) and with fostering or adoption agencies: those outside your area marked, with place and date of placement", half=LOOKED_AFTER),
    RequestedDocument("reviewing_officers_report", CARE, "Management report of the independent reviewing officers", WHERE_AVAILABLE, LOOKED_AFTER),
    RequestedDocument("organisation_charts", LEADERSHIP, "Organisation charts of the authority and its partner agencies"),
    RequestedDocument("performance_information", LEADERSHIP, "Latest performance information at the level of teams and of senior managers, and management reviews of the last year", WHERE_AVAILABLE),
    RequestedDocument("file_audit_summaries", LEADERSHIP, "Summaries of the case file audits in social care over the last year", WHERE_AVAILABLE),
    RequestedDocument("workforce_strategy", LEADERSHIP, "Workforce strategy, with a summary of present pressures and priorities", WHERE_AVAILABLE),
    RequestedDocument("user_groups", USERS, "Groups of service users and of their parents or carers that already meet, where inspectors could speak with children and young people"),
    RequestedDocument("user_views", USERS, "Summaries of what service users and others with an interest have told you", WHERE_AVAILABLE),
)

CASE_LISTS: tuple[RequestedList, ...] = (
    RequestedList("in_need", "All children and young people who now have a child in need plan", SAFEGUARDING),
    RequestedList("protection", "All children and young people who now have a child protection plan", SAFEGUARDING),
    RequestedList("looked_after", "All looked after children and young people and all care leavers, those placed outside your area included", LOOKED_AFTER),
    RequestedList("unallocated", "All cases without an allocated worker, or waiting to move to another team"),
)
# fmt: on

EVERY_CHILD: tuple[str, ...] = (
    "unique identifier",
    "date of first referral",
    "date of birth",
    "gender",
    "ethnicity",
    "legal status",
    "any disability, with details",
)
"""Fields asked for about every child (para 43), named as in the integrated children's system."""

PLANS: tuple[str, ...] = (
    "has a child protection plan",
    "had a child protection plan before",
    "has a child in need plan",
)
"""Fields asked for in the safeguarding lists (para 44)."""

PLACEMENTS: tuple[str, ...] = (
    "with parents",
    "with relatives or friends",
    "foster placement with relatives or friends",
    "foster placement",
    "with adopters",
    "residential: children's home",
    "specialist residential: therapeutic",
    "specialist residential: residential school",
    "specialist residential: health, child and adolescent mental health services included",
    "secure accommodation",
    "supported lodgings",
    "outside the authority's area",
    "other (please say which)",
)
"""Values of the current placement of a looked after child (para 45)."""

SURVEYS: tuple[Survey, ...] = (
    Survey("Care4Me", "all looked after children and young people aged eight and over"),
    Survey(
        "AfterCare", "all children and young people aged eight and over who left your care in the last twelve months"
    ),
)
"""The surveys (para 46); only where services for looked after children are in scope."""


def requested_documents(scope: str) -> tuple[tuple[str, tuple[RequestedDocument, ...]], ...]:
    """Returns the documents of para 30 for a scope as (heading, documents), in the order of the table."""
    documents = [d for d in DOCUMENTS if in_scope(d.half, scope)]
    headings = dict.fromkeys(document.heading for document in documents)
    return tuple((heading, tuple(d for d in documents if d.heading == heading)) for heading in headings)


def requested_lists(scope: str) -> tuple[RequestedList, ...]:
    """Returns the case lists of para 42 for a scope."""
    return tuple(case_list for case_list in CASE_LISTS if in_scope(case_list.half, scope))


def in_scope(half: str, scope: str) -> bool:
    """Returns whether a row of `half` (empty: of both) applies to an inspection of this scope."""
    return scope == "joint" or half in ("", scope)
