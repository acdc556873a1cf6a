"""The `zou` command: a group whose commands are imported only when they are called."""

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click
from flask import Flask


class LazyGroup(click.Group):
    """Commands by name from `{name: "module:attribute"}`, so that `zou version` needs no database driver.

    `create_app`: makes the application for a command that needs it, from settings that win over the environment.
    `only_with`: {command: variable of the environment without which it is not there}.
    """

    def __init__(
        self, commands: dict[str, str], create_app: Callable[[dict], Flask], only_with: dict[str, str] | None = None, **options: Any
    ):
        super().__init__(context_settings={"help_option_names": ["-h", "--help"]}, **options)
        self.lazy_commands = commands
        self.create_app = create_app
        self.only_with = only_with or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(name for name in self.lazy_commands if self.is_there(name))

    def is_there(self, name: str) -> bool:
        """Whether the environment has what the command needs."""
        return name not in self.only_with or bool(os.environ.get(self.only_with[name]))

    def load(self, name: str) -> click.Command:
        """A command by name, whether it is there or not."""
        module, attribute = self.lazy_commands[name].split(":")
        return getattr(import_module(module), attribute)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return self.load(name) if name in self.lazy_commands and self.is_there(name) else None


def make_app(settings: dict) -> Flask:
    """The application of the running command."""
    group = click.get_current_context().find_root().command
    assert isinstance(group, LazyGroup)
    return group.create_app(settings)
