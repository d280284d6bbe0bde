"""Conventions of Porcupine's logs and of Jepsen's EDN: what keys start with, and what reading nil means."""

from __future__ import annotations

import pytest

from tests.checker.foreign import imported, told


def call(f: str, asked: str, answered: str) -> str:
    return (
        f"{{:process 0, :type :invoke, :f :{f}, {asked}}}\n{{:process 0, :type :ok, :f :{f}, {answered}}}\n"
    )


@pytest.mark.parametrize(
    ("name", "register", "keyed", "nil"),
    [("porcupine-kv", "''", "''", "absent"), ("jepsen-edn", "0", None, "unknown")],
)
def test_what_keys_start_with(name: str, register: str, keyed: str | None, nil: str) -> None:
    one = imported(call("write", ":value 1", ":value 1"), name)
    assert told(one)[:-1] == [f"initial write register={register} -2--1 ok"]
    of_a_key = imported(call("put", ":key 5, :value 1", ":key 5, :value 1"), name)
    assert told(of_a_key)[:-1] == ([] if keyed is None else [f"initial write 5={keyed} -2--1 ok"])
    assert one.header.meta["nil"] == of_a_key.header.meta["nil"] == nil


@pytest.mark.parametrize(("name", "status"), [("porcupine-kv", "ok"), ("jepsen-edn", "info")])
def test_what_reading_nil_means(name: str, status: str) -> None:
    """Of the one register, of a key, of several registers, and within a transaction."""
    text = call("read", ":value nil", ":value nil")
    assert told(imported(text, name, initial=None)) == [f"p0 read register=None 0-1 {status}"]
    text = call("get", ":key 5", ":key 5, :value nil")
    assert told(imported(text, name, initial=None)) == ["p0 read 5=None 0-1 ok"]
    text = call("read", ":value {5 nil}", ":value {5 nil}")
    found = " r(5=None)" if status == "ok" else " "
    assert told(imported(text, name, initial=None)) == [f"p0 txn{found} 0-1 {status}"]
    text = call("txn", ":value [[:r 5 nil]]", ":value [[:r 5 nil]]")
    assert told(imported(text, name, initial=None)) == ["p0 txn r(5=None) 0-1 ok"]


def test_porcupines_logs_are_known_by_what_they_get_and_put_by_keys() -> None:
    for f, more, name in (
        ("get", ':key "0", ', "porcupine-kv"),
        ("append", ':key "0", ', "porcupine-kv"),
        ("read", ':key "0", ', "jepsen-edn"),
        ("get", ":key 0, ", "jepsen-edn"),
        ("put", "", "jepsen-edn"),
    ):
        text = call(f, f"{more}:value nil", f"{more}:value nil")
        assert imported(text).header.meta["imported_from"] == name
