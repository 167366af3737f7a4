"""A film in another language: its lines, titles and voices where there are some; what is missing is told."""

import pytest
from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Socket
from studio_sdk.types import SocketType
from studio_server.domain.batch import complete
from studio_server.domain.cut import pieces
from studio_server.domain.graph import Edge, Graph, Node, NodeSet, edge_id
from studio_server.domain.languages import Missing, language_of, name_of, notes_of
from studio_server.domain.nodes import Kit, field_spec
from studio_server.domain.soundtrack import heard_in
from studio_server.domain.timeline import compile_timeline

KIT = Kit({}, {})
START = 86400


def _board(*nodes: Node, wires: tuple[tuple[str, str, str, str], ...]) -> Graph:
    edges = {
        edge_id(*one): Edge(id=edge_id(*one), source=one[0], source_handle=one[1], target=one[2], target_handle=one[3])
        for one in wires
    }
    return Graph(nodes={one.id: one for one in nodes}, edges=edges)


def _card(name: str, kind: str, y: float = 0, **data: JsonValue) -> Node:
    return Node(id=name, type=kind, y=y, data=data)


def _film(language: str) -> Graph:
    return _board(
        _card("s", "shot", scene="01", code="010", super="Paris, 1923", **{"super:fr": "Paris, 1923. L'été"}),
        _card("t", "shot", scene="01", code="020", super="Later"),
        _card("a", "dialogue", 1, value="Where were you?", speaker="ANA", **{"value:fr": " Où étais-tu ? "}),
        _card("b", "dialogue", 2, value="At sea."),
        _card("c", "dialogue", 3, value="All year.", **{"value:fr": "Toute une année.", "value:ja": "一年中。"}),
        _card("f", "assembler", language=language),
        wires=(
            ("s", "video", "f", "clips"),
            ("t", "video", "f", "clips"),
            ("a", "value", "s", "dialogue"),
            ("b", "value", "s", "dialogue"),
            ("c", "value", "s", "dialogue"),
            ("a", "value", "t", "dialogue"),
        ),
    )


def test_lines_and_titles_are_in_the_films_language_at_the_same_times() -> None:
    def cut(language: str) -> tuple[list[tuple[int, int, str]], list[str], Missing]:
        graph = _film(language)
        found = pieces(graph, graph.nodes["f"], KIT, lambda _card: None)
        film = compile_timeline("Fog", "24/1", found.shots)
        said = [(one.record_in - START, one.record_out - START, one.words) for one in film.subtitles]
        return said, [one.title for one in film.cuts], found.missing

    written, titles, nothing = cut("")
    assert [words for _, _, words in written] == ["Where were you?", "At sea.", "All year.", "Where were you?"]
    assert (titles, nothing) == (["Paris, 1923", "Later"], Missing())
    french, titles, lacking = cut("fr")
    assert [words for _, _, words in french] == ["Où étais-tu ?", "Toute une année.", "Où étais-tu ?"]
    assert [(first, last) for first, last, _ in french] == [written[0][:2], written[2][:2], written[3][:2]]
    assert titles == ["Paris, 1923. L'été", "Later"]
    assert lacking == Missing(lines=1, of_lines=3, titles=1, of_titles=2)
    assert notes_of(lacking._replace(voices=2, of_voices=2), "fr") == [
        "1 of 3 lines has no French yet: no subtitle stands there.",
        "1 of 2 titles has no French yet: the title is shown as it was written.",
        "2 of 2 voices have no French yet: the original is heard.",
    ]
    assert cut("ja")[2].lines == 2


def test_a_voice_of_the_language_takes_the_place_of_the_one_it_stands_in_for() -> None:
    def board(language: str, **dub: JsonValue) -> Graph:
        return _board(
            _card("one", "audio", 1, asset="one", sound_shot="s", sound_at=12, sound_gain=-3),
            _card("two", "audio", 2, asset="two", sound_at=48),
            _card("un", "audio", 3, asset="un", sound_language="fr", sound_instead="one", **dub),
            _card("eins", "audio", 4, asset="eins", sound_language="de", sound_instead="one"),
            _card("spoken", "audio", 5, asset="spoken", sound_language="fr", sound_instead="s", sound_shot="s"),
            _card("song", "audio", 6, asset="song"),
            _card("f", "assembler", language=language),
            wires=(*((name, "audio", "f", "voices") for name in ("one", "two", "un", "eins", "spoken")),
                   ("song", "audio", "f", "music")),
        )  # fmt: skip

    def heard(
        graph: Graph, lost: str = ""
    ) -> tuple[dict[str, tuple[str | None, int, float | None]], frozenset[str], int, int]:
        found = heard_in(graph, graph.nodes["f"], KIT, lambda card: card.id != lost)
        places = {card.id: (place.shot, place.at, place.gain) for card, place in found.sounds}
        return places, found.replaced, found.voices, found.of_voices

    plain = {"one": ("s", 12, -3.0), "two": (None, 48, None), "song": (None, 0, None)}
    assert heard(board("")) == (plain, frozenset(), 0, 0)
    french = {"un": ("s", 12, -3.0), "two": (None, 48, None), "spoken": ("s", 0, None), "song": (None, 0, None)}
    assert heard(board("fr")) == (french, frozenset({"s"}), 1, 2)
    assert heard(board("fr"), "un")[0].keys() == {"one", "two", "spoken", "song"}, (
        "one without its take replaces nothing"
    )
    assert heard(board("fr", sound_at=20))[0]["un"] == ("s", 20, -3.0)
    assert heard(board("ja")) == (plain, frozenset(), 2, 2)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("value:french.old", "Oui", "which is no language such as fr or pt-BR"),
        ("value:FR", "Oui", "which is no language"),
        ("super:fr", 7, "is no text of 4000 letters"),
        ("value:fr", "x" * 4001, "is no text of 4000 letters"),
    ],
)
def test_what_is_no_translation_is_refused_at_the_door(name: str, value: JsonValue, words: str) -> None:
    with pytest.raises(StudioError, match=words) as refused:
        complete(_film(""), [NodeSet(id="a", name=name, value=value)], kit=KIT, on_disk=())
    assert refused.value.code is Code.VALIDATION_ERROR
    batch, _ = complete(_film(""), [NodeSet(id="a", name="value:pt-BR", value="Sim")], kit=KIT, on_disk=())
    assert len(batch) == 1


def test_languages_have_names() -> None:
    assert [name_of(tag) for tag in ("fr", "pt-BR", "en-us", "zh-Hant", "tlh")] == [
        "French", "Portuguese (BR)", "English (US)", "Chinese (Hant)", "tlh",
    ]  # fmt: skip
    assert [language_of(_card("f", "assembler", language=told)) for told in ("fr", "English", 5, None)] == [
        "fr",
        "",
        "",
        "",
    ]


def test_a_choice_of_languages_is_one_of_names() -> None:
    choice = Socket(type=SocketType.STRING, choices=("en-us", "de"))
    assert [one.label for one in field_spec("language", choice).choices] == ["English (US)", "German"]
    assert [one.value for one in field_spec("language", choice).choices] == ["en-us", "de"]
    assert [one.label for one in field_spec("look", choice).choices] == ["En us", "De"]
