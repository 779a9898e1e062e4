"""The table of limits and the due days that follow from it."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from framework.calendar.bank_holidays import Calendar, england
from framework.common.errors import BadInput
from framework.inspection.limits import BY_KEY, LIMITS, LimitSettings, derive_due_dates
from framework.lifecycle.limits import DueDate
from framework.vocabulary.roles import Role
from tests.framework import oracle

NOTIFIED = date(2010, 11, 3)
BEFORE_FIELDWORK = ("case_lists", "set_up_meeting", "documents", "survey_invitations", "first_cases_choice")


def derived(fieldwork_agreed: date | None = None, **known: date) -> dict[str, DueDate]:
    return derive_due_dates(known, england(), fieldwork_agreed=fieldwork_agreed)


def ended(day: date, calendar: Calendar | None = None) -> dict[str, date]:
    known = {"notification": day - timedelta(days=40), "inspection_ends": day}
    return {key: milestone.due for key, milestone in derive_due_dates(known, calendar or england()).items()}


def dues(due_dates: dict[str, DueDate]) -> dict[str, date]:
    return {key: milestone.due for key, milestone in due_dates.items()}


def test_the_milestones_agree_with_a_second_opinion_for_every_notification_of_twenty_years() -> None:
    calendar = england()
    for day in oracle.every_day():
        expected = oracle.limits({"notification": day})
        assert expected.items() <= dues(derive_due_dates({"notification": day}, calendar)).items()


def test_the_milestones_agree_for_every_short_notice_of_twenty_years() -> None:
    calendar = england()
    for number, day in enumerate(oracle.every_day()):
        known = {"notification": day, "fieldwork_starts": oracle.on_site(day, 1 + number % 11)}
        assert oracle.limits(known).items() <= dues(derive_due_dates(known, calendar)).items()


def test_the_milestones_agree_for_every_end_of_twenty_years_with_drafts_early_and_late() -> None:
    calendar = england()
    for number, day in enumerate(oracle.every_day()):
        start = oracle.after(day, 7)
        end = oracle.on_site(start, 1 + number % 10)
        draft = end + timedelta(days=number % 23)
        published = draft + timedelta(days=number % 37)
        known = {"notification": day, "fieldwork_starts": start, "inspection_ends": end, "draft_report": draft}
        assert oracle.limits(known).items() <= dues(derive_due_dates(known, calendar)).items()
        known["publication"] = published
        assert oracle.limits(known).items() <= dues(derive_due_dates(known, calendar)).items()


@pytest.mark.parametrize(
    ("end", "draft", "comments", "final", "publication", "complaints"),
    [
        ("2011-10-14", "2011-10-28", "2011-11-04", "2011-11-11", "2011-11-18", "2011-12-18"),
        ("2010-12-17", "2011-01-05", "2011-01-12", "2011-01-19", "2011-01-26", "2011-02-25"),
        ("2011-04-14", "2011-05-04", "2011-05-11", "2011-05-18", "2011-05-25", "2011-06-24"),
    ],
)
def test_the_worked_examples(
    end: str, draft: str, comments: str, final: str, publication: str, complaints: str
) -> None:
    due_dates = ended(date.fromisoformat(end))
    keys = ("draft_report", "factual_comments", "final_report", "publication", "complaints_close")
    assert [due_dates[key].isoformat() for key in keys] == [draft, comments, final, publication, complaints]


def test_before_29_april_2011_was_proclaimed_the_days_were_a_day_earlier() -> None:
    days = {day: title for day, title in england().holidays.items() if day != date(2011, 4, 29)}
    due_dates = ended(date(2011, 4, 14), Calendar("before", days))
    keys = ("draft_report", "factual_comments", "final_report", "publication")
    assert [due_dates[key].isoformat()[5:] for key in keys] == ["05-03", "05-10", "05-17", "05-24"]


@pytest.mark.parametrize("notified", [date(2010, 11, 5), date(2010, 11, 6), date(2010, 11, 7)])
def test_a_notification_at_the_weekend_counts_from_monday_as_one_on_friday_does(notified: date) -> None:
    assert dues(derived(notification=notified))["set_up_meeting"] == date(2010, 11, 11)


def test_without_its_notification_nothing_before_fieldwork_can_be_dated() -> None:
    assert derive_due_dates({}, england()) == {}
    assert set(derived(risk_identified=date(2010, 11, 19))) == {"risk_confirmation"}
    assert set(derived(publication=date(2010, 11, 19))) == {"complaints_close", "evaluation"}


def test_the_policy_limits_follow_their_anchors() -> None:
    due_dates = dues(derived(notification=NOTIFIED))
    assert due_dates["case_lists"] == date(2010, 11, 5)
    meeting = due_dates["set_up_meeting"]
    assert {due_dates[key] for key in ("documents", "survey_invitations", "first_cases_choice")} == {meeting}
    assert due_dates["oral_feedback"] == due_dates["inspection_ends"]
    assert due_dates["evaluation"] == oracle.after(due_dates["publication"], 10)


def test_oral_feedback_stays_due_on_the_last_possible_day_when_fieldwork_ends_early() -> None:
    due_dates = derived(notification=NOTIFIED, fieldwork_starts=date(2010, 11, 15), inspection_ends=date(2010, 11, 19))
    assert due_dates["oral_feedback"].due == due_dates["inspection_ends"].due == date(2010, 11, 26)
    assert not due_dates["oral_feedback"].projected


def test_a_risk_is_confirmed_the_next_working_day_and_a_complaint_answered_in_five() -> None:
    due_dates = derived(
        notification=NOTIFIED, risk_identified=date(2010, 11, 19), complaint_received=date(2010, 12, 24)
    )
    assert due_dates["risk_confirmation"].due == date(2010, 11, 22)
    assert due_dates["complaint_answer"].due == date(2011, 1, 5)
    assert not {"risk_confirmation", "complaint_answer"} & set(derived(notification=NOTIFIED))


def test_short_notice_brings_what_comes_before_fieldwork_forward_to_its_start() -> None:
    start = date(2010, 11, 8)
    due_dates = derived(start, notification=NOTIFIED)
    assert {key: due_dates[key].due.day for key in BEFORE_FIELDWORK} == dict.fromkeys(BEFORE_FIELDWORK, 8) | {
        "case_lists": 5
    }
    assert due_dates["set_up_meeting"].capped_by == "fieldwork_starts"
    assert [day.why for day in due_dates["set_up_meeting"].skipped] == ["Saturday", "Sunday"]
    assert due_dates["case_lists"].capped_by is None


def test_days_skipped_after_the_start_of_fieldwork_are_no_part_of_a_limit_brought_forward() -> None:
    due_dates = derived(notification=NOTIFIED, fieldwork_starts=date(2010, 11, 5))
    assert (due_dates["set_up_meeting"].due, due_dates["set_up_meeting"].skipped) == (date(2010, 11, 5), ())


def test_without_notice_everything_before_fieldwork_is_due_that_day() -> None:
    due_dates = derived(notification=NOTIFIED, fieldwork_starts=NOTIFIED)
    assert {due_dates[key].due for key in (*BEFORE_FIELDWORK, "case_audits")} == {NOTIFIED}
    assert due_dates["fieldwork_starts"].due == date(2010, 11, 17)


def test_what_has_happened_counts_before_what_was_agreed() -> None:
    due_dates = derived(date(2010, 11, 15), notification=NOTIFIED, fieldwork_starts=date(2010, 11, 16))
    assert due_dates["case_audits"].due == due_dates["inspection_ends"].anchor_date == date(2010, 11, 16)


def test_what_is_not_anchored_yet_is_projected_from_the_latest_days() -> None:
    due_dates = derived(notification=NOTIFIED)
    firm = {*BEFORE_FIELDWORK, "notification", "fieldwork_starts"}
    assert {key for key, milestone in due_dates.items() if not milestone.projected} == firm
    agreed = derived(date(2010, 11, 15), notification=NOTIFIED)
    assert {key for key, milestone in agreed.items() if not milestone.projected} == firm | {
        "case_audits",
        "inspection_ends",
        "oral_feedback",
    }


def test_the_return_of_comments_is_projected_until_the_draft_has_gone() -> None:
    known = {"notification": NOTIFIED, "inspection_ends": date(2010, 11, 26)}
    assert derived(**known)["factual_comments"].projected
    assert not derived(**known, draft_report=date(2010, 12, 3))["factual_comments"].projected


@pytest.mark.parametrize(("sent", "back"), [("2010-12-01", "2010-12-08"), ("2010-12-20", "2010-12-29")])
def test_the_draft_moves_the_return_of_comments_and_nothing_after_it(sent: str, back: str) -> None:
    known = {"notification": NOTIFIED, "inspection_ends": date(2010, 11, 26)}
    before, after = derived(**known), derived(**known, draft_report=date.fromisoformat(sent))
    assert after["factual_comments"].due.isoformat() == back
    assert [after[key] for key in ("final_report", "publication")] == [
        before[key] for key in ("final_report", "publication")
    ]


def test_complaints_close_thirty_calendar_days_after_publication_or_the_letter_that_cancels() -> None:
    assert derived(publication=date(2011, 11, 18))["complaints_close"].due == date(2011, 12, 18)
    cancelled = derived(notification=NOTIFIED, cancellation=date(2010, 11, 9))["complaints_close"]
    assert (cancelled.due, cancelled.anchor, cancelled.projected) == (date(2010, 12, 9), "cancellation", False)


def test_the_order_in_which_days_became_known_does_not_matter() -> None:
    known = {"notification": NOTIFIED, "fieldwork_starts": date(2010, 11, 15), "draft_report": date(2010, 12, 1)}
    assert derive_due_dates(known, england()) == derive_due_dates(dict(reversed(known.items())), england())


def test_only_some_limits_can_be_asked_for() -> None:
    assert list(derive_due_dates({"notification": NOTIFIED}, england(), only=("notification", "set_up_meeting"))) == [
        "notification",
        "set_up_meeting",
    ]


def test_every_row_has_a_paragraph_of_the_source_and_an_anchor_above_it() -> None:
    events = {"deferral_requested", "risk_identified", "complaint_received"}
    for number, rule in enumerate(LIMITS):
        above = {earlier.key for earlier in LIMITS[: number + 1]}
        assert rule.anchor in above | events
        assert 1 <= rule.paragraph <= 69
        assert rule.count >= 0
        assert rule.title


def test_what_is_policy_is_marked_and_only_that() -> None:
    assert {rule.key for rule in LIMITS if rule.policy} == {
        "case_lists",
        "documents",
        "survey_invitations",
        "first_cases_choice",
        "oral_feedback",
        "evaluation",
        "deferral_answer",
        "risk_confirmation",
        "complaint_answer",
    }


def test_every_limit_has_the_owner_who_is_reminded() -> None:
    owners: dict[Role | None, set[str]] = {}
    for rule in LIMITS:
        owners.setdefault(rule.owner, set()).add(rule.key)
    assert owners[Role.DCS] == {"factual_comments"}
    assert owners[Role.COORDINATOR] == {"publication", "complaint_answer"}
    assert owners[Role.LINK_OFFICER] == {"case_lists", "documents", "survey_invitations", "case_audits", "evaluation"}
    assert owners[Role.MANAGER] == {"deferral_answer"}
    assert owners[None] == {"notification", "complaints_close"}
    assert set(owners) == {Role.DCS, Role.COORDINATOR, Role.LINK_OFFICER, Role.LEAD_INSPECTOR, Role.MANAGER, None}


def test_a_policy_count_is_a_setting() -> None:
    settings = LimitSettings(case_lists_count=3, evaluation_count=15)
    due_dates = derive_due_dates({"notification": NOTIFIED}, england(), settings)
    assert due_dates["case_lists"].due == date(2010, 11, 8)
    assert due_dates["evaluation"].due == oracle.after(due_dates["publication"].due, 15)
    assert settings.rule("case_lists").count == 3
    assert BY_KEY["case_lists"].count == 2


def test_the_reading_of_an_unclear_unit_is_a_setting() -> None:
    settings = LimitSettings(set_up_meeting_unit="calendar days")
    meeting = derive_due_dates({"notification": date(2010, 11, 5)}, england(), settings)["set_up_meeting"]
    assert (meeting.due, meeting.unit) == (date(2010, 11, 9), "calendar days")
    assert "days" in settings.rule("set_up_meeting").reading


def test_every_policy_count_and_no_count_of_the_source_can_be_set() -> None:
    counts = {name.removesuffix("_count") for name in LimitSettings.model_fields if name.endswith("_count")}
    assert counts == {rule.key for rule in LIMITS if rule.policy}
    assert all(f"(para {BY_KEY[key].paragraph})" in str(LimitSettings.model_fields[f"{key}_count"]) for key in counts)


@pytest.mark.parametrize("wrong", [{"case_lists_count": -1}, {"final_report_count": 30}, {"publication_unit": "weeks"}])
def test_a_setting_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LimitSettings.model_validate(wrong)


def test_an_unknown_limit_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="no limit 'lunch'; the limits are notification, case_lists"):
        LimitSettings().rule("lunch")
