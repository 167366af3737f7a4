"""A screenplay of 300 pages, always the same, as Fountain, Final Draft or plain text: for tests of what is large."""

import random
from xml.sax.saxutils import escape

PLACES = ("HARBOUR", "KITCHEN", "LIGHTHOUSE", "TRAIN STATION", "ATTIC", "HOSPITAL CORRIDOR", "FOREST ROAD", "OFFICE")
TIMES = ("DAY", "NIGHT", "DAWN", "DUSK", "CONTINUOUS")
PEOPLE = tuple(f"{name} {family}" for name in ("ANNA", "TOM", "MARA", "JOSEPH", "LENA") for family in ("REED", "KOHL"))
DONE = (
    "opens the window and listens",
    "puts the letter away",
    "looks at the door for a long time",
    "walks to the table",
)
SAID = (
    "I never asked you to wait for me, and you know it.",
    "Then say it. Say it once, and I will go.",
    "They have closed the road behind the bridge; nobody comes through tonight.",
    "No.",
    "What did he tell you about the money?",
)
SCENES, SPEECHES = 350, 4000


def paragraphs() -> list[tuple[str, str]]:
    """Return the screenplay as pairs of a Final Draft type and words."""
    dice = random.Random(300)
    found: list[tuple[str, str]] = []
    said = 0
    for scene in range(SCENES):
        where = f"{dice.choice(('INT.', 'EXT.'))} {dice.choice(PLACES)} {scene % 40 + 1} - {dice.choice(TIMES)}"
        found.append(("Scene Heading", where))
        cast = dice.sample(PEOPLE, 3)
        due = SPEECHES * (scene + 1) // SCENES
        while said < due:
            found.append(("Action", f"{dice.choice(cast).title()} {dice.choice(DONE)}. Rain."))
            for _ in range(min(3, due - said)):
                found += [("Character", dice.choice(cast)), ("Dialogue", dice.choice(SAID))]
                said += 1
    return found


def fountain() -> str:
    """Return it as Fountain: about 9,500 lines."""
    told = ["Title: The Long Night", "Author: A. Writer", ""]
    for kind, words in paragraphs():
        told += [words] if kind == "Dialogue" else ["", words]
    return "\n".join(told) + "\n"


def plain() -> str:
    """Return it as a person types it: names with a colon, no blank lines but between scenes."""
    told: list[str] = []
    name = ""
    for kind, words in paragraphs():
        if kind == "Character":
            name = words.title()
            continue
        if kind == "Scene Heading":
            told.append("")
        told.append(f"{name}: {words}" if kind == "Dialogue" else words)
    return "\n".join(told) + "\n"


def final_draft() -> str:
    """Return it as a Final Draft file."""
    lines = "\n".join(
        f'<Paragraph Type="{kind}"><Text>{escape(words)}</Text></Paragraph>' for kind, words in paragraphs()
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<FinalDraft DocumentType="Script"><Content>'
    return f"{head}\n{lines}\n</Content></FinalDraft>\n"
