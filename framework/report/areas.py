"""Areas for improvement: what is to be done by when (para 49). Reports sort them, the most urgent first."""

from enum import StrEnum


class When(StrEnum):
    """By when something is to improve, counted from the publication of the report."""

    IMMEDIATELY = "immediately"
    WITHIN_THREE_MONTHS = "within_three_months"
    WITHIN_SIX_MONTHS = "within_six_months"


TITLES = {
    When.IMMEDIATELY: "Immediately",
    When.WITHIN_THREE_MONTHS: "Within three months",
    When.WITHIN_SIX_MONTHS: "Within six months",
}
