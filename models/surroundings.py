"""What the words around a vendor's name say of its stance, and whether the vendor was meant at all.

A sentence vector of a small encoder hardly tells "we had it" from "we have it"; these patterns do. Each is one number
for the heads, which learn what it is worth. There are two kinds: `WORDS` are looked for anywhere around the name,
`PLACES` say how the name stands in its sentence, "@" being the name.
"""

import re

import numpy as np
import numpy.typing as npt

REACH = 30
"""Words on either side of the name that are looked at, whatever the sentence."""

WORDS = {
    # They had it.
    "before": "before until till since",
    "long ago": "ago once formerly earlier used_to back_then back_when no_longer any_more anymore days remember",
    "former": "old last previous* former other",
    "ended": "left leave leaving quit gone moved stopped cancelled dropped removed outgrew gave_up got_rid",
    "out": "out off away over",
    "tried": "tried",
    # They look at it too.
    "on trial": "try trying test tests testing trial trials pilot* poc proof_of_concept sandbox benchmark* evaluat*",
    "bids": "tender bid proposal* pitch* shortlist* short_list* list scor* brochure webinar sent in_the_race",
    "quotes": "quote* offer offers offered letter writing price* priced",
    "meets": "coming came comes visit* demo* session workshop show* presented saw seen met meeting",
    "when": "monday tuesday wednesday thursday friday yesterday next_week last_week this_week last_month",
    "looks": "look looks looking looked consider* talking_to speaking_to speaking_with between",
    "also": "other others also as_well too else another both",
    "rather": "rather sooner prefer* lean* favour*",
    "likes": "like likes liked love* keen fond taken sold_on swears impressed convinced",
    "decides": "decide* choose chose choosing pick* vote* sign go_with going_with went_with",
    "ahead": "ahead first favourite front_runner win winning won leading serious",
    # Set against another.
    "than": "than versus vs compared against whereas unlike",
    "yours": "yours ours theirs",
    "you": "you you're your you've here this_one",
    "better": "better worse cheap* fast* slow* quick* nicer easier dearer stronger weaker bigger smaller simpler",
    "more": "more less fewer higher lower half double twice same difference differ* below above under",
    "number": "percent per_cent grand million thousand hundred quid euro* dollar* pound* cents",
    "per": "a_head a_seat a_user a_month a_year an_hour per_seat per_user per_month per_agent each",
    # They have it, or would connect it.
    "uses": "use uses using run_on runs_on",
    "today": "today now currently still already always every daily at_the_moment right_now",
    "stays": "keep keeps stay stays staying stick stuck remain* locked",
    "pays": "cost* pay pays paying paid invoice* bill fee fees licen*",
    "renews": "notice renewal renew* contract lapses expire* runs_out terminat*",
    "connects": "connect* sync* integrat* export* import* api feed* webhook* data field* event* ticket* push* pull*",
    # Only mentioned: somebody's employer, a caller, hearsay.
    "people": "man guy fellow lad chap rep salesman woman lady girl boy crowd folks someone somebody",
    "family": "son daughter brother sister nephew niece cousin husband wife mother father uncle aunt friend",
    "works": "work works worked working job jobs joined hired sells selling director",
    "heard": "heard hear read or_something or_whatever or_so like_that",
    "calls": "call calls called calling rang rings ringing phoned newsletter* mail* record*",
    # Who speaks of whom.
    "we": "we we've we're we'd our us i i've i'd i'm my",
    "they": "they they've they're their them he she",
    "says": "says said tells told reckon*",
    "never": "never nobody none not don't didn't doesn't can't won't",
    "would": "would could might should want wants if",
}

