"""A film in another language than the one it was written in: what stands in each language, and what is still missing.

Pure. What is written on a card in another language is the field's name, a colon and the language: a dialogue's words
are `value`, in French `value:fr`; a shot's title is `super`, in French `super:fr`. An assembler's `language` says which
one its film is in. A voice with `sound_language` is heard in films of that language only, in place of the voice, or of
the sound of the shot's take, that its `sound_instead` names; the lines wired into it are said in that language.
"""

import re
from typing import Final, NamedTuple, TypeGuard

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_server.domain.graph import Node

LANGUAGE: Final = "language"
WORDS: Final = "value"
TITLE: Final = "super"
TRANSLATED: Final = (f"{WORDS}:", f"{TITLE}:")
HEARD_IN: Final = "sound_language"
MOST_WORDS: Final = 4000

_COUNTRY: Final = 2
"""Letters of a country's code, which are capitals; a script's name is longer."""
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_NAMES: Final = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "ga": "Irish", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "nb": "Norwegian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


class Missing(NamedTuple):
    """How many lines, titles and voices of a cut have nothing in a language yet, each of how many there are."""

    lines: int = 0
    of_lines: int = 0
    titles: int = 0
    of_titles: int = 0
    voices: int = 0
    of_voices: int = 0


def is_language(tag: object) -> TypeGuard[str]:
    """Whether a text is a language as they are written here: `fr`, `pt-BR`, `zh-Hant`."""
    return isinstance(tag, str) and _TAG.fullmatch(tag) is not None


def language_of(assembler: Node) -> str:
    """Return the language of an assembler's film; empty where it is the one that the film was written in."""
    told = assembler.data.get(LANGUAGE)
    return told if is_language(told) else ""


def name_of(language: str) -> str:
    """Return what a language is called, such as `French` or `Portuguese (BR)`; the tag where nobody here knows it."""
    base, _, rest = language.partition("-")
    name = _NAMES.get(base)
    region = rest.upper() if len(rest) == _COUNTRY else rest
    return language if name is None else f"{name} ({region})" if rest else name


def voice_language(card: Node) -> str:
    """Return the language of the only films that a voice is heard in; empty where it is heard in all."""
    told = card.data.get(HEARD_IN)
    return told if is_language(told) else ""


def text_in(node: Node, name: str, language: str) -> str:
    """Return what a field says in a language, empty where it says nothing; without a language what was written."""
    told = node.data.get(f"{name}:{language}" if language else name)
    return told.strip() if isinstance(told, str) else ""


def notes_of(missing: Missing, language: str) -> list[str]:
    """Return in words what a film in a language lacks, and what is seen or heard there instead."""
    name = name_of(language)
    said = [
        (missing.lines, missing.of_lines, "line", "no subtitle stands there"),
        (missing.titles, missing.of_titles, "title", "the title is shown as it was written"),
        (missing.voices, missing.of_voices, "voice", "the original is heard"),
    ]
    return [
        f"{lacking} of {count} {what}{'s' * (count != 1)} {'has' if lacking == 1 else 'have'} no {name} yet: {then}."
        for lacking, count, what, then in said
        if lacking
    ]


def check_translation(node_id: str, name: str, value: JsonValue) -> None:
    """Raise VALIDATION_ERROR for words in what is no language, and for words that are no text or far too long.

    So for a voice that is to be heard in what is no language.
    """
    if name == HEARD_IN and value is not None and not is_language(value):
        why = f"“{value}” is no language that a voice can be heard in: one is fr, another pt-BR."
        raise StudioError(Code.VALIDATION_ERROR, why[:200], field=name, node_id=node_id)
    if not name.startswith(TRANSLATED) or value is None:
        return
    tag = name.partition(":")[2]
    why = "" if is_language(tag) else f"is for “{tag}”, which is no language such as fr or pt-BR"
    why = why or ("" if isinstance(value, str) and len(value) <= MOST_WORDS else f"is no text of {MOST_WORDS} letters")
    if why:
        raise StudioError(Code.VALIDATION_ERROR, f"The translation “{name}” {why}.", field=name, node_id=node_id)
