"""Keeping the documents of the search as the rows are. Rules: contract/rules/search.md §2 and §3.

What a request changes is indexed in its own transaction (see `handlers`). What others write, such as the contract's server on the same
database or a bulk load, is caught up with by the next search, at most once in `PATIENCE_S`. Comments that others
wrote are looked for by a job.
"""

import sqlalchemy as sa

from zou.entities.queries.kinds import TEMPORAL_KINDS

PATIENCE_S = 60
KINDS = ("assets", "persons", "shots", "comments")
OTHERS = tuple(kind for kind in TEMPORAL_KINDS if kind != "Shot")
TECHNICAL = ("frame_in", "frame_out", "fps", "handle_in", "handle_out")
"""Keys of a shot's metadata that nobody searches for."""
WORDS = {"technical": list(TECHNICAL), "others": list(OTHERS)}

ENTITIES = """
    SELECT e.id, CASE WHEN t.name = 'Shot' THEN 'shots' ELSE 'assets' END AS kind,
        tracker.fold(CASE WHEN t.name = 'Shot' THEN concat_ws(' ', g.name, p.name, e.name) ELSE concat_ws(' ', t.name, e.name) END) AS name,
        tracker.fold(concat_ws(E'\\n', e.description, (
            SELECT string_agg(value, E'\\n') FROM jsonb_each_text(CASE jsonb_typeof(e.data) WHEN 'object' THEN e.data END)
            WHERE NOT (t.name = 'Shot' AND key = ANY(:technical))
        ))) AS more,
        greatest(e.updated_at, p.updated_at, g.updated_at, t.updated_at) AS stamp
    FROM entity e JOIN entity_type t ON t.id = e.entity_type_id AND NOT t.name = ANY(:others)
        LEFT JOIN entity p ON p.id = e.parent_id LEFT JOIN entity g ON g.id = p.parent_id
"""

PERSONS = """
    SELECT id, 'persons' AS kind, tracker.fold(concat_ws(' ', nullif(first_name, ''), nullif(last_name, ''))) AS name, '' AS more,
        updated_at AS stamp
    FROM person WHERE active AND NOT is_guest AND preview_project_id IS NULL
"""

WRITE = """
    INSERT INTO tracker.search_document AS d (id, kind, name, content, stamp)
    SELECT DISTINCT ON (id) id, kind, name, name || E'\\n' || more, stamp FROM source {choice} ORDER BY id
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, content = excluded.content, stamp = excluded.stamp
"""

SOURCE = f"WITH source AS ({ENTITIES} UNION ALL {PERSONS})"

CHANGED = sa.text(
    f"""
    WITH gone AS (
        DELETE FROM tracker.search_document d WHERE id = ANY(CAST(:ids AS uuid[])) AND NOT EXISTS ({PERSONS} AND id = d.id) AND NOT EXISTS (
            SELECT 1 FROM entity e JOIN entity_type t ON t.id = e.entity_type_id WHERE e.id = d.id AND NOT t.name = ANY(:others))
    ), source AS (
        {ENTITIES} WHERE e.id = ANY(CAST(:ids AS uuid[])) UNION ALL {ENTITIES} WHERE e.parent_id = ANY(CAST(:ids AS uuid[]))
        UNION ALL {ENTITIES} WHERE e.parent_id IN (SELECT id FROM entity WHERE parent_id = ANY(CAST(:ids AS uuid[])))
        UNION ALL {PERSONS} AND id = ANY(CAST(:ids AS uuid[]))
    )
    """
    + WRITE.format(choice="")
)
"""Documents of these rows, and of the shots below those that are sequences or episodes; rows that are gone, or hidden, lose theirs."""

OF_TYPE = sa.text(f"WITH source AS ({ENTITIES} WHERE e.entity_type_id = ANY(CAST(:ids AS uuid[])))" + WRITE.format(choice=""))

DUE = sa.text(
    """
    UPDATE tracker.search_state SET checked_at = timezone('UTC', clock_timestamp())
    WHERE ctid = (SELECT ctid FROM tracker.search_state
        WHERE checked_at < timezone('UTC', clock_timestamp()) - make_interval(secs => :patience) FOR UPDATE SKIP LOCKED)
    RETURNING true
    """
)

