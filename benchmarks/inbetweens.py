"""Pictures in between, against the ones that were there: `interpolate` beside ffmpeg's minterpolate and plain fading.

Four clips at 48 pictures a second, all made here: every other picture is taken away, made again, and compared. All are
coded alike. The value is how far ours are from the truth (root of the mean square, in levels), the mean of the clips;
the peer is minterpolate's. `psnr` has all of it in decibels, `seconds` how long each way took for the clip.

Until 30 November 2026 the fourth clip jerked: crop and overlay moved it by whole pairs of pixels, so that no picture
lay in the middle of its neighbours, and nobody could come nearer than 27 dB. It is now drawn without halved colours.
"""

import math
import re
import subprocess
import tempfile
from pathlib import Path

from studio_sdk.types import Format, Quality
from tests import films

NAME = "inbetweens"
AIM = 5.0
TAGS = ("-qp", "4", "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_range", "tv")
WAYS = ("repeat", "blend", "motion", "best", "ai")
MINTERPOLATE = "minterpolate=fps=48:mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1"


def measure() -> dict[str, object]:
    """Return our mean error, that of minterpolate, and the PSNR of each clip and way."""
    with tempfile.TemporaryDirectory(prefix="bench-inbetweens-") as place:
        folder = Path(place)
        seconds: dict[str, dict[str, float]] = {}
        psnr = {name: _compared(folder, name, whole, seconds) for name, whole in _clips(folder).items()}
    wrong = {way: [255 / 10 ** (row[way] / 20) for row in psnr.values()] for way in (*WAYS, "minterpolate")}
    return {
        "value": round(sum(wrong["best"]) / len(psnr), 2),
        "unit": "levels",
        "peer_value": round(sum(wrong["minterpolate"]) / len(psnr), 2),
        "aim": AIM,
        "psnr": psnr,
        "levels": {way: round(sum(found) / len(found), 2) for way, found in wrong.items()},
        "seconds": seconds,
    }


def _clips(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    form = Format(width=512, height=288, frame_rate="48/1")
    drawn = {"truck": ("Wide shot, a street in a town, two women, day", "truck-left")}
    drawn["push"] = ("Medium shot, a man in a kitchen, day", "push-in")
    for name, (prompt, move) in drawn.items():
        params: dict[str, object] = {"prompt": prompt, "seconds": 1.0, "badge": False, "move": move}
        made = films.carry_out("animatic", folder / name, params, picture=form, quality=Quality.HIGH)
        found[name] = made.output("video")
    pattern, card, fine = folder / "pattern.mp4", folder / "card.png", folder / "fine.png"
    films.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=512x288:r=48:d=1", *TAGS, str(pattern))
    films.ffmpeg("-i", str(found["push"]), "-frames:v", "1", str(card))
    films.ffmpeg("-f", "lavfi", "-i", "mandelbrot=s=1024x576:rate=48:maxiter=200", "-frames:v", "1", str(fine))
    stills = [word for one in (card, fine) for word in ("-loop", "1", "-framerate", "48", "-t", "1", "-i", str(one))]
    moved = (
        "[0]scale=160:90,format=yuv444p[c];[1]format=yuv444p,crop=512:288:'200+n*4':'100+n'[b];"
        "[b][c]overlay=x='n*5':y='60+n*2':format=yuv444"
    )
    films.ffmpeg(*stills, "-filter_complex", moved, *TAGS, str(folder / "cross.mp4"))
    return found | {"pattern": pattern, "cross": folder / "cross.mp4"}


def _compared(folder: Path, name: str, whole: Path, seconds: dict[str, dict[str, float]]) -> dict[str, float]:
    half, theirs = folder / f"{name}-half.mp4", folder / f"{name}-theirs.mp4"
    films.ffmpeg("-i", str(whole), "-vf", "select='not(mod(n,2))',setpts=N/24/TB", "-r", "24", *TAGS, str(half))
    found: dict[str, float] = {}
    seconds[name] = {}
    for way in WAYS:
        job, params = folder / f"{name}-{way}", {"frame_rate": "48", "method": way}
        done = films.carry_out("interpolate", job, dict(params), {"clip": [half]}, quality=Quality.HIGH)
        found[way] = _psnr(whole, done.output("video"))
        seconds[name][way] = round(done.elapsed_s, 1)
    films.ffmpeg("-i", str(half), "-vf", MINTERPOLATE, "-c:v", "libx264", "-crf", "16", str(theirs))
    found["minterpolate"] = _psnr(whole, theirs)
    print(name, found, flush=True)
    return found


def _psnr(whole: Path, made: Path) -> float:
    """Return the PSNR of the pictures that were made up, the last left out: there is nothing after it."""
    odd = "select='mod(n,2)',settb=1/48,setpts=N"
    graph = f"[0]{odd}[a];[1]{odd}[b];[a][b]psnr=stats_file=-"
    words = ["-i", str(whole), "-i", str(made), "-lavfi", graph, "-frames:v", "20", "-f", "null", "-"]
    said = subprocess.run(["ffmpeg", "-hide_banner", *words], capture_output=True, text=True, check=True).stdout
    wrong = [float(one) for one in re.findall(r"mse_avg:([\d.]+)", said)]
    return round(10 * math.log10(255**2 / (sum(wrong) / len(wrong))), 2)
