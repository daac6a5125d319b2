"""Times and sizes as people read them, in six languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_name
from babel.units import format_unit

from intake.model.direction import PDI, RIGHT_TO_LEFT

_LOCALES = {"ar": "ar_EG", "zh": "zh_Hans_CN", "en": "en_GB", "fr": "fr_CH", "ru": "ru_RU", "es": "es_ES"}
_PATTERNS = {
    "ar": "EEEE d MMMM y، HH:mm:ss",
    "zh": "y年M月d日 EEEE HH:mm:ss",
    "en": "EEEE, d MMMM y, HH:mm:ss",
    "fr": "EEEE d MMMM y 'à' HH:mm:ss",
    "ru": "EEEE, d MMMM y 'г.', HH:mm:ss",
    "es": "EEEE, d 'de' MMMM 'de' y, HH:mm:ss",
}
_DAYS = {"zh": "y年M月d日", "ru": "d MMMM y 'г.'", "es": "d 'de' MMMM 'de' y"}
_LRI = "\u2066"


def locale_of(language: str) -> str:
    """Babel's locale for one of the six languages."""
    return _LOCALES[language]


def local_time(when: datetime, zone: str, language: str) -> str:
    """ "Saturday, 23 December 2017 at 23:59:59 (Central European Standard Time)" in the round's zone."""
    local = when.astimezone(ZoneInfo(zone))
    shown = format_datetime(local, _PATTERNS[language], locale=locale_of(language))
    if language == "fr" and local.day == 1:
        shown = shown.replace(" 1 ", " 1er ", 1)
    zone_name = get_timezone_name(local, locale=locale_of(language))
    return f"{shown}（{zone_name}）" if language == "zh" else f"{shown} ({zone_name})"


def utc_time(when: datetime, language: str) -> str:
    """ISO 8601 in UTC, the same in every language; isolated left to right where the paragraph is right to left."""
    return _left_to_right(f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC", language)


def long_date(day: date, language: str) -> str:
    """ "23 December 2017"."""
    shown = format_date(day, _DAYS.get(language, "d MMMM y"), locale=locale_of(language))
    return shown.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else shown


def size(size_bytes: int, language: str) -> str:
    """ "1.2 MB" with the language's separators and units (CLDR)."""
    steps = (("megabyte", 1_000_000), ("kilobyte", 1_000), ("byte", 1))
    unit, step = next(item for item in steps if size_bytes >= item[1] or item[1] == 1)
    # CLDR has no long kilobyte in Arabic, and its short byte in English is no plural.
    long = unit == ("megabyte" if language == "ar" else "byte")
    value = round(size_bytes / step, 1 if step > 1 else None)
    return format_unit(value, f"digital-{unit}", "long" if long else "short", locale=locale_of(language))


def _left_to_right(text: str, language: str) -> str:
    return f"{_LRI}{text}{PDI}" if language in RIGHT_TO_LEFT else text


def clean(text: str, longest: int = 200) -> str:
    """One line without control and override characters, cut: fit for a letter."""
    kept = "".join(char for char in text if ord(char) >= 32 and char not in "\u202a\u202b\u202c\u202d\u202e\u2028\u2029\x7f\x85")
    kept = " ".join(kept.split())
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def colon_of(language: str) -> str:
    """What stands between a label and its value."""
    return {"zh": "："}.get(language, ": ")
