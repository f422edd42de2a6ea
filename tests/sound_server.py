"""A sound server of its own for a test: PulseAudio with an output (`speakers`) and a microphone (`headset`)."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SPEAKERS, HEADSET = "Speakers", "Headset"


@dataclass
class SoundServer:
    """What is played into `speakers` is what the buyer says, into `mic` what the rep says."""

    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    players: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def variables(self) -> dict[str, str]:
        """For whatever is to use it."""
        return {"PULSE_SERVER": f"unix:{self.folder}/native", "XDG_RUNTIME_DIR": str(self.folder)}

    def start(self) -> None:
        """Starts it with both devices."""
        modules = [f"module-native-protocol-unix socket={self.folder}/native auth-anonymous=1", "module-rescue-streams"]
        # A server that was killed leaves its socket.
        (self.folder / "native").unlink(missing_ok=True)
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no"]
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [*command, *(f"--load={module}" for module in modules)],
            env=os.environ | self.variables,
            stdout=log,
            stderr=log,
        )
        until = time.monotonic() + 20
        while subprocess.run(["pactl", "info"], env=os.environ | self.variables, capture_output=True).returncode:
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.1)
        self.add_sink("mic", "Line")
        self.add_sink("speakers", SPEAKERS)
        self.add_microphone()

    def pactl(self, *words: str) -> str:
        done = subprocess.run(["pactl", *words], env=os.environ | self.variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def add_sink(self, name: str, description: str, rate: int = 48_000) -> str:
        """The module's number, by which it can be taken away; the sink becomes the default one."""
        named = f'sink_name={name} rate={rate} sink_properties=device.description="{description}"'
        module = self.pactl("load-module", "module-null-sink", *named.split())
        self.pactl("set-default-sink", name)
        return module

    def add_microphone(self, name: str = "headset", description: str = HEADSET) -> str:
        """A microphone that hears what is played into `mic`; it becomes the default one."""
        named = f"master=mic.monitor source_name={name} source_properties=device.description={description}"
        module = self.pactl("load-module", "module-remap-source", *named.split())
        self.pactl("set-default-source", name)
        return module

    def remove(self, module: str) -> None:
        self.pactl("unload-module", module)

    def module_of(self, kind: str, word: str) -> str:
        """The number of a module, by a word of its arguments."""
        return next(
            line.split("\t")[0]
            for line in self.pactl("list", "short", "modules").splitlines()
            if kind in line and word in line
        )

    def play(self, sound: Path, sink: str) -> None:
        """Plays a WAV file into a sink while the test goes on, as promptly as a meeting does."""
        self.players.append(
            subprocess.Popen(
                ["paplay", "--latency-msec=50", f"--device={sink}", str(sound)], env=os.environ | self.variables
            )
        )

    def hush(self, player: "subprocess.Popen[bytes]") -> None:
        """Ends what is played."""
        player.kill()
        player.wait()
        self.players.remove(player)

    def kill(self) -> None:
        """As a crash would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        for player in list(self.players):
            self.hush(player)
        self.kill()


@contextmanager
def sound_server() -> Iterator[SoundServer]:
    """A server that this process and its children use."""
    assert shutil.which("pulseaudio"), "pulseaudio is missing; .ci/setup installs it"
    # Not pytest's tmp_path: a socket's path must be short.
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        server = SoundServer(Path(folder))
        for name, value in server.variables.items():
            patch.setenv(name, value)
        server.start()
        try:
            yield server
        finally:
            server.stop()
