"""Every dependency has a lower bound, whose features are used, and an upper one, which a release that breaks us does not pass."""

import configparser

import pytest
from packaging.requirements import Requirement

from tests.code.sources import ROOT

LOWER, UPPER = {">=", ">", "=="}, {"<", "<=", "=="}


def requirements():
    """[(section, Requirement)] of setup.cfg and of the build system."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    lists = {"install_requires": config["options"]["install_requires"], **config["options.extras_require"]}
    return [(name, Requirement(line)) for name, text in lists.items() for line in text.splitlines() if line.strip()]


def test_there_are_dependencies():
    assert len(requirements()) > 50


@pytest.mark.parametrize("section, requirement", requirements(), ids=str)
def test_a_dependency_has_both_bounds(section, requirement):
    operators = {specifier.operator for specifier in requirement.specifier}
    assert operators & LOWER and operators & UPPER, f"{section}: {requirement}"


def test_a_package_has_the_same_bounds_everywhere():
    found = {}
    for _, requirement in requirements():
        found.setdefault(requirement.name.lower(), set()).add(str(requirement.specifier))
    assert {name: bounds for name, bounds in found.items() if len(bounds) > 1} == {}
