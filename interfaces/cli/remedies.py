"""Remedies for errors at the command line, which the layers below leave to the entry point."""

from collections.abc import Mapping

from framework.common.errors import BadInput, InspectionError, Remedy

_WORDS: Mapping[Remedy, str] = {
    Remedy.LIST_INSPECTIONS: "; `inspections list` shows those there are",
    Remedy.LIST_AUTHORITIES: "; `inspections authorities list` shows the codes",
    Remedy.LIST_HOLIDAYS: " (`inspections holidays list`)",
    Remedy.LIST_STEPS: "; `inspections lifecycle` has them all",
    Remedy.LIST_COMMENTS: "; `inspections show {subject}` lists them",
    Remedy.LIST_TASKS: "; `inspections tasks {subject}` names those given up",
    Remedy.LIST_MAIL: ": `inspections mailbox` lists them",
    Remedy.LIST_LETTERS: ": `inspections letter {subject}` lists them",
    Remedy.LIST_EVENTS: " (inspections history {subject})",
    Remedy.VERIFY: ": `inspections verify {subject}` says more",
    Remedy.SHOW_INSPECTION: "; `inspections show {subject}` says more",
    Remedy.IMPORT_PEOPLE: "; put it into the directory with `inspections authorities import`",
    Remedy.CONFIRM_START: "; confirm it with --confirm",
    Remedy.START_SYSTEM: ": run `inspections up`",
    Remedy.MAKE_RECORDS: ": run `inspections up`, which makes them, or `inspections migrate`",
    Remedy.MIGRATE: ": run `inspections migrate`",
    Remedy.FINISH_RESTORE: ": run `inspections up`, which brings it to its end",
    Remedy.AWAIT_SYSTEM: ": wait until `inspections up` says so",
    Remedy.REPEAT_COMMAND: "; run the same command again with --command {subject}",
    Remedy.RENEW_COMMAND: ": leave --command out to send this one under a new identifier",
    Remedy.CHOOSE_DATA: ": name another folder with --data",
    Remedy.STOP_OTHER_SYSTEM: ": stop that `inspections up`, or say another --data",
    Remedy.CHOOSE_TARGET: ": name another with --to",
    Remedy.LEAVE_OUT_PERSONAL: ": export it with --personal leave-out",
}


def in_words(error: InspectionError) -> str:
    """Returns the message of an error as this entry point prints it: with the option it is about, and the remedy."""
    remedy = _WORDS[error.remedy].format(subject=error.subject) if error.remedy else ""
    option = f"--{error.field.replace('_', '-')} " if isinstance(error, BadInput) and error.field else ""
    return f"{option}{error}{remedy}"
