"""Short titles, in our own words, of the 69 paragraphs of the framework of October 2010, for screens and letters."""

from framework.common.errors import BadInput

TITLES: dict[int, str] = {
    1: "what the framework is, and what to read beside it",
    2: "purpose, and who inspects under which Act",
    3: "use in the yearly performance rating",
    4: "other inspections, and what decides timing",
    5: "reviewed after the first year",
    6: "kept under review",
    7: "every area once in three years; a further inspection after inadequate",
    8: "notice of the inspection",
    9: "no deferral for lack of staff",
    10: "who inspects",
    11: "size of the team and days on site",
    12: "who users are",
    13: "taking account of users' views",
    14: "surveys of children, care leavers and others",
    15: "one inspection of both, or a separate one",
    16: "findings carried from one inspection to the next",
    17: "what safeguarding means",
    18: "changes expected from the national review",
    19: "how well agencies work together",
    20: "what safeguarding inspectors look at",
    21: "what looked after children inspectors look at",
    22: "evaluation schedules and the team's judgement",
    23: "schedule for safeguarding",
    24: "equality and diversity in safeguarding",
    25: "schedule for looked after children",
    26: "equality and diversity for looked after children",
    27: "the four grades",
    28: "what inspection activity is for",
    29: "asking for documents",
    30: "the documents asked for",
    31: "what the inspectorate already holds",
    32: "set-up meeting: when and who",
    33: "set-up meeting: its five purposes",
    34: "what inspectors do on site",
    35: "the Local Safeguarding Children Board",
    36: "the latest unannounced inspection",
    37: "recommendations of serious case reviews",
    38: "speaking with children, young people and carers",
    39: "explaining how case files are chosen and read",
    40: "what is looked at in case files",
    41: "choosing cases, and the authority's own audits",
    42: "the four case lists",
    43: "case lists: what to give for every child",
    44: "case lists: safeguarding plans",
    45: "case lists: current placement",
    46: "survey invitations and passwords",
    47: "survey findings",
    48: "one report, separately graded",
    49: "the report's headings",
    50: "the draft report",
    51: "comments on factual accuracy",
    52: "the final report",
    53: "publication",
    54: "feedback, and an unresolved risk of harm",
    55: "oral feedback at the end",
    56: "confidentiality, and passing on likely harm",
    57: "quality assurance: experience",
    58: "quality assurance: evidence behind each judgement",
    59: "quality assurance visits",
    60: "the authority's evaluation of the inspection",
    61: "quality assurance of reports",
    62: "code of conduct for inspectors",
    63: "what is expected of the authority",
    64: "raising concerns",
    65: "complaints: when",
    66: "complaints: how they are handled",
    67: "complaints: where to send them",
    68: "questions to the lead inspector",
    69: "general questions",
}


def title(number: int) -> str:
    """Returns the short title of a paragraph. Raises `BadInput` outside 1 to 69."""
    try:
        return TITLES[number]
    except KeyError:
        raise BadInput(f"the framework has paragraphs 1 to 69, not {number}") from None


def say(number: int) -> str:
    """Returns a paragraph as screens name it: «para 51: comments on factual accuracy». Raises `BadInput` as `title`."""
    return f"para {number}: {title(number)}"
