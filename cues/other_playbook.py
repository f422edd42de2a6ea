"""A call that goes on under another playbook: what the cue engine remembers is carried over. Pure.

Cards stay until they go, and count as the version's that showed them; cooldowns stay, by the cue's id; open
opportunities resolve as they would have. One whose behaviour is gone closes without an outcome, as a retracted one
does: nobody listens for it any more, so it could only be missed.
"""

from dataclasses import replace

from cues import fading, outcomes
from cues.index import index_of
from cues.playbook import Playbook
from cues.rank import in_force
from cues.state import State

LOST_S = 60.0
"""What runs for so long was lost: an utterance is cut in half of the time."""


def between_utterances(state: State, t: float) -> bool:
    """Whether nobody is speaking at `t` (s), so that another playbook can be taken."""
    return not any(spoken.running and t - spoken.start < LOST_S for spoken in state.spoken.values())


def change(state: State, playbook: Playbook, t: float) -> outcomes.Step:
    """The state under another playbook, from `t` (s) on."""
    unchanged = {cue.id: cue for cue in playbook.cues}
    state = replace(
        state,
        playbook=playbook,
        index=index_of(playbook.cues, playbook.language),
        priorities=in_force(playbook, state.deal.day, state.deal.facts),
        fading=state.fading and fading.under(state.fading, playbook, state.history.moments or {}, state.deal.day),
        # What was not shown yet comes only if the new version says the same.
        waiting=tuple(w for w in state.waiting if unchanged.get(w.trigger.cue.id) == w.trigger.cue),
    )
    return outcomes.forget_behaviours(state, frozenset(behaviour.id for behaviour in playbook.behaviours), t)
