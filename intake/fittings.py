"""Doors as the configuration describes them: mailboxes, relay, scanner, OCR, and the house's rules for letters."""

from __future__ import annotations

import functools
import hashlib
from datetime import timedelta

from intake.doors.imap import ImapMailbox
from intake.doors.imap_session import ImapAccount
from intake.doors.login import KeptToken, TokenGrant, TokenSource
from intake.doors.ocr import TesseractOcr
from intake.doors.scanner import ClamdScanner
from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.doors.vault import FileVault
from intake.model.edition import DigestRole
from intake.pipeline.office import LetterPolicy
from intake.ports import Staging
from intake.settings import MailboxSettings, Settings
from intake.settings.oauth import OAuthSettings
from intake.settings.program import secret_from


def letter_policy(settings: Settings) -> LetterPolicy:
    """The rules for letters; the secret is read from its file or kept in the state folder."""
    secret = secret_from(settings.letters.secret_file)
    settings.service.state_dir.mkdir(parents=True, exist_ok=True)
    key = secret.encode() if secret else FileVault(settings.service.state_dir / "vault").secret()
    return LetterPolicy(
        mode=settings.letters.mode.value,
        from_name=settings.service.name,
        from_address=settings.service.address,
        secret=hashlib.sha256(key).digest(),
        former=tuple(
            hashlib.sha256(old.encode()).digest() for old in map(secret_from, settings.letters.former_secret_files) if old
        ),
        digest_to=settings.digest.to,
        digest_language=settings.digest.language,
        digest_at=settings.digest.at,
        digest_roles=tuple((DigestRole(item.role), item.language, item.to) for item in settings.digest.roles),
        public_page=settings.service.public_page,
        reminder_days=settings.digest.reminders.model_dump(),
        cap_per_address_day=settings.letters.cap_per_address_day,
        cap_per_domain_day=settings.letters.cap_per_domain_day,
        cap_per_hour=settings.letters.cap_per_hour,
    )


def mailbox(box: MailboxSettings, vault: Staging | None = None) -> ImapMailbox:
    """The IMAP door of one account."""
    account = ImapAccount(
        name=box.name,
        host=box.host,
        port=box.port,
        tls=box.tls,
        username=box.username,
        password=lambda: secret_from(box.password_file) or "",
        tokens=None if box.oauth is None else token_source(box.oauth),
        mechanism="auto" if box.oauth is None else box.oauth.mechanism,
        ca_file=box.ca_file,
        timeout_s=box.timeout_s,
    )
    return ImapMailbox(account, vault)


@functools.cache
def token_source(oauth: OAuthSettings) -> TokenSource:
    """One source a grant and process: its doors share the token and the count of refusals, also when a door is made anew."""
    kept = None
    if oauth.refresh_token_file is not None and oauth.kept_token_file is not None:
        kept = KeptToken(oauth.kept_token_file, lambda: secret_from(oauth.refresh_token_file) or "")
    grant = TokenGrant(
        endpoint=oauth.token_endpoint,
        client_id=oauth.client_id,
        grant=oauth.grant,
        scope=oauth.scope,
        client_secret=(lambda: secret_from(oauth.client_secret_file) or "") if oauth.client_secret_file else None,
        certificate_file=oauth.certificate_file,
        refresh_token=None if kept is None else kept.read,
        ca_file=oauth.ca_file,
    )
    return TokenSource(grant, keep=None if kept is None else kept.write)


def scanner(settings: Settings) -> ClamdScanner | None:
    """The virus scanner, or None when none is configured."""
    found = settings.scanner
    if found is None:
        return None
    age = timedelta(days=found.max_signature_age_d) if found.max_signature_age_d else None
    return ClamdScanner(found.address, timeout_s=found.timeout_s, max_bytes=found.max_mb * 1_000_000, max_age=age)


def ocr(settings: Settings) -> TesseractOcr | None:
    """The reader of pictures, or None when none is configured."""
    found = settings.ocr
    return None if found is None else TesseractOcr(found.command, found.languages, found.timeout_s)


def smtp_post(settings: Settings) -> SmtpPost | None:
    """The SMTP door, or None when none is configured."""
    smtp = settings.smtp
    if smtp is None:
        return None
    return SmtpPost(
        SmtpRelay(
            host=smtp.host,
            port=smtp.port,
            tls=smtp.tls,
            username=smtp.username,
            password=(lambda: secret_from(smtp.password_file) or "") if smtp.password_file else None,
            tokens=None if smtp.oauth is None else token_source(smtp.oauth),
            mechanism="auto" if smtp.oauth is None else smtp.oauth.mechanism,
            ca_file=smtp.ca_file,
            timeout_s=smtp.timeout_s,
        )
    )
