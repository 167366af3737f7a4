"""Reasons in words for scripts and logs; the page has the same in its own words (studio_web, #words/build)."""

from studio_sdk.types import rate
from studio_server.domain.fingerprint import Reason
from studio_server.domain.graph import Graph
from studio_server.domain.plan import title_of


def in_words(reason: Reason, graph: Graph) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each kind
    """Return a reason as a person says it, with the names that cards have now."""
    was, now = (_shown(value, reason.unit) for value in (reason.was, reason.now))
    match reason.kind:
        case "prompt":
            return "the prompt changed"
        case "take":
            return f"{_name(reason.node, graph)} shows another take: {was} → {now}"
        case "field" | "file":
            return f"{reason.label}: {was} → {now}"
        case "wired":
            return f"{reason.label}: {_name(reason.node, graph)} is wired in now"
        case "unwired":
            return f"{reason.label}: {was} is no longer wired in"
        case "files":
            return f"{reason.label}: other files go in now"
        case "added":
            return f"{_name(reason.node, graph)} came into the cut"
        case "removed":
            return f"{was} is no longer in the cut"
        case "order":
            return "the order of the cut changed"
        case "marks":
            return f"{_name(reason.node, graph)} is cut to another length"
        case "words":
            return f"what is said in {_name(reason.node, graph)} is written differently"
        case "framing":
            return f"what of {_name(reason.node, graph)} is seen changed"
        case "passage":
            side = "begins" if reason.field == "enter" else "ends"
            return f"how {_name(reason.node, graph)} {side} changed: {reason.was or 'cut'} → {reason.now or 'cut'}"
        case "title":
            return f"the title over {_name(reason.node, graph)}: {was} → {now}"
        case "seed" | "pipeline" | "quality":
            return f"{reason.kind.capitalize()}: {was} → {now}"
        case "version":
            return f"{reason.label} {was} → {now}"
        case "code":
            return f"{reason.label} was changed without a new version"
        case "between":
            return f"its pictures in between are for {_rate(was)} frames a second, the project has {_rate(now)}"
        case "format":
            return f"the project's {reason.field.replace('_', ' ')}: {was} → {now}"
        case "blocked":
            return str(reason.now)
        case "upstream":
            more = f" and {reason.count - 1} more" if reason.count > 1 else ""
            return f"{_name(reason.nodes[0], graph)}{more} will change"
        case "unknown":
            return "made by an older studio, which did not write everything down"


def _name(card: str | None, graph: Graph) -> str:
    node = graph.nodes.get(card or "")
    return title_of(node) if node else "a card that is gone"


def _rate(text: str) -> str:
    return f"{float(rate(text)):.3f}".rstrip("0").rstrip(".")


def _shown(value: object, unit: str) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value} {unit}".strip()
