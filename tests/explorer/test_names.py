"""What ops and their outputs are called where a sentence speaks of them."""

from __future__ import annotations

import re

import torch
from playwright.sync_api import expect
from torch import nn

import layerwalk as lw
from explorer.conftest import Opened
from explorer.link import says
from layerwalk.surfaces.server.server import Server


def test_names_that_are_numbers_are_no_numbers(open_page: Opened, served: Server) -> None:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
    trace = lw.trace(network, torch.rand(1, 3, 8, 8))
    key = served.library.add(trace)
    page = open_page(key, "op=2&at=0,1,2,3")
    cell = page.locator("main > .cell")
    expect(cell.locator("dl").last).to_contain_text("max of “1” over 4 positions")
    expect(cell.locator("nav [aria-current=step]")).to_have_text("“2” [1, 2, 3]")
    expect(cell.get_by_role("img", name=re.compile("^“1”, channel 1"))).to_be_visible()
    page.evaluate("hash => { location.hash = hash; }", f"trace={key}&op=0&at=0,1,2,3")
    expect(cell.locator("dl").last).to_contain_text("sum of input × “0.weight” over")  # noqa: RUF001


class Recurrent(nn.Module):
    """An op with three outputs that have names."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(6, 5, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """All that it returns, in one."""
        made, (hidden, cell) = self.rnn(x)
        result: torch.Tensor = made[:, -1] + hidden[0] + cell[0]
        return result


def test_the_outputs_of_an_lstm_have_names(open_page: Opened, served: Server) -> None:
    torch.manual_seed(1)
    page = open_page(served.library.add(lw.trace(Recurrent(), torch.rand(1, 4, 6))), "op=rnn")
    output = page.get_by_role("combobox", name="output")
    expect(output.locator("option")).to_have_text(["output", "h_n", "c_n"])
    output.select_option("h_n")
    says(page, "output=1")
