"""Reading comments: the list of a task, as its reader may see it. Rules: contract/rules/comments.md §3."""

import functools

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from zou.people.models import Person
from zou.people.schemas import SHORT_KEYS, PersonShortSchema
from zou.platform.db.projection import select_list

OF_TASK = """
    WITH reader AS (
        SELECT CASE WHEN :role = 'admin' THEN 'admin' ELSE coalesce(nullif(link.role, 'admin'), :role) END AS role,
            coalesce(project.is_clients_isolated, false) AS isolated
        FROM project LEFT JOIN project_person_link link ON link.project_id = project.id AND link.person_id = :actor_id
        WHERE project.id = :project_id
    ), seen AS (
        SELECT comment.*, reader.role = 'client' AS by_rules_of_clients, reader.isolated,
            (CASE WHEN author.role = 'admin' THEN 'admin' ELSE coalesce(nullif(link.role, 'admin'), author.role) END) = 'client'
                AS of_client
        FROM reader, comment
        JOIN person author ON author.id = comment.person_id
        LEFT JOIN project_person_link link ON link.project_id = :project_id AND link.person_id = author.id
        WHERE comment.object_id = :task_id AND comment.task_status_id IS NOT NULL
            AND (reader.role IN ('admin', 'manager', 'supervisor') OR reader.role = 'client'
                OR (CASE WHEN author.role = 'admin' THEN 'admin' ELSE coalesce(nullif(link.role, 'admin'), author.role) END) <> 'client')
    ), shown AS (
        SELECT seen.*, pictures.list AS previews_list,
            seen.for_client IS TRUE OR (CASE WHEN isolated THEN person_id = :actor_id ELSE of_client END) AS in_full
        FROM seen, LATERAL (
            SELECT coalesce(json_agg(json_build_object('id', p.id, 'task_id', p.task_id, 'revision', p.revision, 'extension', p.extension,
                'width', p.width, 'height', p.height, 'duration', p.duration, 'status', p.status, 'validation_status', p.validation_status,
                'original_name', p.original_name, 'position', p.position, 'annotations', p.annotations) ORDER BY p.position), '[]') AS list,
                count(p.id) AS number
            FROM comment_preview_link l JOIN preview_file p ON p.id = l.preview_file
            WHERE l.comment = seen.id AND NOT (by_rules_of_clients AND p.validation_status = 'rejected')
        ) AS pictures
        WHERE NOT by_rules_of_clients OR seen.for_client IS TRUE OR (CASE WHEN isolated THEN person_id = :actor_id ELSE of_client END)
            OR (pictures.number > 0 AND NOT of_client)
    )
    SELECT coalesce(json_agg(item ORDER BY c_created DESC, c_id), '[]')::text FROM (
        SELECT c.id AS c_id, c.created_at AS c_created, jsonb_build_object(
            'shotgun_id', c.shotgun_id, 'created_at', date_trunc('second', c.created_at), 'updated_at', date_trunc('second', c.updated_at),
            'id', c.id, 'object_id', c.object_id, 'object_type', c.object_type, 'data', c.data, 'pinned', c.pinned, 'links', c.links,
            'task_status_id', c.task_status_id, 'person_id', c.person_id, 'editor_id', c.editor_id, 'preview_file_id', c.preview_file_id,
            'for_client', c.for_client, 'type', 'Comment'
        ) || jsonb_build_object(
            'text', CASE WHEN hidden THEN '' ELSE c.text END,
            'checklist', CASE WHEN hidden THEN '[]' ELSE c.checklist END,
            'replies', CASE WHEN hidden OR c.replies IS NULL THEN '[]'::jsonb ELSE (
                SELECT coalesce(jsonb_agg(CASE WHEN p.id IS NULL THEN reply ELSE
                    reply || jsonb_build_object('person', jsonb_build_object({replier})) END ORDER BY place), '[]')
                FROM jsonb_array_elements(c.replies) WITH ORDINALITY AS r(reply, place)
                LEFT JOIN person p ON p.id::text = reply ->> 'person_id') END,
            'attachment_files', CASE WHEN hidden THEN '[]'::jsonb ELSE (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'id', f.id, 'name', f.name, 'extension', f.extension, 'reply_id', f.reply_id, 'size', f.size)), '[]')
                FROM attachment_file f WHERE f.comment_id = c.id) END,
            'previews', previews_list,
            'person', jsonb_build_object({author}),
            'task_status', jsonb_build_object('id', s.id, 'name', s.name, 'short_name', s.short_name, 'color', s.color),
            'acknowledgements', (SELECT coalesce(jsonb_agg(person), '[]') FROM comment_acknoledgments WHERE comment = c.id),
            'mentions', (SELECT coalesce(jsonb_agg(person), '[]') FROM comment_mentions WHERE comment = c.id),
            'department_mentions', (SELECT coalesce(jsonb_agg(department), '[]') FROM comment_department_mentions WHERE comment = c.id)
        ) || CASE WHEN editor.id IS NULL THEN '{{}}'::jsonb ELSE jsonb_build_object('editor', jsonb_build_object({editor})) END AS item
        FROM shown c
        CROSS JOIN LATERAL (SELECT by_rules_of_clients AND NOT in_full AS hidden) AS veil
        JOIN person author ON author.id = c.person_id
        JOIN task_status s ON s.id = c.task_status_id
        LEFT JOIN person editor ON editor.id = c.editor_id
    ) AS items
"""


def short_person(alias, only=None):
    """SQL text: the short form of the person under an alias, as keys and values for `jsonb_build_object`."""
    columns = select_list(PersonShortSchema, Person.__table__.alias(alias).c, only=only)
    values = [column.element.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}) for column in columns]
    return ", ".join(f"'{column.name}', {value}" for column, value in zip(columns, values, strict=True))


@functools.cache
def statement():
    """The statement, made once: the schema is known only when all domains are."""
    return sa.text(OF_TASK.format(author=short_person("author"), replier=short_person("p"), editor=short_person("editor", SHORT_KEYS)))


def of_task(tx, task, actor):
    """JSON text of the comments of a task, newest first, as the actor may read them."""
    values = {"task_id": task.id, "project_id": task.project_id, "actor_id": actor.id, "role": "admin" if actor.is_admin else actor.role}
    return tx.scalar(statement(), values)
