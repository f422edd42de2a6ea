"""Names that are also everyday words, and the everyday company in which they are not the vendor.

Anything else about such a word is judged by its surroundings (`models.surroundings`); a name that is missing here too.
"""

import re

_A = r"(?:a|an|the|this|no|any|some|every|each|what|your|his|her)"
_COLOUR = r"(?:red|blue|green|yellow|white|black|orange|grey|gray|pink|coloured|colored|racing|magnetic|mag|single)"
_DAY = r"(?:tuesday|wednesday|thursday|friday|saturday|sunday)"

_COMPANY = {
    "front": (
        r"(?:in|up|out|right|back to|from|to|at) @ of|up @|out @|@ (?:of|desks?|doors?|lines?|offices?|pages?|ends?|rows?"
        r"|runners?|seats?|yards?|porch|rooms?|gates?|wheels?|counter|man|load\w*|about|the|a|it|them)|(?:the|that|this|whole|"
        r"home|shop|every|one|whichever|cold|sea|quiet|two|different|that's one) (?:\w+ )?@$|on (?:the|that|this|any|every) (?:\w+ )?@|@s"
    ),
    "gong": rf"(?:{_A}|hit|hits|ring|rings|rang|bang|banged|dinner|big|brass) @(?! (?:calls?|recordings?|licen\w+|seats?|renewal|bill))",
    "intercom": r"(?:the|that|an|door|gate|his|her|over) @",
    "linear": (
        r"(?:a|is|isn't|not|been|be|strictly|more|roughly|are|aren't|were|purely|quite|nice|straight|so|all|very|fairly) @"
        r"|@ (?:in|growth|process|way|scale|fashion|path|metres?|meters?|feet|foot|regression|with|line|increase|thing|story)"
    ),
    "monday": (
        r"(?:on|by|next|last|this|every|until|till|each|since|before|after|come|early|late|see you|talk|first thing|holiday"
        rf"|past|following|{_DAY} or|{_DAY} and|{_DAY}|again|ready|back|of|over|tomorrow|is|it's|was) @"
        rf"|@ (?:morning|afternoon|evening|night|mornings|nights|next|week|at|or|to|through|then|works|noon|lunch|{_DAY}|i'll|we'll"
        r"|and|after|before|first|blues|it is|is fine|week|the \w+(?:th|st|nd|rd))|@s"
    ),
    "notion": (
        rf"(?:{_A}|my|odd|strange|funny|silly|vague|foggiest|slightest|had|wild|romantic|got a|dim) @"
        r"(?! (?:pages?|docs?|boards?|workspace|database|templates?|account|licen\w+|seats?|site|wiki))|@ (?:of|that|to|about)|@s"
    ),
    "outreach": (
        rf"(?:{_A}|our|community|customer|cold|sales|more|much|do|does|doing|of|donor|patient|student|parish|public|school) @"
        r"(?! (?:seats?|licen\w+|renewal|contract|account|quote|offer|people|sequences?))"
        r"|@ (?:program\w*|work\w*|teams?|lady|efforts?|to|events?|officer|coordinator|van|calls?)"
    ),
    "segment": (
        rf"(?:{_A}|market|customer|our|my|price|business|enterprise|one|top|biggest|growth|whole|by|per|we|to|the \w+) @"
        r"(?! (?:connector|account|contract|bill|events?|invoice|renewal))|@ (?:of|our|the|by|them|it|customers|your|leader)|@s"
    ),
    "slack": (
        rf"(?:{_A}|much|cut|more|enough|little|bit of|lot of|them|him|her|me|us|gone|there's|is|was|too|build|builds|give|up the) @"
        r"(?! (?:channels?|messages?|bots?|workspace|threads?|alerts?|group|webhook|account|thing|page|dm))"
        r"|@ (?:in|off|for|season|months?|weeks?|periods?|times?|tide|rope|days?|ropes|and loose|jaw\w*|as)|@s"
    ),
    "snowflake": rf"(?:{_A}|special|single|paper|precious|little|unique|is a|like) @(?! (?:bill|account|connector|copy|tables?|credits?))|@s",
    "stripe": rf"(?:{_A}|{_COLOUR}|thin|wide|pin|whole|of that|of every) @(?! (?:account|fees?|bill|page|button|thing|dashboard|link))|@ (?:on|down|across|along)|@s",
    "tableau": rf"(?:{_A}|quite a|whole|living|little|really a|lovely|frozen) @(?! (?:board|dashboards?|server|licen\w+|extension|report|renewal|people|folks))|@ vivant",
}
_COMPILED = {word: re.compile(rf"(?:^|\s)(?:{company})(?!\w)") for word, company in _COMPANY.items()}
WORDS = 4
"""Words on either side that may keep the word company."""


def in_everyday_company(text: str, start: int, end: int) -> bool:
    """Whether the word at [start, end) stands as the everyday word does: "in front of", "cut us some slack"."""
    said = text[start:end].lower()
    word = said if said in _COMPILED else said.removesuffix("s")
    if word not in _COMPILED:
        return False
    before, after = text[:start].lower().replace("’", "'").split(), text[end:].lower().replace("’", "'")
    glue = " " if after[:1].isspace() else ""
    around = " ".join([*before[-WORDS:], "@"]) + said.removeprefix(word) + glue + " ".join(after.split()[:WORDS])
    return bool(_COMPILED[word].search(around))
