"""What a person is, from all they said: evidence adds up, and no single sentence settles it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Evidence = npt.NDArray[np.float32]

CAP = 3.0
"""Most that one utterance can weigh, in log-odds; about 20 to 1."""
FORGET = 0.98
"""People's hats change within a call less than the head errs; old evidence fades slowly."""
FLOOR = 1e-4
DOUBT = 1.0
"""Evidence for "none" before anything is said, in log-odds against each role."""


def gather(total: Evidence | None, shown: Evidence) -> Evidence:
    """Adds an utterance to a person's evidence [roles], log-odds against "none".

    `shown` [roles + 1] are the head's probabilities with "none" last; only what speaks for a role counts, as most
    utterances of any person show nothing.
    """
    safe = np.maximum(shown, FLOOR)
    odds = np.clip(np.log(safe[:-1] / safe[-1]), 0, CAP)
    before = np.zeros(len(odds), np.float32) if total is None else total * FORGET
    after: Evidence = (before + odds).astype(np.float32)
    return after


def of_person(gathered: Mapping[str | None, Evidence], person: str | None) -> Evidence | None:
    """What was gathered that may be `person`'s: their own, and what nobody known said; all of it where that is None.

    So a call in which no person is known has one evidence for the whole other side.
    """
    theirs = [evidence for name, evidence in gathered.items() if person is None or name in (person, None)]
    return sum(theirs[1:], start=theirs[0]) if theirs else None


def believe(total: Evidence | None, roles: int) -> Evidence:
    """Probabilities [roles + 1], "none" last: a softmax of the evidence, with "none" ahead until something is shown."""
    logits = np.zeros(roles + 1)
    if total is not None:
        logits[:-1] = total
    logits[-1] = DOUBT
    shares = np.exp(logits - logits.max())
    belief: Evidence = (shares / shares.sum()).astype(np.float32)
    return belief
