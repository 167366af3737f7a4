"""Every setting of the studio, read from `STUDIO_...` variables once, at the start of a program.

The supervisor, the web process and the tools build one `Settings` and hand it on; no other module reads the
environment. The table in docs/settings.md is written from the descriptions here.
"""

import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from studio_sdk.errors import Code, StudioError

ROOT: Final = Path(__file__).resolve().parents[1]
"""The checkout: where pipelines, project templates and the web build lie."""

SHORTEST_SECRET: Final = 32
"""A given secret must be at least this many characters, so that no word out of a manual passes."""

AbsolutePath = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


def runtime_dir(workspaces: Path) -> Path:
    """Return the folder for this workspace's sockets: short, because a socket's path may have 107 bytes at most."""
    user = os.getuid()
    own = Path(f"/run/user/{user}")
    parent = own if own.is_dir() and os.access(own, os.W_OK) else Path(tempfile.gettempdir())
    return parent / f"studio-{user}-{hashlib.sha256(os.fsencode(workspaces)).hexdigest()[:12]}"


def _private_broker(workspaces: Path) -> str:
    return f"redis+socket://{runtime_dir(workspaces)}/broker.sock"


def _own_url(host: str, port: int) -> str:
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


class Settings(BaseSettings):
    """How this studio runs. Every field is the variable `STUDIO_` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="STUDIO_", frozen=True, extra="ignore")

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. Keep the default unless people on other machines shall reach the studio.",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="Port of the studio's page and API.")
    public_url: str = Field(
        default_factory=lambda data: _own_url(data["host"], data["port"]),
        description="The address people open, when it is not http://HOST:PORT (behind a reverse proxy).",
    )
    host_names: list[str] = Field(
        default=[],
        description="Further host names that it answers to, as JSON: the one by which workers on other machines, or "
        "containers, reach it.",
    )
    workspaces: AbsolutePath = Field(
        default=Path("workspaces"),
        validate_default=True,
        description="Folder of all projects, one sub-folder a tenant, and of the studio's own state, `.studio`.",
    )
    tenant: str = Field(
        default="local",
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$",
        description="The tenant whose projects are served while AUTH is `none`.",
    )
    database_url: str = Field(
        default_factory=lambda data: f"sqlite:///{data['workspaces']}/.studio/studio.db",
        pattern=r"^(sqlite|postgresql\+psycopg)://",
        description="Address of the index database: `postgresql+psycopg://USER:PASSWORD@HOST/NAME` where several web "
        "processes share it; the default is a SQLite file in the workspace.",
    )
    broker_url: str = Field(
        default_factory=lambda data: _private_broker(data["workspaces"]),
        description="Address of the job doorbell (`redis://...`); the default is a private Valkey, started along.",
    )
    storage: str = Field(
        default="folder",
        pattern=r"^(folder|s3://[^/]+(/.*)?)$",
        description="Where media is kept: `folder`, in the projects themselves, or `s3://BUCKET/PREFIX`, a bucket of "
        "which the folders then hold what is in use. See docs/operators.md, “Media in a bucket”.",
    )
    storage_endpoint: str = Field(default="", description="Address of the S3 of STORAGE, when not Amazon's.")
    storage_public_endpoint: str = Field(
        default="",
        description="The same S3's address for browsers and people's git: then downloads go there by signed links. "
        "Empty: through the studio.",
    )
    storage_region: str = Field(default="us-east-1", description="Region of the bucket.")
    storage_key: str = Field(
        default="", description="Access key for it; empty: what the machine has (its role, `~/.aws`)."
    )
    storage_secret: SecretStr = Field(default=SecretStr(""), description="The secret of that key.")
    storage_role: str = Field(
        default="",
        description="ARN of a role that the studio assumes for each tenant, limited to the tenant's prefix and without "
        "the right to delete; empty: it works with the key itself.",
    )
    storage_cache_gb: float = Field(
        default=200,
        gt=0,
        description="How much media of a bucket stays on this disk, in gigabytes; the longest unused goes first.",
    )
    auth: Literal["none", "password"] = Field(
        default="none",
        description="`none`: one local person, no sign-in. `password`: people sign in; the first start prints a code "
        "with which the first admin is made.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Signs tokens. Made and kept in `.studio/secrets.json`; must be given when AUTH is `password`.",
    )
    runner_token: SecretStr = Field(
        default=SecretStr(""),
        description="What runners show the server. Made, kept and, when AUTH is `password`, given like SECRET_KEY.",
    )
    token_hours: int = Field(
        default=12, ge=1, le=24 * 30, description="How long a token of `POST /auth/token` is valid, in hours."
    )
    upload_limit_mb: int = Field(default=2048, ge=1, description="Largest file that may be uploaded, in megabytes.")
    archive_limit_gb: int = Field(
        default=100,
        ge=1,
        description="Largest project that may be brought in as a zip, packed or unpacked, in gigabytes.",
    )
    session_days: int = Field(
        default=30, ge=1, le=365, description="How long a browser stays signed in without being used, in days."
    )
    trash_days: int = Field(
        default=14, ge=1, description="How long media that was put into a project's trash can be taken back, in days."
    )
    pipelines_dir: AbsolutePath = Field(
        default=ROOT / "pipelines", description="Folder with one sub-folder a pipeline."
    )
    comfyui_url: str = Field(
        default="",
        description="Address of the ComfyUI that the studio's own runner uses, for example `http://127.0.0.1:8188`; "
        "empty for none.",
    )
    models_dir: AbsolutePath | None = Field(
        default=None, description="ComfyUI's `models` folder, where `studio models` runs on its machine."
    )
    models_source: str = Field(
        default="",
        description="Where `studio models pull` finds `FOLDER/FILE`: an `https://…` or `s3://BUCKET/PREFIX` address; "
        "empty: each file's own source.",
    )
    s3_endpoint: str = Field(default="", description="Address of the S3 that MODELS_SOURCE is in, when not Amazon's.")
    s3_region: str = Field(default="us-east-1", description="Its region.")
    s3_key: str = Field(default="", description="Its access key; empty: nothing is signed.")
    s3_secret: SecretStr = Field(default=SecretStr(""), description="The secret of that key.")
    templates_dir: AbsolutePath = Field(
        default=ROOT / "project_templates", description="Folder with the project templates."
    )
    web_dir: AbsolutePath = Field(
        default=ROOT / "studio_web" / "build", description="Folder with the built web client that is served."
    )
    launcher: Literal["process", "docker"] = Field(
        default="process",
        description="What the studio's own runner runs pipelines in: `process`, or containers of `docker`.",
    )
    docker_host: str = Field(
        default="unix:///var/run/docker.sock", description="Address of the Docker daemon, where LAUNCHER is `docker`."
    )
    base_image: AbsolutePath = Field(
        default_factory=lambda data: data["workspaces"] / ".studio" / "base.tar",
        description="What containers are made of, where LAUNCHER is `docker`: the tar that `studio-sdk base` writes.",
    )
    lease_seconds: int = Field(
        default=45,
        ge=5,
        le=3600,
        description="A job whose runner has been silent for so long is given to another.",
    )
    webhook_url: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="A webhook of the whole studio: every project tells it what happens, beside its own. Empty: none.",
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="What its messages are signed with: `whsec_` and 32 bytes as base64."
    )
    webhook_private: list[str] = Field(
        default=[],
        description="Host names, as JSON, that webhooks may call although they lead into your own network or to this "
        "machine. Link-local addresses are never called.",
    )
    token: SecretStr = Field(
        default=SecretStr(""),
        description="What `studio make`, `studio queue` and `studio mcp` show a studio where people sign in: a token "
        "of the People page. The studio itself does not read it.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Form of the log lines: `text` for people, `json` for machines."
    )

    @model_validator(mode="after")
    def _secrets_are_given(self) -> Self:
        if self.auth == "password":
            for name, secret in (("SECRET_KEY", self.secret_key), ("RUNNER_TOKEN", self.runner_token)):
                if len(secret.get_secret_value()) < SHORTEST_SECRET:
                    message = (
                        f"STUDIO_{name} must be given, {SHORTEST_SECRET} characters or more, when AUTH is password"
                    )
                    raise ValueError(message)
        return self

    @property
    def state_dir(self) -> Path:
        """Return the folder of what the studio keeps for itself: database, logs, secrets, uploads under way."""
        return self.workspaces / ".studio"

    @property
    def with_people(self) -> bool:
        """Return whether people sign in."""
        return self.auth == "password"

    @property
    def first_admin_file(self) -> Path:
        """Return where the one-time code lies while there is no admin yet."""
        return self.state_dir / "first-admin-code"

    @property
    def own_url(self) -> str:
        """Return the address at which programs on this machine reach the web process, whatever people use."""
        return _own_url(self.host, self.port)

    @property
    def broker_socket(self) -> Path | None:
        """Return the socket of the private Valkey, or None when a broker of one's own is named."""
        private = _private_broker(self.workspaces)
        return runtime_dir(self.workspaces) / "broker.sock" if self.broker_url == private else None

    @property
    def upload_limit(self) -> int:
        """Return the largest upload in bytes."""
        return self.upload_limit_mb * 1024 * 1024

    @property
    def storage_cache(self) -> int:
        """Return how many bytes of media of a bucket stay on this disk."""
        return int(self.storage_cache_gb * 10**9)

    @property
    def archive_limit(self) -> int:
        """Return the largest archive in bytes."""
        return self.archive_limit_gb * 10**9

    def with_secrets(self) -> Self:
        """Return the settings with both secrets present, making and keeping what was not given.

        The file is written once, readable by its owner only. Errors: STORAGE_READONLY.
        """
        if self.secret_key.get_secret_value() and self.runner_token.get_secret_value():
            return self
        kept = _kept_secrets(self.state_dir)
        return self.model_copy(
            update={
                "secret_key": self.secret_key if self.secret_key.get_secret_value() else SecretStr(kept["secret_key"]),
                "runner_token": (
                    self.runner_token if self.runner_token.get_secret_value() else SecretStr(kept["runner_token"])
                ),
            }
        )


