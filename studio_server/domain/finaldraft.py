"""Final Draft files (.fdx) into the elements of a screenplay. Used by `script`; a file may come from a stranger."""

import re
from typing import Final
from xml.etree import ElementTree as ET

from studio_sdk.errors import Code, StudioError
from studio_server.domain.fountain import Element, Kind, plain, speaker

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

    Raises UNSUPPORTED_MEDIA for what is no whole XML, and for one that declares entities: no program writes those, and
    they can be made to fill the memory.
    """
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise StudioError(Code.UNSUPPORTED_MEDIA, "This Final Draft file declares entities, which none does.")
    try:
        # An encoding that the file names is that of its bytes, which are read already.
        root = ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))  # noqa: S314 - entities are refused
    except ET.ParseError as why:
        raise StudioError(Code.UNSUPPORTED_MEDIA, "This Final Draft file is damaged.", detail=str(why)) from why
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
