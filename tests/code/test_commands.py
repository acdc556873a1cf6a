"""Commands are documented, and are called as the contract says."""

import json
from pathlib import Path

import click
import pytest

from zou.__main__ import COMMANDS, main
from zou.platform.cli.page import render

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT.parent / "shared" / "contract" / "cli.json"
CONTEXT = click.Context(main)


def test_the_page_is_in_step_with_the_commands():
    assert (ROOT / "docs" / "commands.md").read_text() == render(main), "run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_bears_its_name_and_says_what_it_does(name):
    command = main.get_command(CONTEXT, name)
    assert command.name == name
    assert command.help


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract lies beside the repository, and is not there")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_takes_what_the_contract_says(name):
    contract = json.loads(CONTRACT.read_text()).get(name)
    if contract is None:
        pytest.skip("a command of our own")
    ours = {parameter.name: parameter for parameter in main.get_command(CONTEXT, name).params}
    for expected in contract:
        parameter = ours[expected["name"]]
        assert set(parameter.opts) >= set(expected.get("flags", []))
        assert parameter.required == expected.get("required", False)
        if "default" in expected:
            assert parameter.default == expected["default"]
