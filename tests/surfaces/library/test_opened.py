"""What is worked out about an open trace is made once, and keeps nobody waiting."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from layerwalk.record import Trace
from layerwalk.surfaces.library import Opened


def test_many_who_ask_at_once_get_the_same(edges: Trace) -> None:
    opened, door = Opened("x", edges), threading.Barrier(8)

    def ask(_: int) -> object:
        door.wait(60)
        return opened.once("thing", object)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_who_asks_for_something_else_does_not_wait(edges: Trace) -> None:
    opened, inside, door = Opened("x", edges), threading.Event(), threading.Event()

    def slowly() -> bool:
        inside.set()
        return door.wait(60)

    with ThreadPoolExecutor(2) as pool:
        sheet = pool.submit(opened.once, "sheet", slowly)
        assert inside.wait(60)
        assert pool.submit(opened.once, "values", lambda: 7).result(60) == 7
        assert not sheet.done()
        door.set()
        assert sheet.result(60)


def test_what_failed_is_tried_again(edges: Trace) -> None:
    opened = Opened("x", edges)
    with pytest.raises(ZeroDivisionError):
        opened.once("thing", lambda: 1 / 0)
    assert opened.once("thing", lambda: 1) == 1


def test_one_thing_is_made_out_of_another(edges: Trace) -> None:
    opened = Opened("x", edges)
    assert opened.once("a", lambda: opened.once("b", lambda: 1) + 1) == 2


def test_of_what_is_large_only_the_last_is_kept(edges: Trace) -> None:
    opened, made = Opened("x", edges), list[int]()

    def make(key: int) -> int:
        def of_key() -> int:
            made.append(key)
            return key

        return opened.lately(key, of_key)

    for key in (*range(16), 0, 16, 0):  # 0 was used again, and 1 was not
        assert make(key) == key
    assert made == [*range(17)]
    make(1)
    assert made[17:] == [1]
    assert opened.once("sheet", lambda: "kept") == "kept"
