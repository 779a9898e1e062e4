"""How long personal data is kept after an inspection is over, and from which day it may be erased. A policy of the
inspectorate: the framework is silent on it."""

from datetime import date


def erasable_from(over: date, years: int) -> date:
    """The first London day on which the personal data of an inspection that ended on `over` may be erased.

    So many calendar years after the day it ended; 29 February counts as 1 March in years that have none."""
    try:
        return over.replace(year=over.year + years)
    except ValueError:
        return date(over.year + years, 3, 1)
