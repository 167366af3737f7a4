"""What a take says of pictures that were made up between those of its clip. Pure; the lists and notes are told it.

A pipeline says it in its facts: `made_up` is how many, `method` how, `ai_pictures` and `ai_model` what of them is an AI
model's. Facts are a pipeline's word and may be anything: what is no number or text counts as not said.
"""

from studio_server.domain.shots import Take

_MOST = 120


def made_between(take: Take) -> str:
    """Return how many pictures of a take were made up and by what, in words; empty where none were."""
    made, guessed = _count(take, "made_up"), _count(take, "ai_pictures")
    if not made or not take.frames:
        return ""
    words = f"{min(made, take.frames)} of {take.frames} frames made in between"
    if guessed:
        model = " ".join(str(take.facts.get("ai_model", "")).split())[:_MOST]
        words += f", {min(guessed, made)} of them with an AI model" + (f" ({model})" if model else "")
    return words


def _count(take: Take, name: str) -> int:
    value = take.facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
