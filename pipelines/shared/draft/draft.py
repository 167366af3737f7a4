"""What a draft says of itself inside its own file, so that it is known as one where its take's record did not go along.

One sentence, under the name that players, file managers and ffprobe show: `comment` in MP4 and QuickTime, `Comment` in
PNG, `ICMT` in WAV. It is made of the manifest beside this file: nothing of the moment is in it, so the same run gives
the same bytes, and a pipeline whose tier is production adds nothing of its own.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from struct import pack

_SAID = re.compile(r"PREVIZ (?:draft|takes) by ([^;]{1,4000}); not a final ")
_MAKER = re.compile(r"[a-z0-9][a-z0-9.-]{0,63} [0-9][0-9A-Za-z.+-]{0,31}")


def makers(comment: str) -> tuple[str, ...]:
    """Return the pipelines that a file's comment names as makers of drafts, each with its version; none in any other.

    Files come from strangers too: what does not look like a pipeline and its version is left out.
    """
    said = _SAID.match(comment)
    return tuple(one for one in said[1].split(", ") if _MAKER.fullmatch(one)) if said else ()


def comment(before: Iterable[str] = (), *, seed: int | None = None, what: str = "picture") -> str:
    """Return what the made file says: this pipeline where its tier is previz, and the makers of what went in.

    Empty where none of them makes drafts. `seed` only where the result follows it. A manifest leaves production unsaid.
    """
    manifest = json.loads(Path(__file__).with_name("pipeline.json").read_text(encoding="utf-8"))
    own = [f"{manifest['id']} {manifest['version']}"] if manifest.get("tier") == "previz" else []
    return _sentence("draft", [*before, *own], what, seed)


def holding(takes: Iterable[str]) -> str:
    """Return what a film says that holds takes by these makers of drafts; empty where there are none."""
    return _sentence("takes", takes, "picture", None)


def _sentence(kind: str, by: Iterable[str], what: str, seed: int | None) -> str:
    names = list(dict.fromkeys(by))
    if not names:
        return ""
    told = "tier=previz" if seed is None else f"tier=previz, seed={seed}"
    return f"PREVIZ {kind} by {', '.join(names)}; not a final {what} ({told})"


def into_wav(path: Path, words: str) -> None:
    """Add a comment to a whole WAV file, as a LIST INFO chunk after its samples (RIFF MCI specification of 1991)."""
    text = words.encode() + b"\0"
    text += b"\0" * (len(text) % 2)
    info = b"INFOICMT" + pack("<I", len(text)) + text
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write(b"LIST" + pack("<I", len(info)) + info)
        length = file.tell()
        file.seek(4)
        file.write(pack("<I", length - 8))
