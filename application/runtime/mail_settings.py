"""The sender of letters, and the mail server: the one of the settings, or the local mailbox of the running system."""

from activities.mail.mailboxes import BounceMailbox, ImapMailbox, MaildirFolder
from activities.mail.mime import Sender
from activities.mail.smtp import MailServer
from application.runtime import run_file
from application.runtime.dev_mailbox import HERE
from application.runtime.settings import Settings
from framework.common.errors import Remedy, Unreachable


def sender(settings: Settings) -> Sender:
    """Returns the sender of letters."""
    return Sender("Ofsted inspections", settings.smtp_from)


def mail_server(settings: Settings) -> MailServer:
    """Returns the mail server. Raises `Unreachable` if none is set and no local mailbox runs."""
    if settings.smtp_host:
        return MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
            settings.smtp_starttls,
        )
    running = run_file.find(settings.data)
    if running is None:
        what = "there is no mail server: INSPECTIONS_SMTP_HOST names none, and no local mailbox runs"
        raise Unreachable(what, remedy=Remedy.START_SYSTEM)
    return MailServer(HERE, running.mailbox_port)


def bounce_mailbox(settings: Settings) -> BounceMailbox | None:
    """Returns the mailbox that letters come back to; None where the settings name none."""
    if settings.bounces_folder is not None:
        return MaildirFolder(settings.bounces_folder)
    if settings.bounces_imap_host:
        password = settings.bounces_imap_password.get_secret_value()
        return ImapMailbox(settings.bounces_imap_host, settings.bounces_imap_port, settings.bounces_imap_user, password)
    return None
