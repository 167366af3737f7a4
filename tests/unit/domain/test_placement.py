"""Placement: never more memory than a worker has, never more quality than wished, and words that name what is short."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studio_sdk.errors import Code
from studio_sdk.manifest import Pipeline, Socket, Variant
from studio_sdk.types import Engine, Quality, SocketType, Tier
from studio_sdk.wire import QUEUES, WorkerInfo
from studio_server.domain.placement import (
    GPU_TIERS,
    Lack,
    Offer,
    Placement,
    Scarce,
    Unplaceable,
    Wish,
    able,
    lack_of,
    place,
    queue_for,
    ranking,
)

TASK = "generate-video"


def pipeline(
    name: str,
    engine: Engine,
    variants: list[tuple[Quality, int]],
    *,
    draft: bool = False,
    provider: str = "",
    cost: float = 0,
) -> Pipeline:
    return Pipeline(
        id=name,
        version="1.0.0",
        title=name.title(),
        task=TASK,
        engine=engine,
        provider=provider,
        tier=Tier.PREVIZ if draft else Tier.PRODUCTION,
        inputs={},
        outputs={"video": Socket(type=SocketType.VIDEO)},
        variants=tuple(Variant(quality=q, vram_gb=v, credits=cost) for q, v in dict(variants).items()),
    )


def gpu(vram: int, *engines: Engine, name: str = "w") -> WorkerInfo:
    queues = [queue for queue in QUEUES if reach(queue, vram)]
    return WorkerInfo(id=name, boot="1", host="h", engines=list(engines), queues=queues, vram_gb=vram)


def reach(queue: str, vram: int) -> bool:
    return not queue.startswith("gpu.") or int(queue[4:]) <= vram


engines = st.sampled_from(list(Engine))
qualities = st.sampled_from(list(Quality))
sizes = st.sampled_from([10, 12, 16, 20, 24, 48, 80])
pipelines = st.builds(
    lambda n, e, vs, d, c: pipeline(
        f"p{n}",
        e,
        [(q, v if e in (Engine.CUDA, Engine.COMFYUI) else 0) for q, v in vs],
        draft=d,
        provider=f"house{n % 2}" if e is Engine.REMOTE else "",
        cost=c,
    ),
    st.integers(0, 9),
    engines,
    st.lists(st.tuples(qualities, sizes), min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from([0, 1, 2]),
)
catalogues = st.lists(pipelines, min_size=1, max_size=5, unique_by=lambda one: one.id)
workers = st.builds(
    lambda n, es, v, deaf: gpu(v, *sorted(es), name=f"w{n}").model_copy(
        update={"queues": [q for q in QUEUES if reach(q, v) and q not in deaf]}
    ),
    st.integers(0, 99),
    st.sets(engines, min_size=1),
    st.sampled_from([0, 12, 16, 24, 48, 80]),
    st.sets(st.sampled_from(QUEUES), max_size=2),
)
crowds = st.lists(workers, max_size=4)
keyrings = st.sets(st.sampled_from(["house0", "house1"]))
wishes = st.builds(
    lambda q, w, es: Wish(task=TASK, quality=q, when_full=w, engines=tuple(es)),
    qualities,
    st.sampled_from(["queue", "fallback"]),
    st.lists(engines, unique=True, max_size=4),
)


def placed(wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], keys: set[str]) -> Placement:
    answer = place(wish, offers, alive, keys)
    assert isinstance(answer, Placement)
    return answer


@given(wishes, catalogues, crowds, keyrings)
def test_never_a_worker_with_less_memory_or_another_engine(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], keys: set[str]
) -> None:
    answer = placed(wish, offers, alive, keys)
    offer = Offer(answer.pipeline, answer.variant)
    for worker in able(offer, alive):
        assert worker.vram_gb >= answer.variant.vram_gb
        assert answer.pipeline.engine in worker.engines
        assert answer.queue in worker.queues
    assert bool(able(offer, alive)) or answer.waiting
    assert answer.queue == queue_for(answer.pipeline.engine, answer.variant.vram_gb)
    if answer.pipeline.engine is Engine.REMOTE and not answer.waiting:
        assert answer.pipeline.provider in keys
        assert Engine.REMOTE in wish.engines


@given(wishes, catalogues, crowds, keyrings)
def test_never_above_the_wish_while_anything_at_or_below_it_is_offered(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], keys: set[str]
) -> None:
    answer = placed(wish, offers, alive, keys)
    offered = {variant.quality.rank for one in offers for variant in one.variants}
    if min(offered) <= wish.quality.rank:
        assert answer.variant.quality.rank <= wish.quality.rank


@given(wishes, catalogues, crowds, keyrings, workers)
def test_another_worker_never_makes_it_worse(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], keys: set[str], newcomer: WorkerInfo
) -> None:
    before, after = placed(wish, offers, alive, keys), placed(wish, offers, [*alive, newcomer], keys)
    order = ranking(wish, offers)
    if not before.waiting:
        assert not after.waiting
        assert order.index(Offer(after.pipeline, after.variant)) <= order.index(Offer(before.pipeline, before.variant))


@given(wishes, catalogues, crowds, keyrings)
def test_who_holds_gets_the_wished_quality(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], keys: set[str]
) -> None:
    held = wish.model_copy(update={"when_full": "queue"})
    answer = placed(held, offers, alive, keys)
    real = [one for one in offers if one.tier is Tier.PRODUCTION] or offers
    if any(one.variant(wish.quality) for one in real):
        assert answer.variant.quality == wish.quality
        assert answer.pipeline in real
        assert not answer.notice
    else:
        assert answer.notice, "what differs from the wish is always said"
    assert answer.variant.quality == placed(held, offers, [], keys).variant.quality, "whoever is there"


@given(wishes, catalogues, crowds, keyrings)
def test_the_reason_names_the_scarcest_thing(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], keys: set[str]
) -> None:
    answer = placed(wish, offers, alive, keys)
    first = ranking(wish, offers)[0]
    if answer.lack is None:
        assert not answer.waiting
        return
    assert answer.lack.words in (answer.waiting or answer.notice)
    pipe, vram = first.pipeline, first.variant.vram_gb
    remote = pipe.engine is Engine.REMOTE
    having = [worker for worker in alive if pipe.engine in worker.engines]
    short = {
        Scarce.LEAVE: remote and Engine.REMOTE not in wish.engines,
        Scarce.KEY: remote and pipe.provider not in keys,
        Scarce.MACHINE: not alive,
        Scarce.ENGINE: not having,
        Scarce.MEMORY: not any(worker.vram_gb >= vram for worker in having),
        Scarce.QUEUE: not any(worker.vram_gb >= vram and first.queue in worker.queues for worker in having),
    }
    assert answer.lack.what == next(what for what in Scarce if short[what])


@given(wishes, catalogues, crowds, keyrings)
def test_what_could_run_does_not_wait_where_the_project_falls_back(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], keys: set[str]
) -> None:
    falling = wish.model_copy(update={"when_full": "fallback"})
    answer = placed(falling, offers, alive, keys)
    runs = [one for one in ranking(falling, offers) if lack_of(one, alive, keys, wish.engines) is None]
    assert bool(answer.waiting) == (not runs)
    assume(runs)
    assert Offer(answer.pipeline, answer.variant) == runs[0]


@given(wishes, catalogues, crowds, keyrings, qualities)
def test_nothing_below_what_a_card_asks_for_at_least(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], keys: set[str], least: Quality
) -> None:
    answer = place(wish.model_copy(update={"least": least}), offers, alive, keys)
    if isinstance(answer, Unplaceable):
        assert all(variant.quality.rank < least.rank for one in offers for variant in one.variants)
    else:
        assert answer.variant.quality.rank >= least.rank


WAN = pipeline("wan", Engine.COMFYUI, [(Quality.LOW, 12), (Quality.STANDARD, 16), (Quality.HIGH, 24)])
ANIMATIC = pipeline("animatic", Engine.CPU, [(quality, 0) for quality in Quality], draft=True)
LAPTOP = WorkerInfo(id="w", boot="1", host="h", engines=[Engine.CPU], queues=["cpu"])
MIDDLE = gpu(16, Engine.COMFYUI)


@pytest.mark.parametrize(
    ("when_full", "alive", "made", "waits", "said"),
    [
        ("fallback", [MIDDLE], Quality.STANDARD, False, "No machine with a 24 GB card is there (the largest there has"),
        ("fallback", [LAPTOP], Quality.HIGH, False, "Animatic makes a previz draft instead"),
        ("queue", [MIDDLE], Quality.HIGH, True, "No machine with a 24 GB card is there (the largest there has 16 GB)"),
        ("queue", [], Quality.HIGH, True, "No machine is there to make it"),
        ("fallback", [gpu(24, Engine.COMFYUI)], Quality.HIGH, False, ""),
    ],
)
def test_a_machine_that_is_away_is_said_in_words(
    when_full: str, alive: list[WorkerInfo], made: Quality, waits: bool, said: str
) -> None:
    wish = Wish.model_validate({"task": TASK, "quality": "high", "when_full": when_full})
    answer = placed(wish, [ANIMATIC, WAN], alive, set())
    assert (answer.variant.quality, bool(answer.waiting)) == (made, waits)
    words = answer.waiting or answer.notice
    assert words.startswith(said) or said in words
    assert bool(words) == bool(said)


def test_a_lower_quality_names_what_it_is_made_on() -> None:
    answer = placed(Wish(task=TASK, quality=Quality.HIGH), [ANIMATIC, WAN], [MIDDLE], set())
    assert answer.notice == (
        "No machine with a 24 GB card is there (the largest there has 16 GB). "
        "Made at standard instead of high quality, with Wan on a 16 GB card."
    )


def test_a_draft_instead_of_the_real_thing_is_said() -> None:
    offers = [pipeline("animatic", Engine.CPU, [(Quality.LOW, 0)], draft=True)]
    answer = placed(Wish(task=TASK, quality=Quality.HIGH), offers, [LAPTOP], set())
    assert "previz draft" in answer.notice
    assert "low quality" in answer.notice


def test_own_engines_first_and_nothing_leaves_the_house_unasked() -> None:
    near = pipeline("near", Engine.CUDA, [(Quality.HIGH, 24)])
    far = pipeline("far", Engine.REMOTE, [(Quality.HIGH, 0)], provider="house0")
    both = gpu(24, Engine.CUDA, Engine.REMOTE)
    wish = Wish(task=TASK, quality=Quality.HIGH)
    assert placed(wish, [far, near], [both], {"house0"}).pipeline is near
    alone = placed(wish, [far], [both], {"house0"})
    assert alone.lack == Lack(
        what=Scarce.LEAVE, words="Far works outside, and this project keeps its work in the house."
    )
    outside = wish.model_copy(update={"engines": (Engine.REMOTE,)})
    assert placed(outside, [far, near], [both], {"house0"}).pipeline is far
    assert placed(outside, [far, near], [both], set()).pipeline is near
    assert placed(outside, [far], [both], set()).lack == Lack(what=Scarce.KEY, words="No key for house0 is stored.")


def test_cheaper_first_where_everything_else_is_equal() -> None:
    dear = pipeline("a", Engine.CUDA, [(Quality.LOW, 12)], cost=2)
    cheap = pipeline("b", Engine.CUDA, [(Quality.LOW, 12)], cost=1)
    assert placed(Wish(task=TASK, quality=Quality.LOW), [dear, cheap], [gpu(12, Engine.CUDA)], set()).pipeline is cheap


def test_what_needs_a_file_that_is_not_wired_is_no_choice_of_the_studio() -> None:
    voice = {"voice": Socket(type=SocketType.AUDIO, required=True), "style": Socket(type=SocketType.IMAGE)}
    speaking = WAN.model_copy(update={"inputs": voice})
    here = [gpu(24, Engine.COMFYUI), LAPTOP]
    plain = Wish(task=TASK, quality=Quality.HIGH, fed=("prompt",))
    answer = placed(plain, [ANIMATIC, speaking], here, set())
    assert (answer.pipeline, answer.notice) == (ANIMATIC, "")
    with_voice = plain.model_copy(update={"fed": ("prompt", "voice")})
    assert placed(with_voice, [ANIMATIC, speaking], here, set()).pipeline == speaking
    assert placed(plain, [speaking], here, set()).pipeline == speaking, "else nobody would be told what is missing"
    pinned = plain.model_copy(update={"pipeline_id": speaking.id})
    assert placed(pinned, [ANIMATIC, speaking], here, set()).pipeline == speaking


def test_what_uses_every_wire_before_what_leaves_one_aside() -> None:
    still, voice = Socket(type=SocketType.IMAGE, required=True), Socket(type=SocketType.AUDIO, required=True)
    sizes = [(Quality.LOW, 24), (Quality.HIGH, 48)]
    moving = pipeline("a-move", Engine.COMFYUI, sizes).model_copy(update={"inputs": {"still": still}})
    talking = pipeline("b-talk", Engine.COMFYUI, sizes).model_copy(update={"inputs": {"still": still, "voice": voice}})
    words = pipeline("c-words", Engine.COMFYUI, sizes)
    offers, here = [words, talking, moving, ANIMATIC], [gpu(24, Engine.COMFYUI), LAPTOP]
    for fed, best in ((("still", "voice"), talking), (("still",), moving), ((), words)):
        answer = placed(Wish(task=TASK, quality=Quality.HIGH, fed=fed), offers, here, set())
        assert (answer.pipeline.id, answer.variant.quality) == (best.id, Quality.LOW), fed
        assert "48 GB card" in answer.notice
    asked = words.model_copy(update={"by_name": True})
    bare = Wish(task=TASK, quality=Quality.LOW, fed=())
    assert placed(bare, [asked, ANIMATIC], here, set()).pipeline == ANIMATIC
    pinned = bare.model_copy(update={"pipeline_id": asked.id})
    assert placed(pinned, [asked, ANIMATIC], here, set()).pipeline == asked


def test_a_draft_that_was_made_for_the_wires_comes_before_one_that_only_shows_them() -> None:
    still, voice = Socket(type=SocketType.IMAGE, required=True), Socket(type=SocketType.AUDIO, required=True)
    loose = {"still": Socket(type=SocketType.IMAGE), "voice": Socket(type=SocketType.AUDIO)}
    shows = ANIMATIC.model_copy(update={"inputs": loose})
    talks = shows.model_copy(update={"id": "z-talk", "inputs": {"still": still, "voice": voice}})
    real = pipeline("b-real", Engine.COMFYUI, [(Quality.LOW, 24)]).model_copy(update={"inputs": talks.inputs})
    wish = Wish(task=TASK, quality=Quality.LOW, fed=("still", "voice"))
    assert placed(wish, [shows, talks, real], [LAPTOP], set()).pipeline.id == "z-talk"
    assert placed(wish, [shows, talks, real], [LAPTOP, gpu(24, Engine.COMFYUI)], set()).pipeline.id == "b-real"
    assert placed(wish.model_copy(update={"fed": ("still",)}), [shows, talks, real], [LAPTOP], set()).pipeline == shows


@given(st.integers(1, 80))
def test_a_queue_is_the_smallest_tier_that_holds_it(vram: int) -> None:
    tier = int(queue_for(Engine.CUDA, vram).removeprefix("gpu."))
    assert tier >= vram
    assert all(smaller < vram for smaller in GPU_TIERS if smaller < tier)


def test_what_is_not_installed_is_named() -> None:
    answer = place(Wish(task=TASK, pipeline_id="wan", quality=Quality.LOW), [], [])
    assert answer == Unplaceable(code=Code.PIPELINE_UNKNOWN, message="No pipeline for “wan” is installed.")
