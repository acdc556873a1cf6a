"""Rules of planning: `schedule` (bars, variants), `hours` (days off, time spent), `costs` (salary scales)."""
