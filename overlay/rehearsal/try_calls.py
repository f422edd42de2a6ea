"""Tries a playbook on past calls, beside the present one: on all cores, and no call twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from asr.weights import ENCODER
from cues.journal.tries import forget_tries, keep, kept, tries_folder
from cues.playbook import Playbook
from overlay.rehearsal.comparison import Compared, compare
from overlay.rehearsal.past_calls import PastCall
from overlay.rehearsal.play import Done, Played, Task, play

if TYPE_CHECKING:
    from cues.journal.store import Journal
    from overlay.rehearsal.workers import Workers

FORM = "1"
"""Of what is kept; another one where this version plays calls otherwise than the one before."""
_VECTORS = f"vectors-{ENCODER.sha256[:16]}.npz"
_PLAYED = TypeAdapter(Played)


@dataclass(frozen=True)
class Trial:
    """The present playbook and the one that is tried; results are kept beside the journal, if there is one."""

    before: Playbook
    after: Playbook
    heads: str
    """SHA-256 of those in force."""
    journal: "Journal | None" = None

    def kept(self, call: PastCall) -> Compared | None:
        """The call where it was played under both before: today, for a priority counts on some days only."""
        return self._compared(call, self._known(call))

    def play(self, calls: Sequence[PastCall], workers: "Workers") -> Iterator[Compared]:
        """Plays these, the longest first, and keeps what comes."""
        longest_first = sorted(calls, key=lambda call: -call.utterances)
        try:
            for call, done in zip(longest_first, workers.each(play, map(self._task, longest_first)), strict=True):
                compared = self._compared(call, {**self._known(call), **done.played})
                self._keep(call, done)
                assert compared is not None
                yield compared
        finally:
            self._forget_erased(calls)

    def _task(self, call: PastCall) -> Task:
        known = self._known(call)
        missing = {one.hash: one for one in (self.before, self.after) if one.hash not in known}
        folder = self._folder(call)
        vectors = kept(folder, _VECTORS) if folder else None
        return Task(call.words(), tuple(missing.values()), self.heads, vectors)

    def _compared(self, call: PastCall, played: Mapping[str, Played]) -> Compared | None:
        before, after = played.get(self.before.hash), played.get(self.after.hash)
        return None if before is None or after is None else compare(call.name, before, after)

    def _known(self, call: PastCall) -> dict[str, Played]:
        """By the playbook's hash."""
        found = ((one.hash, self._kept(call, one.hash)) for one in (self.before, self.after))
        return {hash: played for hash, played in found if played is not None}

    def _kept(self, call: PastCall, playbook: str) -> Played | None:
        folder = self._folder(call)
        content = kept(folder, self._file(playbook)) if folder else None
        try:
            return _PLAYED.validate_json(content) if content is not None else None
        except ValidationError:
            return None

    def _keep(self, call: PastCall, done: Done) -> None:
        folder = self._folder(call)
        if folder is None:
            return
        for playbook, played in done.played.items():
            keep(folder, self._file(playbook), _PLAYED.dump_json(played))
        if done.vectors is not None:
            keep(folder, _VECTORS, done.vectors)

    def _file(self, playbook: str) -> str:
        return f"cards-{FORM}-{playbook[:16]}-{self.heads[:16]}-{date.today():%Y%m%d}.json"

    def _folder(self, call: PastCall) -> Path | None:
        return tries_folder(self.journal.file, call.id) if self.journal and call.id else None

    def _forget_erased(self, calls: Sequence[PastCall]) -> None:
        """A call that was forgotten while it was played would leave its words here."""
        if self.journal is None:
            return
        from cues.journal.store import CallFilter

        erased = {row.id for row in self.journal.calls(CallFilter(erased=True)) if row.erased}
        for call in calls:
            if call.id in erased:
                forget_tries(self.journal.file, call.id)
