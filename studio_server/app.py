"""The composition root: settings in, one ASGI app out. The only module that knows how the parts are put together."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI, Request
from socketio import ASGIApp, AsyncServer
from starlette.types import ASGIApp as App

from studio_server.actions import accounts, people, projects, release
from studio_server.actions.catalog import Catalogue
from studio_server.actions.rooms import Rooms
from studio_server.actions.studio import Passing, Studio
from studio_server.actions.views import ProjectState
from studio_server.index import directory, wakes
from studio_server.index import session as index_session
from studio_server.library.workspace import open_workspace
from studio_server.loops import courier, dispatcher, evener, keeper, relay, stow, sweeper, trash
from studio_server.loops.bell import Bell
from studio_server.loops.lineup import Lineup
from studio_server.loops.standing import Standing
from studio_server.settings import Settings
from studio_server.web import (
    alternates,
    auth,
    bodies,
    build,
    catalog,
    errors,
    files,
    forecast,
    git,
    guard,
    hooks,
    lfs,
    machines,
    pages,
    queue,
    rules,
    runner,
    script,
    socket,
    tasks,
    timeline,
    transfer,
    upkeep,
    versions,
)
from studio_server.web import people as people_routes
from studio_server.web import projects as project_routes

if TYPE_CHECKING:
    from studio_server.library import s3

SWEEP_EVERY = 2.0
KEEP_EVERY = 0.5
RING_EVERY = 1.0
LISTEN_EVERY = 2.0
COURIER_EVERY = 1.0
TRASH_EVERY = 3600.0
STOW_EVERY = 60.0
EVEN_EVERY = 1.0

_log = logging.getLogger(__name__)


@dataclass
class Running:
    """What lives as long as the process: the bell, the open rooms, the states of projects and the loops' threads."""

    bell: Bell = field(default_factory=Bell)
    rooms: Rooms = field(default_factory=Rooms)
    states: dict[str, ProjectState] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    loop: asyncio.AbstractEventLoop | None = None

    def soon(self, make: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a coroutine in the event loop from any thread; nobody waits for it."""
        if self.loop and not self.loop.is_closed():
            asyncio.run_coroutine_threadsafe(make(), self.loop)


def migrate(settings: Settings) -> None:
    """Bring the index database to the newest schema."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    index_session.migrate(settings.database_url)


def depot_of(settings: Settings) -> "s3.Depot | None":
    """Return the bucket that STUDIO_STORAGE names, or None. It is not asked anything yet."""
    if settings.storage == "folder":
        return None
    from studio_server.library import s3  # noqa: PLC0415 - a studio without a bucket starts without its client

    account = s3.account_of(
        settings.storage,
        endpoint=settings.storage_endpoint,
        public=settings.storage_public_endpoint,
        region=settings.storage_region,
        key=settings.storage_key,
        secret=settings.storage_secret.get_secret_value(),
        role=settings.storage_role,
    )
    return s3.Depot(account)


def open_studio(settings: Settings, bell: Bell, tell: Callable[[Passing], None]) -> Studio:
    """Return the studio that all actions work on; the workspace and the database are made where they are missing.

    Where web processes share a database, `tell` is left to the one that listens to its news (`_hear`).
    """
    workspace = open_workspace(
        settings.workspaces, settings.tenant, depot_of(settings), elsewhere=not settings.with_people
    )
    migrate(settings)
    index = index_session.Index(index_session.open_engine(settings.database_url), bell.ring)
    with index.write(silent=True) as session:
        person = directory.local_person(session, settings.tenant, datetime.now(UTC))
    return Studio(
        settings=settings,
        workspace=workspace,
        index=index,
        catalogue=Catalogue(settings.pipelines_dir),
        person=person,
        now=lambda: datetime.now(UTC),
        tell=(lambda news: index.pass_on(news.model_dump_json())) if index.shared else tell,
    )


def create_app(settings: Settings) -> App:
    """Return the whole web process as one ASGI app: pages, REST, sockets and the loops behind them."""
    sockets = AsyncServer(
        async_mode="asgi",
        transports=["websocket"],
        max_http_buffer_size=bodies.JSON_LIMIT,
        async_handlers=False,  # a page's commands are carried out in the order in which it sent them
    )
    running = Running()
    studio = open_studio(settings, running.bell, lambda news: running.soon(lambda: relay.tell_progress(sockets, news)))
    projects.adopt_folders(studio)
    people.await_first(studio)
    standing = Standing(
        studio,
        running.rooms,
        lambda project_id, told, *, page=None: sockets.emit("server:card_states", told, to=page or project_id),
    )
    admission = socket.serve(sockets, studio, running.rooms, running.states, standing.greet)
    lineup = Lineup(
        studio, running.rooms, lambda project_id, queue: sockets.emit("server:queue", queue, room=project_id)
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        running.loop = asyncio.get_running_loop()
        running.bell.attach(running.loop)
        threads = _start_threads(studio, sockets, running)
        loops = [
            asyncio.create_task(relay.relay(studio, sockets, running.rooms, running.bell, lineup, standing)),
            asyncio.create_task(_tell_heads(studio, sockets, running)),
            asyncio.create_task(lineup.run()),
            asyncio.create_task(standing.run()),
            asyncio.create_task(admission.watch(sockets.disconnect)),
        ]
        try:
            yield
        finally:
            for task in loops:
                task.cancel()
            running.stop.set()
            running.bell.ring()
            for thread in threads:
                await asyncio.to_thread(thread.join, 10)
            await asyncio.to_thread(keeper.save_all, studio)
            studio.index.engine.dispose()

    app = routes(lifespan)
    app.state.studio = studio
    app.state.states = running.states
    pages.serve(app, settings.web_dir)
    door = rules.Door(app, studio)
    guarded = bodies.BodyGuard(
        ASGIApp(sockets, door, socketio_path="ws"), settings.upload_limit, settings.archive_limit
    )
    return guard.HostGuard(guarded, guard.allowed_hosts(settings.host, settings.public_url, settings.host_names))


def routes(lifespan: Callable[[FastAPI], Any] | None = None) -> FastAPI:
    """Return the REST API without a studio behind it."""
    app = FastAPI(
        title="Production Canvas",
        version="1",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(_valid_token)],
    )
    app.middleware("http")(guard.own_pages_only)
    errors.install(app)
    on_projects = (
        project_routes,
        transfer,
        versions,
        alternates,
        tasks,
        queue,
        forecast,
        build,
        files,
        timeline,
        script,
    )
    for module in (*on_projects, upkeep, hooks, catalog, auth, people_routes, machines, runner):
        app.include_router(module.router, prefix="/api/v1")
    for module in (git, lfs):
        app.include_router(module.router)
    return app


def _valid_token(request: Request) -> None:
    token = rules.shown_secret(request.headers)
    if request.app.state.studio.settings.with_people:
        return  # the door has asked already
    if token and "/runner/" not in request.url.path:
        accounts.check(request.app.state.studio, token)


def openapi_document() -> dict[str, Any]:
    """Return the description of the REST API from which the page's types are made."""
    return routes().openapi()


def _start_threads(studio: Studio, sockets: AsyncServer, running: Running) -> list[threading.Thread]:
    doorbell = dispatcher.doorbell(studio.settings.broker_url)

    def tell_state(project_id: str, state: ProjectState) -> None:
        data = state.model_dump(mode="json")
        running.soon(lambda: sockets.emit("server:project_state", data, room=project_id))

    rounds: tuple[tuple[str, float, Callable[[], object]], ...] = (
        ("dispatcher", RING_EVERY, partial(dispatcher.dispatch, studio, doorbell)),
        ("doorbell watch", LISTEN_EVERY, partial(dispatcher.ring_lost, studio, doorbell)),
        ("releaser", RING_EVERY, partial(release.release, studio)),
        ("sweeper", SWEEP_EVERY, sweeper.Rounds(studio).sweep),
        ("evener", EVEN_EVERY, evener.Rounds(studio).look),
        ("courier", COURIER_EVERY, partial(courier.carry, studio)),
        ("trash", TRASH_EVERY, partial(trash.empty_old, studio)),
        (
            "keeper",
            KEEP_EVERY,
            lambda: keeper.keep(studio, running.rooms.open_projects(), running.states, tell_state),
        ),
    )
    if studio.workspace.depot:
        rounds = (*rounds, ("stow", STOW_EVERY, partial(stow.stow, studio)))
    threads = [
        threading.Thread(target=_turn, args=(name, every, work, running), name=name, daemon=True)
        for name, every, work in rounds
    ]
    if studio.index.shared:
        heard = partial(_hear, sockets, running)
        words = (studio.settings.database_url, heard, running.stop)
        threads.append(threading.Thread(target=wakes.listen, args=words, name="news", daemon=True))
    for thread in threads:
        thread.start()
    return threads


def _hear(sockets: AsyncServer, running: Running, news: str) -> None:
    """Take what one of the web processes told through the database: progress, or that it has committed something."""
    if news:
        passing = Passing.model_validate_json(news)
        running.soon(lambda: relay.tell_progress(sockets, passing))
    else:
        running.bell.ring()


def _turn(name: str, every: float, work: Callable[[], object], running: Running) -> None:
    rings = 0
    while not running.stop.is_set():
        try:
            work()
        except Exception:  # noqa: BLE001 - a loop outlives whatever it meets
            _log.exception("The %s stumbled and goes on", name)
        if name in {"courier", "dispatcher", "releaser"}:
            rings = running.bell.wait(rings, every)
        else:
            running.stop.wait(every)


async def _tell_heads(studio: Studio, sockets: AsyncServer, running: Running) -> None:
    while True:
        await asyncio.sleep(relay.HEAD_EVERY)
        try:
            for project_id, revision, log_id in await asyncio.to_thread(_heads, studio, running.rooms.open_projects()):
                await sockets.emit("server:head", {"revision": revision, "log_id": log_id}, room=project_id)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("Telling the heads stumbled and goes on")


def _heads(studio: Studio, project_ids: list[str]) -> list[tuple[str, int, str]]:
    with studio.index.read() as session:
        found = [directory.find_project(session, project_id) for project_id in project_ids]
    return [(entry.id, entry.revision, entry.log_id) for entry in found if entry]
