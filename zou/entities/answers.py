"""What the routes of entities answer, where it is not the rows of a schema."""

from zou.entities.queries.boards import BOARDS, GROUP, MOMENTS
from zou.entities.schemas import (
    AssetInstanceSchema,
    EntityLinkSchema,
    EntitySchema,
    EpisodeRowSchema,
    SceneRowSchema,
    SequenceRowSchema,
)
from zou.platform.http.shapes import ANY, FLAG, ID, MOMENT, NUMBER, TEXT, WHOLE, by, keys, many, maybe, named, one_of, page, row

# --- boards -----------------------------------------------------------------------------------------------------------------------

TASK = {
    **dict.fromkeys(MOMENTS, maybe(MOMENT)),
    **dict.fromkeys(("duration", "estimation"), maybe(NUMBER)),
    **dict.fromkeys(("difficulty", "nb_assets_ready", "nb_drawings", "retake_count"), maybe(WHOLE)),
    **dict.fromkeys(("assigner_id", "last_preview_file_id", "task_status_id", "task_type_id"), maybe(ID)),
    "assignees": many(ID), "data": ANY, "entity_id": ID, "id": ID, "is_subscribed": FLAG, "priority": WHOLE,
}  # fmt: skip
ROW = {
    **dict.fromkeys(("canceled", "is_casting_standby", "is_shared"), maybe(FLAG)),
    **dict.fromkeys(("casting_episode_ids", "entity_concept_links"), many(ID)),
    **dict.fromkeys(("created_at", "updated_at"), maybe(MOMENT)),
    **dict.fromkeys(("created_by", "episode_id", "parent_id", "preview_file_id", "source_id"), maybe(ID)),
    **dict.fromkeys(("data", "fps", "frame_in", "frame_out"), ANY),
    **dict.fromkeys(("description", "preview_file_status", "status"), maybe(TEXT)),
    **dict.fromkeys(("asset_type_name", "episode_name", "name", "project_name", "ready_for", "sequence_name", "type"), TEXT),
    **dict.fromkeys(("asset_type_id", "entity_type_id", "id", "project_id", "sequence_id"), ID),
    **dict.fromkeys(("nb_entities_out", "nb_frames"), maybe(WHOLE)),
}


def board_keys(board):
    """{key: shape} of the rows of a board."""
    found = {key: ROW[key] for key in board.fields if key != "tasks"}
    if board.kind == "Asset" or board.fields is GROUP:  # words stand for null there
        found |= {"preview_file_id": TEXT, "episode_id": TEXT}
    return {**found, "tasks": many(keys(**{key: TASK[key] for key in board.tasks}))}


BOARD_ROWS = {
    kind: named(f"{kind}OnBoard", "A row of a board, with its tasks.", keys(**board_keys(board))) for kind, board in BOARDS.items()
}


def board(resource):
    """A board: rows, or arrays in the order of two lists of keys."""
    header = BOARDS[resource.kind].header
    rows = many(BOARD_ROWS[resource.kind])
    if not header:
        return rows
    return one_of(rows, keys(compact=FLAG, **{header: many(TEXT)}, task_fields=many(TEXT), rows=many(many(ANY))))


LINKED = many(BOARD_ROWS["Linked"])

# --- rows -------------------------------------------------------------------------------------------------------------------------


def listed(resource):
    """The rows of a list; what shots are grouped by does not tell vendors its kind."""
    return many(one_of(resource.schema, resource.vendor_schema) if resource.vendor_schema else resource.schema)


EPISODE_KEYS = {"episode_id": ID, "episode_name": TEXT}
ASSET = row(EntitySchema, relations=True, without=("source_id", "nb_frames"), **board_keys(BOARDS["Asset"]), project_name=maybe(TEXT))
SHOT = row(EntitySchema, relations=True, **board_keys(BOARDS["Shot"]))
CONCEPT = row(
    EntitySchema,
    relations=True,
    **{key: shape for key, shape in board_keys(BOARDS["Concept"]).items() if key not in EntitySchema().fields},
)
EDIT = BOARD_ROWS["Edit"]
SEQUENCE = row(SequenceRowSchema, EPISODE_KEYS, project_name=TEXT)
EPISODE = row(EpisodeRowSchema, project_name=TEXT)
SCENE = row(SceneRowSchema, EPISODE_KEYS, project_name=TEXT, sequence_id=ID, sequence_name=TEXT)
IDS = many(ID)

# --- castings ---------------------------------------------------------------------------------------------------------------------

CAST = {
    "asset_id": ID, "asset_name": TEXT, "asset_type_name": TEXT, "preview_file_id": maybe(ID), "nb_occurences": maybe(WHOLE),
    "label": maybe(TEXT),
}  # fmt: skip
SHARED = {"is_shared": maybe(FLAG), "project_id": ID}
CASTING = many(named("Cast", "An asset that an entity uses.", keys(**CAST, **SHARED, ready_for=maybe(ID), episode_id=maybe(ID))))
CASTINGS_SET = by(CASTING)
EPISODE_CASTINGS = by(many(keys(**CAST, **SHARED, name=TEXT)))
SHOT_CASTINGS = by(many(named("CastInShot", "An asset that a shot uses.", keys(**CAST, **SHARED, name=TEXT, sequence_name=TEXT))))
ASSET_CASTINGS = by(many(keys(**CAST, name=TEXT)))
CASTING_SENT = many(ANY)
"""A casting as it was sent: entries without asset or number are answered, not written."""
CASTINGS_SENT = by(CASTING_SENT)
CASTING_READ = many(keys(asset_id=ID, nb_occurences=WHOLE, label=TEXT))
USERS = many(
    one_of(
        keys(
            shot_id=ID, shot_name=TEXT, sequence_name=TEXT, episode_id=TEXT, episode_name=maybe(TEXT), preview_file_id=maybe(ID),
            nb_occurences=maybe(WHOLE),
        ),
        keys(asset_id=ID, asset_name=TEXT, asset_type_name=TEXT, preview_file_id=maybe(ID), nb_occurences=maybe(WHOLE)),
    )
)  # fmt: skip
LINKS = one_of(
    many(row(EntityLinkSchema, without=("updated_at",), created_at=maybe(TEXT))),
    page(EntityLinkSchema),
    keys(data=many(row(EntityLinkSchema, created_at=maybe(TEXT), updated_at=maybe(TEXT))), total=WHOLE, limit=WHOLE),
)
"""All links, a page of them, or those after a moment; times are to the microsecond where they serve as one."""
INSTANCES = by(many(AssetInstanceSchema))
