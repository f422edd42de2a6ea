"""Fetches a model from the hub, with a progress bar. The only module that connects off the machine."""

from pathlib import Path

from asr.errors import BadInputError

WANTED = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]


def snapshot(repository: str, folder: Path) -> None:
    """Copies a faster-whisper repository's files into `folder`. Raises BadInputError if it can't."""
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(repository, allow_patterns=WANTED, local_dir=folder)
    except Exception as error:  # the hub's library raises a dozen kinds, all of which mean the same here
        reason = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        raise BadInputError(
            f"{repository} can't be downloaded ({reason}); check the name and this machine's connection."
        ) from error
