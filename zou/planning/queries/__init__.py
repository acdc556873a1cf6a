"""Reading planning: `periods`, `hours` (time spent), `absences` (days off, presence), `quotas`."""
