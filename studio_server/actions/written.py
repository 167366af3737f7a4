"""What a film's words need that the fonts of its worker do not have, told before it is queued."""

import socket
from collections.abc import Sequence
from typing import Final

from studio_sdk.wire import WorkerInfo
from studio_server.actions.compiled import Cut
from studio_server.domain.cut import SUBTITLES
from studio_server.library import fonts

_MOST: Final = 12
_REMEDY: Final = (
    "Put a font of that script (.otf, .ttf or .ttc, such as Noto Sans CJK) into /usr/local/share/fonts of the worker, "
    "or install one (fonts-noto-cjk, fonts-noto-core); the next film finds it."
)


def unwritten(cut: Cut, workers: Sequence[WorkerInfo]) -> list[str]:
    """Return in words which signs of a film no font writes, and what becomes of it then.

    Nothing is said where a worker may make it whose fonts cannot be known here: on another machine, or in containers.
    """
    here = socket.gethostname()
    if not workers or any(worker.host != here or worker.sandbox == "container" for worker in workers):
        return []
    timeline = cut.timeline
    titles = [piece.title for piece in timeline.cuts if piece.title]
    subtitles = [one.words for one in timeline.subtitles] if cut.node.data.get(SUBTITLES) is True else []
    slates = [piece.words for piece in timeline.cuts if piece.is_slate]
    boxes, refused = "boxes stand in their place", "the film is refused"
    asked = [
        ("titles", titles, refused if timeline.language else boxes),
        ("subtitles in the picture", subtitles, refused),
        ("slates", slates, boxes),
    ]
    said = []
    for what, words, then in asked:
        if lacking := fonts.unwritten(words):
            signs = " ".join(lacking[:_MOST]) + (f" and {len(lacking) - _MOST} more" if len(lacking) > _MOST else "")
            said.append(f"No font on the worker writes {signs} in the film's {what}: {then}. {_REMEDY}")
    return said
