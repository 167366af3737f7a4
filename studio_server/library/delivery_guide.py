"""The page that lies in a delivery: what is in it, and the steps in each editing system. Plain text, CRLF."""

from collections.abc import Sequence

from studio_server.domain.timeline import Timeline

_GUIDE = """\
{title}
{line}

{frames} frames at {rate} frames a second, from {start} ({counting}).

{stem}.otio            the whole cut: picture, sound, dissolves, markers
{stem}_FCP7.xml        the same as Final Cut Pro 7 XML
{stem}.fcpxml          the same for Final Cut Pro 10.4.9 or newer
{stem}.edl             CMX3600, picture; _A12 and so on are its sound
{stem}_FILE32.edl      the same with file names as reels
{stem}.ale             a bin for Avid
{stem}.aaf             EXPERIMENTAL: the sequence for Avid, without media
{stem}_reels.csv       which file each reel is, with timecodes and hashes
Media/                 a master for each take, whole, with reel and timecode in it; sounds as Broadcast Wave

Unpack everything into one folder and keep Media beside the lists.

DaVinci Resolve 18.5 or newer
  1. Project Settings: timeline frame rate {rate}, before anything is imported.
  2. File > Import > Timeline, {stem}.otio. The masters are found beside it.
  With an EDL: put Media into the media pool first; Conform Options: "Assist using reel names from: Embedding in source
  clip file"; then File > Import > Timeline, {stem}.edl, without "Automatically import source clips".

Premiere Pro
  25.6 or newer: File > Import, {stem}.otio. Older: File > Import, {stem}_FCP7.xml. If it asks for a file, point it to
  one in Media: the others follow.

Final Cut Pro 10.4.9 or newer
  File > Import > XML, {stem}.fcpxml. If media is missing: File > Relink Files, the folder Media.

Avid Media Composer
  1. A project at {rate}.
  2. Link Media to the folder Media (or consolidate it: masters in DNxHR need no transcoding).
  3. {stem}.ale, merged with the clips by name, gives them scene and take.
  4. Tools > List Tool or File > Input: {stem}.edl, then {stem}_A12.edl; relink by tape and timecode.
  Or, experimental, in place of 4: File > Input > Import Media, {stem}.aaf; relink its clips by tape and timecode.

None of this was tried in these programs; the lists were read back by other readers, and timecode and reel by ffprobe.
"""


def text(timeline: Timeline, stem: str, notes: Sequence[str]) -> bytes:
    """Return the page for a cut whose lists are called `stem`; `notes` say what they cannot carry."""
    told = _GUIDE.format(
        title=timeline.title,
        line="=" * len(timeline.title),
        stem=stem,
        frames=timeline.frames,
        rate=f"{float(timeline.rate):.3f}".rstrip("0").rstrip("."),
        start=timeline.start_timecode,
        counting="drop frame" if timeline.drop_frame else "non-drop frame",
    )
    known = [*timeline.notes, *notes]
    if known:
        told += "\nGood to know\n" + "\n".join(f"  * {note}" for note in known) + "\n"
    return told.replace("\n", "\r\n").encode()
