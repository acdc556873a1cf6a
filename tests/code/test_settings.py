"""The table of settings, the page about them and the contract say the same."""

import json
from pathlib import Path

import pytest

from zou.config import SETTINGS
from zou.config.page import render

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "tests" / "contract" / "config.json"


def test_the_page_is_in_step_with_the_table():
    assert (ROOT / "docs" / "settings.md").read_text() == render(), "run `make docs`"


def test_every_setting_of_the_contract_is_there_with_its_default():
    missing, different = [], []
    for entry in json.loads(CONTRACT.read_text()):
        setting = SETTINGS.get(entry["name"])
        if setting is None:
            missing.append(entry["name"])
        # The contract writes some numbers as text ("100"), and an absent value as null, false, "" or [].
        elif str(setting.default) != str(entry["default"]) and (setting.default or entry["default"]):
            different.append((entry["name"], entry["default"], setting.default))
    assert missing == []
    assert different == []


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_documented_in_a_sentence(name):
    assert SETTINGS[name].text.endswith(".") and "|" not in SETTINGS[name].text
