"""The words of the documents' shell in one language, and the names that come from CLDR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.units import format_unit

from intake.model.direction import direction_of, marked

_DAYS = {"zh": "y年M月d日", "es": "d 'de' MMMM 'de' y", "ru": "d MMMM y 'г.'"}
_LOCALES = {"ar": "ar_EG", "zh": "zh_Hans_CN", "en": "en_GB", "fr": "fr_CH", "ru": "ru_RU", "es": "es_ES"}


class Words:
    """`words("part.topic")`, with `{names}` filled in. A missing key is an error, never an empty place."""

    def __init__(self, language: str, table: Mapping[str, Any]) -> None:
        self.language = language
        self._table = table
        self._locale = Locale.parse(_LOCALES[language])

    def __call__(self, key: str, **fill: object) -> str:
        """The sentence of a key; a Russian date at its end brings its own stop. Raises KeyError."""
        room, _, name = key.partition(".")
        sentence = str(self._table[room][name])
        return sentence.format(**fill).replace("г..", "г.") if fill else sentence

    @property
    def rooms(self) -> Mapping[str, Mapping[str, str]]:
        """The tables by room: dispositions, statuses, categories."""
        return self._table

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        room, _, name = key.partition(".")
        return name in self._table.get(room, {})

    def layout(self, on: date) -> tuple[str, ...]:
        """Rows of the header block of a document of that day: the layout whose `from` is the latest not after it. The days are those of
        templates/compilation/layouts.toml; that the newer one holds from 2021 is an assumption said there."""
        layouts = [item for item in self._table["layouts"].values() if item["from"] <= on]
        newest = max(layouts, key=lambda item: item["from"], default=None)
        return tuple(newest["rows"]) if newest is not None else ()

    def join(self, items: Sequence[str]) -> str:
        """A list of words in this language's manner, without "and"."""
        return {"ar": "، ", "zh": "、"}.get(self.language, ", ").join(items)

    def listed(self, items: Sequence[str]) -> str:
        """Longer items that may hold commas of their own, parted by semicolons."""
        return {"ar": "؛ ", "zh": "；"}.get(self.language, "; ").join(items)

    def name(self, text: str) -> str:
        """A name of somebody's choice, or other words that are not ours, as they stand in this language's lines."""
        return marked(text, self.direction)

    def aside(self, text: str) -> str:
        """What follows a word in parentheses, the space before them with it; nothing for nothing."""
        if not text:
            return ""
        return f"（{text}）" if self.language == "zh" else f" ({text})"

    @property
    def colon(self) -> str:
        """What stands between a label and what it labels."""
        return "：" if self.language == "zh" else ": "

    @property
    def stop(self) -> str:
        """The end of a sentence, with what parts it from the next."""
        return "。" if self.language == "zh" else ". "

    @property
    def direction(self) -> str:
        """ "rtl" for Arabic."""
        return direction_of(self.language)

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

    def tongues(self, codes: Sequence[str]) -> str:
        """Names of languages as they stand in a sentence."""
        return self.join([str(self._locale.languages.get(code, code)) for code in codes])

    def share(self, value: float) -> str:
        """A number between 0 and 1 with two decimals, in this language's manner."""
        return str(format_decimal(value, "0.00", locale=self._locale))

    def day(self, when: date) -> str:
        """A long date."""
        day = str(format_date(when, _DAYS.get(self.language, "d MMMM y"), locale=self._locale))
        return day.replace("1 ", "1er ", 1) if self.language == "fr" and when.day == 1 else day

    def days(self, first: date, last: date) -> str:
        """A few days on end, what they share said once: "25–26 January 2018"."""
        if first == last:
            return self.day(first)
        one_month = (first.year, first.month) == (last.year, last.month)
        if self.language == "zh":
            return f"{self.day(first)}至{f'{last.day}日' if one_month else self.day(last)}"
        begins = "1er" if self.language == "fr" and first.day == 1 else str(first.day)
        return f"{begins}–{self.day(last)}" if one_month else f"{self.day(first)} – {self.day(last)}"

    def size(self, size_bytes: int) -> str:
        """A number of octets, in kilobytes of 1,000."""
        return str(format_unit(round(size_bytes / 1000, 1), "digital-kilobyte", "short", locale=self._locale))

    def moment(self, when: datetime, zone: str) -> str:
        """A local time with its offset; its sign stays before it between words that run the other way, and what follows
        goes on in their direction."""
        local = when.astimezone(ZoneInfo(zone))
        clock = format_datetime(local, {"zh": " HH:mm", "ar": "، HH:mm"}.get(self.language, ", HH:mm"), locale=self._locale)
        offset = f" \u200e({local:%z})\u200e\u200f" if self.language == "ar" else self.aside(f"{local:%z}")
        return f"{self.day(local.date())}{clock}{offset}"


def words_from(language: str, table: Mapping[str, Any]) -> Words:
    """Words of the parsed templates/compilation/words.<language>.toml."""
    return Words(language, table)
