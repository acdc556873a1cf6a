"""docs/settings.md, made from the table of settings: `python -m zou.config.page > docs/settings.md` (make docs)."""

from zou.config.settings import SUBJECTS, Setting, Value

HEAD = """# Settings

Environment variables, read once when a process starts. A value that cannot be read stops the program with a message that names the
variable. Switches take true/false, yes/no, on/off, 1/0; lists are parted by `;`. This page is made by `make docs`.
"""


def render() -> str:
    """The page as Markdown: a table per subject."""
    parts = [HEAD]
    for subject, settings in SUBJECTS.items():
        rows = "\n".join(row(setting) for setting in settings)
        parts.append(f"## {subject}\n\n| variable | type | default | what it does |\n| --- | --- | --- | --- |\n{rows}\n")
    return "\n".join(parts)


def row(setting: Setting) -> str:
    return f"| `{setting.name}` | {setting.kind} | {shown(setting.default)} | {setting.text} |"


def shown(default: Value) -> str:
    """A default as an administrator would type it."""
    if default is None or default == []:
        return "unset"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default != "" else "empty"


if __name__ == "__main__":
    print(render(), end="")
