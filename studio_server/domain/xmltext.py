"""XML from strangers, read without what makes XML dangerous: screenplays and edit lists. Pure."""

import re
from xml.etree import ElementTree as ET

from studio_sdk.errors import Code, StudioError


def root_of(text: str, called: str) -> ET.Element:
    """Return the root of a document that people call `called` (“Final Draft file”).

    Raises UNSUPPORTED_MEDIA for what is no whole XML, and for one that declares entities: no program of the trade does
    that, and they can be made to fill the memory. Nothing outside the text is ever read.
    """
    if re.search(r"<!ENTITY", text, re.IGNORECASE):
        raise StudioError(Code.UNSUPPORTED_MEDIA, f"This {called} declares entities, which none does.")
    try:
        # An encoding that the file names is that of its bytes, which are read already.
        return ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))  # noqa: S314 - entities are refused
    except ET.ParseError as why:
        raise StudioError(Code.UNSUPPORTED_MEDIA, f"This {called} is damaged.", detail=str(why)) from why
