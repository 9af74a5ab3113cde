"""Answers made once: remembered, waited for, and not remembered when they fail."""

import threading
import time

import pytest

from queries.database.memo import memoize


def test_an_answer_is_made_once_however_many_ask_at_the_same_time():
    made = []

    @memoize(4)
    def slow(word: str) -> str:
        made.append(word)
        time.sleep(0.2)
        return word * 2

    found: list[str] = []
    askers = [threading.Thread(target=lambda word=word: found.append(slow(word))) for word in "aaaaab"]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(made) == ["a", "b"]
    assert sorted(found) == ["aa"] * 5 + ["bb"]


def test_who_waited_for_an_answer_that_failed_makes_it_anew():
    made = []

    @memoize(4)
    def failing(word: str) -> str:
        made.append(word)
        time.sleep(0.1)
        if len(made) == 1:
            raise ValueError(word)
        return word

    def first() -> None:
        with pytest.raises(ValueError, match="a"):
            failing("a")

    asker = threading.Thread(target=first)
    asker.start()
    time.sleep(0.02)
    assert failing("a") == "a"
    asker.join()
    assert (made, failing("a")) == (["a", "a"], "a")
    assert made == ["a", "a"]


def test_the_oldest_answer_is_forgotten():
    made = []

    @memoize(2)
    def answer(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 2, 3, 3, 2, 1):
        assert answer(number) == number
    assert made == [1, 2, 3, 1]
