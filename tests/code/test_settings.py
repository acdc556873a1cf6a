"""The table of settings, the page about them and the contract say the same."""

import json
import re
from pathlib import Path

import pytest

from zou.config import SETTINGS
from zou.config.page import render

ROOT = Path(__file__).parents[2]
PROGRAM = "\n".join(path.read_text() for path in (ROOT / "zou").rglob("*.py") if path.name != "settings.py")
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


# Settings whose part of the program is still to come; the list only gets shorter.
TO_COME: set[str] = set()
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))


@pytest.mark.parametrize("name", sorted(SETTINGS.keys() - TO_COME))
def test_a_setting_has_an_effect_or_says_that_it_has_none(name):
    if "Accepted for compatibility" in SETTINGS[name].text:
        return
    assert name in PROGRAM or f"_{name.partition('_')[2]}" in PROGRAM  # SAML_SKIP_2FA and OIDC_SKIP_2FA are read under one name


@pytest.mark.parametrize("name", sorted(SETTINGS.keys() - TO_COME))
def test_a_setting_is_turned_by_a_test(name):
    assert re.search(rf"\b{name}\b", TESTS)