def _kept_secrets(state_dir: Path) -> dict[str, str]:
    path = state_dir / "secrets.json"
    try:
        if not path.exists():
            state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = {"secret_key": secrets.token_urlsafe(48), "runner_token": secrets.token_urlsafe(32)}
            draft = state_dir / f".secrets-{secrets.token_hex(4)}"
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(made, file)
                file.flush()
                os.fsync(file.fileno())
            _keep(draft, path)
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {"secret_key": str(kept["secret_key"]), "runner_token": str(kept["runner_token"])}
    except OSError as error:
        raise StudioError(
            Code.STORAGE_READONLY, "The studio cannot write into its workspace.", detail=str(error)
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StudioError(
            Code.INTERNAL, f"The file {path} is damaged. Remove it and start again.", detail=str(error)
        ) from error


def _keep(draft: Path, path: Path) -> None:
    try:
        # Two processes may start at once: a link, unlike a rename, never replaces what the other one kept.
        path.hardlink_to(draft)
    except FileExistsError:
        draft.unlink()
    except OSError:
        # A disk without links (exFAT); the supervisor's lock makes a race unlikely there too.
        draft.replace(path)
    else:
        draft.unlink()


def child_environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with some variables set: what a child program is started with."""
    return {**os.environ, **more}  # noqa: TID251 - handed on, not read
