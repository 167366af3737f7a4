"""What can be made to go wrong with the stand-in, each a thing that a real server was seen to do."""

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Raised:
    """An exception as a node raises it: its class as the server names it, and its words."""

    kind: str
    words: str


OUT_OF_MEMORY = Raised(
    "torch.OutOfMemoryError",
    "CUDA out of memory. Tried to allocate 12.00 GiB\nThis error means you ran out of memory on your GPU.\n\nTIPS: If "
    "the workflow worked before you might have accidentally set the batch_size to a large number.",
)


@dataclass
class Gate:
    """A node of some class waits here: `reached` says that it does, `open` lets it go on."""

    reached: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)


@dataclass
class Trouble:
    """Switches. Lists of exceptions are used up one by one."""

    gates: dict[str, Gate] = field(default_factory=dict)
    raises: dict[str, list[Raised]] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)
    """Classes of nodes that do not look whether they are to stop, as the loading of a model does not."""
    lose_replies: int = 0
    """So many answers to POST /prompt never arrive, though the job is taken."""
    busy: int = 0
    """So many requests of any kind are answered with 503."""
    html: bool = False
    """Everything is answered by something else at this address: a page."""
    history_lag_s: float = 0.0
    """How long the history is still empty after `execution_success`, as in 3 of 200 real tries."""
    old: bool = False
    """A server before the routes /api/jobs: 404."""
    stalled: threading.Event = field(default_factory=threading.Event)
    """Some other client has stopped reading its socket: nobody hears anything."""
    cut_downloads: int = 0
    """So many answers of /view end in the middle."""
    disk_full: bool = False
