"""What the engine's process and its parent say to each other, as lines of JSON. Pure.

In: `Start`, then as many events as its `resume` names; after that the pipe only stays open, and its end ends the call.
Out: `Ready` once the feed is served, then every event of the call; or `Failed`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from cues.events import AnyEvent
from overlay.feed_messages import PORT


@dataclass(frozen=True)
class Resume:
    """A call to go on with. `begun` is when it began on `time.monotonic`, which all processes of a machine share."""

    call: str
    begun: float
    died: float
    """When its engine died, in seconds into the call."""
    seq: int
    """Number of its next event."""
    events: int
    """How many event lines follow."""


@dataclass(frozen=True)
class Start:
    """What to play: one stereo file or two mono ones, under which playbook, with which weights."""

    files: tuple[Path, ...]
    playbook: Path
    model: str
    port: int = PORT
    journal: str | None = None
    """Address of the journal, "" for its usual place; None keeps no record."""
    resume: Resume | None = None


@dataclass(frozen=True, kw_only=True)
class Ready:
    """The feed is served at `port`; the call begins, or goes on."""

    type: Literal["ready"] = "ready"
    port: int
    pid: int
    begun: float
    notice: str | None = None
    """A sentence for the user, such as that another port was in use."""


@dataclass(frozen=True, kw_only=True)
class Failed:
    """Bad input: there will be no call."""

    type: Literal["failed"] = "failed"
    message: str


START = TypeAdapter(Start)
READY = TypeAdapter(Ready)
FAILED = TypeAdapter(Failed)
LINE: TypeAdapter[Ready | Failed | AnyEvent] = TypeAdapter(
    Annotated[Ready | Failed | AnyEvent, Field(discriminator="type")]
)
"""One line of the engine's."""
