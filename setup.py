"""The packages of the distribution; everything else is in setup.cfg, which cannot name one that lies in a folder of another name."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["zou", "zou.*"]), "zou_migrations"], package_dir={"zou_migrations": "migrations"})
