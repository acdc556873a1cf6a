"""Lists of rows that come whole, or by pages in an envelope when the query string asks for a page. Rules: contract/rules/crud.md §2."""

import functools

import sqlalchemy as sa
from flask import current_app

from zou.platform.db.copying import copied_list
from zou.platform.db.prepared import Made
from zou.platform.db.projection import json_list, list_rows
from zou.platform.http.filters import MAX_LIMIT, page_number
from zou.platform.http.resource import Json, kept_rows


def paged(tx, schema, statement, model, relations=True, takes_limit=True):
    """The rows of `model` that an ordered statement selects: an array, or with `page` in the query string an envelope of a page.

    `statement`: a select, or what a prepared function made. A page has NB_RECORDS_PER_PAGE rows, or as many as `limit` says where the
    route takes it.
    """
    page, limit = page_number()
    kept = isinstance(statement, Made)
    statement, values = statement if kept else (statement, {})
    if page is None:
        if kept:
            return copied_list(tx, kept_rows(schema, statement, relations), values)
        return copied_list(tx, list_rows(schema, statement, model, relations=relations))
    page, limit = min(max(page, 1), MAX_LIMIT), (takes_limit and limit) or current_app.config["NB_RECORDS_PER_PAGE"]
    offset = (page - 1) * limit
    one_page = (kept_page if kept else page_of)(schema, statement, model, relations)
    count, data = tx.execute(one_page, {**values, "page_limit": limit, "page_offset": offset}).one()
    envelope = f'"total":{count},"nb_pages":{-(-count // limit)},"limit":{limit},"offset":{offset},"page":{page}'
    return Json(f'{{"data":{data},{envelope}}}')


def page_of(schema, statement, model, relations):
    """Select of (number of rows, JSON array of those from `page_offset` on, at most `page_limit`)."""
    total = sa.select(sa.func.count()).select_from(statement.order_by(None).with_only_columns(model.id).subquery()).scalar_subquery()
    limit, offset = sa.bindparam("page_limit", type_=sa.Integer), sa.bindparam("page_offset", type_=sa.Integer)
    rows = json_list(schema, statement.limit(limit).offset(offset), model, relations=relations)
    return sa.select(total, rows.scalar_subquery())


kept_page = functools.lru_cache(maxsize=1024)(page_of)  # of prepared statements, each of which is one object
