"""The news of productions."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.inbox.models import News
from zou.inbox.queries import news
from zou.inbox.queries.news import Filters
from zou.people.rules import anyone, finds_entity, is_client_of, member, reaches, reads_as_client, works_on
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Json, Resource, permission, returns
from zou.platform.http.filters import FALSE, MAX_LIMIT, TRUE, integer, moment_argument, uuid_argument
from zou.productions.models import Project
from zou.productions.queries.lists import mine, named_open, role_on
from zou.tasks.models import Task

ENTITY_LIMIT = 2000
reads_news = reaches & ~is_client_of
"""Within a production: clients read no news, vendors those of entities that hold a task of theirs."""


def only_preview():
    """Whether news without preview are left out. Raises Invalid for what is neither true nor false."""
    text = request.args.get("only_preview", "false").lower()
    if text not in TRUE | FALSE:
        raise Invalid("Wrong value for parameter only_preview.")
    return text in TRUE


class NewsListResource(Resource):
    """A list of news."""

    def listing(self, *conditions):
        """JSON of the page that the query string asks for, with the number of status changes by status."""
        ids = {key: uuid_argument(key) for key in ("task_type_id", "task_status_id", "person_id", "episode_id")}
        filters = Filters(**ids, only_preview=only_preview(), after=moment_argument("after"), before=moment_argument("before"))
        page, limit = max(integer("page", 1), 1), max(integer("limit", 50), 1)
        return self.page([*conditions, *filters.conditions()], page, limit, filters.only_preview)

    def page(self, conditions, page, limit, with_previews=False, with_stats=True):
        page, limit = min(page, MAX_LIMIT), min(limit, MAX_LIMIT)
        total, stats, data = self.tx.execute(news.page_of(conditions, page, limit, with_previews)).one()
        told = f',"stats":{stats}' if with_stats else ""
        envelope = f'"total":{total},"nb_pages":{-(-total // limit)},"limit":{limit},"offset":{(page - 1) * limit},"page":{page}{told}'
        return Json(f'{{"data":{data},{envelope}}}')


class ProjectNewsResource(NewsListResource):
    """The news of a production."""

    @permission(member & ~is_client_of, on=Project)
    @returns()
    def get(self, project):
        """News of a production, newest first, by pages; vendors read those of entities that hold a task of theirs."""
        is_vendor = role_on(self.tx, self.actor, str(project.id)) == "vendor"
        return self.listing(Task.project_id == project.id, *([works_on(Task.entity_id, self.actor)] if is_vendor else []))


class ProjectNewsItemResource(Resource):
    """One news."""

    @permission(member & ~is_client_of, on=Project, then=reads_news)
    @returns()
    def get(self, project, news_id):
        """One news of a production, in the form of the list."""
        self.fetch(News, news_id, reads_news)
        found = self.tx.scalar(news.one(News.id == news_id, Task.project_id == project.id))
        if found is None:
            raise NotFound()
        return Json(found)


class OpenProjectsNewsResource(NewsListResource):
    """The news of all productions."""

    @permission(anyone, each=finds_entity & ~reads_as_client)
    @returns()
    def get(self):
        """News of the open productions that one works on, or of one of them; of all open ones for administrators."""
        conditions = [Task.project_id.in_(sa.select(Project.id).where(Project.project_status_id == named_open()))]
        if not self.actor.is_admin:
            conditions.append((finds_entity & ~reads_as_client).clause(Task, self.actor))
        project_id = request.args.get("project_id")
        if is_uuid(project_id):
            asked = sa.exists().where(
                Project.id == project_id, Project.project_status_id == named_open(), *([] if self.actor.is_admin else [mine(self.actor)])
            )
            conditions.append(sa.or_(Task.project_id == project_id, sa.not_(asked)))
        return self.listing(*conditions)


class EntityNewsResource(NewsListResource):
    """The news of an entity."""

    @permission(member & reads_news, on=Entity, key="entity_id")
    @returns()
    def get(self, entity):
        """News of an entity, newest first."""
        return self.page([Task.entity_id == entity.id], 1, ENTITY_LIMIT, with_stats=False)
