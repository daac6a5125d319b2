"""A read-only look at every configured server: what is wrong with our configuration, and what merely cannot be reached now."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.doors.jail_standing import standing
from intake.doors.word_processor import LibreOffice
from intake.errors import IntakeError, Misconfigured, Refused, Unreachable
from intake.fittings import mailbox, ocr, scanner, smtp_post
from intake.settings import MailboxSettings, Settings


@dataclass
class ServerFaults:
    """`refused`: wrong password, unknown folder, no TLS: the configuration's fault. `unreachable`: try again later.
    `warnings`: of the machine, which works all the same."""

    seen: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def note(self, where: str, error: IntakeError) -> None:
        """Sort one error by who is wrong."""
        (self.refused if isinstance(error, Refused) else self.unreachable).append(f"{where}: {error}")

    def raise_faults(self) -> None:
        """All faults at once: Misconfigured (78) when one is the configuration's, else Unreachable (69)."""
        if self.refused:
            raise Misconfigured([*self.refused, *self.unreachable])
        if self.unreachable:
            raise Unreachable("; ".join(self.unreachable))


def look_at_servers(settings: Settings) -> ServerFaults:
    """Log in everywhere and open every folder read-only. Never raises."""
    found = ServerFaults()
    for box in settings.mailboxes:
        _look_at_mailbox(box, found)
    _look_at_programs(settings, found)
    try:
        post = smtp_post(settings)
    except OSError as error:
        found.refused.append(f"smtp: password_file cannot be read: {error.strerror}")
        return found
    if post is not None:
        try:
            post.check()
            found.seen.append("smtp: reached and logged in")
        except IntakeError as error:
            found.note("smtp", error)
        finally:
            post.close()
    return found


def _look_at_programs(settings: Settings, found: ServerFaults) -> None:
    """The virus scanner and OCR, where they are configured."""
    try:
        found.seen.append(f"jail: {standing()}")
    except Refused as error:
        found.warnings.append(f"jail: {error}")
    found.seen.append(f"word processor: {LibreOffice(settings.service.word_processor).standing()}")
    for name, door in (("scanner", scanner(settings)), ("ocr", ocr(settings))):
        if door is not None:
            try:
                found.seen.append(f"{name}: {door.standing()}")
            except IntakeError as error:
                found.note(name, error)


def _look_at_mailbox(box: MailboxSettings, found: ServerFaults) -> None:
    door = mailbox(box)
    try:
        door.open()
        for folder in box.folders:
            try:
                state = door.scan(folder.name)
                found.seen.append(f"mailbox {box.name}: folder {folder.name}: {len(state.uids)} messages")
            except IntakeError as error:
                found.note(f"mailbox {box.name}: folder {folder.name}", error)
    except IntakeError as error:
        found.note(f"mailbox {box.name}", error)
    finally:
        door.close()