_WHO = r"(?:we|i|they|he|she|you|it)"
PLACES = {
    "at": r"\bat @",
    "for": r"\bfor @",
    "with": r"\bwith @",
    "from": r"\bfrom @",
    "to": r"\b(?:to|into|onto) @",
    "on": r"\bon @",
    "in": r"\bin @",
    "through": r"\b(?:by|through|via|out of) @",
    "the": r"\b(?:the|that|this|a) @",
    "our": r"\b(?:our|your|their|my|his|her|its) @",
    "or": r"\b(?:or|like|say|not) @|@ or\b",
    "listed": r"\band @|@,? and\b|, @|@, ",
    "starts": r"(?:^|[.?!] )@",
    "ends": r"@\W*$|@[.?!]",
    "leads in": r"(?:^|[.?!] )(?:with|in|on) @",
    "is": r"@'s\b|@ (?:is|are|was|were)\b",
    "does": r"@ (?:\w+ )?(?:does|did|has|have|gives?|gave|charges?|takes?|took|needs?|wants?|offers?|offered|quoted)\b",
    "can't": r"@ (?:\w+ ){0,3}(?:can't|cannot|doesn't|won't|couldn't|never|didn't|hasn't|no|don't)\b",
    "now": r"@ (?:for|today|now|already|still|since)\b",
    "had": rf"\b(?:had|'d)(?: \S+){{0,3}} @|@ {_WHO} had\b",
    "was": r"\b(?:was|were|been)(?: \S+){0,2} (?:on |in |with |using )?@",
    "have": rf"\b{_WHO}(?:'ve|'ve got| have| have got| got)(?: \S+){{0,3}} @",
    "are on": r"\b(?:are|is|am|\w+'(?:re|s|m)|lives?|runs?|sits?|lands?|all|everything)(?: \S+){0,2} (?:on|in|with) @",
    "works at": r"\b(?:work(?:s|ed|ing)?|jobs?|starts?|started|years?|sells?|was|is|been)(?: \S+){0,4} (?:at|for) @",
    "people from": r"@ (?:people|man|guy|rep|lot|folks)\b|\b(?:people|man|guy|rep|someone|somebody) from @",
    "for a while": r"\bfor (?:a|an|one|two|three|about|over|\d+)(?: \w+){0,2} (?:years?|months?|weeks?|while|bit)\b",
    "you at": r"\b(?:you|you're|yours|ours)(?: \w+){0,3} (?:at|to|is|for) \w+\b",
    "where you": r"\b(?:where|but|and|while) (?:you|yours|ours|this|theirs)\b",
    "visited": r"\b(?:coming|came|comes|been|had|have|having|let|brought|got)(?: \S+){0,4} in\b",
    "if we leave": r"\b(?:if|when|not) (?:\w+ ){0,3}(?:leave|drop|keep|cancel|replace|stay)\b",
    "asked": r"@[^.!]*\?",
    "digits": r"\d",
}


def any_of(words: str) -> str:
    """The pattern of any of `words`: "_" is a space, "*" any ending or none."""
    said = [one.replace("_", " ") for one in words.replace("*", r"\w*").split()]
    return rf"\b(?:{'|'.join(said)})\b"


_PATTERNS = tuple(re.compile(one) for one in [*(any_of(words) for words in WORDS.values()), *PLACES.values()])
SURROUNDINGS = len(_PATTERNS)


def surroundings(text: str, start: int, end: int) -> npt.NDArray[np.float32]:
    """float32 [SURROUNDINGS], 0 or 1: which patterns are found around the name at [start, end)."""
    window = around(text, start, end, REACH)
    return np.array([bool(one.search(window)) for one in _PATTERNS], np.float32)


def around(text: str, start: int, end: int, reach: int) -> str:
    """Up to `reach` words on either side of the name at [start, end), in small letters, the name being "@".

    What touches the name, such as a full stop or "'s", still does.
    """
    before, after = (side.lower().replace("’", "'") for side in (text[:start], text[end:]))
    glue = " " if after[:1].isspace() else ""
    return " ".join([*before.split()[-reach:], "@"]) + glue + " ".join(after.split()[:reach])
