"""Any file is read: its format guessed or said, compressed or not, and what is wrong named with its place."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import zstandard

import checker
from checker import HistoryError
from checker.formats import FORMATS, read_stream
from checker.formats.names import MODULES
from checker.formats.reading import guess, load
from tests.checker.foreign import imported, refused, told

SAMPLES = {
    "rts-history": '{"format": "rts-history/1"}\n',
    "elle-json": '[{"index":0,"type":"invoke","process":0,"f":"txn","value":[["append",1,2]]}]',
    "dbcop": '[[{"events":[["w",0,1]],"committed":true}]]',
    "porcupine-kv": '{:process 2, :type :invoke, :f :get, :key "0", :value nil}\n',
    "jepsen-edn": "({:process 4, :type :invoke, :f :write, :value 2})",
    "plume": "w(0,1,0,0)\n",
    "jepsen-log": "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n",
}


def test_every_format_has_a_sample_and_its_own_name() -> None:
    assert tuple(SAMPLES) == FORMATS
    assert [load(name).name for name in MODULES] == list(MODULES)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_known_by_its_first_bytes(name: str) -> None:
    assert guess(SAMPLES[name].encode()) == name


@pytest.mark.parametrize("name", MODULES)
def test_a_format_takes_no_other_for_its_own(name: str) -> None:
    taken = {other for other in SAMPLES if load(name).looks_like(SAMPLES[other].encode())}
    # Porcupine's logs are Jepsen's EDN with conventions of their own, and are tried before it.
    assert taken == ({name, "porcupine-kv"} if name == "jepsen-edn" else {name})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[]", "jepsen-edn"),
        ("; a comment\n\n[ ; another\n #_ignored\n{:process 1}", "jepsen-edn"),
        ("#jepsen.history.Op{:process 1}", "jepsen-edn"),
        ("\ufeff{:process 1}", "jepsen-edn"),
        ('[{:process :nemesis, :f :kill}\n {:process 1, :f :put, :key "a", :value ""}]', "porcupine-kv"),
        ('\n{"process": 0,\t"type" : "invoke"}', "elle-json"),
        ('{"params": {}, "data": []}', "dbcop"),
        ('{"name": "x", "format": "rts-history/1"}', "rts-history"),
        ('{"index": 0, "session": "s0"}', "rts-history"),
        ("{}", "rts-history"),
        ("2020-01-01 10:00:00 INFO jepsen.core - Running\n", "jepsen-log"),
    ],
)
def test_guessing_looks_past_what_stands_before(text: str, name: str) -> None:
    assert guess(text.encode()) == name


def test_what_nobody_knows_is_refused_with_what_was_tried() -> None:
    line, field, message = refused("# Title\n\nSome prose that goes on and on and on")
    assert (line, field) == (None, None)
    assert message == (
        f"of no known format (tried {', '.join(FORMATS)}): "
        "it begins with '# Title\\n\\nSome prose that goes on and on '…"
    )


def test_a_short_file_is_shown_whole() -> None:
    assert refused("x" * 40)[2].endswith(f"it begins with '{'x' * 40}'")
    assert refused("x" * 41)[2].endswith(f"it begins with '{'x' * 40}'…")


def test_nothing_is_no_history() -> None:
    assert refused("") == refused("\n \n") == (1, None, "empty: no header")


def test_an_unknown_name_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="'jepsn' is no format; there are rts-history, "):
        imported("[]", "jepsn")


def test_a_format_can_be_said() -> None:
    assert imported(SAMPLES["porcupine-kv"], "jepsen-edn").header.meta["imported_from"] == "jepsen-edn"
    assert refused(SAMPLES["jepsen-edn"], "rts-history")[0] == 1


def test_what_is_no_text_is_refused_with_its_line() -> None:
    assert refused(SAMPLES["porcupine-kv"].encode() + b"\xff\n") == (2, None, "not UTF-8")


@pytest.mark.parametrize("name", FORMATS)
def test_any_format_may_be_compressed_in_one_frame_or_more(name: str, tmp_path: Path) -> None:
    data = SAMPLES[name].encode()
    compress = zstandard.ZstdCompressor(write_checksum=True).compress
    (tmp_path / "h.zst").write_bytes(compress(data[:9]) + compress(data[9:]))
    (tmp_path / "h").write_bytes(data)
    found, plain = checker.read(tmp_path / "h.zst"), checker.read(tmp_path / "h")
    assert told(found) == told(plain) == told(imported(compress(data)))
    assert found.header == plain.header


def test_damaged_and_truncated_compression_is_refused() -> None:
    data = zstandard.ZstdCompressor(write_checksum=True).compress(SAMPLES["jepsen-edn"].encode() * 99)
    assert refused(data[:-3]) == (None, None, "truncated Zstandard data")
    assert refused(data[:20] + b"xxxx" + data[24:])[2].startswith("damaged Zstandard data: ")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="No such file or directory"):
        checker.read(tmp_path / "nowhere.edn")


def test_a_pipe_may_be_slow() -> None:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb", buffering=0) as out:
            for byte in SAMPLES["jepsen-log"].encode():
                out.write(bytes([byte]))

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(reading, "rb") as stream:
        history = read_stream(stream)
    writer.join()
    assert told(history) == ["p0 read register=None 0- info"]


def test_a_history_longer_than_a_buffer_is_read_whole() -> None:
    one = "{{:process {0}, :type :invoke, :f :write, :value {0}}}\n"
    events = map(one.format, range(9_000))
    compressed = zstandard.ZstdCompressor().compress("".join(events).encode())
    assert len(read_stream(io.BytesIO(compressed))) == 9_001


def test_naming_the_formats_loads_none() -> None:
    child = "import sys, checker.formats; print(checker.formats.FORMATS[0], 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True)
    assert done.stdout == "rts-history False\n"
