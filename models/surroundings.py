"""Cues in the words around a vendor's name: what they say of its stance, and whether the vendor was meant at all.

A sentence vector of a small encoder hardly tells "we had it" from "we have it"; these patterns do. Each is one number
for the heads, which learn what it is worth. "@" stands for the name.
"""

import re

import numpy as np
import numpy.typing as npt

from models.sentences import split

NEAR_WORDS = 12
"""Words on either side of the name, within its sentence."""
FAR_WORDS = 30
"""Words on either side, whatever the sentence."""

_FAMILY = (
    r"(?:son|daughter|brother|sister|nephew|niece|cousin|husband|wife|mother|father|uncle|aunt|kid|child|friend|mate"
    r"|(?:brother|sister|son|daughter|mother|father)[- ]in[- ]law)"
)
_CALLER = r"(?:man|guy|fella|fellow|lad|chap|gentleman|rep|salesman|woman|lady|gal|girl|boy|people|lot|crowd|folks|one)"
_NUMBER = r"(?:\d+|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)"
_PAUSE = r"(?:\S+ ){0,3}"

PATTERNS = {
    # Where the name stands, and what leads to it.
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
    "listed": r"\b(?:and|or) @|@,? (?:and|or)\b|[,.] @,|@, \w+",
    "starts": r"(?:^\W*|[.?!] )@",
    "ends": r"@\W*$|@[.?!]",
    "alone": r"^\W*@\W*$",
    "leads in": r"(?:^|[.?!] )(?:with|in|on) @",
    "is": r"@'s\b|@ (?:is|are|was|were)\b",
    # Somebody's employer, a caller, a thing one has heard of: just mentioned.
    "family": rf"\b{_FAMILY}(?:'s)?\b",
    "family at": rf"\b{_FAMILY}\S*(?: \S+){{0,5}} (?:at|for|with|from|to) @",
    "works at": r"\b(?:work(?:s|ed|ing)?|jobs?|intern\w*|start(?:s|ed)|land(?:s|ed)|years?|sell(?:s|ing)?|director|something"
    r"|was|is|been|he's|she's|they're|spent) (?:\w+ ){0,4}(?:at|for|with) @",
    "hired from": r"\b(?:came|come|coming|hired|joined|left|went|gone|moved|took)(?: \S+){0,4} (?:from|to|for|at) @|@ took",
    "caller": rf"@(?:'s)? (?:\w+ )?{_CALLER}\b|\b(?:{_CALLER}|those|someone|somebody|six) (?:\S+ )?from @",
    "man": rf"\b{_CALLER}\b",
    "rings": r"\b(?:ring|rang|rings|ringing|phoned|calling|newsletters?|adverts?|christmas card|mailing)\b",
    "recording": r"\brecord(?:ed|ing)\b",
    "or something": r"\b(?:or|like|say|mean|assume|suppose|not|know|heard of|hear) @|@ or\b|like that @",
    "hearsay": r"\b(?:heard|hear|talk of|or some|or something|whatever|whoever|read)\b",
    "others use": r"\b(?:their|neighbou?rs?|clients?|customers?|sister's|brother's|cousin|shop|gym|place) (?:\S+ ){0,4}@",
    # They had it.
    "had": r"\b(?:had|'d)(?: \S+){0,3} @|@ (?:we|i|they|he|she) had\b",
    "before": r"\bbefore\b",
    "was it": r"\b(?:it|that) was (?:all )?@|\bwas @",
    "was on": r"\b(?:was|were|been)(?: \S+){0,2} (?:on|in|with|using|running on) @",
    "ago": r"\b(?:ago|back then|back when|used to|once|formerly|previous\w*|earlier|no longer|anymore|any more|in those days"
    r"|that time|days|never again|past life|way back|remember)\b",
    "until": r"\b(?:until|till)\b",
    "old": r"\b(?:old|previous|last|former) \w+\b",
    "other job": r"\b(?:old|last|previous|other|former|earlier) (?:company|studio|agency|outfit|place|job|firm|employer|shop"
    r"|building|house|phase|boss|lot|manager|team)",
    "left": r"\b(?:left|leave|leaving|quit|moved (?:off|away|over)|moving out|came over|gave up|give up|got rid|stopp?(?:ed)?"
    r"|never renewed|didn't renew|outgrew|say goodbye|cancelled|dropped|removed|died|killed?|finished|ran out|melted)\b",
    "threw out": r"\b(?:kicked|ripped|threw|thrown|chucked|switched|shut|tore|pulled) (?:\S+ ){0,3}(?:out|off|down)\b",
    "gone": r"\bgone\b",
    "tried": r"\btried\b",
    "for a while": r"\bfor (?:a|an|one|two|three|about|over|only|like|\d+)(?: \w+){0,2} "
    r"(?:years?|months?|seasons?|summers?|winters?|minutes?|while|bit|weeks?)\b|\b(?:one|a|that) (?:summer|winter|easter|season)\b",
    # They look at it too.
    "trial": r"\b(?:trying|testing|tests?|trials?|pilots?|proof of concept|poc|sandbox|benchmark\w*|evaluat\w+)\b",
    "bid": r"\b(?:tender|bid|proposals?|pitch|short ?list\w*|scor\w+|finalist|in the race|runner|brochure|webinar|answered"
    r"|put in|sent|folder|pile|list)\b",
    "quote": r"\b(?:quotes?|quoted|offers?|offered|letter|writing|priced?)\b",
    "visits": r"\b(?:coming|come|came|comes|been|was|were|had|have|having|let|brought|are|got)(?: \S+){0,4} in\b"
    r"|\b(?:was|were|been) here\b|\bcame (?:by|round|back)\b",
    "day": r"\b(?:monday|tuesday|wednesday|thursday|friday|next week|last week|yesterday|this week|last month"
    r"|on the \w+(?:th|st|nd|rd|first|second))\b",
    "shows": r"\b(?:show(?:s|ed|n|ing)?|demos?|session|presented|workshop|dinner|saw|sat|seen)\b",
    "looks at": r"\b(?:look(?:s|ing|ed)? (?:\w+ )?at|a look|consider\w*|talking to|speaking (?:to|with)|between)\b",
    "also": r"\b(?:others?|also|as well|too|who else|anyone else|anybody else|another)\b",
    "rather": r"\b(?:rather|sooner|prefer\w*|lean(?:s|ing)?)\b",
    "likes": r"\b(?:likes?|liked|loves?|adores?|smitten|besotted|fond|keen|taken|sold on|swears?|soft spot|glowing|slick"
    r"|impressed|fancied|convinced)\b",
    "decides": r"\b(?:decide|choose|chose|pick(?:ed|ing)?|tick(?:ing)?|vote|go(?:ing|ne)? with|sign|take (?:them|theirs|it))\b",
    "ahead": r"\b(?:ahead|top|first|front runner|favou?rite|winning|leading|win|won|serious)\b",
    "would": r"\b(?:would|'d|could|might|wants?|should)\b(?: \S+){0,5} @",
    # Set against another.
    "than": r"\b(?:than|versus|vs|compared|against|whereas|unlike)\b",
    "yours": r"\byours\b",
    "theirs": r"\btheirs\b",
    "ours": r"\bours\b",
    "you": r"\b(?:you|you're|your|you've|here|this one|this)\b",
    "better": r"\b(?:cheap\w*|fast\w*|better|easier|slow\w*|nic\w*er|quick\w*|dear(?:er)?|stronger|weaker|prettier|bigger"
    r"|smaller|simpler|deeper|worse|smoother)\b",
    "more": r"\b(?:more|less|fewer|higher|lower|half|below|above|under|over|double|twice|difference|differ|same|both|miles)\b",
    "number": rf"\b{_NUMBER}\b|\b(?:percent|per cent|grand|million|quid|euros?|dollars?|pounds?|bucks|cents)\b",
    "per": r"\b(?:a|per|the|by the|each) (?:head|seat|user|month|year|agent|minute|licen[cs]e|scan|query|workload|server|answer)\b",
    "comes in at": rf"\b(?:came|comes|coming|come) (?:in|out) \w+\b|@(?:'s)? (?:\w+ )?(?:at|is) (?:\w+ )?{_NUMBER}",
    "you at": r"\b(?:you|you're|yours|ours|we're)(?: \w+){0,3} (?:at|to|is|for) \w+\b",
    "does": r"@(?:'s)? (?:\w+ ){0,2}(?:does|did|do|has|have|gives?|gave|charges?|takes?|took|shows?|showed|needs?|needed|wants?"
    r"|wanted|goes|calls|keeps|counts|sends?|sent|came|comes|offers?|offered|quoted|told|simply|felt)\b",
    "can't": r"@ (?:\w+ ){0,3}(?:can't|cant|cannot|can not|doesn't|doesnt|won't|wont|couldn't|never|didn't|hasn't|no|don't)\b",
    "where you": r"\b(?:where|but|and|while|with|in) (?:you|yours|ours|this|here|theirs)\b",
    # They have it, or would connect it.
    "uses": r"\b(?:use|uses|using|runs? on)\b",
    "we have": rf"\b(?:we|i|they|he|she|you|it)(?:'ve| have|'ve got| have got| got) {_PAUSE}@",
    "we're on": r"\b(?:we['’]?re|are|is|am|i'?m|it'?s|they'?re|lives?|runs?|sits?|lands?|all|data|everything|everybody)"
    r"(?: \S+){0,2} (?:on|in|into|through|with) @",
    "has": rf"\b(?:keeps?|stays?|have|has|got|are|were|is|'s|am) {_PAUSE}(?:on |in |into |with |through |out of )?@",
    "stays": r"\b(?:keep|stays?|staying|stick|stuck|remain\w*|settled|locked)\b",
    "lives": r"@ (?:for|today|now|already|underneath|stays?|open|yes|still|since)\b",
    "today": r"\b(?:today|now|currently|at the moment|still|already|every \w+|nightly|daily|at present|all day|right now)\b",
    "since": r"\bsince\b",
    "pays": r"\b(?:costs?|pays?|paying|paid|invoices?|bill|fees?|licen[cs]es?)\b",
    "renews": r"\b(?:notice|renewal|renews?|renewed|contract|lapses|expires?|runs out|ends|terminat\w+|rolls over)\b",
    "if we leave": r"\b(?:if|when|before|not) (?:\w+ ){0,3}(?:leave|drop|keep|cancel|replace|stay)\b",
    "connects": r"\b(?:connect\w*|sync\w*|integrat\w+|export|api|feed|reads?|writes?|talks? to|lands?|push|pulls?|alerts?"
    r"|tickets?|channel|webhook|data|import|button|fields?|mapping|copy|flow|underneath|top of|raw|events?)\b",
    # Who speaks of whom.
    "we": r"\b(?:we|we've|we're|we'd|our|i|i've|i'd|i'm|my)\b",
    "they": r"\b(?:they|them|they've|they're|their|he|she)\b",
    "asks": r"\?",
    "asks of it": r"\b(?:what|which|who|how|where|when|was|is|are|do|does|did|have|has|would|any)\b[^.!]*@[^.!]*\?",
    "says": r"\b(?:says|said|tells|told|telling|reckons?)\b",
    "never": r"\b(?:never|nobody|no one|none|not)\b",
}
_COMPILED = tuple(re.compile(pattern) for pattern in PATTERNS.values())
SURROUNDINGS = 2 * len(PATTERNS)


def surroundings(text: str, start: int, end: int) -> npt.NDArray[np.float32]:
    """float32 [SURROUNDINGS], 0 or 1: the patterns found near the name at [start, end), then those further off too."""
    first, last = _sentence(text, start, end)
    near = _window(text[first:start], text[end:last], NEAR_WORDS)
    far = _window(text[:start], text[end:], FAR_WORDS)
    return np.array([bool(one.search(window)) for window in (near, far) for one in _COMPILED], np.float32)


def _window(before: str, after: str, words: int) -> str:
    """Up to `words` words on either side of "@", lower-case and with straight apostrophes; what touches the name still does."""
    left, right = (side.lower().replace("’", "'") for side in (before, after))
    glue = " " if right[:1].isspace() else ""
    return " ".join([*left.split()[-words:], "@"]) + glue + " ".join(right.split()[:words])


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    for first, last in split(text):
        if first <= start < last:
            return first, max(last, end)
    return 0, len(text)
