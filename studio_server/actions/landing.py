"""Landing: what a job has made becomes a take of its shot, or a film in 06_Exports, once and whole.

The folder first, then the database. Both steps know the job's id, so that a crash between them, or an answer that got
lost, leads to the same take and never to a second one.
"""

from uuid import uuid4

from sqlmodel import Session
from studio_sdk.errors import Code, StudioError
from studio_sdk.types import FILE_TYPES
from studio_sdk.wire import Finish, FinishAnswer, OutputRef

from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.actions.views import media_url, take_view
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import Graph, NodeSet, apply, dump_operations
from studio_server.domain.jobs import Job, JobKind, JobState, task_of
from studio_server.domain.shots import Recipe, Take, TakeInput
from studio_server.index import jobs
from studio_server.library import media, objects
from studio_server.library.folder import ProjectFolder
