"""What the engine's process and its parent say to each other, as lines of JSON. Pure.

In: `Start`, then as many events as its `resume` names; after that the pipe stays open until END, or its own end (the
parent is gone), ends the call.
Out: `Ready` once the feed is served, then every event of the call; or `Failed`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from cues.events import AnyEvent, Consent
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
class Live:
    """A call that goes on now. None is the system's default device."""

    microphone: str | None = None
    buyer_sound: str | None = None
    rep: str | None = None
    """The rep's name; None is the system's user."""
    consent: Consent = "none"
    agreed: bool = False
    """The rep said before the call that the other side agreed."""
    keep_audio: bool = False
    silence_s: float | None = None
    """Both sides silent for so long end the call; None: only the rep ends it."""
    threads: int | None = None
    """For decoding; None is what a recording takes."""


@dataclass(frozen=True)
class Start:
    """What to hear (`files`: one stereo or two mono ones; or a `live` call), with which playbook and weights."""

    files: tuple[Path, ...]
    playbook: Path
    model: str
    live: Live | None = None
    port: int = PORT
    journal: str | None = None
    """Address of the journal, "" for its usual place; None keeps no record."""
    language: str | None = None
    """What is spoken; None is the playbook's."""
    deal: dict[str, str | float] | None = None
    """What is known of the deal when the call begins."""
    resume: Resume | None = None
    fading: bool = False
    """Cards step back in a recording too, as they always do in a live call."""


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


END = b"end\n"
"""The rep ended the call."""
START = TypeAdapter(Start)
READY = TypeAdapter(Ready)
FAILED = TypeAdapter(Failed)
LINE: TypeAdapter[Ready | Failed | AnyEvent] = TypeAdapter(
    Annotated[Ready | Failed | AnyEvent, Field(discriminator="type")]
)
"""One line of the engine's."""
