"""What imports answer, where it is not the rows of a schema."""

from zou.entities.schemas import EntitySchema, PlainEntitySchema
from zou.platform.http.shapes import FLAG, ID, NULL, keys, many

LINES = many(NULL)
"""A null for each line that was read."""
TIMELINE = keys(updated_shots=many(PlainEntitySchema), created_shots=many(EntitySchema))
REMOVAL = keys({"removed_instance_id": ID}, success=FLAG)
