"""Classes that are too thin to learn or to measure."""

from collections import Counter
from collections.abc import Iterator

from models.data_check.finding import Finding, Place
from models.data_check.lines import Line, Split
from models.labels import NONE, load_labels

THIN = 30
"""Below so many examples the standard error of a measured share passes 0.09 (sqrt(0.25 / 30))."""


def count_classes(lines: tuple[Line, ...]) -> dict[str, dict[str, int]]:
    """How often each label occurs, by head; labels that never do count 0."""
    labels = load_labels()
    counts = {
        "stage": Counter(dict.fromkeys(labels.stage, 0)),
        "role": Counter({role: 0 for role in labels.role if role != NONE}),
        "stance": Counter(dict.fromkeys(labels.stance, 0)),
        "moment": Counter(dict.fromkeys(labels.moment, 0)),
    }
    for line in lines:
        counts["stage"].update([line.said.stage] if line.said.stage else [])
        counts["role"].update([line.said.role] if line.said.role else [])
        counts["stance"].update(mention.stance for mention in line.said.competitors)
        counts["moment"].update(line.said.moments)
    return {head: dict(each) for head, each in counts.items()}


def thin_classes(split: Split) -> Iterator[Finding]:
    """The labels of each head that `split` has fewer than `THIN` examples of."""
    for head, labels in count_classes(split.lines).items():
        thin = [f"{label} {count}" for label, count in labels.items() if count < THIN]
        if thin:
            sentence = f"{head}: {', '.join(thin)}; below {THIN} examples a figure says little"
            yield Finding("warning", "thin", Place(split.name), sentence)
