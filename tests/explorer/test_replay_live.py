"""A training that is under way, as the explorer follows it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

import layerwalk as lw
from explorer.conftest import Complaints, Opened
from explorer.test_replay import at_step, bar, training
from layerwalk.surfaces.server.server import Server
from learn.loop import SmallNet, probes
from recorded_runs import Training


def test_a_run_that_goes_on_grows_in_the_page(
    open_page: Opened, served: Server, tmp_path: Path
) -> None:
    going = Training(tmp_path / "live")
    going.go(2)
    _ = going.watch.run
    key = served.library.add_run(going.watch.run)
    page = open_page(key)
    at_step(page, 2)
    expect(bar(page)).to_contain_text("live")
    number = training(page).get_by_role("grid", name="at step 2").get_by_role("button").first
    number.focus()
    going.go(6)
    _ = going.watch.run
    at_step(page, 6)
    # The numbers change where they stand: nothing is taken away from under the user.
    grid = training(page).get_by_role("grid", name="at step 6")
    expect(grid.get_by_role("button").first).to_be_focused()
    # Who looks at an earlier step stays there.
    page.locator("h1").click()
    page.keyboard.press(",")
    at_step(page, 4)
    going.go(10)
    going.watch.close()
    expect(bar(page)).not_to_contain_text("live")
    at_step(page, 4)
    expect(bar(page).get_by_role("slider")).to_have_attribute(
        "aria-valuetext", "after 4 of 10 updates"
    )
    served.library.close(key)


def test_a_run_that_was_not_evaluated(
    open_page: Opened, served: Server, tmp_path: Path, complaints: Complaints
) -> None:
    watch = lw.watch(SmallNet(), probes(), run=tmp_path / "bare")
    key = served.library.add_run(watch.run)
    page = open_page(key)
    at_step(page, 0)
    expect(training(page)).to_contain_text("was not evaluated on held-out pictures yet.")
    expect(bar(page).get_by_role("button", name="The next step")).to_be_disabled()
    expect(bar(page)).to_contain_text("live")
    # Nobody answers: then nobody knows whether it goes on.
    page.context.set_offline(True)
    expect(page.get_by_text("does not answer")).to_be_visible()
    expect(bar(page)).not_to_contain_text("live")
    page.context.set_offline(False)
    watch.close()
    expect(training(page)).to_contain_text("was not evaluated on held-out pictures.")
    served.library.close(key)
    complaints.clear()  # the browser writes down what it could not ask
