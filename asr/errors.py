"""The one error that a person caused and can mend."""


class BadInputError(Exception):
    """What is wrong, where, and what to do, in one sentence a user can act on; the command exits with 2."""
