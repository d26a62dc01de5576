"""The token and the tickets."""

from __future__ import annotations

from layerwalk.surfaces.server.keys import Keys


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_token_fits_as_often_as_it_is_shown() -> None:
    keys = Keys()
    assert keys.fits(keys.token)
    assert keys.fits(keys.token)
    assert not keys.fits("")
    assert not keys.fits("\xe9")
    assert not Keys().fits(keys.token)


def test_a_ticket_is_good_once_and_is_no_token() -> None:
    keys = Keys()
    one, other = keys.ticket(), keys.ticket()
    assert one != other
    assert not keys.fits(one)
    assert [keys.take(one), keys.take(one), keys.take(other)] == [True, False, True]
    assert not keys.take("")
    assert not keys.take(keys.token)


def test_a_ticket_is_good_for_two_minutes() -> None:
    clock = Clock()
    keys = Keys(clock)
    early, late = keys.ticket(), keys.ticket()
    clock.now += 119
    assert keys.take(early)
    clock.now += 1
    assert not keys.take(late)


def test_old_tickets_are_forgotten() -> None:
    clock = Clock()
    keys = Keys(clock)
    for _ in range(5):
        keys.ticket()
    clock.now += 200
    keys.ticket()
    assert len(keys._tickets) == 1
