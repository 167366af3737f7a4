"""Which language a script is in, by its letters and its smallest words: who speaks its lines has to know. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

_LETTERS: Final = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": re.compile(r"[\u3400-\u9fff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
}
"""In this order: Japanese has Chinese signs too."""

_WORDS: Final = {
    "en": "the and of to is you that it he she was for are with his they at this have from what not",
    "fr": "le la les des est et un une vous que qui pas dans pour il elle je ne ce sur avec mais",
    "de": "der die das und ist ich nicht sie es ein eine zu den mit auf du er wir dem sich auch",
    "es": "el los las es y un una que no en por con para se lo su está pero como más yo muy",
    "it": "il lo gli è e un una che non di per con si mi ti sono ma come più questo della",
    "nl": "de het een en is van niet ik je dat op te zijn met voor maar er hij ze aan",
    "pl": "się nie w na z że jest to i do jak ale o po co tak już jestem ma ją",
    "pt": "o os as é e um uma que não em por com para se do da você mas como está muito",
    "sv": "och att det är en ett inte jag på som för med han hon den du av till här",
}
_SIGNS: Final = {"es": "¿¡ñ", "de": "ß", "fr": "çœêùû", "pt": "ãõ", "sv": "å", "pl": "łżźćńęąś"}
"""What hardly any of the others writes: each counts as a small word."""

_A_SIGN: Final = re.compile(r"[^\W\d_]+")
_SHARE: Final = 0.25
"""So many of a text's letters are of a script before it counts as written in it."""

_LEAST: Final = 3
"""Small words that have to be found before a language is named."""


def language_in(texts: Iterable[str]) -> str:
    """Return the language of what is written, as `fr`; empty where that cannot be told."""
    text = " ".join(texts)[:200_000]
    letters = sum(map(len, _A_SIGN.findall(text)))
    for language, signs in _LETTERS.items():
        share = 0.02 if language == "ja" else _SHARE
        if letters and len(signs.findall(text)) > share * letters:
            return language
    said = Counter(word.lower() for word in _A_SIGN.findall(text))
    found = {language: sum(said[word] for word in words.split()) for language, words in _WORDS.items()}
    for language, own in _SIGNS.items():
        found[language] += sum(text.lower().count(sign) for sign in own)
    first, second = sorted(found, key=lambda language: -found[language])[:2]
    return first if found[first] >= _LEAST and found[first] > found[second] else ""


def voice_for(language: str, voices: Sequence[str]) -> str:
    """Return which of the voices that there are speaks a language: `pt-br` for `pt`; empty where none does."""
    return next((voice for voice in voices if voice.lower().split("-")[0] == language), "")
