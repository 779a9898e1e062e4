"""Texts that restored records lack: copied from the previous records, or marked as lost."""

from sqlalchemy import Engine, text

from operations.backup.lost_texts import PLACEHOLDER, PresentTexts
from records.database.connection import writing
from tests.cli_harness import CliHarness
from tests.records import builders
from tests.records.builders import ID, MOMENT

NAME, OTHER = builders.text_id(1), builders.text_id(2)


def bodies(records: Engine) -> dict[str, str]:
    with records.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text("SELECT id, body FROM texts"))}


def complete(records: Engine, present: Engine | None, *names: str) -> set[str]:
    with writing(records) as session:
        return PresentTexts(present).complete(session, ID, set(names), MOMENT)


def test_a_text_is_copied_from_the_previous_records(loaded: Engine, cli_without_engine: CliHarness) -> None:
    builders.store(cli_without_engine.records, NAME, "The files were flooded")
    assert complete(loaded, cli_without_engine.records, NAME) == set()
    assert bodies(loaded) == {NAME: "The files were flooded"}


def test_a_text_that_nothing_holds_is_marked_as_lost(loaded: Engine, cli_without_engine: CliHarness) -> None:
    builders.store(cli_without_engine.records, NAME, "The files were flooded")
    assert complete(loaded, cli_without_engine.records, NAME, OTHER) == {OTHER}
    assert bodies(loaded) == {NAME: "The files were flooded", OTHER: PLACEHOLDER}


def test_a_text_that_was_altered_in_the_previous_records_is_lost(
    loaded: Engine, cli_without_engine: CliHarness
) -> None:
    builders.store(cli_without_engine.records, NAME, "The files were flooded")
    with cli_without_engine.records.begin() as connection:
        connection.execute(text("UPDATE texts SET body = 'Somebody else wrote this'"))
    assert complete(loaded, cli_without_engine.records, NAME) == {NAME}
    assert bodies(loaded) == {NAME: PLACEHOLDER}


def test_a_text_that_the_backup_holds_is_left_alone(loaded: Engine) -> None:
    builders.store(loaded, NAME, "The files were flooded")
    assert complete(loaded, None, NAME) == set()
    assert bodies(loaded) == {NAME: "The files were flooded"}
