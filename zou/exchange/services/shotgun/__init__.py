"""Rows of Shotgun (Flow Production Tracking) as rows of ours, by subject. Rules: contract/rules/imports.md §9."""
