"""docs/commands.md, made from the commands themselves: `make docs`."""

import click

from zou.platform.cli import LazyGroup

HEAD = """# Commands

`zou <command> --help` says the same. Commands work on the database that the environment names (`DB_*`), else on the embedded one of the
data folder (`ZOU_DATA`), also while `zou run` serves it. Exit status: 0 done, 1 refused or failed, 2 wrong usage. Made by `make docs`.

| command | arguments and options | what it does |
| --- | --- | --- |
"""


def render(group: LazyGroup) -> str:
    """The page as Markdown: a row per command."""
    rows = []
    for name in sorted(group.lazy_commands):
        command = group.load(name)
        options = " ".join(f"`{shown(parameter)}`" for parameter in command.params)
        rows.append(f"| `{name}` | {options} | {command.get_short_help_str(300)} |\n")
    return HEAD + "".join(rows)


def shown(parameter: click.Parameter) -> str:
    """A parameter as it is typed."""
    if isinstance(parameter, click.Option):
        return "/".join(parameter.opts)
    return f"<{parameter.name}>"
