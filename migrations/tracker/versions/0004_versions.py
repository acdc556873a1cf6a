"""A version of each production: a number that grows with every committed change of what its boards show.

Statement triggers count, so every writer does, whichever program it is. A production's version is the sum of its rows: a writer adds to
a row that no other transaction holds, or adds a row, so that writers never wait for each other. The sum that a statement sees grows with
every commit that it sees, and equal sums of one database mean that nothing changed between.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNT = """
    CREATE FUNCTION tracker.count_change(productions uuid[]) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE production uuid; place tid;
    BEGIN
        FOREACH production IN ARRAY productions LOOP
            SELECT ctid INTO place FROM tracker.production_version WHERE project_id = production LIMIT 1 FOR UPDATE SKIP LOCKED;
            IF FOUND THEN UPDATE tracker.production_version SET n = n + 1 WHERE ctid = place;
            ELSE INSERT INTO tracker.production_version (project_id, n) VALUES (production, 1);
            END IF;
        END LOOP;
    END $$
"""
# What changed is `changed`: the rows before or after the statement. An update counts both, since a row may move to another production.
TRIGGER = """
    CREATE FUNCTION tracker.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE productions uuid[];
    BEGIN
        IF TG_OP = 'INSERT' THEN SELECT array_agg(DISTINCT id) INTO productions FROM ({new}) p(id) WHERE id IS NOT NULL;
        ELSIF TG_OP = 'DELETE' THEN SELECT array_agg(DISTINCT id) INTO productions FROM ({old}) p(id) WHERE id IS NOT NULL;
        ELSE SELECT array_agg(DISTINCT id) INTO productions FROM (({new}) UNION ALL ({old})) p(id) WHERE id IS NOT NULL;
        END IF;
        IF productions IS NOT NULL THEN PERFORM tracker.count_change(productions); END IF;
        RETURN NULL;
    END $$
"""
EVERY = "'00000000-0000-0000-0000-000000000000'::uuid"  # counts for all productions
OF_TASK = "SELECT t.project_id FROM {rows} c JOIN public.task t ON t.id = c.task_id"
ENDS = "SELECT e.project_id FROM {rows} c JOIN public.entity e ON e.id IN (c.entity_in_id, c.entity_out_id)"
# An episode of another production gives its place to what is cast in it, and that may be shared by this one.
EPISODES = """
    SELECT a.project_id FROM {rows} c JOIN public.entity_type y ON y.id = c.entity_type_id AND y.name = 'Episode'
    JOIN public.entity_link l ON l.entity_in_id = c.id JOIN public.entity a ON a.id = l.entity_out_id
"""
ALL = f"""
    CREATE FUNCTION tracker.watch_all() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM tracker.count_change(ARRAY[{EVERY}]); RETURN NULL; END $$
"""
WATCHED = {
    "entity": "SELECT c.project_id FROM {rows} c UNION ALL " + EPISODES,
    "task": "SELECT c.project_id FROM {rows} c",
    "project": "SELECT c.id FROM {rows} c",
    "metadata_descriptor": "SELECT c.project_id FROM {rows} c",
    "department_metadata_descriptor_link": (
        "SELECT d.project_id FROM {rows} c JOIN public.metadata_descriptor d ON d.id = c.metadata_descriptor_id"
    ),
    "task_person_link": OF_TASK,
    "subscription": OF_TASK,
    "entity_link": ENDS,
    "entity_type": f"SELECT {EVERY} FROM {{rows}} c LIMIT 1",
}


def upgrade():
    op.execute("CREATE TABLE tracker.production_version (project_id uuid NOT NULL, n bigint NOT NULL) WITH (fillfactor = 50)")
    op.execute("CREATE INDEX ix_production_version_project_id ON tracker.production_version (project_id)")
    op.execute(COUNT)
    op.execute(ALL)
    for table, productions in WATCHED.items():
        name = f"watch_{table}"
        op.execute(TRIGGER.format(name=name, new=productions.format(rows="new_rows"), old=productions.format(rows="old_rows")))
        for verb, rows in (
            ("insert", "NEW TABLE AS new_rows"),
            ("update", "NEW TABLE AS new_rows OLD TABLE AS old_rows"),
            ("delete", "OLD TABLE AS old_rows"),
        ):
            op.execute(
                f"CREATE TRIGGER tracker_{verb} AFTER {verb} ON public.{table} REFERENCING {rows}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION tracker.{name}()"
            )
        op.execute(
            f"CREATE TRIGGER tracker_truncate AFTER TRUNCATE ON public.{table} FOR EACH STATEMENT EXECUTE FUNCTION tracker.watch_all()"
        )


def downgrade():
    for table in WATCHED:
        op.execute(f"DROP FUNCTION tracker.watch_{table}() CASCADE")
    op.execute("DROP FUNCTION tracker.watch_all() CASCADE")
    op.execute("DROP FUNCTION tracker.count_change(uuid[])")
    op.execute("DROP TABLE tracker.production_version")
