"""What setup.cfg cannot say: the migrations are a folder beside the package, and the package `zou_migrations` once installed."""

from setuptools import find_packages, setup

MIGRATIONS = ["zou_migrations", "zou_migrations.versions", "zou_migrations.tracker", "zou_migrations.tracker.versions"]

setup(
    packages=find_packages(include=["zou", "zou.*"]) + MIGRATIONS,
    package_dir={"zou_migrations": "migrations"},
    package_data={"zou_migrations": ["alembic.ini", "*.mako", "*/*.sql", "*/*.mako"]},
)
