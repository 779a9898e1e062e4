"""How a letter addresses a person who fills a vacant post for the time being."""

from activities.rendering.templates import render_letter
from framework.vocabulary.roles import Role, title_of
from tests.activities.letter_data import letter_data, person


def test_an_acting_director_is_addressed_as_one_in_text_and_page() -> None:
    acting = {**person(Role.DCS), "post": title_of(Role.DCS, acting=True)}
    letter = render_letter("announcement", letter_data("announcement", to=[acting], cc=[acting]))
    title = "Acting Director of Children's Services"
    assert letter.text.count(f"{acting['name']}, {title}") == 2
    assert letter.html.replace("&#39;", "'").replace("’", "'").count(f"{acting['name']}, {title}") == 2
