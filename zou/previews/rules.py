"""Who sees previews. Rules: contract/rules/permissions.md §4."""

from zou.people.rules import assigned, is_vendor_of

shown_to_vendors = ~is_vendor_of | assigned
"""A vendor sees the previews of their own tasks."""
