"""From which day the personal data of an inspection that has ended may be erased. Policy: the framework gives no rule."""

from datetime import date


def erasable_from(over: date, years: int) -> date:
    """Returns the first London day on which the personal data of an inspection that ended on `over` may be erased.

    That is `years` calendar years after `over`; for 29 February, 1 March in a year that has none."""
    try:
        return over.replace(year=over.year + years)
    except ValueError:
        return date(over.year + years, 3, 1)
