"""What a search answers."""

from zou.entities.schemas import AssetRowSchema, ShotRowSchema
from zou.people.schemas import PersonMinimalSchema, PersonSafeSchema
from zou.platform.http.shapes import ID, TEXT, keys, many, maybe, one_of, row

FOUND = {"project_name": TEXT, "preview_file_extension": maybe(TEXT), "matched_terms": many(TEXT)}
ASSET = row(AssetRowSchema, **FOUND, asset_type_name=TEXT)
SHOT = row(ShotRowSchema, {"episode_id": ID, "episode": TEXT}, **FOUND, sequence_name=maybe(TEXT))
PERSON = one_of(*[row(schema, matched_terms=many(TEXT)) for schema in (PersonSafeSchema, PersonMinimalSchema)])
RESULTS = keys({"assets": many(ASSET), "shots": many(SHOT), "persons": many(PERSON)})
"""What was found, by the indexes that were asked."""
