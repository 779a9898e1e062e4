"""Filler text for the headings of a report that the script leaves open. It names no real place or person."""

from framework.inspection.report_forms import Grade

OPENING: dict[Grade, str] = {
    Grade.OUTSTANDING: "{title}: outstanding. Practice is consistently strong and others could learn from it.",
    Grade.GOOD: "{title}: good. Practice is sound across the authority, and weaknesses are known and acted upon.",
    Grade.ADEQUATE: "{title}: adequate. What the law asks for is in place, but quality varies too much between teams.",
    Grade.INADEQUATE: "{title}: inadequate. What the law asks for is not reliably in place, and children wait too long.",
}
CLOSING: dict[Grade, str] = {
    Grade.OUTSTANDING: "Managers know this from their own checks, which inspectors found to be accurate and searching.",
    Grade.GOOD: "Managers check the quality of this work regularly; their findings agree with what inspectors saw.",
    Grade.ADEQUATE: "Managers check this work, but what they find does not always lead to change.",
    Grade.INADEQUATE: "Managers did not know how weak this was until shortly before the inspection.",
}
EQUALITY: dict[Grade, str] = {
    Grade.OUTSTANDING: "The needs of every group are known from data and met; children from all communities say so.",
    Grade.GOOD: "Assessments take account of ethnicity, language, faith and disability in nearly all cases seen.",
    Grade.ADEQUATE: "Ethnicity and language are recorded, but plans do not always say what follows from them.",
    Grade.INADEQUATE: "Language and disability are often not recorded, so that needs that follow from them go unmet.",
}

BODY: dict[str, str] = {
    "overall_effectiveness": "Case files, meetings with staff and partners, and what children said point the same way.",
    "capacity": "Plans name who does what by when, and the money for them is agreed for the next two years.",
    "ambition": "Members and senior officers share few, clear priorities and come back to them in each meeting.",
    "leadership": "Social workers have manageable caseloads and supervision every month; vacancies have fallen by half.",
    "performance_management": "Monthly reports reach team managers within a week, and each team audits three files.",
    "partnership_working": "Schools, police and health attend nine of ten initial conferences and share what they know.",
    "health_agencies": "Named nurses are in post in each locality, and emergency departments tell of every child seen.",
    "quality_of_provision": "Referrals are decided on within a day; core assessments are thorough and most are in time.",
    "outcomes": "Children spoken with know whom to turn to, and most of them say that they feel safe at home and school.",
    "equality": "The authority knows its communities well and asks them regularly what they think of its services.",
    "being_healthy": "Health assessments are in time for most, and a nurse for looked after children sees those in care.",
    "staying_safe": "Placements are well matched and visited as often as they should be; few children go missing.",
    "enjoying_and_achieving": "Nearly all have a personal education plan, and attendance is better than the year before.",
    "positive_contribution": "The council of children in care meets the Director each quarter and has changed three rules.",
    "economic_well_being": "Most care leavers live in suitable homes, and six in ten are in education, work or training.",
}
SECTIONS: dict[str, str] = {
    "outcomes": "What follows tells how well looked after children and care leavers do, outcome by outcome.",
}
AREAS: tuple[dict[str, str], ...] = (
    {"when": "immediately", "text": "Review every case that has waited longer than a month for an assessment."},
    {
        "when": "within_three_months",
        "text": "See that every child's plan says what is to change, by when and for whom.",
    },
    {
        "when": "within_three_months",
        "text": "Let managers audit three case files each month, and act on what they find.",
    },
    {"when": "within_six_months", "text": "Bring the quality of assessments in all teams to that of the best."},
)
"""Areas for improvement, each with its urgency."""
ABOUT = (
    "Inspectors read case files, met children, young people, parents and carers, and spoke with staff, managers and "
    "partners. They looked at what the authority itself had found out about its work, and at earlier inspections."
)
SERVICE = (
    "The authority serves a city of many communities. Social work teams stand in four localities; services for looked "
    "after children are run for the whole area, with foster carers, children's homes and two teams for care leavers."
)


def graded_text(name: str, title: str, grade: Grade) -> str:
    """Returns the text of a graded heading; `name` is its key without the half."""
    return "\n\n".join((OPENING[grade].format(title=title), BODY[name], CLOSING[grade]))
