"""Rules of planning: bars (`schedule`) and `versions` of schedules, days off and time spent (`hours`), `costs`, `budgets`."""
