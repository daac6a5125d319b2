"""Rows of an export to slips, by a mapping: every fault by its line, and nothing half."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from intake.slips.mapping import WHO, FormMapping
from intake.slips.slip import Slip, SlipFile, hashed

AHEAD = timedelta(minutes=10)
"""How far the form's clock may be ahead of ours."""
_ADDRESS = re.compile(r"[A-Za-z0-9._%+/=!#$&'*?^{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")

Told = Callable[[str], str | None]


class Tongues(Struct, frozen=True, kw_only=True):
    """How words of a form become ours: each gives None for a word that it does not know."""

    category: Told
    country: Told
    language: Told


class FormRows(Struct, frozen=True, kw_only=True):
    """What an export comes to. `faults`, `notices`: in words, by line. `blank`: lines on which nothing is said; `repeated`: lines that say
    what an earlier one said. With a fault there are no slips."""

    slips: tuple[Slip, ...]
    faults: tuple[str, ...]
    notices: tuple[str, ...]
    blank: tuple[int, ...]
    repeated: tuple[int, ...]


def slips_of(
    rows: Sequence[tuple[int, Sequence[str]]],
    mapping: FormMapping,
    tongues: Tongues,
    now: datetime,
    files: Mapping[str, SlipFile] | None,
) -> FormRows:
    """The slips of an export. `files`: by name, those that were uploaded with the form; None: nobody gave them."""
    maker = _Maker(mapping, tongues, now, files)
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        return FormRows(
            slips=(),
            faults=("the export is empty: it has not even a line with the names of columns",),
            notices=(),
            blank=(),
            repeated=(),
        )
    places = maker.head(*filled[0])
    for line, cells in filled[1:] if places is not None else ():
        maker.row(line, cells, places or {}, len(filled[0][1]))
    return maker.done()


