"""Random history files as programs write them, and as they should not: the matter to read in two ways."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

_TEXTS = (
    "",
    "a",
    "k1",
    "eightby8",
    "ninebytes",
    "x" * 63,
    "x" * 64,
    "x" * 70,
    "é",
    'q"q',
    "b\\s",
    "t\tt",
    "n\0",
    "{,:",
)
_NUMBERS = (0, 7, 12345678, 123456789, 10**16, 1763712000000000000, 2**62 - 1)
_HUGE = (2**62, 2**63, 2**64, 10**25)
_ODD_VALUES = (None, True, False, 1.0, 1.5, -3, [1, {"a": 2}], {"b": 1, "a": None}, *_HUGE)

_FIELDS = (
    "index",
    "session",
    "op",
    "key",
    "value",
    "expected",
    "start",
    "end",
    "status",
    "node",
    "position",
    "version",
    "mode",
    "phase",
    "error",
    "latency",
    "why",
)


@st.composite
def files(draw: st.DrawFn, *, most: int = 40) -> bytes:
    """A file whose lines follow a few forms, with a little of everything that may stand in a file."""
    odd = draw(st.integers(0, 3))  # how often something out of the ordinary is drawn; 0: never
    shape = draw(st.sampled_from((0, 0, 1, 2, 2, 3, 9)))
    styles = draw(st.lists(st.tuples(st.permutations(_FIELDS), _separators), min_size=1, max_size=2))
    values = draw(st.sampled_from((_TEXTS[:5], _TEXTS, _NUMBERS, (*_TEXTS, *_NUMBERS, *_ODD_VALUES))))
    sessions = draw(
        st.sampled_from((("s1", "s2"), ("client-1", "client-22", "a-very-long-client-name"), _TEXTS))
    )
    header = {"format": "rts-history/1", "one_log": draw(st.booleans())}
    lines = [json.dumps(header).encode()]
    time = draw(st.sampled_from((0, 10**7, 99_999_990, 1763712000000000000)))
    free: dict[str, int] = {}
    for index in range(draw(st.integers(0, most))):
        rare = odd > 0 and draw(st.integers(0, 12)) < odd
        time += draw(st.integers(1, 9))
        session = draw(st.sampled_from(sessions))
        start = max(time, free.get(session, 0) + 1)
        fields = _operation(draw, index, session, start, shape, values)
        if fields["end"] is not None:
            free[session] = fields["end"]
        if rare:
            _spoil(draw, fields)
        order, separators = styles[draw(st.integers(0, len(styles) - 1))]
        line = _spelled(draw, fields, order, separators)
        lines.append(_damaged(draw, line) if rare and draw(st.booleans()) else line)
    newline = draw(st.sampled_from((b"\n", b"\n", b"\r\n")))
    data = newline.join(lines) + newline
    if odd and draw(st.booleans()):
        data = data[: -draw(st.integers(1, 30))]
    return data


_separators = st.sampled_from(((",", ":"), (", ", ": "), (" , ", " : ")))


def _operation(
    draw: st.DrawFn, index: int, session: str, start: int, shape: int, values: tuple[Any, ...]
) -> dict[str, Any]:
    op = draw(
        st.sampled_from(
            ("read", "read", "write", "write", "cas", "delete", "append", "txn")[
                : draw(st.sampled_from((4, 8)))
            ]
        )
    )
    status = draw(st.sampled_from(("ok", "ok", "ok", "fail", "info")))
    end = start + draw(st.integers(0, 20))
    fields: dict[str, Any] = {
        "index": index,
        "session": session,
        "op": op,
        "start": start,
        "end": None if status == "info" and draw(st.booleans()) else end,
        "status": status,
    }
    if op == "txn":
        fields["ops"] = [["r", "x", None], ["w", "y", 1]]
    else:
        fields["key"] = draw(st.sampled_from(("x", "y", "a longer key", "k9")))
        fields["value"] = draw(st.sampled_from((None, *values)))
    if op == "cas":
        fields["expected"] = draw(st.sampled_from((None, *values)))
    for name in ("position", "version"):
        match draw(st.integers(0, 3)):
            case 0:
                fields[name] = None
            case 1 | 2:
                numbers = [draw(st.sampled_from((1, 2, index, 10**9 + index))) for _ in range(max(1, shape))]
                fields[name] = numbers if shape else numbers[0]
    for name, choice in (
        ("node", ("n0", "node-number-1", None)),
        ("mode", ("leader", None)),
        ("phase", ("main", "final")),
        ("error", ("timeout", None, {"code": 5})),
        ("latency", (1.05, -2.5, 0.25, 10, 1e-9)),
        ("why", (None, True, [1, "b"], {"a": {"b": ["c", 2]}})),
    ):
        if draw(st.integers(0, 3)) == 0:
            fields[name] = draw(st.sampled_from(choice))
    return fields


def _spoil(draw: st.DrawFn, fields: dict[str, Any]) -> None:
    """Break a rule of a history, or change, remove or add one field."""
    name = draw(st.sampled_from(_FIELDS))
    match draw(st.integers(0, 6)):
        case 0:
            fields["index"] -= draw(st.integers(0, 2))
        case 1:
            fields["end"] = fields["start"] - draw(st.integers(-1, 1))
        case 2:
            fields["start"] -= draw(st.integers(1, 20))
        case 3:
            fields["end"] = draw(st.sampled_from((None, 2**62, 2**63 - 1, 2**63)))
        case 4:
            fields["position"] = draw(st.sampled_from((1, [1], [1, 2, 3], [], [2**70, 1], list(range(200)))))
        case 5:
            fields.pop(name, None)
        case _:
            fields[name] = draw(st.sampled_from((*_TEXTS, *_NUMBERS, *_ODD_VALUES, [1, "2"], "ok", "read")))


def _spelled(draw: st.DrawFn, fields: dict[str, Any], order: list[str], separators: tuple[str, str]) -> bytes:
    ordered = {name: fields[name] for name in order if name in fields} | fields
    text = json.dumps(ordered, separators=separators, ensure_ascii=draw(st.booleans()))
    return text.encode() + draw(st.sampled_from((b"", b"", b"", b" ", b" \t")))


def _damaged(draw: st.DrawFn, line: bytes) -> bytes:
    """Damage a line as files are damaged: a byte lost, doubled or changed, a field said twice, nothing."""
    at = draw(st.integers(0, len(line) - 1))
    match draw(st.integers(0, 5)):
        case 0:
            return line[:at] + line[at + 1 :]
        case 1:
            return line[:at] + line[at : at + 1] + line[at:]
        case 2:
            return (
                line[:at]
                + draw(st.sampled_from((b'"', b"0", b",", b"\xff", b"\\", b"e", b"-", b" ")))
                + line[at + 1 :]
            )
        case 3:
            return line.rstrip()[:-1] + draw(
                st.sampled_from((b',"start":0}', b',"value":"twice"}', b',"why":1}'))
            )
        case 4:
            return b"{" + draw(st.sampled_from((b'"value":"twice",', b'"why":0,'))) + line.lstrip()[1:]
        case _:
            return b""
