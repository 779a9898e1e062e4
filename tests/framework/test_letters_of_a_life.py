"""Which letters a life brings, beyond what each step's own tests say."""

from framework.messages import LetterOrder
from tests.framework.life import Life


def _told(life: Life, kind: str) -> list[LetterOrder]:
    return [letter for _, letter in life.letters if letter.kind == kind]


def test_a_notification_accepted_on_the_day_it_was_written_brings_no_changed_dates() -> None:
    life = Life().until("2010-11-03")
    assert life.inspection.day_of("notification")
    assert not _told(life, "changed_dates")


def test_a_notification_accepted_days_later_tells_the_days_as_they_now_are() -> None:
    life = Life()
    life.accepts_mail = False
    life.until("2010-11-03").until("2010-11-05")
    life.do("record_service", method="email", letter="l1")
    (letter,) = _told(life, "changed_dates")
    moved = {one["limit"]: (one["from"], one["to"]) for one in letter.facts["moved"]}
    assert moved["set_up_meeting"] == ("2010-11-09", "2010-11-11")
    assert moved["case_lists"] == ("2010-11-05", "2010-11-09")