MISSED = sa.text(
    SOURCE
    + WRITE.format(
        choice="""
    WHERE NOT EXISTS (
        SELECT 1 FROM tracker.search_document o WHERE o.id = source.id AND o.stamp IS NOT DISTINCT FROM source.stamp)
    """
    )
)

STALE = sa.text(
    """
    DELETE FROM tracker.search_document d
    WHERE NOT EXISTS (SELECT 1 FROM entity e WHERE e.id = d.id) AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = d.id AND p.active)
    """
)

COUNTS = sa.text(
    """
    SELECT kind, count(*) FROM tracker.search_document GROUP BY kind
    UNION ALL SELECT 'comments', count(*) FROM tracker.search_comment
    """
)

COMMENTS = """
    INSERT INTO tracker.search_comment AS d (id, task_id, project_id, created_at, content)
    SELECT comment.id, task.id, task.project_id, comment.created_at, content
    FROM comment JOIN task ON task.id = comment.object_id, tracker.said(comment.text, comment.replies) AS content
    WHERE content <> '' AND {choice}
    ON CONFLICT (id) DO UPDATE SET task_id = excluded.task_id, project_id = excluded.project_id, created_at = excluded.created_at,
        content = excluded.content
"""
CHANGED_COMMENTS = sa.text(
    """
    WITH gone AS (
        DELETE FROM tracker.search_comment d WHERE id = ANY(CAST(:ids AS uuid[]))
            AND NOT EXISTS (SELECT 1 FROM comment WHERE comment.id = d.id AND tracker.said(comment.text, comment.replies) <> '')
    )
    """
    + COMMENTS.format(choice="comment.id = ANY(CAST(:ids AS uuid[]))")
)
MISSED_COMMENTS = sa.text(
    COMMENTS.format(choice="comment.text <> '' AND NOT EXISTS (SELECT 1 FROM tracker.search_comment o WHERE o.id = comment.id)")
)
STALE_COMMENTS = sa.text(
    "DELETE FROM tracker.search_comment d WHERE NOT EXISTS (SELECT 1 FROM comment JOIN task ON task.id = object_id WHERE comment.id = d.id)"
)


def index(tx, ids):
    """Make the documents of entities and persons anew; those of rows that went, or are no longer found, go."""
    tx.execute(CHANGED, {"ids": [str(id) for id in ids], **WORDS})


def index_types(tx, ids):
    """Make the documents of all assets of these types anew."""
    tx.execute(OF_TYPE, {"ids": [str(id) for id in ids], **WORDS})


def index_comments(tx, ids):
    """Make what these comments say anew; those that went, or say nothing, are forgotten."""
    tx.execute(CHANGED_COMMENTS, {"ids": [str(id) for id in ids]})


def forget_comments(tx, task_ids):
    """Forget what was said about tasks that went."""
    tx.execute(sa.text("DELETE FROM tracker.search_comment WHERE task_id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(task_ids)})


def catch_up_comments(tx):
    """Index comments that were written past this server, and forget those removed past it."""
    tx.execute(STALE_COMMENTS)
    tx.execute(MISSED_COMMENTS)


def catch_up(tx):
    """Index what was written past this server since the last look, if that is long ago; one request does it for all."""
    if tx.scalar(DUE, {"patience": PATIENCE_S}):
        tx.execute(STALE)
        tx.execute(MISSED, WORDS)


def reset(tx):
    """Make every document anew; returns {kind: number of documents}."""
    tx.execute(sa.text("DELETE FROM tracker.search_document"))
    tx.execute(sa.text(SOURCE + WRITE.format(choice="")), WORDS)
    tx.execute(sa.text("DELETE FROM tracker.search_comment"))
    tx.execute(sa.text(COMMENTS.format(choice="true")))
    tx.execute(sa.text("UPDATE tracker.search_state SET checked_at = timezone('UTC', clock_timestamp())"))
    found = dict(tx.execute(COUNTS).all())
    return {kind: found.get(kind, 0) for kind in KINDS}
