"""Jobs done behind the training's back."""

from __future__ import annotations

import os
import threading

from layerwalk.errors import FileError, LayerwalkError
from layerwalk.learn.writer import Writer


def test_jobs_are_done_in_order() -> None:
    done: list[int] = []
    writer = Writer()
    for number in range(20):
        writer.put(lambda number=number: done.append(number))  # type: ignore[misc]
    writer.wait()
    assert done == list(range(20))
    writer.close()
    writer.close()


def test_the_first_that_fails_is_the_last() -> None:
    done: list[str] = []

    def fail() -> None:
        raise FileError("the disk is full")

    writer = Writer()
    writer.put(fail)
    writer.put(lambda: done.append("after"))
    writer.close()
    assert isinstance(writer.problem, FileError)
    assert done == []


def test_who_brings_too_much_waits() -> None:
    gate = threading.Event()
    writer = Writer()
    for _ in range(5):
        writer.put(lambda: gate.wait(20) and None)  # type: ignore[arg-type]
    brought = threading.Event()

    def bring() -> None:
        writer.put(lambda: None)
        brought.set()

    thread = threading.Thread(target=bring)
    thread.start()
    assert not brought.wait(0.05)
    gate.set()
    assert brought.wait(20)
    thread.join()
    writer.close()


def test_a_fault_of_ours_is_told_too() -> None:
    writer = Writer()
    writer.put(lambda: os.environ.__delitem__("no such name"))
    writer.put(lambda: None)
    writer.close()
    assert isinstance(writer.problem, LayerwalkError)
    assert isinstance(writer.problem.__cause__, KeyError)
