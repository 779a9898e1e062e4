"""Debian's own mail system on loopback: postfix takes letters over TLS after a sign-in, dovecot shows the office's mailbox.

Letters to one address are accepted and come back later; letters to any other are accepted and go nowhere."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkdtemp

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from activities.mail.mailboxes import ImapMailbox
from activities.mail.smtp import MailServer

HOST, PASSWORD = "localhost", "a secret of the test"
OFFICE = "inspections@inspectorate.example"
REFUSED_LATER = "dcs@birmingham.example"
START_SECONDS = 30.0
PROGRAMS = {"postfix": "/usr/sbin/postfix", "dovecot": "/usr/sbin/dovecot"}

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.inspectorate.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
virtual_mailbox_domains = inspectorate.example
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {{ {office} = office/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_restrictions = permit_sasl_authenticated, reject
transport_maps = inline:{{ {{ {refused} = smtp:[127.0.0.1]:{refusing_port} }} }}
default_transport = discard:
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{refusing_port} inet n - n - - smtpd
  -o myhostname=mail.birmingham.example
  -o smtpd_tls_security_level=none
  -o smtpd_sasl_auth_enable=no
  -o smtpd_client_restrictions=
  -o smtpd_relay_restrictions=reject
smtp unix - - n - - smtp
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT = """\
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
log_path = {folder}/dovecot.log
mail_location = maildir:{folder}/mail/office
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/office
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap_port}
    ssl = yes
  }}
}}
service auth {{
  unix_listener {folder}/queue/private/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class DebianMail:
    """A running mail system."""

    folder: Path
    smtp_port: int
    imap_port: int
    refusing_port: int
    """Of the authority's mail server, which refuses the Director's mailbox."""

    @property
    def authority(self) -> Path:
        """The certificate that clients must trust."""
        return self.folder / "cert.pem"

    def server(self, password: str = PASSWORD) -> MailServer:
        return MailServer(HOST, self.smtp_port, OFFICE, password, starttls=True)

    def mailbox(self, password: str = PASSWORD) -> ImapMailbox:
        return ImapMailbox(HOST, self.imap_port, OFFICE, password)

    def wait_for_mail(self) -> None:
        """Waits until the office's mailbox holds a message not read yet."""
        new = self.folder / "mail" / "office" / "new"
        self._wait("a message in the office's mailbox", lambda: new.is_dir() and any(new.iterdir()))

    def log(self) -> str:
        return "\n".join(path.read_text() for path in self.folder.glob("*.log"))

    def _wait(self, what: str, came: Callable[[], bool]) -> None:
        end = time.monotonic() + START_SECONDS
        while not came():
            assert time.monotonic() < end, f"no {what} within {START_SECONDS} seconds:\n{self.log()}"
            time.sleep(0.1)

    def wait_until_ready(self) -> None:
        log = self.folder / "postfix.log"
        self._wait("start", lambda: log.is_file() and "daemon started" in log.read_text())
        self._wait("start", lambda: (self.folder / "queue" / "private" / "auth").is_socket())


@contextmanager
def debian_mail() -> Iterator[DebianMail]:
    """A mail system that runs while inside; both programs are Debian's and need root, as `make test-full` has it."""
    missing = [name for name, path in PROGRAMS.items() if not Path(path).is_file()]
    if missing or os.getuid() != 0:
        pytest.fail(
            f"needs root and Debian's postfix and dovecot-imapd (`make test-full` as root installs them): {missing}"
        )
    folder = Path(mkdtemp(prefix="debian-mail-"))
    folder.chmod(0o711)  # its programs run as accounts of their own
    mail = DebianMail(folder, *_free_ports(3))
    _configure(mail)
    running = [
        subprocess.Popen([PROGRAMS["postfix"], "-c", str(folder / "postfix"), "start-fg"]),
        subprocess.Popen([PROGRAMS["dovecot"], "-F", "-c", str(folder / "dovecot.conf")]),
    ]
    try:
        mail.wait_until_ready()
        yield mail
    finally:
        subprocess.run([PROGRAMS["postfix"], "-c", str(folder / "postfix"), "stop"], timeout=30, check=False)
        running[1].terminate()
        for process in running:
            process.wait(timeout=30)
        shutil.rmtree(folder)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        servers = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(server.getsockname()[1]) for server in servers]


def _configure(mail: DebianMail) -> None:
    folder, account = mail.folder, pwd.getpwnam("nobody")
    for name in ("postfix", "queue/private", "data", "dovecot", "mail"):
        (folder / name).mkdir(parents=True)
    for name in ("data", "queue/private"):
        os.chown(folder / name, pwd.getpwnam("postfix").pw_uid, -1)
    os.chown(folder / "mail", account.pw_uid, account.pw_gid)
    names = {"folder": folder, "office": OFFICE, "refused": REFUSED_LATER, "uid": account.pw_uid, "gid": account.pw_gid}
    names |= {"port": mail.smtp_port, "imap_port": mail.imap_port, "refusing_port": mail.refusing_port}
    (folder / "postfix" / "main.cf").write_text(MAIN.format(**names))
    (folder / "postfix" / "master.cf").write_text(MASTER.format(**names))
    (folder / "dovecot.conf").write_text(DOVECOT.format(**names))
    (folder / "users").write_text(f"{OFFICE}:{PASSWORD}\n")
    (folder / "users").chmod(0o644)
    _certify(folder)


def _certify(folder: Path) -> None:
    """A certificate for this machine's own name, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)  # noqa: TID251 - certificates are valid by the clock of the machine
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
