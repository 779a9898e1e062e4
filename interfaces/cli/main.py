"""The command line `inspections`: which commands there are, and where each is. A command is imported when it is called,
so that help comes at once; what each does is in the module of its name."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from application.runtime import process_exit
from application.runtime.console import say
from application.runtime.private_files import keep_private
from framework.common.errors import BadInput
from framework.common.plain_text import fault_of
from interfaces.cli.options import reading_as
from interfaces.cli.output import print_text
from interfaces.cli.remedies import in_words

# fmt: off
COMMANDS: Mapping[str, tuple[str, str]] = {
    # name         where it is                  what it does, in a line
    "up":          ("up:up",                    "Run the whole system on this machine until Ctrl-C."),
    "migrate":     ("migrate:migrate",          "Make or update the tables, without an engine."),
    "start":       ("start:start",              "Start an inspection from an order, or see what that brings."),
    "do":          ("do:do",                    "Take a step, or list the steps open now."),
    "concern":     ("concern:concern",          "What was raised with the lead, and how it was settled."),
    "correct":     ("correct:correct",          "Put a wrong day right; what derives from it follows."),
    "list":        ("list_:board",              "The board: what waits for whom, what is due next."),
    "agenda":      ("agenda:agenda",            "What is late, due and agreed, by day, and clashes."),
    "show":        ("show:show",                "One inspection, as it is now or as it was."),
    "tasks":       ("tasks:tasks",              "What waits for a person."),
    "history":     ("history:history",          "What happened, in one inspection or in all."),
    "statistics":  ("statistics:statistics",    "Limits met, missed and at risk, now or as they were known."),
    "access":      ("access:access",            "Who read, searched and exported what."),
    "explain":     ("explain:explain",          "Why a date is what it is."),
    "verify":      ("verify:verify",            "Whether anything kept was altered."),
    "export":      ("export:export",            "The whole record of an inspection, to be taken away."),
    "verify-export": ("verify_export:verify_export", "Whether an export is as it was made; needs only the file."),
    "backup":      ("backup:backup",            "Everything in one file, while the system runs."),
    "restore":     ("restore:restore",          "Everything put back from such a file."),
    "erase":       ("erase:erase",              "An inspection's personal data, for good."),
    "dates":       ("dates:dates",              "Every limit that follows from what is known."),
    "what-if":     ("what_if:what_if",          "What would move and clash; writes nothing."),
    "authorities": ("authorities:authorities",  "The authorities and their people."),
    "holidays":    ("holidays:holidays",        "The calendar of bank holidays."),
    "letter":      ("letter:letter",            "The letters of an inspection, each as it was accepted."),
    "mailbox":     ("mailbox:mailbox",          "What the local mailbox received."),
    "lifecycle":   ("lifecycle:lifecycle",      "The stages and steps, as a diagram or as data."),
    "rehearse":    ("rehearse:rehearse",        "Run a scripted inspection, start to close, on skipped time."),
    "bench":       ("bench:bench",              "Measure this machine, as JSON."),
}
# fmt: on


class LateCommands(Mapping[str, Any]):
    """The commands by name, each made from its function (or its `typer.Typer`) when it is first asked for."""

    def __getitem__(self, name: str) -> TyperCommand | TyperGroup:
        where, summary = COMMANDS[name]
        module, attribute = where.split(":")
        target = getattr(import_module(f"interfaces.cli.{module}"), attribute)
        if not isinstance(target, typer.Typer):
            function, target = target, typer.Typer(add_completion=False)
            target.command(name, short_help=summary)(function)
        target.rich_markup_mode = None
        command = typer.main.get_command(target)
        assert isinstance(command, TyperCommand | TyperGroup)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class CommandGroup(TyperGroup):
    """The group of all commands: lists them without importing them, and prints every error in one line."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = LateCommands()  # type: ignore[assignment]  # typer only reads it

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the names, in the order of the table."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes the part of the help that lists the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def main(self, args: Any = None, prog_name: str | None = "inspections", *rest: Any, **more: Any) -> NoReturn:
        """Runs one command line and ends with its exit code; every error is a line on standard error."""
        keep_private()
        given = sys.argv[1:] if args is None else list(args)
        more["standalone_mode"] = False
        try:
            _require_plain(given)
            answer = super().main(given or ["--help"], prog_name, *rest, **more)
            code = answer if isinstance(answer, int) else 0
        except typer.TyperException as error:
            code = _print_usage_error(error)
        except typer.Abort:
            code = process_exit.INTERRUPTED
        except Exception as error:
            code = process_exit.print_error(error, in_words)
        sys.exit(code)


def _require_plain(words: list[str]) -> None:
    """Raises `BadInput` for a word of the command line that would act on what shows it, or that is no text at all."""
    for number, word in enumerate(words, 1):
        if fault := fault_of(word, lines=True):
            raise BadInput(f"word {number} of the command line {fault}")


def _print_usage_error(error: typer.TyperException) -> int:
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "inspections"
    _say_plainly(error)
    message = " ".join(error.format_message().split())
    say(f"{path}: {message} (see {path} --help)")
    return error.exit_code


def _say_plainly(error: typer.TyperException) -> None:
    """Puts our own words where typer took those of pydantic, with which it reads options."""
    if error.__cause__ is None:
        return
    from pydantic import ValidationError

    from framework.common.validation import faults_in

    if isinstance(error.__cause__, ValidationError):
        error.message = "; ".join(words for _, words in faults_in(error.__cause__))


app = typer.Typer(cls=CommandGroup, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


Reader = Annotated[
    str,
    typer.Option(
        "--as", metavar="PERSON", help="Who reads, for the access log (INSPECTIONS_PERSON).", show_default=False
    ),
]


def _print_version(requested: bool) -> None:
    if requested:
        from importlib.metadata import version

        print_text(f"inspections {version('inspections')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Say which version this is.", callback=_print_version, is_eager=True)
]


@app.callback()
def inspections(reads: Reader = "", version: Version = False) -> None:
    """Inspections of safeguarding and looked after children services, from notice to publication.

    Every command has its own --help. Reading commands take --json. Exit codes: 0 done, 2 wrong input,
    3 refused by a rule, 4 a service cannot be reached or something is still being made (ask again), 5 a check found
    something wrong, 1 anything else.
    """
    reading_as.set(reads)


def main() -> NoReturn:
    """The entry point of the installed script."""
    try:
        app()
    except SystemExit as end:
        process_exit.leave(end.code if isinstance(end.code, int) else 1)
    raise AssertionError("the group always ends the process")
