"""The bare statements of benchmarks/daily.py: {name: (who asks, path, statement that makes the same JSON)}."""

TASK = """
    t.id, t.name, t.description, t.priority, t.difficulty, t.duration, t.estimation, t.completion_rate, t.retake_count, t.sort_order,
    date_trunc('second', t.start_date) AS start_date, date_trunc('second', t.end_date) AS end_date,
    date_trunc('second', t.due_date) AS due_date, date_trunc('second', t.real_start_date) AS real_start_date,
    date_trunc('second', t.last_comment_date) AS last_comment_date, date_trunc('second', t.done_date) AS done_date,
    t.last_preview_file_id, t.nb_assets_ready, t.nb_drawings, t.data, t.shotgun_id, t.project_id, t.task_type_id, t.task_status_id,
    t.entity_id, t.assigner_id, date_trunc('second', t.created_at) AS created_at, date_trunc('second', t.updated_at) AS updated_at,
    'Task' AS type, ARRAY(SELECT person_id FROM task_person_link l WHERE l.task_id = t.id) AS assignees
"""
PLACES = """
    p.name AS project_name, p.has_avatar AS project_has_avatar, e.name AS entity_name, e.description AS entity_description,
    e.data AS entity_data, coalesce(e.preview_file_id::text, '') AS entity_preview_file_id,
    coalesce(e.source_id::text, '') AS entity_source_id, et.name AS entity_type_name, e.canceled AS entity_canceled,
    q.name AS sequence_name, coalesce(coalesce(h.id, e.source_id)::text, '') AS episode_id, coalesce(h.name, o.name) AS episode_name,
    tt.for_entity AS task_type_for_entity
"""
JOINS = """
    JOIN project p ON p.id = t.project_id JOIN task_type tt ON tt.id = t.task_type_id JOIN task_status s ON s.id = t.task_status_id
    JOIN entity e ON e.id = t.entity_id JOIN entity_type et ON et.id = e.entity_type_id LEFT JOIN entity q ON q.id = e.parent_id
    LEFT JOIN entity h ON h.id = q.parent_id LEFT JOIN entity o ON o.id = e.source_id
"""
OPEN = "(SELECT id FROM project WHERE project_status_id = (SELECT id FROM project_status WHERE name = 'Open'))"
TODO = f"""
    SELECT json_agg(CASE WHEN r.cast_in IS NULL THEN to_jsonb(r) - 'cast_in' ELSE to_jsonb(r) - 'cast_in' || r.cast_in END)::text FROM (
        SELECT {TASK}, {PLACES}, t.estimation AS task_estimation, t.duration AS task_duration,
            date_trunc('second', t.start_date) AS task_start_date, date_trunc('second', t.due_date) AS task_due_date,
            tt.name AS task_type_name, tt.color AS task_type_color, s.name AS task_status_name, s.color AS task_status_color,
            s.short_name AS task_status_short_name, coalesce((
                SELECT json_build_object('text', c.text, 'date', date_trunc('second', c.created_at), 'person_id', c.person_id)
                FROM comment c JOIN person a ON a.id = c.person_id
                LEFT JOIN project_person_link l ON l.person_id = a.id AND l.project_id = t.project_id
                WHERE c.object_id = t.id AND coalesce(l.role, a.role) <> 'client' ORDER BY c.created_at DESC LIMIT 1
            ), '{{}}') AS last_comment,
            (SELECT jsonb_build_object('episode_ids', jsonb_agg(i.id ORDER BY i.name), 'episode_names', jsonb_agg(i.name ORDER BY i.name))
                FROM entity_link k JOIN entity i ON i.id = k.entity_in_id WHERE k.entity_out_id = e.id
                AND i.entity_type_id = (SELECT id FROM entity_type WHERE name = 'Episode') HAVING count(*) > 0) AS cast_in
        FROM task t {JOINS}
        WHERE t.id IN (SELECT task_id FROM task_person_link WHERE person_id = %(person)s) AND {{done}}
            AND p.id IN (SELECT project_id FROM project_person_link WHERE person_id = %(person)s) AND p.id IN {OPEN}
        ORDER BY t.end_date DESC NULLS FIRST, tt.name, e.name
    ) AS r
"""
NAME = """
    CASE et.name WHEN 'Shot' THEN concat_ws(' / ', h.name, q.name, e.name) WHEN 'Sequence' THEN concat_ws(' / ', q.name, e.name)
        WHEN 'Episode' THEN e.name ELSE et.name || ' / ' || e.name END AS full_entity_name,
    CASE et.name WHEN 'Shot' THEN h.id WHEN 'Sequence' THEN q.id WHEN 'Episode' THEN e.id ELSE e.source_id END AS episode_id,
    e.preview_file_id AS entity_preview_file_id
"""
OPEN_TASKS = f"""
    WITH stats AS (
        SELECT t.task_status_id, count(*) AS amount, sum(t.duration) AS duration, sum(t.estimation) AS estimation
        FROM task t JOIN task_type tt ON tt.id = t.task_type_id JOIN task_status s ON s.id = t.task_status_id
        WHERE t.project_id IN {OPEN} AND tt.for_entity <> 'Concept' GROUP BY 1
    ), page AS (
        SELECT {TASK}, {PLACES}, tt.name AS type_name, s.name AS status_name, tt.color AS type_color, s.color AS status_color,
            s.short_name AS status_short_name
        FROM task t {JOINS} WHERE t.project_id IN {OPEN} AND tt.for_entity <> 'Concept'
        ORDER BY p.name, episode_name, q.name, et.name, e.name, tt.name, t.id LIMIT 100
    )
    SELECT json_build_object('data', (SELECT json_agg(page) FROM page), 'stats', json_build_object('total', (SELECT sum(amount) FROM stats),
        'total_duration', (SELECT sum(duration) FROM stats), 'total_estimation', (SELECT sum(estimation) FROM stats),
        'status', (SELECT json_agg(json_build_object('task_status_id', task_status_id, 'amount', amount)) FROM stats)))::text
"""
NEWS = f"""
    WITH wanted AS (
        SELECT n.*, c.task_status_id FROM news n JOIN task t ON t.id = n.task_id LEFT JOIN comment c ON c.id = n.comment_id
        WHERE t.project_id = %(project)s
    ), page AS (
        SELECT n.id, 'News' AS type, n.author_id, n.comment_id, n.task_id, t.task_type_id, n.task_status_id, t.entity_id AS task_entity_id,
            n.preview_file_id, f.extension AS preview_file_extension, f.revision AS preview_file_revision, t.project_id,
            p.name AS project_name, date_trunc('second', n.created_at) AS created_at, n.change, {NAME}, json_build_object('id', a.id,
            'first_name', a.first_name, 'last_name', a.last_name, 'has_avatar', a.has_avatar, 'role', a.role,
            'full_name', concat_ws(' ', nullif(a.first_name, ''), nullif(a.last_name, ''))) AS person
        FROM (SELECT * FROM wanted ORDER BY created_at DESC, id DESC LIMIT 50) n JOIN task t ON t.id = n.task_id {JOINS}
        LEFT JOIN preview_file f ON f.id = n.preview_file_id JOIN person a ON a.id = n.author_id ORDER BY n.created_at DESC, n.id DESC
    )
    SELECT json_build_object('data', (SELECT json_agg(page) FROM page), 'total', (SELECT count(*) FROM wanted), 'stats', (
        SELECT json_object_agg(task_status_id, amount) FROM (SELECT task_status_id, count(*) AS amount FROM wanted WHERE change
            AND task_status_id IS NOT NULL GROUP BY 1) AS s))::text
"""
NOTIFICATIONS = f"""
    SELECT json_agg(r)::text FROM (
        SELECT n.id, 'Notification' AS type, n.type AS notification_type, n.author_id, n.comment_id, n.task_id, t.task_type_id,
            c.task_status_id, ARRAY(SELECT person FROM comment_mentions m WHERE m.comment = c.id) AS mentions,
            ARRAY(SELECT department FROM comment_department_mentions m WHERE m.comment = c.id) AS department_mentions,
            '[]'::json AS reply_mentions, '[]'::json AS reply_department_mentions,
            (SELECT preview_file FROM comment_preview_link k JOIN preview_file f ON f.id = k.preview_file WHERE k.comment = c.id
                ORDER BY f.position, f.created_at LIMIT 1) AS preview_file_id, p.id AS project_id, p.name AS project_name,
            CASE WHEN coalesce(al.role, a.role) = 'client' THEN '' ELSE c.text END AS comment_text, '' AS reply_text,
            date_trunc('second', n.created_at) AS created_at, n.read, n.change, {NAME},
            (SELECT id FROM subscription b WHERE b.task_id = n.task_id AND b.person_id = n.person_id LIMIT 1) AS subscription_id,
            n.playlist_id, '' AS playlist_name, '' AS playlist_for_entity, false AS playlist_is_for_all
        FROM (SELECT * FROM notification WHERE person_id = %(person)s ORDER BY created_at DESC, id LIMIT 100) n
        JOIN person a ON a.id = n.author_id LEFT JOIN comment c ON c.id = n.comment_id JOIN task t ON t.id = n.task_id {JOINS}
        LEFT JOIN project_person_link al ON al.person_id = a.id AND al.project_id = p.id ORDER BY n.created_at DESC, n.id
    ) AS r
"""
PERSON = """json_build_object('id', {p}.id, 'first_name', {p}.first_name, 'last_name', {p}.last_name, 'has_avatar', {p}.has_avatar,
    'role', {p}.role, 'full_name', concat_ws(' ', nullif({p}.first_name, ''), nullif({p}.last_name, '')))"""
