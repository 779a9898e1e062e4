"""Every need by the name the table of `lifecycle` calls it."""

from framework.needs import corrections, fieldwork, notice, people, report
from framework.needs.asked import Asked, Need

NEEDS: dict[str, Need] = {
    **notice.NEEDS,
    **fieldwork.NEEDS,
    **report.NEEDS,
    **people.NEEDS,
    **corrections.NEEDS,
}


def first_unmet(asked: Asked) -> str | None:
    """The sentence of the first need that does not hold."""
    return next((message for name in asked.step.needs if (message := NEEDS[name](asked))), None)
