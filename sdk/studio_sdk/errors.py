"""Every error a person can meet: its code, its HTTP status, whether trying again can help, and what to do.

One list for all programs. The same object travels in REST answers, socket events, job rows and
a pipeline's result.json.
"""

from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from studio_sdk.names import Code

__all__ = ["REMEDIES", "Code", "ErrorBody", "ErrorContext", "Remedy", "StudioError"]


class Remedy(NamedTuple):
    """What a code means on the wire and to the person who meets it."""

    status: int
    retry: bool
    steps: tuple[str, ...]


REMEDIES: Final[dict[Code, Remedy]] = {
    Code.CONTRACT_MISMATCH: Remedy(
        422, False, ("Check the highlighted field.", "Reload the page if the studio was just updated.")
    ),
    Code.VALIDATION_ERROR: Remedy(422, False, ("Correct the marked field and try again.",)),
    Code.UNSUPPORTED_MEDIA: Remedy(
        415, False, ("Export the file as MP4 (H.264), WAV, MP3, PNG or JPEG.", "Drop it on the board again.")
    ),
    Code.UPLOAD_TOO_LARGE: Remedy(
        413, False, ("Trim or compress the file.", "Or raise STUDIO_UPLOAD_LIMIT_MB and restart the studio.")
    ),
    Code.ARCHIVE_REFUSED: Remedy(
        422,
        False,
        ("Archive the project again with a studio's “Save as a zip”.", "Or zip its whole folder without links in it."),
    ),
    Code.PUSH_REFUSED: Remedy(
        422,
        False,
        (
            "Put right what the message names, in a commit that takes the place of the refused one, and push again.",
            "Or `git pull` first, where the studio has gone on meanwhile.",
        ),
    ),
    Code.GRAPH_INVALID: Remedy(422, False, ("Remove the wire that was refused.", "Break the loop between the nodes.")),
    Code.CANVAS_UNREADABLE: Remedy(
        422,
        False,
        (
            "Open the canvas file named in the details and mend the line that is shown.",
            "Or take back the last good version from the project's history.",
        ),
    ),
    Code.FILE_NOT_FOUND: Remedy(
        404, False, ("Choose the file again.", "Run `git lfs pull` in the project if it was cloned without media.")
    ),
    Code.NOT_FOUND: Remedy(404, False, ("It may have been moved or removed. Go back to the list.",)),
    Code.PROJECT_MISSING: Remedy(
        404,
        True,
        ("Put the project folder back where it was; the page continues by itself.", "Or go back to the project list."),
    ),
    Code.PROJECT_REFUSED: Remedy(
        422,
        False,
        ("Put files of its own in the place of what the details name.", "Or zip the folder and bring the zip in."),
    ),
    Code.UNAUTHENTICATED: Remedy(401, False, ("Sign in again.",)),
    Code.NOT_PERMITTED: Remedy(
        403,
        False,
        ("Open the studio at the address that it printed when it started.", "Or ask an admin for what is missing."),
    ),
    Code.TOO_MANY_TRIES: Remedy(429, True, ("Wait ten minutes, then try again.", "Or ask an admin for a new code.")),
    Code.VERSION_CONFLICT: Remedy(409, True, ("Someone saved first. Review their change, then save again.",)),
    Code.LEASE_LOST: Remedy(409, False, ("Another worker has taken the job over; this attempt's result is not used.",)),
    Code.PIPELINE_UNKNOWN: Remedy(422, False, ("Pick a pipeline from the list.", "Or install the missing pipeline.")),
    Code.PIPELINE_FAILED: Remedy(
        500, True, ("Try again.", "If it fails again, send “Copy details” to the pipeline's author.")
    ),
    Code.ENGINE_OFFLINE: Remedy(
        503, True, ("Wait a moment: the job starts when a worker is back.", "Look at Setup to see what is missing.")
    ),
    Code.ENGINE_TIMEOUT: Remedy(504, True, ("Try again.", "Shorten the shot or lower the quality.")),
    Code.DEPENDENCY_MISSING: Remedy(503, False, ("Install what is named in the details; Setup shows the command.",)),
    Code.OUT_OF_MEMORY: Remedy(500, True, ("Lower the resolution or shorten the shot, then try again.",)),
    Code.WORKER_LOST: Remedy(500, True, ("The machine stopped answering. Try again.",)),
    Code.OUTPUT_INVALID: Remedy(
        500, True, ("Run it again.", "If it happens again, send “Copy details” to the pipeline's author.")
    ),
    Code.LFS_MISSING: Remedy(
        503, False, ("Install Git LFS: `sudo apt-get install git-lfs` (macOS: `brew install git-lfs`).", "Start again.")
    ),
    Code.STORAGE_FULL: Remedy(
        507, True, ("Free space on the disk, for example in 05_Cache and 06_Exports.", "Then try again.")
    ),
    Code.STORAGE_READONLY: Remedy(
        507,
        True,
        ("Give the studio write permission on the folder named in the details.", "Or set STUDIO_WORKSPACES."),
    ),
    Code.STORAGE_UNREACHABLE: Remedy(
        503,
        True,
        (
            "Nothing is lost: what is finished is stored as soon as the studio's bucket answers again.",
            "`studio doctor` says what the bucket of STUDIO_STORAGE answers.",
        ),
    ),
    Code.PORT_IN_USE: Remedy(
        503, False, ("Stop the program that uses the port.", "Or choose another: `STUDIO_PORT=8001 make studio`.")
    ),
    Code.CANCELED: Remedy(409, False, ("Press Generate to start again.",)),
    Code.INTERNAL: Remedy(500, True, ("Try again.", "If it fails again, send “Copy details” to support.")),
}


class ErrorContext(BaseModel):
    """What the error is about, so that a page can mark the right field or node."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task_id: str | None = None
    node_id: str | None = None
    field: str | None = None


class ErrorBody(BaseModel):
    """The wire form of every error.

    `message` is one sentence for the person, `detail` the exact cause for an operator with secrets removed, and
    `trace_id` finds the same failure in the log.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    error: Code
    message: str
    remediation: list[str] = Field(default_factory=list)
    detail: str = ""
    context: ErrorContext = ErrorContext()
    trace_id: str = ""


class StudioError(Exception):
    """An error with a code, raised anywhere and turned into `ErrorBody` at the edge."""

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        detail: str = "",
        field: str | None = None,
        node_id: str | None = None,
        task_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail
        self.context = ErrorContext(task_id=task_id, node_id=node_id, field=field)

    @property
    def status(self) -> int:
        """Return the HTTP status of the code."""
        return REMEDIES[self.code].status

    def body(self, trace_id: str = "") -> ErrorBody:
        """Return the wire form."""
        return ErrorBody(
            error=self.code,
            message=self.message,
            remediation=list(REMEDIES[self.code].steps),
            detail=self.detail,
            context=self.context,
            trace_id=trace_id,
        )
