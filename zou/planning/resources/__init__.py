"""HTTP of planning: `rows` (generic routes), `hours` (time spent by persons), `absences` (days off, presence), `quotas`."""
