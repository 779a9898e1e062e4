"""Names of authorities as prose says them: the register writes «Bristol, City of», a sentence «the City of Bristol»."""

_WITH_ARTICLE = ("City of ", "County of ", "Isle of ", "Isles of ", "East Riding of ")


def reading_order(name: str) -> str:
    """Returns the name in the order in which it is read: «City of Bristol» for the register's «Bristol, City of»."""
    area, comma, rank = name.partition(", ")
    return f"{rank} {area}" if comma and rank.endswith(" of") else name


def in_a_sentence(name: str) -> str:
    """Returns a name in reading order as it stands inside a sentence: «the City of Bristol», «Leeds»."""
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name
