"""`intake.toml` and the environment to Settings; unknown keys are errors; secrets come from files or systemd credentials."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from intake.errors import Misconfigured
from intake.model.mail import SLIPS, ChannelKind
from intake.model.round import LANGUAGES, Round
from intake.model.silence import LastRound
from intake.model.verdict import KnownRespondent
from intake.settings.decisions import DecisionsSettings
from intake.settings.directory import load_directory
from intake.settings.faults import secret_faults, tls_faults
from intake.settings.oauth import OAuthSettings
from intake.settings.officers import OfficerSettings, SecondOfficer, officer_faults
from intake.settings.published import load_previous
from intake.settings.reminders import ReminderSettings
from intake.settings.rounds import load_round

_HOUR = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


class LettersMode(StrEnum):
    """What happens to letters: never composed for sending, wait for a person, or go out."""

    OFF = "off"
    APPROVE = "approve"
    SEND = "send"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServiceSettings(_Section):
    """Who we are. `officers`: names with every right, beside those of [[officers]]. `second_officer`: decisions that another officer
    must confirm. `state_dir` holds vault, ledger, drafts and revisions; `templates_dir` the operator's own words and layouts.
    `pdfa`: PDF files are PDF/A-2a beside PDF/UA-1; `directory`: respondents that are known (CSV);
    `word_processor`: LibreOffice's program, which lays a released DOCX out ("": none)."""

    state_dir: Path
    rounds_dir: Path
    name: str = "Consultation secretariat"
    address: str
    officers: tuple[str, ...] = ("officer",)
    language: str = "en"
    public_page: str = ""
    templates_dir: Path | None = None
    pdfa: bool = False
    word_processor: str = "soffice"
    directory: Path | None = None
    second_officer: tuple[SecondOfficer, ...] = ()


class LettersSettings(_Section):
    """Letters to respondents; caps count letters handed over (RFC 3834, section 2)."""

    mode: LettersMode = LettersMode.APPROVE
    cap_per_address_day: int = Field(default=5, ge=1)
    cap_per_domain_day: int = Field(default=50, ge=1)
    cap_per_hour: int = Field(default=200, ge=1)
    secret_file: Path | None = None
    former_secret_files: tuple[Path, ...] = ()


class FolderSettings(_Section):
    """One folder: which round its mail belongs to, and by which channel it came. `sent`: officers' own mail, which belongs to the file."""

    name: str
    channel: ChannelKind
    round: str


class MailboxSettings(_Section):
    """One IMAP account, polled read-only. `tls`: implicit (993), starttls, or none (loopback only). `trusted_hosts`: of another office's
    mailbox, the names under which its own hosts add Received lines; they are believed in this account alone."""

    name: str
    host: str
    port: int = 993
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    username: str
    password_file: Path | None = None
    oauth: OAuthSettings | None = None
    ca_file: Path | None = None
    timeout_s: float = Field(default=60.0, gt=0)
    trusted_hosts: tuple[str, ...] = ()
    folders: tuple[FolderSettings, ...] = Field(min_length=1)


class SmtpSettings(_Section):
    """The submission server. `tls` as for a mailbox (465 implicit, 587 starttls)."""

    host: str
    port: int = 465
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    username: str | None = None
    password_file: Path | None = None
    oauth: OAuthSettings | None = None
    ca_file: Path | None = None
    timeout_s: float = Field(default=60.0, gt=0)


class DigestRoleSettings(_Section):
    """A further reader of the daily letter, with the parts that concern him."""

    role: Literal["chair", "technical"]
    to: tuple[str, ...] = Field(min_length=1)
    language: str = "en"


class DigestSettings(_Section):
    """The daily letter to the secretariat (`to`) and to other roles, at a local time of each round's zone."""

    at: str = "07:30"
    to: tuple[str, ...] = ()
    language: str = "en"
    roles: tuple[DigestRoleSettings, ...] = ()
    reminders: ReminderSettings = ReminderSettings()


class AlarmSettings(_Section):
    """When an alarm goes out, to the technical role (else the desk): minutes of failed looks; hours of silence while a
    consultation is open (0: never)."""

    unreachable_min: int = Field(default=15, ge=1)
    silent_h: int = Field(default=72, ge=0)


class PollSettings(_Section):
    """How often to look. IDLE is used where the server offers it; polling stays as the safety net."""

    every_s: float = Field(default=60.0, ge=1)
    idle: bool = True


class LimitSettings(_Section):
    """`min_free_mb`: intake stops before the disk has less. `readers`: children that read messages."""

    min_free_mb: int = Field(default=200, ge=0)
    readers: int = Field(default=2, ge=1, le=64)


class ScannerSettings(_Section):
    """ClamAV's daemon. `address`: unix:/path or tcp:host:port. Larger files, and all while its signatures are older than
    `max_signature_age_d` days (0: of any age), count as unscanned, never as clean."""

    address: str = Field(pattern=r"^(unix:/.+|tcp:.+:\d{1,5})$")
    timeout_s: float = Field(default=60.0, gt=0)
    max_mb: int = Field(default=25, ge=1)
    max_signature_age_d: int = Field(default=7, ge=0)


