"""The progress bar of long commands: on a terminal only, and on standard error, so that what a command prints can be piped."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TypeVar

import click

Item = TypeVar("Item")


def progress(items: Iterable[Item], label: str, length: int | None = None) -> Iterator[Item]:
    """The items, with a bar that moves as they are taken. `length`: how many there are, where the iterable cannot tell."""
    known = length if length is not None else len(items) if isinstance(items, Sized) else None
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length=known, label=label, file=sys.stderr, show_pos=True) as bar:
        yield from bar


@contextmanager
def counted(label: str, length: int, is_wanted: bool = True) -> Iterator[Callable[[int], None]]:
    """A function that moves the bar by so many, for work that is not done item by item. `is_wanted` false: it moves none."""
    if not is_wanted or not sys.stderr.isatty():
        yield lambda count: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, show_pos=True) as bar:
        yield bar.update


@contextmanager
def bars() -> Iterator[Callable[[str, int], None] | None]:
    """progress(name, count): moves a bar for each name, of work whose end is not known; None where no terminal looks on."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(console=console) as shown:
        tasks: dict = {}

        def advance(name: str, count: int) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=None)
            shown.update(tasks[name], completed=count)

        yield advance
