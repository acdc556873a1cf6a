"""The news of productions."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.inbox.answers import ENTITY_NEWS, NEWS, NEWS_PAGE
from zou.inbox.bodies import FILTERS
from zou.inbox.models import News
from zou.inbox.queries import news
from zou.inbox.queries.news import Filters
from zou.people.rules import anyone, finds_entity, is_client_of, member, reaches, reads_as_client, works_on
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.filters import MAX_LIMIT, integer, moment_argument, uuid_argument
from zou.platform.http.shapes import ID
from zou.productions.models import Project
from zou.productions.queries.lists import mine, named_open, role_on
from zou.tasks.models import Task

ENTITY_LIMIT = 2000
YES, NO = {"true", "1", "on"}, {"false", "0"}
"""What `only_preview` may be, in any case."""
reads_news = reaches & ~is_client_of
"""Within a production: clients read no news, vendors those of entities that hold a task of theirs."""


def only_preview():
    """Whether news without preview are left out. Raises Invalid for what is neither true nor false."""
    text = request.args.get("only_preview", "false").lower()
    if text not in YES | NO:
        raise Invalid("Wrong value for parameter only_preview.")
    return text in YES


def of_project(actor, project_id):
    """Conditions: news of a production."""
    return [Task.project_id == project_id]


def of_my_entities(actor, project_id):
    """Conditions: news of a production, of entities that hold a task of the actor."""
    return [Task.project_id == project_id, works_on(Task.entity_id, actor)]


def of_entity(actor, entity_id):
    """Conditions: news of an entity."""
    return [Task.entity_id == entity_id]


def of_open_projects(actor, project_id):
    """Conditions: news of the open productions that the actor works on; `project_id`: of this one, if it is one of them."""
    conditions = [Task.project_id.in_(sa.select(Project.id).where(Project.project_status_id == named_open()))]
    if not actor.is_admin:
        conditions.append((finds_entity & ~reads_as_client).clause(Task, actor))
    if project_id is not None:
        own = [] if actor.is_admin else [mine(actor)]
        asked = sa.exists().where(Project.id == project_id, Project.project_status_id == named_open(), *own)
        conditions.append(sa.or_(Task.project_id == project_id, sa.not_(asked)))
    return conditions


class NewsListResource(Resource):
    """A list of news."""

    def listing(self, scope, about=None):
        """JSON of the page that the query string asks for, with the number of status changes by status."""
        ids = {key: uuid_argument(key) for key in ("task_type_id", "task_status_id", "person_id", "episode_id")}
        filters = Filters(**ids, only_preview=only_preview(), after=moment_argument("after"), before=moment_argument("before"))
        page, limit = max(integer("page", 1), 1), max(integer("limit", 50), 1)
        return self.page(scope, about, filters, page, limit)

    def page(self, scope, about, filters, page, limit, with_stats=True):
        page, limit = min(page, MAX_LIMIT), min(limit, MAX_LIMIT)
        form = {"scope": scope, "with_previews": filters.only_preview}
        total, stats, data = self.tx.execute(*news.page_of(self.actor, about, filters, limit, (page - 1) * limit, **form)).one()
        told = f',"stats":{stats}' if with_stats else ""
        envelope = f'"total":{total},"nb_pages":{-(-total // limit)},"limit":{limit},"offset":{(page - 1) * limit},"page":{page}{told}'
        return Json(f'{{"data":{data},{envelope}}}')


class ProjectNewsResource(NewsListResource):
    """The news of a production."""

    @permission(member & ~is_client_of, on=Project)
    @asks(**FILTERS)
    @returns(NEWS_PAGE)
    def get(self, project):
        """News of a production, newest first, by pages; vendors read those of entities that hold a task of theirs."""
        is_vendor = role_on(self.tx, self.actor, str(project.id)) == "vendor"
        return self.listing(of_my_entities if is_vendor else of_project, project.id)


class ProjectNewsItemResource(Resource):
    """One news."""

    @permission(member & ~is_client_of, on=Project, then=reads_news)
    @returns(NEWS)
    def get(self, project, news_id):
        """One news of a production, in the form of the list."""
        self.fetch(News, news_id, reads_news)
        found = self.tx.scalar(*news.one(news_id, project.id))
        if found is None:
            raise NotFound()
        return Json(found)


class OpenProjectsNewsResource(NewsListResource):
    """The news of all productions."""

    @permission(anyone, each=finds_entity & ~reads_as_client)
    @asks(**FILTERS, project_id=ID)
    @returns(NEWS_PAGE)
    def get(self):
        """News of the open productions that one works on, or of one of them; of all open ones for administrators."""
        project_id = request.args.get("project_id")
        return self.listing(of_open_projects, project_id if is_uuid(project_id) else None)


class EntityNewsResource(NewsListResource):
    """The news of an entity."""

    @permission(member & reads_news, on=Entity, key="entity_id")
    @returns(ENTITY_NEWS)
    def get(self, entity):
        """News of an entity, newest first."""
        return self.page(of_entity, entity.id, Filters(), 1, ENTITY_LIMIT, with_stats=False)
