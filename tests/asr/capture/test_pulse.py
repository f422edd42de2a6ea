"""A sound server that goes away in the middle of a look is gone, whatever its library raises then."""

from contextlib import suppress

import pytest
from sound_server import SoundServer, sound_server

from asr.capture.pulse import connected


def ask_when_it_is_dead(server: SoundServer, questions: int) -> None:
    with connected() as connection:
        connection.server_info()
        server.kill()
        for _ in range(questions - 1):
            with suppress(Exception):
                connection.sink_list()
        connection.sink_list()


@pytest.mark.parametrize("questions", [1, 2, 3])
def test_a_server_that_dies_between_two_questions_does_not_answer(questions: int) -> None:
    with sound_server() as server:
        with pytest.raises(ConnectionError, match="does not answer"):
            ask_when_it_is_dead(server, questions)
        server.start()
