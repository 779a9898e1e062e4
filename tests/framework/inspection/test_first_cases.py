"""The choice of the first cases: what its letter is made from, and what a second choice keeps of the first (para 41)."""

from tests.framework.in_memory import InMemoryInspection
from tests.framework.ordinary_path import FOUR, FOUR_MORE

OTHERS = ["A9", *FOUR[1:]]


def chosen_twice() -> InMemoryInspection:
    scenario = InMemoryInspection().until("2010-11-08")
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=FOUR, looked_after=FOUR_MORE)
    scenario.until("2010-11-10").do("choose_first_cases", "i.ashdown", safeguarding=OTHERS, looked_after=FOUR_MORE)
    return scenario


def test_the_letter_holds_the_cases_of_each_half_apart() -> None:
    first, _ = chosen_twice().letters_of("first_cases")
    assert first.texts["safeguarding"] == tuple(FOUR)
    assert first.texts["looked_after"] == tuple(FOUR_MORE)
    assert first.facts["replaces"] is None


def test_the_letter_of_a_second_choice_names_the_day_of_the_first_and_holds_its_cases() -> None:
    _, second = chosen_twice().letters_of("first_cases")
    assert second.facts["replaces"] == "2010-11-08"
    assert second.texts["safeguarding_before"] == tuple(FOUR)
    assert second.texts["looked_after_before"] == tuple(FOUR_MORE)
    assert second.texts["safeguarding"] == tuple(OTHERS)


def test_the_letter_names_the_day_a_list_was_sent_and_not_the_day_it_was_entered_for() -> None:
    scenario = InMemoryInspection().until("2010-11-08")
    scenario.do("choose_first_cases", "i.ashdown", on="2010-11-05", safeguarding=FOUR, looked_after=FOUR_MORE)
    scenario.do("choose_first_cases", "i.ashdown", safeguarding=OTHERS, looked_after=FOUR_MORE)
    assert scenario.letters_of("first_cases")[-1].facts["replaces"] == "2010-11-08"