class OcrSettings(_Section):
    """Tesseract, for files of pictures only. `timeout_s` and `max_pages` bound what one file may cost."""

    command: str = "tesseract"
    languages: tuple[Literal["ar", "zh", "en", "fr", "ru", "es"], ...] = Field(
        default=("ar", "zh", "en", "fr", "ru", "es"), min_length=1
    )
    timeout_s: float = Field(default=60.0, gt=0)
    max_pages: int = Field(default=30, ge=1)


class Settings(BaseSettings):
    """All configuration of the program, checked. `rounds` are loaded from `service.rounds_dir`."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="INTAKE__", env_nested_delimiter="__")

    service: ServiceSettings
    letters: LettersSettings = LettersSettings()
    mailboxes: tuple[MailboxSettings, ...] = ()
    smtp: SmtpSettings | None = None
    digest: DigestSettings = DigestSettings()
    alarm: AlarmSettings = AlarmSettings()
    poll: PollSettings = PollSettings()
    limits: LimitSettings = LimitSettings()
    officers: tuple[OfficerSettings, ...] = ()
    decisions: DecisionsSettings | None = None
    scanner: ScannerSettings | None = None
    ocr: OcrSettings | None = None
    rounds: tuple[Any, ...] = Field(default=(), exclude=True)
    known: tuple[Any, ...] = Field(default=(), exclude=True)
    published: dict[str, Any] = Field(default_factory=dict, exclude=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment outranks the file; nothing else is read."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))

    def round(self, round_id: str) -> Round:
        """The round of that id. Raises KeyError."""
        return cast(Round, next(item for item in self.rounds if item.id == round_id))


def load_settings(path: Path) -> Settings:
    """Settings from `path`, the environment and the rounds folder beside it. Raises Misconfigured with every fault found."""
    if not path.is_file():
        raise Misconfigured([f"{path}: no such file (config/intake.example.toml shows every key)"])
    faults: list[str] = []

    class _FromFile(Settings):
        model_config = SettingsConfigDict(
            extra="forbid", frozen=True, env_prefix="INTAKE__", env_nested_delimiter="__", toml_file=path
        )

    try:
        settings: Settings | None = _FromFile()  # type: ignore[call-arg]  # the sources give the arguments
    except ValidationError as error:
        settings = None
        for item in error.errors():
            where = ".".join(str(step) for step in item["loc"])
            faults.append(f"{path}: {where}: {_plain(item)}")
    except ValueError as error:  # not TOML, or an environment value that is no JSON where a table is due
        raise Misconfigured([f"{path}: {error}"]) from error
    rounds: list[Round] = []
    known: tuple[KnownRespondent, ...] = ()
    published: dict[str, LastRound] = {}
    if settings is not None:
        base = path.resolve().parent
        settings = _anchored(settings, base)
        rounds = _rounds(settings.service.rounds_dir, faults)
        faults += [f"{path}: {fault}" for fault in _cross_faults(settings, {item.id for item in rounds})]
        published = load_previous(rounds, settings.service.rounds_dir, faults)
        known = _directory(settings.service.directory, faults)
    if faults or settings is None:
        raise Misconfigured(faults)
    return settings.model_copy(update={"rounds": tuple(rounds), "known": known, "published": published})


def _directory(path: Path | None, faults: list[str]) -> tuple[KnownRespondent, ...]:
    try:
        return load_directory(path) if path is not None else ()
    except Misconfigured as error:
        faults += error.problems
        return ()


def secret_from(path: Path | None) -> str | None:
    """The secret in a file, without its line end; systemd credentials are files too. None when no file is configured."""
    if path is None:
        return None
    return path.read_text("utf-8").rstrip("\r\n")


def effective(settings: Settings) -> dict[str, Any]:
    """The values in force; secrets are only ever named by their file."""
    shown: dict[str, Any] = settings.model_dump(mode="json")
    shown["rounds"] = [item.id for item in settings.rounds]
    return shown


def _plain(item: Any) -> str:
    if item["type"] == "extra_forbidden":
        return "unknown key"
    if item["type"] == "missing":
        return "is missing"
    return str(item["msg"])


def _anchored(settings: Settings, base: Path) -> Settings:
    """Relative paths are relative to the file that names them; `$CREDENTIALS_DIRECTORY` of systemd is understood."""

    def at(value: Path | None) -> Path | None:
        if value is None:
            return None
        text = os.path.expandvars(str(value))
        return Path(text) if os.path.isabs(text) else (base / text).resolve()

    folders = {key: at(getattr(settings.service, key)) for key in ("state_dir", "rounds_dir", "templates_dir", "directory")}
    service = settings.service.model_copy(update=folders)

    def log_in(section: MailboxSettings | SmtpSettings) -> dict[str, Any]:
        oauth = None if section.oauth is None else section.oauth.anchored(at, service.state_dir)
        return {"password_file": at(section.password_file), "ca_file": at(section.ca_file), "oauth": oauth}

    boxes = tuple(box.model_copy(update=log_in(box)) for box in settings.mailboxes)
    smtp = settings.smtp
    if smtp is not None:
        smtp = smtp.model_copy(update=log_in(smtp))
    letters = settings.letters.model_copy(
        update={
            "secret_file": at(settings.letters.secret_file),
            "former_secret_files": tuple(path for item in settings.letters.former_secret_files if (path := at(item)) is not None),
        }
    )
    decisions = None if settings.decisions is None else settings.decisions.anchored(at)
    changed = {"service": service, "mailboxes": boxes, "smtp": smtp, "letters": letters, "decisions": decisions}
    return settings.model_copy(update=changed)


def _rounds(folder: Path, faults: list[str]) -> list[Round]:
    rounds: list[Round] = []
    if not folder.is_dir():
        faults.append(f"service.rounds_dir: {folder} is no folder")
        return rounds
    for path in sorted(folder.glob("*.toml")):
        try:
            rounds.append(load_round(path))
        except Misconfigured as error:
            faults += error.problems
    if not rounds and not faults:
        faults.append(f"service.rounds_dir: {folder} holds no round (*.toml)")
    ids = [item.id for item in rounds]
    faults += [f"two rounds have the id {name!r}" for name in sorted({name for name in ids if ids.count(name) > 1})]
    return rounds


def _cross_faults(settings: Settings, round_ids: set[str]) -> list[str]:
    faults: list[str] = []
    for box in settings.mailboxes:
        for folder in box.folders:
            faults += _folder_faults(box.name, folder, round_ids)
        faults += tls_faults(f"mailbox {box.name!r}", box.tls, box.host)
        faults += _log_in_faults(f"mailbox {box.name!r}", box)
    if len({box.name for box in settings.mailboxes}) != len(settings.mailboxes):
        faults.append("two mailboxes have the same name")
    if settings.smtp is not None:
        faults += tls_faults("smtp", settings.smtp.tls, settings.smtp.host)
        faults += _log_in_faults("smtp", settings.smtp)
    elif settings.letters.mode is not LettersMode.OFF:
        faults.append(f"letters.mode is {settings.letters.mode.value!r} but there is no [smtp] section")
    faults += secret_faults("letters.secret_file", settings.letters.secret_file)
    faults += [
        fault for path in settings.letters.former_secret_files for fault in secret_faults("letters.former_secret_files", path)
    ]
    faults += officer_faults(settings.officers, settings.service.officers, settings.service.second_officer)
    faults += _decision_faults(settings.decisions)
    if not _HOUR.match(settings.digest.at):
        faults.append(f"digest.at: {settings.digest.at!r} is no time of day (HH:MM)")
    elif "01:00" <= settings.digest.at <= "03:30":
        faults.append("digest.at lies between 01:00 and 03:30, where clock changes repeat or skip hours")
    own = settings.service.templates_dir
    if own is not None and not own.is_dir():
        faults.append(f"service.templates_dir: {own} is no folder")
    languages = [("digest.language", settings.digest.language), ("service.language", settings.service.language)]
    for key, value in languages + [("digest.roles.language", role.language) for role in settings.digest.roles]:
        if value not in LANGUAGES:
            faults.append(f"{key}: {value!r} is none of {', '.join(LANGUAGES)}")
    for key, values in (
        ("service.address", (settings.service.address,)),
        ("digest.to", settings.digest.to),
        *(("digest.roles.to", role.to) for role in settings.digest.roles),
        ("officers.address", tuple(address for officer in settings.officers for address in officer.addresses)),
    ):
        faults += [f"{key}: {value!r} is no e-mail address" for value in values if not re.fullmatch(r"[^\s@]+@[^\s@]+", value)]
    return faults


def _decision_faults(decisions: DecisionsSettings | None) -> list[str]:
    if decisions is None:
        return []
    files = [fault for name, path in decisions.keys.items() for fault in secret_faults(f"decisions.keys.{name}", path)]
    return decisions.faults() + files


def _folder_faults(box: str, folder: FolderSettings, round_ids: set[str]) -> list[str]:
    faults = []
    if folder.round not in round_ids:
        faults.append(f"mailbox {box!r}, folder {folder.name!r}: there is no round {folder.round!r}")
    if folder.channel in (*SLIPS, ChannelKind.IMPORT):
        faults.append(f"mailbox {box!r}, folder {folder.name!r}: {folder.channel.value!r} is no channel of a folder")
    if any(ord(char) < 32 for char in folder.name):
        faults.append(f"mailbox {box!r}: a folder name has a control character")
    return faults


def _log_in_faults(where: str, section: MailboxSettings | SmtpSettings) -> list[str]:
    """A password or a token, not both; their files are ours alone."""
    faults = secret_faults(f"{where}: password_file", section.password_file)
    if section.oauth is None:
        return faults
    if section.password_file is not None:
        faults.append(f"{where}: password_file and oauth exclude each other")
    if section.username is None:
        faults.append(f"{where}: oauth needs a username")
    faults += [f"{where}: oauth: {fault}" for fault in section.oauth.faults()]
    for key, path in section.oauth.secret_files():
        faults += secret_faults(f"{where}: oauth: {key}", path)
    return faults
