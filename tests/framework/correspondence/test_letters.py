"""The tables of letters and documents, against what the framework and the requirements say."""

import pytest

from framework.common.errors import BadInput
from framework.correspondence import documents, letters
from framework.editions.october_2010 import paragraphs
from framework.vocabulary.roles import Role


def test_every_kind_of_letter_stands_once() -> None:
    kinds = [rule.kind for rule in letters.LETTERS]
    assert len(kinds) == len(set(kinds))


def test_para_50_the_draft_goes_to_the_director_copied_to_the_chief_executives_of_the_trusts() -> None:
    rule = letters.letter("draft_report")
    assert (rule.paragraph, rule.to, rule.cc) == (50, (Role.DCS,), (Role.PCT_CHIEF_EXECUTIVE,))
    assert rule.attachments == ("draft_report", "comments_form")


@pytest.mark.parametrize("kind", ["final_report", "publication"])
def test_para_52_the_final_report_goes_to_the_director_copied_to_three(kind: str) -> None:
    rule = letters.letter(kind)
    assert rule.to == (Role.DCS,)
    assert set(rule.cc) == {Role.LEAD_MEMBER, Role.LSCB_CHAIR, Role.CHIEF_EXECUTIVE}


def test_only_the_announcement_and_the_resumption_start_the_clock() -> None:
    assert [rule.kind for rule in letters.LETTERS if rule.starts_clock] == ["announcement", "resumption"]


def test_reminders_and_assignments_go_to_persons_and_a_withdrawal_to_whom_earlier_letters_invited() -> None:
    assert [rule.kind for rule in letters.LETTERS if not rule.to] == ["invitation_withdrawn", "reminder", "assignment"]
    assert [rule.kind for rule in letters.LETTERS if rule.to_formerly_invited] == ["invitation_withdrawn"]


def test_failed_notification_deferral_resumption_and_cancellation_go_to_all_who_had_an_earlier_letter() -> None:
    to_informed = [rule.kind for rule in letters.LETTERS if rule.to_all_told]
    assert to_informed == ["notification_failed", "deferral_granted", "resumption", "cancellation"]


def test_no_role_gets_a_letter_twice_and_letters_are_signed_by_lead_or_coordinator() -> None:
    for rule in letters.LETTERS:
        assert len({*rule.to, *rule.cc}) == len(rule.to) + len(rule.cc)
        assert rule.signed_by in (Role.LEAD_INSPECTOR, Role.COORDINATOR)


def test_every_attachment_is_a_document_that_leaves_as_pdf() -> None:
    attached = [kind for rule in letters.LETTERS for kind in rule.attachments]
    assert all(documents.document(kind).pdf for kind in attached)
    assert {rule.kind for rule in documents.DOCUMENTS} == set(attached)


def test_a_file_name_says_what_and_for_which_inspection() -> None:
    assert documents.file_name("final_report", "SLAC-2010-001") == "SLAC-2010-001-final-report.pdf"
    assert len({rule.stem for rule in documents.DOCUMENTS}) == len(documents.DOCUMENTS)


def test_unknown_kinds_are_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="no letter «farewell»; the kinds are announcement"):
        letters.letter("farewell")
    with pytest.raises(BadInput, match="no document «poem»; the kinds are announcement"):
        documents.document("poem")


def test_every_paragraph_from_1_to_69_has_a_title() -> None:
    assert list(paragraphs.TITLES) == list(range(1, 70))
    assert paragraphs.say(51) == "para 51: comments on factual accuracy"
    assert paragraphs.title(51) == "comments on factual accuracy"
    with pytest.raises(BadInput, match="1 to 69, not 70"):
        paragraphs.title(70)
