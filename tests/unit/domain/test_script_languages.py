# ruff: noqa: RUF001 - letters of other scripts are what this is about
"""Scripts in other languages than English: their headings, their names, what is said, and which language it is."""

import pytest

from studio_server.domain.graph import NodeAdd
from studio_server.domain.headings import heading
from studio_server.domain.script import parse
from studio_server.domain.script_cards import cards
from studio_server.domain.script_language import language_in, voice_for

FRENCH = """Titre : La Gardienne
Auteur : X

FONDU À L'OUVERTURE

INTÉRIEUR. CUISINE - NUIT

Marie, une vieille femme, lit une lettre.

MARIE
(à elle-même)
Ils vont l'éteindre vendredi, et je ne peux pas.

JEAN-PAUL (OFF)
Tu l'as lue, alors.

FONDU AU NOIR

EXT. PORT - JOUR

Intérieur de la voiture : il dort.

FIN
"""

GERMAN = """1. INNEN. KÜCHE - TAG

GROßMUTTER
Ich habe das nicht gesagt, und du weißt es.

2 AUSSEN/INNEN - HAFEN - NACHT 2

Anna: Wir gehen nicht zu ihm.
Innen ist es dunkel.

SCHNITT AUF:

I/A AUTO - TAG

Sie schweigt.
"""

SPANISH = """ESCENA 1. INTERIOR. COCINA - NOCHE

MARÍA
¿Qué te ha dicho él? No lo sé.

EXTERIOR. PUERTO - DÍA

El barco llega.

FUNDIDO A NEGRO.
"""

JAPANESE = """タイトル：灯台守

○灯台・内（夜）

雨が降っている。
窓が光る。

太郎「どこへ行くのですか」
花子「海へ」

○港（朝）

花子
もう帰らない。

太郎：本当に？

完
"""

ARABIC = """مشهد 1 - داخلي - المطبخ - ليل

مريم تقرأ رسالة قديمة.

مريم
لن أذهب معك أبدا.

أحمد: لماذا لا تذهبين؟

خارجي - الميناء - نهار

السفينة تصل.
"""

CHINESE = """第一场 内景 厨房 夜

李明：你去哪里？
王芳：我去海边。

第2场 外景 港口 日

船来了。
"""


@pytest.mark.parametrize(
    ("text", "language", "scenes"),
    [
        (
            FRENCH,
            "fr",
            [
                (
                    "01",
                    "INTÉRIEUR. CUISINE - NUIT",
                    [
                        ("MARIE", "Ils vont l'éteindre vendredi, et je ne peux pas."),
                        ("JEAN-PAUL", "Tu l'as lue, alors."),
                    ],
                ),
                ("02", "EXT. PORT - JOUR", [("Intérieur de la voiture", "il dort.")]),
            ],
        ),
        (
            GERMAN,
            "de",
            [
                ("01", "INNEN. KÜCHE - TAG", [("GROßMUTTER", "Ich habe das nicht gesagt, und du weißt es.")]),
                ("02", "AUSSEN/INNEN - HAFEN - NACHT", [("Anna", "Wir gehen nicht zu ihm.")]),
                ("03", "I/A AUTO - TAG", []),
            ],
        ),
        (
            SPANISH,
            "es",
            [
                ("01", "INTERIOR. COCINA - NOCHE", [("MARÍA", "¿Qué te ha dicho él? No lo sé.")]),
                ("02", "EXTERIOR. PUERTO - DÍA", []),
            ],
        ),
        (
            JAPANESE,
            "ja",
            [
                ("01", "灯台・内（夜）", [("太郎", "どこへ行くのですか"), ("花子", "海へ")]),
                ("02", "港（朝）", [("花子", "もう帰らない。"), ("太郎", "本当に？")]),
            ],
        ),
        (
            ARABIC,
            "ar",
            [
                ("01", "داخلي - المطبخ - ليل", [("مريم", "لن أذهب معك أبدا."), ("أحمد", "لماذا لا تذهبين؟")]),
                ("02", "خارجي - الميناء - نهار", []),
            ],
        ),
        (
            CHINESE,
            "zh",
            [("01", "内景 厨房 夜", [("李明", "你去哪里？"), ("王芳", "我去海边。")]), ("02", "外景 港口 日", [])],
        ),
    ],
)
def test_a_script_is_read_in_its_own_language(
    text: str, language: str, scenes: list[tuple[str, str, list[tuple[str, str]]]]
) -> None:
    script = parse(text)
    said = [
        (one.number, one.heading, [(line.speaker, line.words) for shot in one.shots for line in shot.speeches])
        for one in script.scenes
    ]
    assert said == scenes
    assert script.notes == ()
    lines = [line.words for one in script.scenes for shot in one.shots for line in shot.speeches]
    assert language_in(lines) == language


def test_titles_and_passages_of_other_languages() -> None:
    script = parse(FRENCH)
    assert script.title == "La Gardienne"
    assert [(shot.enter, shot.leave) for one in script.scenes for shot in one.shots] == [
        ("fade", "fade"),
        ("cut", "cut"),
    ]
    assert parse(JAPANESE).title == "灯台守"


@pytest.mark.parametrize(
    "line",
    [
        "Interior light fades over the roofs",
        "INNEN ist es dunkel",
        "Innen ist es dunkel.",
        "Scenery of the coast",
        "内心は静かだ",
        "داخل البيت كان الجو باردا",
        "12 men wait.",
        "第一次见面",
        "Scene changes are quick here and nobody in the whole of this very long sentence has a number for it",
    ],
)
def test_sentences_are_no_headings(line: str) -> None:
    assert heading(line) is None


@pytest.mark.parametrize(
    ("line", "words", "number"),
    [
        ("12A. INT. KITCHEN - DAY 12A", "INT. KITCHEN - DAY", "12A"),
        ("INTÉRIEUR/EXTÉRIEUR VOITURE - JOUR", "INTÉRIEUR/EXTÉRIEUR VOITURE - JOUR", ""),
        ("مشهد ٣ - داخلي - المطبخ", "داخلي - المطبخ", "3"),
        ("S#4. 카페. 낮", "카페. 낮", "4"),
        ("ИНТ. КУХНЯ - НОЧЬ", "ИНТ. КУХНЯ - НОЧЬ", ""),
        ("INNEN KÜCHE - TAG", "INNEN KÜCHE - TAG", ""),
        ("INT. KITCHEN #7#", "INT. KITCHEN", "7"),
    ],
)
def test_headings_have_their_numbers(line: str, words: str, number: str) -> None:
    found = heading(line)
    assert found is not None
    assert (found.words, found.number) == (words, number)


def test_a_script_without_headings_is_one_scene_and_says_so() -> None:
    script = parse("A man walks in.\n\nHe sits down.\n\nTom: Hello there.")
    assert len(script.scenes) == 1
    assert "No line says where a scene is" in script.notes[0]
    assert parse("Only a sentence.").notes == ()


def test_a_language_that_cannot_be_told_is_not_guessed() -> None:
    assert language_in(["Hm."]) == language_in([]) == ""
    assert (voice_for("pt", ["en-us", "pt-br"]), voice_for("ja", ["en-us", "pt-br"])) == ("pt-br", "")


def test_the_voice_stands_on_the_shots_that_speak() -> None:
    added = [one.node for one in cards(parse(SPANISH), "n", voice="es") if isinstance(one, NodeAdd)]
    assert [card.data.get("language") for card in added if card.type == "shot"] == ["es", None]