COMMENTS = f"""
    SELECT json_agg(r)::text FROM (
        SELECT c.shotgun_id, date_trunc('second', c.created_at) AS created_at, date_trunc('second', c.updated_at) AS updated_at, c.id,
            c.object_id, c.object_type, c.data, c.pinned, c.links, c.task_status_id, c.person_id, c.editor_id, c.preview_file_id,
            c.for_client, 'Comment' AS type, c.text, c.checklist, coalesce(c.replies, '[]') AS replies,
            (SELECT coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'extension', f.extension, 'reply_id', f.reply_id,
                'size', f.size)), '[]') FROM attachment_file f WHERE f.comment_id = c.id) AS attachment_files,
            (SELECT coalesce(json_agg(json_build_object('id', f.id, 'task_id', f.task_id, 'revision', f.revision, 'extension', f.extension,
                'width', f.width, 'height', f.height, 'duration', f.duration, 'status', f.status, 'validation_status', f.validation_status,
                'original_name', f.original_name, 'position', f.position, 'annotations', f.annotations) ORDER BY f.position), '[]')
                FROM comment_preview_link k JOIN preview_file f ON f.id = k.preview_file WHERE k.comment = c.id) AS previews,
            {PERSON.format(p="a")} AS person,
            json_build_object('id', s.id, 'name', s.name, 'short_name', s.short_name, 'color', s.color) AS task_status,
            ARRAY(SELECT person FROM comment_acknoledgments m WHERE m.comment = c.id) AS acknowledgements,
            ARRAY(SELECT person FROM comment_mentions m WHERE m.comment = c.id) AS mentions,
            ARRAY(SELECT department FROM comment_department_mentions m WHERE m.comment = c.id) AS department_mentions
        FROM comment c JOIN person a ON a.id = c.person_id JOIN task_status s ON s.id = c.task_status_id
        WHERE c.object_id = %(task)s ORDER BY c.created_at DESC
    ) AS r
"""
HOURS = """
    SELECT json_object_agg(unit, persons)::text FROM (
        SELECT unit, json_object_agg(person_id, minutes) AS persons FROM (
            SELECT extract({unit} FROM date)::int AS unit, person_id, sum(duration) AS minutes FROM time_spent
            WHERE {when} GROUP BY 1, 2
        ) AS summed GROUP BY unit
    ) AS units
"""
PLAYLIST = """
    SELECT json_build_object('shots', json_agg(entry))::text FROM (
        SELECT jsonb_build_object('id', shot->>'entity_id', 'preview_files', (
            SELECT jsonb_object_agg(task_type_id, files) FROM (
                SELECT t.task_type_id, jsonb_agg(jsonb_build_object('id', f.id, 'revision', f.revision, 'position', f.position,
                    'original_name', f.original_name, 'extension', f.extension, 'width', f.width, 'height', f.height,
                    'duration', f.duration, 'status', f.status, 'annotations', f.annotations, 'task_id', f.task_id, 'data', f.data,
                    'created_at', f.created_at) ORDER BY f.revision DESC) AS files
                FROM preview_file f JOIN task t ON t.id = f.task_id WHERE t.entity_id = (shot->>'entity_id')::uuid GROUP BY 1
            ) AS types)) || shot || jsonb_build_object('preview_file_extension', v.extension, 'preview_file_revision', v.revision,
                'preview_file_width', v.width, 'preview_file_height', v.height, 'preview_file_duration', v.duration,
                'preview_file_status', v.status, 'preview_file_task_id', v.task_id, 'preview_file_previews', ARRAY(
                SELECT to_jsonb(f) FROM preview_file f WHERE f.task_id = v.task_id AND f.revision = v.revision AND f.id <> v.id)) AS entry
        FROM playlist, jsonb_array_elements(shots) AS shot LEFT JOIN preview_file v ON v.id = (shot->>'preview_file_id')::uuid
        WHERE playlist.id = %(playlist)s
    ) AS entries
"""
STATEMENTS = {
    "to-do list": ("person", "/data/user/tasks", TODO.replace("{done}", "s.is_done IS NOT TRUE")),
    "done list": ("person", "/data/user/done-tasks", TODO.replace("{done}", "s.is_done")),
    "notifications": ("person", "/data/user/notifications", NOTIFICATIONS),
    "news": ("person", "/data/projects/{project}/news", NEWS),
    "comments of a task": ("admin", "/data/tasks/{task}/comments", COMMENTS),
    "open tasks": ("admin", "/data/tasks/open-tasks?limit=100", OPEN_TASKS),
    "hours, months": (
        "admin",
        "/data/persons/time-spents/month-table/2026",
        HOURS.format(unit="month", when="extract(year FROM date) = 2026"),
    ),
    "hours, weeks": (
        "admin",
        "/data/persons/time-spents/week-table/2026",
        HOURS.format(unit="week", when="extract(isoyear FROM date) = 2026"),
    ),
    "playlist of 200": ("admin", "/data/projects/{project}/playlists/{playlist}", PLAYLIST),
}
