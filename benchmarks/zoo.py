"""Check recorder and recipes on all of torchvision and a part of timm; write docs/coverage.md.

Each network runs in a process that is given up when it hangs or dies, so one bad network costs
only itself. What was found goes line by line into a cache, and a second run goes on from there
for as long as neither the recorder's code nor the libraries have changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import platform
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from capture.zoo_check import Outcome

# Read when torch, timm and the model hubs are imported: the cores are shared, nothing is fetched.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"

ROOT = Path(__file__).resolve().parent.parent
# In place of this folder, where capture.py would hide tests/capture.
HERE = Path(__file__).resolve().parent
_OTHERS = [entry for entry in sys.path if Path(entry) != HERE]
sys.path = [str(ROOT / "tests"), str(ROOT / "scripts"), *_OTHERS]

from zoo_page import Member, document  # noqa: E402 - found by the path above

LIBRARIES = ("torchvision", "timm")
HUGE_SIDE = 300
HUGE_PARAMETERS = 90e6
TIMM_COUNT = 160
PER_PROCESS = 10

RULE = f"""\
Which networks: every classification network of torchvision; of timm, the smallest (by parameters)
of each module in `timm.models`, then the second smallest of each, smallest first, until there are
{TIMM_COUNT}. Networks made for more than {HUGE_SIDE} pixels or of more than \
{HUGE_PARAMETERS / 1e6:.0f} million parameters are taken
only where their module has no others, timm's own `test_` networks not at all."""


# -- which networks -------------------------------------------------------------------------


def torchvision_members() -> Iterator[Member]:
    """Every classification network, at the smallest size it has weights for."""
    import torchvision

    for name in torchvision.models.list_models(module=torchvision.models):
        weights = torchvision.models.get_model_weights(name)
        side = min(entry.transforms.keywords["crop_size"] for entry in weights)
        shrunk = side > HUGE_SIDE
        yield Member("torchvision", name, (3,) + (224 if shrunk else side,) * 2, shrunk)


def timm_members(count: int) -> list[Member]:
    """The smallest networks of each module, in rounds, until there are ``count``."""
    import timm

    rounds: list[list[tuple[int, Member]]] = []
    for module in timm.list_modules():
        sized = sorted(_timm_sizes(module), key=lambda item: (item[0], item[1], item[2].name))
        for place, (_, parameters, member) in enumerate(sized):
            while len(rounds) <= place:
                rounds.append([])
            rounds[place].append((parameters, member))
    found: list[Member] = []
    for candidates in rounds:
        candidates.sort(key=lambda item: (item[0], item[1].name))
        found.extend(member for _, member in candidates[: max(count - len(found), 0)])
    return sorted(found, key=lambda member: member.name)


def _timm_sizes(module: str) -> Iterator[tuple[bool, int, Member]]:
    """Whether it is huge, how many parameters it has, and the network."""
    import timm
    import torch

    for name in timm.list_models(module=module, exclude_filters="test_*"):
        with torch.device("meta"):
            try:
                net: Any = timm.create_model(name)
            except (RuntimeError, NotImplementedError):
                continue  # its builder computes with its weights: another of the module will do
        parameters = sum(parameter.numel() for parameter in net.parameters())
        size = tuple(net.pretrained_cfg["input_size"])
        shrunk = max(size[1:]) > HUGE_SIDE
        member = Member("timm", name, (size[0], 224, 224) if shrunk else size, shrunk)
        yield shrunk or parameters > HUGE_PARAMETERS, parameters, member


def build(member: Member) -> Any:
    """The network with random weights."""
    import torch

    torch.manual_seed(0)
    if member.library == "torchvision":
        import torchvision

        options = {"init_weights": False} if member.name in ("googlenet", "inception_v3") else {}
        return torchvision.models.get_model(member.name, weights=None, **options)
    import timm

    if member.shrunk:
        try:
            return timm.create_model(member.name, img_size=member.size[1:])
        except TypeError:  # a network for any size takes no such option
            pass
    return timm.create_model(member.name)


# -- running them ---------------------------------------------------------------------------


def work(members: list[Member], pipe: Connection) -> None:
    """Check one network after the other; what came of each goes into the pipe at once."""
    import torch

    from capture.zoo_check import awaken, check, photo
    from torchvision_schemas import torchvision_operators

    held = torchvision_operators()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    for member in members:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pipe.send(check(awaken(build(member)), photo((1, *member.size))))
        except Exception as error:
            pipe.send(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
    del held


def checked(members: list[Member], limit: float) -> Iterator[tuple[Member, Outcome | str]]:
    """Each network with its outcome, or with what went wrong instead."""
    # A new process, not a fork: torch's threads do not survive one.
    context = multiprocessing.get_context("spawn")
    waiting = list(members)
    while waiting:
        batch = waiting[:PER_PROCESS]
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(batch, theirs))
        process.start()
        theirs.close()
        for member in batch:
            waiting.pop(0)
            try:
                if ours.poll(limit):
                    yield member, ours.recv()
                    continue
                problem = f"no end within {limit:.0f} s"
                process.kill()
            except EOFError:
                process.join()
                problem = f"the process died (exit code {process.exitcode})"
            yield member, problem
            break
        process.join()


