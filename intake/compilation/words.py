"""The words of the documents' shell in one language, and the names that come from CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime

_LOCALES = {"ar": "ar_EG", "zh": "zh_Hans_CN", "en": "en_GB", "fr": "fr_CH", "ru": "ru_RU", "es": "es_ES"}


class Words:
    """`words("part.topic")`, with `{names}` filled in. A missing key is an error, never an empty place."""

    def __init__(self, language: str, table: Mapping[str, Any]) -> None:
        self.language = language
        self._table = table
        self._locale = Locale.parse(_LOCALES[language])

    def __call__(self, key: str, **fill: object) -> str:
        """The sentence of a key. Raises KeyError."""
        room, _, name = key.partition(".")
        sentence = str(self._table[room][name])
        return sentence.format(**fill) if fill else sentence

    @property
    def rooms(self) -> Mapping[str, Mapping[str, str]]:
        """The tables by room: dispositions, statuses, categories."""
        return self._table

    @property
    def direction(self) -> str:
        """ "rtl" for Arabic."""
        return "rtl" if self.language == "ar" else "ltr"

    def plural(self, room: str, number: int, **fill: object) -> str:
        """The sentence of a table of plural forms (CLDR: zero, one, two, few, many, other) that agrees with a number."""
        forms = self._table[room]
        return str(forms.get(self._locale.plural_form(number), forms["other"])).format(n=number, **fill)

    def month(self, when: date) -> str:
        """A month as it stands alone: "October 2019"."""
        pattern = {"zh": "y年M月", "es": "LLLL 'de' y", "ru": "LLLL y 'г'."}.get(self.language, "LLLL y")
        return str(format_date(when, pattern, locale=self._locale))

    def country(self, code: str | None) -> str:
        """Name of a country; a dash when there is none."""
        return str(self._locale.territories.get(code, code)) if code else "–"

    def reason(self, name: str) -> str:
        """Why something is withheld; reasons without words of their own are "other"."""
        return str(self._table["reason"].get(name, self._table["reason"]["other"]))

    def tongue(self, code: str) -> str:
        """Name of a language."""
        name = str(self._locale.languages.get(code, code))
        return name[:1].upper() + name[1:]

    def day(self, when: date) -> str:
        """A long date."""
        day = str(format_date(when, "d MMMM y" if self.language != "zh" else "y年M月d日", locale=self._locale))
        return day.replace("1 ", "1er ", 1) if self.language == "fr" and when.day == 1 else day

    def moment(self, when: datetime, zone: str) -> str:
        """A local time with its offset."""
        local = when.astimezone(ZoneInfo(zone))
        pattern = "d MMMM y, HH:mm" if self.language != "zh" else "y年M月d日 HH:mm"
        return f"{format_datetime(local, pattern, locale=self._locale)} ({local:%z})"


def words_from(language: str, table: Mapping[str, Any]) -> Words:
    """Words of the parsed templates/compilation/words.<language>.toml."""
    return Words(language, table)


def direction_of(language: str) -> str:
    """Direction of a text in that language."""
    return "rtl" if language in ("ar", "fa", "he", "ur", "ps", "yi", "dv", "sd", "ug", "ckb") else "ltr"
