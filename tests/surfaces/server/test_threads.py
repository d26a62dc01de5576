"""What takes long keeps nobody else from a thread."""

from __future__ import annotations

from layerwalk.surfaces import wire
from layerwalk.surfaces.server.threads import Threads


def test_news_pictures_and_reports_have_threads_of_their_own() -> None:
    threads = Threads()
    numbers, sheet = (threads.limiter(ask) for ask in (wire.AskTensor("x", 0), wire.AskSheet("x")))
    assert numbers is sheet
    others = [
        threads.limiter(ask) for ask in (wire.AskJob("x"), wire.AskWalk(), wire.AskReport("x"))
    ]
    assert len({numbers, *others}) == 4
    assert [one.total_tokens for one in others] == [256, 2, 1]
