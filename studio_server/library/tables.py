"""The cut as tables and subtitles: the reel table for people, ALE for Avid's bins, SRT and WebVTT."""

import csv
import io
from fractions import Fraction

from studio_sdk.captions import clock
from studio_server.domain.timeline import Cut, Timeline


def reels(timeline: Timeline) -> bytes:
    """Return which file each reel is: one row a take, with full names, lengths, rates and hashes."""
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    names = ["reel", "take", "file", "frames", "frame rate", "conform", "frames in project", "sha256"]
    sheet.writerow([*names, *(["master", "first timecode", "last timecode"] if timeline.is_delivered else [])])
    for cut in _takes(timeline):
        how = "; ".join(one for one in ("frame-repeat" if cut.is_conformed else "", cut.made_between) if one) or "none"
        row = [cut.reel, cut.take, cut.path, cut.native_frames, cut.native_rate, how, cut.conformed_frames, cut.oid]
        if timeline.is_delivered:
            last = cut.source_start + cut.conformed_frames - 1
            row += [cut.master, timeline.timecode(cut.source_start), timeline.timecode(last)]
        sheet.writerow([_cell(str(value)) for value in row])
    return text.getvalue().encode()


def _cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def markers(timeline: Timeline) -> bytes:
    """Return the markers as a table: when in the film, of which shot, what it says."""
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(["timecode", "frame", "shot", "text"])
    for one in timeline.markers:
        sheet.writerow([one.record_tc, one.record - timeline.start_frame, one.shot, _cell(one.text)])
    return text.getvalue().encode()


def ale(timeline: Timeline) -> bytes:
    """Return the takes as an Avid Log Exchange file: name, tracks, reel, timecode and file."""
    shown = f"{float(timeline.rate):.3f}".rstrip("0").rstrip(".")
    lines = ["Heading", "FIELD_DELIM\tTABS", "VIDEO_FORMAT\t1080", "AUDIO_FORMAT\t48khz", f"FPS\t{shown}", ""]
    names = ["Name", "Tracks", "Start", "End", "Tape", "Source File", "Duration", "Scene", "Take"]
    lines += ["Column", "\t".join(names), "", "Data"]
    for cut in _takes(timeline):
        tracks = "V" if not cut.has_audio else "VA1" if cut.audio_channels == 1 else "VA1A2"
        start, end = (timeline.timecode(cut.source_start + at) for at in (0, cut.conformed_frames))
        length = timeline.timecode(cut.conformed_frames)
        row = [cut.take or "", tracks, start, end, cut.reel or "", cut.file, length, cut.scene, cut.shot]
        lines.append("\t".join(" ".join(value.split()) for value in row))
    return ("\r\n".join(lines) + "\r\n").encode()


def _takes(timeline: Timeline) -> list[Cut]:
    """Return one cut for each take, in the order of their first use."""
    return list({cut.oid: cut for cut in reversed(timeline.events)}.values())[::-1]


def srt(timeline: Timeline) -> bytes:
    """Return what is said as SubRip."""
    entries: list[str] = []
    for number, one in enumerate(timeline.subtitles, 1):
        span = f"{_clock(timeline, one.record_in, ',')} --> {_clock(timeline, one.record_out, ',')}"
        entries.append(f"{number}\r\n{span}\r\n{one.words}\r\n")
    return "\r\n".join(entries).encode()


def vtt(timeline: Timeline) -> bytes:
    """Return what is said as WebVTT, with the speaker as its voice."""
    entries = ["WEBVTT\n"]
    for one in timeline.subtitles:
        words = one.words.replace("&", "&amp;").replace("<", "&lt;")
        speaker = one.speaker.replace("&", "&amp;").replace(">", "").replace("<", "")
        voice = f"<v {speaker}>" if speaker else ""
        span = f"{_clock(timeline, one.record_in, '.')} --> {_clock(timeline, one.record_out, '.')}"
        entries.append(f"{span}\n{voice}{words}\n")
    return "\n".join(entries).encode()


def _clock(timeline: Timeline, frame: int, point: str) -> str:
    """Return when a record frame begins on the film's own clock, in milliseconds."""
    thousandths = round(Fraction(frame - timeline.start_frame) / timeline.rate * 1000)
    return clock(thousandths).replace(",", point)
