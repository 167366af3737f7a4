"""Placement: never more memory than a worker has, never more quality than wished while less is offered."""

from hypothesis import given
from hypothesis import strategies as st

from studio_sdk.errors import Code
from studio_sdk.manifest import Pipeline, Socket, Variant
from studio_sdk.types import Engine, Quality, SocketType, Tier
from studio_sdk.wire import QUEUES, WorkerInfo
from studio_server.domain.placement import Placement, Unplaceable, Wish, place, queue_for


def pipeline(name: str, engine: Engine, variants: list[tuple[Quality, int]]) -> Pipeline:
    return Pipeline(
        id=name,
        version="1.0.0",
        title=name.title(),
        task="generate-video",
        engine=engine,
        tier=Tier.PREVIZ if engine is Engine.CPU else Tier.PRODUCTION,
        inputs={},
        outputs={"video": Socket(type=SocketType.VIDEO)},
        variants=tuple(Variant(quality=q, vram_gb=v) for q, v in dict(variants).items()),
    )


engines = st.sampled_from([Engine.CPU, Engine.CUDA, Engine.COMFYUI])
qualities = st.sampled_from(list(Quality))
pipelines = st.builds(
    lambda n, e, vs: pipeline(f"p{n}", e, [(q, 0 if e is Engine.CPU else v) for q, v in vs]),
    st.integers(0, 9),
    engines,
    st.lists(st.tuples(qualities, st.sampled_from([12, 16, 24])), min_size=1, max_size=3),
)
workers = st.builds(
    lambda n, es, v: WorkerInfo(
        id=f"w{n}", boot="1", host="h", engines=sorted(es), queues=[q for q in QUEUES if reach(q, v)], vram_gb=v
    ),
    st.integers(0, 9),
    st.sets(engines, min_size=1),
    st.sampled_from([0, 12, 16, 24]),
)
wishes = st.builds(
    lambda q, w: Wish(task="generate-video", quality=q, when_full=w), qualities, st.sampled_from(["queue", "fallback"])
)


def reach(queue: str, vram: int) -> bool:
    return not queue.startswith("gpu.") or int(queue[4:]) <= vram


@given(wishes, st.lists(pipelines, max_size=4), st.lists(workers, max_size=3))
def test_what_is_placed_can_run_or_says_why_it_waits(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo]
) -> None:
    answer = place(wish, offers, alive)
    if isinstance(answer, Unplaceable):
        assert not offers
        assert answer.code is Code.PIPELINE_UNKNOWN
        return
    able = [w for w in alive if w.vram_gb >= answer.variant.vram_gb and answer.pipeline.engine in w.engines]
    assert able or answer.waiting
    assert answer.queue == queue_for(answer.pipeline.engine, answer.variant.vram_gb)


@given(wishes, st.lists(pipelines, min_size=1, max_size=4), st.lists(workers, max_size=3))
def test_never_above_the_wish_while_something_within_it_can_run(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo]
) -> None:
    answer = place(wish, offers, alive)
    assert isinstance(answer, Placement)
    if answer.variant.quality.rank > wish.quality.rank and not answer.waiting:
        within = [Wish(task=wish.task, pipeline_id=p.id, quality=wish.quality) for p in offers]
        for narrower in within:
            other = place(narrower, offers, alive)
            assert isinstance(other, Placement)
            assert other.waiting or other.variant.quality.rank > wish.quality.rank


@given(wishes, st.lists(pipelines, min_size=1, max_size=4), st.lists(workers, max_size=3), workers)
def test_another_worker_never_makes_it_worse(
    wish: Wish, offers: list[Pipeline], alive: list[WorkerInfo], newcomer: WorkerInfo
) -> None:
    before, after = place(wish, offers, alive), place(wish, offers, [*alive, newcomer])
    assert isinstance(before, Placement)
    assert isinstance(after, Placement)
    if not before.waiting:
        assert not after.waiting
        assert abs(after.variant.quality.rank - wish.quality.rank) <= abs(
            before.variant.quality.rank - wish.quality.rank
        ) or (before.variant.quality.rank > wish.quality.rank)


def test_a_draft_instead_of_the_real_thing_is_said() -> None:
    offers = [pipeline("animatic", Engine.CPU, [(Quality.LOW, 0)])]
    laptop = [WorkerInfo(id="w", boot="1", host="h", engines=[Engine.CPU], queues=["cpu"])]
    answer = place(Wish(task="generate-video", quality=Quality.HIGH), offers, laptop)
    assert isinstance(answer, Placement)
    assert "previz draft" in answer.notice
    assert "low quality" in answer.notice


def test_what_is_not_installed_is_named() -> None:
    answer = place(Wish(task="generate-video", pipeline_id="wan", quality=Quality.LOW), [], [])
    assert answer == Unplaceable(code=Code.PIPELINE_UNKNOWN, message="No pipeline for “wan” is installed.")