class _Maker:
    """Collects slips and every fault."""

    def __init__(self, mapping: FormMapping, tongues: Tongues, now: datetime, files: Mapping[str, SlipFile] | None) -> None:
        self._mapping = mapping
        self._tongues: dict[str, Told] = {key: getattr(tongues, key) for key in ("category", "country", "language")}
        self._now = now
        self._files = files
        self._zone = ZoneInfo(mapping.zone)
        self._slips: dict[str, Slip] = {}
        self._faults: list[str] = []
        self._notices: list[str] = []
        self._blank: list[int] = []
        self._repeated: list[int] = []

    def done(self) -> FormRows:
        """All that was found."""
        return FormRows(
            slips=() if self._faults else tuple(self._slips.values()),
            faults=tuple(self._faults),
            notices=tuple(self._notices),
            blank=tuple(self._blank),
            repeated=tuple(self._repeated),
        )

    def head(self, line: int, cells: Sequence[str]) -> dict[str, int] | None:
        """Where each column stands. None when one is missing or stands twice."""
        names = [_name(cell) for cell in cells]
        for key, column in self._mapping.columns:
            times = names.count(_name(column))
            if times != 1:
                what = "there is no column" if times == 0 else f"{times} columns are called"
                self._faults.append(f"line {line}: {what} {column!r} (mapping: {key})")
        return None if self._faults else {name: index for index, name in enumerate(names)}

    def row(self, line: int, cells: Sequence[str], places: Mapping[str, int], width: int) -> None:
        """One record."""
        if any(cell.strip() for cell in cells[width:]):
            self._faults.append(f"line {line}: has more cells than there are columns; is the delimiter right?")
            return
        values: dict[str, str] = {}
        for key, column in self._mapping.columns:
            place = places[_name(column)]
            text = cells[place].strip() if place < len(cells) else ""
            values[key] = "\n\n".join(filter(None, (values.get(key), text))) if key == "general" else text
        self._take(line, values)

    def _take(self, line: int, values: dict[str, str]) -> None:
        before = len(self._faults)
        files = self._named_files(line, values.get("attachments", ""))
        answers = tuple(
            (number, values[f"answers.{number}"]) for number in sorted(self._mapping.answers) if values[f"answers.{number}"]
        )
        general = tuple(filter(None, (values.get("general", ""),)))
        if not answers and not general and not values.get("attachments"):
            self._blank.append(line)
            return
        at = self._time(line, values)
        who = {key: self._told(line, key, values.get(key, "")) for key in WHO if key != "email"}
        if len(self._faults) > before or at is None:
            return
        email = values.get("email", "")
        if email and not is_address(email):
            self._notices.append(f"line {line}: {email!r} is no e-mail address: no letter can go there")
            email = ""
        named = values.get("id") or hashed(*(values.get(key, "") for key in ("time", "email", "organization", "person")))
        slip = Slip(
            kind="form",
            source=self._mapping.form,
            id=hashed("form", self._mapping.form, named)[:32],
            row=hashed(
                *(f"{key}={values[key]}" for key in sorted(values)), *(hashed(file.name, file.octets.hex()) for file in files)
            )[:32],
            at=at,
            email=email,
            vouched=bool(email) and self._mapping.email_verified,
            answers=answers,
            general=general,
            files=files,
            line=line,
            **who,
        )
        self._keep(slip)

    def _keep(self, slip: Slip) -> None:
        same = self._slips.get(slip.id)
        if same is None:
            self._slips[slip.id] = slip
        elif same.row == slip.row:
            self._repeated.append(slip.line)
        else:
            hint = "" if self._mapping.id else "; a column with a number of the form's own (id) tells them apart"
            self._faults.append(f"line {slip.line}: is the same entry as line {same.line} and says something else{hint}")

    def _time(self, line: int, values: Mapping[str, str]) -> datetime | None:
        """The time of the last change where the form tells it, else that of sending; aware."""
        found = None
        for key in ("time", "changed"):
            text = values.get(key, "")
            if not text and key == "changed":
                continue
            moment = self._moment(text)
            if moment is None:
                hint = self._mapping.time_format or "ISO 8601; another form is named by time_format"
                self._faults.append(f"line {line}: {text!r} is no time ({hint})")
                return None
            found = moment if found is None else max(found, moment)
        if found is not None and found > self._now + AHEAD:
            self._faults.append(f"line {line}: {found.isoformat()} lies in the future; is the zone {self._mapping.zone} right?")
            return None
        return found

    def _moment(self, text: str) -> datetime | None:
        moment: datetime | None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            try:
                moment = datetime.strptime(text, self._mapping.time_format) if self._mapping.time_format else None  # noqa: DTZ007 - the zone follows
            except ValueError:
                moment = None
        if moment is None or len(text) <= len("2026-01-01"):
            return None
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=self._zone)

    def _told(self, line: int, key: str, text: str) -> str:
        """The form's word in ours."""
        if not text or key not in self._tongues:
            return text
        text = self._mapping.values.get(key, {}).get(text.casefold(), text)
        found = self._tongues[key](text)
        if found is None:
            self._faults.append(
                f"line {line}: {text!r} is no {key} that is known here; say in the mapping what it is ([values.{key}])"
            )
        return found or ""

    def _named_files(self, line: int, text: str) -> tuple[SlipFile, ...]:
        names = [name.strip() for name in text.split(self._mapping.attachments_separator or ";") if name.strip()]
        if names and self._files is None:
            self._faults.append(f"line {line}: names {len(names)} file(s); say with --files in which folder they are")
            return ()
        found = []
        for name in names:
            file = (self._files or {}).get(_name(name.replace("\\", "/").rpartition("/")[2]))
            if file is None:
                self._faults.append(f"line {line}: the file {name!r} is not in the folder")
            else:
                found.append(file)
        return tuple(found)


def is_address(text: str) -> bool:
    """Whether a letter could be written to it."""
    return _ADDRESS.fullmatch(text) is not None


def _name(text: str) -> str:
    """A column's or file's name as compared: composed, white space and marks of order aside."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\ufeff", "").split())
