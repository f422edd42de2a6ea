"""What goes over the feed, each way, as JSON. Pure.

The server says `state` once, then every event as it is; `refused` answers a command that it did not take.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from cues.events import STAGE, AnyEvent, DealChanged, RepAction
from models.labels import load_labels
from overlay.feed_state import FeedState, newest_card, newest_stepped_back

PORT = 47615
"""Where a client looks first; another is taken when it is in use."""
LONGEST_TARGET = 100
LONGEST_VALUE = 4000
"""Characters of a remark."""

MOST_FACTS = 100
FactName = Annotated[str, Field(min_length=1, max_length=100)]
FactText = Annotated[str, Field(min_length=1, max_length=500)]
FactNumber = Annotated[float, Field(allow_inf_nan=False)]
CommandAction = Literal["dismiss", "pin", "pause", "resume", "mark", "help", "correct", "feedback", "consent", "deal"]


@dataclass(frozen=True, kw_only=True)
class State:
    """The first message after connecting: the events that rebuild the present."""

    type: Literal["state"] = "state"
    events: tuple[AnyEvent, ...]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A command that was not taken, and why."""

    type: Literal["refused"] = "refused"
    message: str


class Command(BaseModel):
    """What a client may ask for. `dismiss` and `pin` without a target mean the newest card; `help` the newest that is
    not shown whole, else the last moment that got none.

    `correct` has a value "stage:LABEL". `deal` says what is known of the deal now, all of it; null: nothing.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    action: CommandAction
    target: str | None = Field(default=None, max_length=LONGEST_TARGET)
    value: str | None = Field(default=None, max_length=LONGEST_VALUE)
    deal: dict[FactName, FactText | FactNumber] | None = Field(default=None, max_length=MOST_FACTS)


ServerMessage = Annotated[State | Refused | AnyEvent, Field(discriminator="type")]
_STATE = TypeAdapter(State)
_REFUSED = TypeAdapter(Refused)


def state_json(events: list[AnyEvent]) -> str:
    """The JSON of the first message."""
    return _STATE.dump_json(State(events=tuple(events))).decode()


def refused_json(message: str) -> str:
    """The JSON of a refusal."""
    return _REFUSED.dump_json(Refused(message=message)).decode()


def action_of(text: str | bytes, state: FeedState) -> RepAction | DealChanged | Refused:
    """The event that a client's message asks for, or why there is none."""
    try:
        command = Command.model_validate_json(text)
    except ValidationError as error:
        return Refused(message=_sentence(error))
    if command.action == "deal":
        if "deal" not in command.model_fields_set:
            return Refused(message='deal: give all that is known of it as "deal", such as {"account": "Contoso"}.')
        return DealChanged(deal=command.deal)
    if command.action not in ("dismiss", "pin", "help"):
        return _checked(RepAction(action=command.action, target=command.target, value=command.value))
    card = command.target or (newest_stepped_back(state) if command.action == "help" else newest_card(state))
    if card is None and command.action == "help":
        return RepAction(action="help")
    if card is None:
        return Refused(message=f"{command.action}: no card is up.")
    if card not in state.cards:
        return Refused(message=f"{command.action}: no card {card!r} is up; it may just have gone.")
    return RepAction(action=command.action, target=card, value=command.value)


def _checked(action: RepAction) -> RepAction | Refused:
    stages = load_labels().stage
    if action.action == "correct" and action.stage not in stages:
        return Refused(message=f'correct: give the value "{STAGE}" and one of {", ".join(stages)}.')
    return action


def schema() -> dict[str, Any]:
    """The JSON Schema of every message: `ServerMessage` is what the feed sends, `ClientMessage` what it takes."""
    server, client = TypeAdapter(ServerMessage), TypeAdapter(Command)
    sides, shared = TypeAdapter.json_schemas(
        [("ServerMessage", "serialization", server), ("ClientMessage", "validation", client)]
    )
    names = {name: schema for (name, _), schema in sides.items()}
    return {
        "title": "Messages of the feed",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in names],
        "$defs": {**shared["$defs"], **names},
    }


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        actions = ", ".join(get_args(CommandAction))
        return f'This is no JSON; send {{"action", "target", "value"}}, where action is one of {actions}.'
    where = ".".join(str(part) for part in first["loc"]) or "message"
    return f"{where}: {first['msg']}."
