"""How far the forecast's ranges are from holding eight in ten, on a simulated farm whose load and machines change.

The farm (tests/farm.py) has log-normal durations, an hour of rush and an hour of rest in turn, and three unlike
machines, one of which leaves now and then. `measure()` is called by benchmarks/run.py; it draws nothing from outside,
so that the figures are the same on every machine.
"""

from random import Random

from tests.farm import Farm, Outcome

NAME = "forecast"
AIM_POINTS = 4.0
SEEDS = range(2)
HOURS = 3.0


def measure() -> dict[str, object]:
    """Return by how many points the worse of start and duration misses 80 %; and all the shares."""
    figures: dict[str, object] = {}
    worst = 0.0
    for people in (1, 4):
        for steady in (True, False):
            found = [
                one
                for seed in SEEDS
                for one in Farm(Random(seed), hours=HOURS, steady=steady, people=people).run()
                if not one.guess
            ]
            starts, takes = _shares(found)
            name = f"{people}_{'person' if people == 1 else 'people'}_{'steady' if steady else 'changing'}"
            print(f"  {name}: {len(found)} jobs, duration {takes:.1f} %, start {starts:.1f} %", flush=True)
            figures[name] = {"jobs": len(found), "takes_percent": round(takes, 1), "starts_percent": round(starts, 1)}
            worst = max(worst, abs(starts - 80), abs(takes - 80))
    return {"value": round(worst, 1), "unit": "points from 80 %", "aim": AIM_POINTS, **figures}


def _shares(found: list[Outcome]) -> tuple[float, float]:
    starts = [one.start_in for one in found if one.start_in is not None]
    takes = [one.takes_in for one in found]
    return 100 * sum(starts) / len(starts), 100 * sum(takes) / len(takes)
