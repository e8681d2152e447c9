"""One message to one address, sent at once. The address is not stored and not logged."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

from survey_app.config import Config

TIMEOUT = 10  # seconds
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class NotSentError(Exception):
    """The message could not be handed over. It says nothing of the address or the text."""


def is_address(typed: str) -> bool:
    """Whether this can be an e-mail address; only the mail server knows whether it is one."""
    return len(typed) <= 254 and ADDRESS.fullmatch(typed) is not None


def send(config: Config, to: str, title: str, text: str) -> None:
    """Hand a plain message to the installation's mail server. Raises NotSentError."""
    message = EmailMessage()
    message["Subject"] = " ".join(title.split())
    message["From"] = Address(config.site_name, addr_spec=config.smtp_from)
    message["To"] = to
    message["Auto-Submitted"] = "auto-generated"
    message["Message-ID"] = make_msgid(domain=config.smtp_from.rpartition("@")[2])
    message.set_content(text + "\n")
    try:
        with smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=TIMEOUT) as server:
            if config.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if config.smtp_user:
                server.login(config.smtp_user, config.smtp_password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSentError from error
