"""SQLModel tables. They do not validate: rows are built from checked domain objects and turned back into them here."""

from datetime import UTC, datetime

from pydantic import JsonValue
from sqlalchemy import JSON, Column, DateTime, Index, MetaData, Text, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC, whatever the database thinks of zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:  # noqa: ARG002
        """Refuse a time without a zone on its way in."""
        if value is not None and value.tzinfo is None:
            message = "a time without a zone cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:  # noqa: ARG002
        """Put the zone back on where the database has dropped it, and turn another one into it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class TenantRow(SQLModel, table=True):
    """A studio: one workspace folder, one object prefix."""

    __tablename__ = "tenant"

    id: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    name: str
    paused_by: str = ""
    created_at: datetime = Field(sa_type=Moment)


class UserRow(SQLModel, table=True):
    """A person of one tenant."""

    __tablename__ = "user"

    id: str = Field(primary_key=True)
    tenant_id: str = Field(foreign_key="tenant.id", index=True)
    name: str
    email: str
    role: str
    password_hash: str = ""
    invite_hash: str = ""
    invite_until: datetime | None = Field(default=None, sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)


class MemberRow(SQLModel, table=True):
    """A person who works on a project. It outlives the project's row, which can be made anew from its folder."""

    __tablename__ = "member"

    project_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True, foreign_key="user.id")


class SessionRow(SQLModel, table=True):
    """A sign-in of a browser, or a token of a program. Only hashes of secrets are kept."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    kind: str
    name: str
    scope: str
    project_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    secret_hash: str
    previous_hash: str = ""
    created_at: datetime = Field(sa_type=Moment)
    rotated_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class FileLockRow(SQLModel, table=True):
    """A file of a project that somebody works on and that nobody else may push until it is given back."""

    __tablename__ = "file_lock"
    __table_args__ = (UniqueConstraint("project_id", "path", name="uq_file_lock_project_id"),)

    id: str = Field(primary_key=True)
    project_id: str
    path: str
    user_id: str = Field(foreign_key="user.id")
    at: datetime = Field(sa_type=Moment)


class AuditRow(SQLModel, table=True):
    """Who did what, and whether it was done (the HTTP status)."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "tenant_id", "at"),)

    id: str = Field(primary_key=True)
    tenant_id: str
    at: datetime = Field(sa_type=Moment)
    who: str
    what: str
    project_id: str = ""
    status: int


class ProjectRow(SQLModel, table=True):
    """A project folder and how far its log and its canvas file are."""

    __tablename__ = "project"

    id: str = Field(primary_key=True)
    tenant_id: str = Field(foreign_key="tenant.id", index=True)
    path: str
    revision: int = 0
    log_id: str
    canvas_revision: int = 0
    canvas_sha: str = ""
    queue_paused: bool = False
    paused_by: str = ""
    updated_at: datetime = Field(sa_type=Moment)


class EventRow(SQLModel, table=True):
    """One entry of a project's log. A command's id can be in it once."""

    __tablename__ = "event"
    __table_args__ = (Index("uq_event_op", "project_id", "op_id", unique=True),)

    project_id: str = Field(primary_key=True, foreign_key="project.id")
    revision: int = Field(primary_key=True)
    type: str
    node_id: str | None = None
    job_id: str | None = None
    actor: str
    op_id: str | None = None
    data: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=Moment)


class JobRow(SQLModel, table=True):
    """A job; `plan` is fixed at creation (some of it is repeated to be searched), the rest is where it stands."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state", "state", "created_at"),
        Index("ix_job_node", "project_id", "node_id"),
        Index("ix_job_line", "project_id", "state", "place"),
        Index("ix_job_pace", "pipeline", "quality", "state", "finished_at"),
        Index("ix_job_turns", "queue", "person_id", "started_at"),
        Index("ix_job_turns_in", "queue", "project_id", "started_at"),
    )

    id: str = Field(primary_key=True)
    tenant_id: str = Field(foreign_key="tenant.id")
    project_id: str = Field(foreign_key="project.id")
    node_id: str
    plan: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    queue: str
    pipeline: str
    quality: str
    place: int = 0
    state: str
    reason: str = ""
    attempt: int = 0
    worker_id: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    rung_at: datetime | None = Field(default=None, sa_type=Moment)
    progress: float = 0
    step: str = ""
    cancel_requested: bool = False
    error: dict[str, JsonValue] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    result: str | None = None
    created_by: str
    person_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    created_at: datetime = Field(sa_type=Moment)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    elapsed_s: float | None = None
    run: str = ""


class NeedRow(SQLModel, table=True):
    """A job that waits until another one is finished."""

    __tablename__ = "need"

    job_id: str = Field(primary_key=True, foreign_key="job.id")
    needs_id: str = Field(primary_key=True, foreign_key="job.id")


class WorkerRow(SQLModel, table=True):
    """A runner's worker, as it last described itself."""

    __tablename__ = "worker"

    id: str = Field(primary_key=True)
    info: dict[str, JsonValue] = Field(sa_column=Column(JSON, nullable=False))
    boot: str
    paused_by: str = ""
    last_seen_at: datetime = Field(sa_type=Moment)


class HookRow(SQLModel, table=True):
    """A webhook of a project and how far of its log has become deliveries; that of the settings has no address here."""

    __tablename__ = "hook"

    id: str = Field(primary_key=True)
    project_id: str = Field(index=True)
    url: str
    secret: str
    kinds: list[str] = Field(sa_column=Column(JSON, nullable=False))
    log_id: str
    revision: int
    off_because: str = ""
    failing_since: datetime | None = Field(default=None, sa_type=Moment)
    created_by: str
    created_at: datetime = Field(sa_type=Moment)


class DeliveryRow(SQLModel, table=True):
    """A message to a webhook; `due_at` is when it is tried next, None where it never will be."""

    __tablename__ = "delivery"

    hook_id: str = Field(primary_key=True, foreign_key="hook.id")
    id: str = Field(primary_key=True)
    kind: str
    body: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Moment)
    tries: int = 0
    due_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    tried_at: datetime | None = Field(default=None, sa_type=Moment)
    answer: str = ""
    delivered: bool = False
