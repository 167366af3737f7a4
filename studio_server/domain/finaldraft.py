"""Final Draft files (.fdx) into the elements of a screenplay. Used by `script`; a file may come from a stranger."""

import re
from typing import Final
from xml.etree import ElementTree as ET

from studio_server.domain.fountain import Element, Kind, plain, speaker
from studio_server.domain.xmltext import root_of

_KINDS: Final = {
    "Scene Heading": Kind.HEADING,
    "Action": Kind.ACTION,
    "General": Kind.ACTION,
    "Shot": Kind.SHOT,
    "Character": Kind.SPEAKER,
    "Parenthetical": Kind.DIRECTION,
    "Dialogue": Kind.SPEECH,
    "Transition": Kind.TRANSITION,
}


def is_final_draft(text: str) -> bool:
    """Whether text is a Final Draft document by its first words."""
    return bool(re.search(r"<FinalDraft[\s>]", text[:2000]))


def elements(text: str) -> tuple[str, list[Element]]:
    """Return the title and the elements of a Final Draft document; `line` counts its paragraphs from 1.

    Raises UNSUPPORTED_MEDIA for what is no whole XML or declares entities.
    """
    root = root_of(text, "Final Draft file")
    title = ""
    for paragraph in root.iterfind("./TitlePage/Content/Paragraph"):
        if words := _words(paragraph):
            title = words
            break
    found: list[Element] = []
    paragraphs = (one for one in root.iterfind("./Content//Paragraph") if one.find("DualDialogue") is None)
    for at, paragraph in enumerate(paragraphs, 1):
        kind = _KINDS.get(paragraph.get("Type", ""))
        words = _words(paragraph)
        if kind is None or not words:
            continue
        if kind is Kind.SPEAKER:
            words = speaker(words)
        elif kind is Kind.DIRECTION:
            words = words.strip("()")
        found.append(Element(kind, words, at, paragraph.get("Number", "") if kind is Kind.HEADING else ""))
    return title, found


def _words(paragraph: ET.Element) -> str:
    return plain("".join("".join(text.itertext()) for text in paragraph.findall("Text")))
