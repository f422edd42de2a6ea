"""Lists of devices as the libraries give them on Windows and macOS, where we run nothing.

The devices' names and rates are people's own: SuperCollider's pull request 6994 and w-okada/voice-changer's issue 1406
(Windows), a sounddevice list of spotiripper's author (macOS), AirPods as in pasrom/meeting-transcriber's issue 693. The
fields are sounddevice 0.5.6's, PyAudioWPatch 0.2.12.9's and catap 0.6.0's, read in their source text. The latencies are
placeholders, and so are Core Audio's ids but `BuiltInSpeakerDevice`.
"""

from typing import Any


def sounddevice_device(
    index: int, name: str, system: int, ins: int, outs: int, rate: float = 48_000.0
) -> dict[str, Any]:
    """An entry of `sounddevice.query_devices()`."""
    return {
        "name": name,
        "index": index,
        "hostapi": system,
        "max_input_channels": ins,
        "max_output_channels": outs,
        "default_low_input_latency": 0.01,
        "default_low_output_latency": 0.01,
        "default_high_input_latency": 0.1,
        "default_high_output_latency": 0.1,
        "default_samplerate": rate,
    }


WINDOWS_DEVICES = [
    sounddevice_device(0, "Microsoft Sound Mapper - Input", 0, 2, 0, 44_100.0),
    sounddevice_device(1, "Microphone (High Definition Aud", 0, 2, 0, 44_100.0),
    sounddevice_device(2, "Microsoft Sound Mapper - Output", 0, 0, 2, 44_100.0),
    sounddevice_device(3, "Speakers (High Definition Audio", 0, 0, 8, 44_100.0),
    sounddevice_device(4, "Primary Sound Capture Driver", 1, 2, 0, 44_100.0),
    sounddevice_device(5, "Microphone (High Definition Audio Device)", 1, 2, 0, 44_100.0),
    sounddevice_device(6, "Primary Sound Driver", 1, 0, 2, 44_100.0),
    sounddevice_device(7, "Speakers (High Definition Audio Device)", 1, 0, 8, 44_100.0),
    sounddevice_device(8, "Speakers (High Definition Audio Device)", 2, 0, 2),
    sounddevice_device(9, "Microphone (High Definition Audio Device)", 2, 2, 0),
    sounddevice_device(10, "Speakers (HD Audio Speaker)", 3, 0, 8),
    sounddevice_device(11, "Microphone (HD Audio Microphone)", 3, 2, 0),
]
WINDOWS_SYSTEMS = [
    {"name": "MME", "devices": [0, 1, 2, 3], "default_input_device": 1, "default_output_device": 3},
    {"name": "Windows DirectSound", "devices": [4, 5, 6, 7], "default_input_device": 4, "default_output_device": 6},
    {"name": "Windows WASAPI", "devices": [8, 9], "default_input_device": 9, "default_output_device": 8},
    {"name": "Windows WDM-KS", "devices": [10, 11], "default_input_device": 11, "default_output_device": 10},
]

MAC_DEVICES = [
    sounddevice_device(0, "DELL U2515H", 0, 0, 2),
    sounddevice_device(1, "BlackHole 2ch", 0, 2, 2),
    sounddevice_device(2, "MacBook Pro Microphone", 0, 1, 0),
    sounddevice_device(3, "MacBook Pro Speakers", 0, 0, 2),
    sounddevice_device(4, "ZoomAudioDevice", 0, 2, 2),
    sounddevice_device(5, "Speakers + BlackHole", 0, 0, 2),
]
MAC_SYSTEMS = [
    {"name": "Core Audio", "devices": [0, 1, 2, 3, 4, 5], "default_input_device": 2, "default_output_device": 3}
]


def wasapi_loopback(index: int, name: str) -> dict[str, Any]:
    """What PyAudioWPatch's `get_loopback_device_info_generator` yields."""
    return {
        "index": index,
        "structVersion": 2,
        "name": f"{name} [Loopback]",
        "hostApi": 2,
        "maxInputChannels": 2,
        "maxOutputChannels": 0,
        "defaultLowInputLatency": 0.003,
        "defaultLowOutputLatency": 0.0,
        "defaultHighInputLatency": 0.01,
        "defaultHighOutputLatency": 0.0,
        "defaultSampleRate": 48_000.0,
        "isLoopbackDevice": True,
    }


SPEAKERS, QUADCAST = "Speakers (High Definition Audio Device)", "Speakers (HyperX QuadCast S)"
WINDOWS_LOOPBACKS = [wasapi_loopback(18, SPEAKERS), wasapi_loopback(19, QUADCAST)]


def catap_output(uid: str, name: str, rate: float, *, default: bool) -> dict[str, Any]:
    """The fields of catap's `AudioDevice`: an output and, as headsets have it, an input at a call's rate."""
    streams = [catap_stream(uid, name, "input", 24_000.0, 1), catap_stream(uid, name, "output", rate, 2)]
    return {
        "audio_object_id": 90,
        "uid": uid,
        "name": name,
        "manufacturer": "Apple Inc.",
        "streams": streams,
        "is_default_input": False,
        "is_default_output": default,
        "is_default_system_output": default,
    }


def catap_stream(uid: str, name: str, direction: str, rate: float, channels: int) -> dict[str, Any]:
    """The fields of catap's `AudioDeviceStream`."""
    return {
        "audio_object_id": 91,
        "device_uid": uid,
        "device_name": name,
        "stream_index": 0,
        "direction": direction,
        "name": f"{direction.title()} Stream 0",
        "num_channels": channels,
        "sample_rate": rate,
        "bits_per_channel": 32,
        "is_float": True,
        "format_id": int.from_bytes(b"lpcm", "big"),
    }


def catap_process(pid: int, bundle: str | None, name: str, *, outputs: bool) -> dict[str, Any]:
    """The fields of catap's `AudioProcess`."""
    return {
        "audio_object_id": pid,
        "pid": pid,
        "bundle_id": bundle,
        "name": name,
        "is_outputting": outputs,
        "is_running": outputs,
        "is_inputting": False,
    }
