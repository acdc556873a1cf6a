"""Commands on tasks. Texts: contract/rules/cli.md."""

import click

from zou.platform.cli.database import with_transaction
from zou.platform.cli.progress import progress
from zou.platform.db import db
from zou.platform.db.payload import is_uuid


@click.command("clean-tasks-data")
@click.option("--project-id", help="The production whose tasks to recompute.")
@with_transaction
def clean_tasks_data(project_id):
    """Recompute status, retakes, dates and duration of every task of a production from its comments and logged time."""
    from zou.tasks.services import history

    if not project_id:
        raise click.UsageError("Missing option '--project-id'.")
    task_ids = history.tasks_of(db.session, project_id) if is_uuid(project_id) else None
    if task_ids is None:
        raise click.ClickException(f"There is no production {project_id}.")
    for task_id in progress(task_ids, "Tasks"):
        history.recompute(db.session, task_id)
    click.echo(f"{len(task_ids)} tasks cleaned.")
