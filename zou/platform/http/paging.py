"""Lists of rows that come whole, or by pages in an envelope when the query string asks for a page. Rules: contract/rules/crud.md §2."""

import sqlalchemy as sa
from flask import current_app

from zou.platform.db.copying import copied_list
from zou.platform.db.projection import json_list, list_rows
from zou.platform.http.filters import MAX_LIMIT, page_number
from zou.platform.http.resource import Json


def paged(tx, schema, statement, model, relations=True, takes_limit=True):
    """The rows of `model` that an ordered statement selects: an array, or with `page` in the query string an envelope of a page.

    A page has NB_RECORDS_PER_PAGE rows, or as many as `limit` says where the route takes it.
    """
    page, limit = page_number()
    if page is None:
        return copied_list(tx, list_rows(schema, statement, model, relations=relations))
    page, limit = min(max(page, 1), MAX_LIMIT), (takes_limit and limit) or current_app.config["NB_RECORDS_PER_PAGE"]
    total = sa.select(sa.func.count()).select_from(statement.order_by(None).with_only_columns(model.id).subquery()).scalar_subquery()
    rows = json_list(schema, statement.limit(limit).offset((page - 1) * limit), model, relations=relations)
    count, data = tx.execute(sa.select(total, rows.scalar_subquery())).one()
    envelope = f'"total":{count},"nb_pages":{-(-count // limit)},"limit":{limit},"offset":{(page - 1) * limit},"page":{page}'
    return Json(f'{{"data":{data},{envelope}}}')
