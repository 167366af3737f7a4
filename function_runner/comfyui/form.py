"""The form with which a file is sent to ComfyUI, read without believing it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, create_form_parser

from function_runner.comfyui.own import Refused

FORM_BYTES: Final = 64 * 1024
"""What the form around a file may have."""


@dataclass
class Form:
    """What was sent: the words of the form, and the file under its name."""

    words: dict[str, str]
    name: str
    file: IO[bytes]


@contextlib.contextmanager
def read(kind: str, pieces: Iterator[bytes], place: Path) -> Iterator[Form]:
    """Yield the form in a body of this content type; its file lies in a folder meanwhile. Raises `Refused`."""
    words: dict[str, str] = {}
    files: list[File] = []

    def on_field(told: Field) -> None:
        words[(told.field_name or b"").decode(errors="replace")] = (told.value or b"").decode(errors="replace")

    def on_file(told: File) -> None:
        files.append(told)

    limits = {"MAX_FIELDS": 8, "MAX_FIELD_SIZE": FORM_BYTES, "UPLOAD_DIR": str(place)}
    try:
        if not kind.startswith("multipart/form-data"):
            raise Refused(HTTPStatus.BAD_REQUEST, "A file is sent in a form.")
        parser = create_form_parser({"Content-Type": kind.encode("latin-1")}, on_field, on_file, limits)
        for piece in pieces:
            parser.write(piece)
        parser.finalize()
        if len(files) != 1 or files[0].field_name != b"image":
            raise Refused(HTTPStatus.BAD_REQUEST, "The form has one file, and its name is image.")
        files[0].file_object.seek(0)
        form = Form(words, _named(files[0].file_name), files[0].file_object)
        yield form
    except FormParserError as why:
        raise Refused(HTTPStatus.BAD_REQUEST, f"The form cannot be read: {why}") from why
    finally:
        for one in files:
            one.close()


def _named(told: bytes | None) -> str:
    """Return the name of a file; raise `Refused` for a path, which could lead to the files of others."""
    name = (told or b"").decode(errors="replace")
    if not name or name.startswith(".") or any(one in name for one in "/\\\0"):
        raise Refused(HTTPStatus.BAD_REQUEST, "A file needs a name that is no path.")
    return name
