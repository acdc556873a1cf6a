"""Commands about the program itself."""

import click
from click.shell_completion import get_completion_class

from zou import __version__


@click.command("version")
def version() -> None:
    """Print the version of this program."""
    click.echo(f"Zou version: {__version__}")


@click.command("shell-completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def shell_completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell: eval "$(zou shell-completion bash)"."""
    kind = get_completion_class(shell)
    assert kind is not None  # the choices above are those that click has
    click.echo(kind(context.find_root().command, {}, "zou", "_ZOU_COMPLETE").source())


@click.command("clear-memory-cache")
def clear_memory_cache() -> None:
    """Accepted for scripts that call it: no rows are cached."""