class Cache:
    """Answers by key, in a file of JSON lines; without a path they are only kept in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._found: dict[str, Any] = {}
        self._lock = threading.Lock()
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._found.update(json.loads(line))

    def get(self, key: str) -> Any:
        """The answer, or ``None``."""
        return self._found.get(key)

    def put(self, key: str, answer: Any) -> None:
        """Keep an answer."""
        with self._lock:
            self._found[key] = answer
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({key: answer}) + "\n")


def fingerprint() -> str:
    """Changes when what the check runs does, or a library."""
    folder, tests = ROOT / "src" / "layerwalk", ROOT / "tests"
    rooms = (folder / "capture", folder / "recipes" / "rules", folder / "record")
    nouns = ("book", "call", "evaluator", "expression", "margin", "recipe", "verify")
    files = [path for room in rooms for path in sorted(room.glob("*.py"))]
    files += [folder / "recipes" / f"{noun}.py" for noun in nouns]
    checks = ("capture/judge.py", "capture/alike.py", "capture/zoo_check.py", "recipes/coverage.py")
    digest = hashlib.sha256(versions().encode())
    for path in [*files, *(tests / name for name in checks)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def versions() -> str:
    """The libraries that matter, in words."""
    names = {"PyTorch": "torch", "torchvision": "torchvision", "timm": "timm"}
    found = [f"{shown} {version(name).split('+')[0]}" for shown, name in names.items()]
    return ", ".join(["Python " + platform.python_version(), *found])


# -- the program ----------------------------------------------------------------------------


def main(words: list[str] | None = None) -> int:
    """Run the zoo; returns how many networks did not pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", help="only these, by name with commas between")
    parser.add_argument("--only", choices=LIBRARIES, help="only this library")
    parser.add_argument("--out", type=Path, help="default: docs/coverage.md, of a whole run only")
    parser.add_argument("--cache", type=Path, help="a JSON-lines file to go on from")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--limit", type=float, default=900, help="seconds for one network")
    given = parser.parse_args(words)
    cache, code = Cache(given.cache), fingerprint()
    members = wanted(cache, given.only, given.models.split(",") if given.models else [])
    missing = [member for member in members if cache.get(f"{code} {member}") is None]

    def run(share: list[Member]) -> None:
        for member, found in checked(share, given.limit):
            cache.put(f"{code} {member}", found if isinstance(found, str) else asdict(found))
            good = not isinstance(found, str) and found.passed
            print(
                f"{'ok  ' if good else 'FAIL'} {member.library} {member.name}: {found}", flush=True
            )

    threads = [
        threading.Thread(target=run, args=(missing[k :: given.jobs],)) for k in range(given.jobs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {member: _outcome(cache.get(f"{code} {member}")) for member in members}
    failed = [member for member, item in found.items() if isinstance(item, str) or not item.passed]
    print(f"{len(members) - len(failed)} of {len(members)} pass")
    whole = given.models is None and given.only is None
    out = given.out or (ROOT / "docs" / "coverage.md" if whole else None)
    if out is not None:
        out.write_text(document(found, RULE, versions(), HUGE_SIDE), encoding="utf-8")
        print(out)
    return len(failed)


def wanted(cache: Cache, only: str | None, names: list[str]) -> list[Member]:
    """The networks asked for: of both libraries, unless some are named."""
    from torchvision_schemas import torchvision_operators

    held = torchvision_operators()
    members: list[Member] = []
    if only != "timm":
        members += torchvision_members()
    if only != "torchvision":
        # Building all of timm to measure it takes minutes.
        key = f"{TIMM_COUNT} of timm {version('timm')}"
        if cache.get(key) is None:
            cache.put(key, [asdict(member) for member in timm_members(TIMM_COUNT)])
        members += [_member(item) for item in cache.get(key)]
    del held
    return [member for member in members if not names or member.name in names]


def _member(item: dict[str, Any]) -> Member:
    return Member(**{**item, "size": tuple(item["size"])})


def _outcome(item: Any) -> Outcome | str:
    from capture.zoo_check import Outcome
    from recipes.coverage import Known

    if item is None or isinstance(item, str):
        return item or "was not run"
    known = Known(
        **{
            **item["recipes"],
            "missing": tuple((kind, count) for kind, count in item["recipes"]["missing"]),
            "wrong": tuple(item["recipes"]["wrong"]),
        }
    )
    plain = {"shape": tuple(item["shape"]), "notes": tuple(item["notes"]), "recipes": known}
    return Outcome(**{**item, **plain})


if __name__ == "__main__":
    sys.exit(min(main(), 1))
