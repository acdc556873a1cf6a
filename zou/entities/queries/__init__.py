"""The read side of entities: conditions on kinds and criteria, boards with tasks, castings."""
