"""Lists of rows, whole or a page at a time: contract/rules/tasks.md §5.2."""

import orjson
import sqlalchemy as sa
from flask import current_app

from zou.platform.db.projection import json_list
from zou.platform.http.filters import page_number
from zou.platform.http.resource import Json


def pages(tx, schema, statement, relations=False, takes_limit=False):
    """JSON of the rows of a select of a model: an array, or, with `page` in the query string, that page of it in an envelope.

    A page has NB_RECORDS_PER_PAGE rows, or as many as `limit` says where the route takes it. Pages count from 1.
    """
    page, wanted = page_number()
    if page is None:
        return Json(tx.scalar(json_list(schema, statement, relations=relations)))
    limit = (takes_limit and wanted) or current_app.config["NB_RECORDS_PER_PAGE"]
    page = min(max(page, 1), 2**31)
    rows = json_list(schema, statement.limit(limit).offset((page - 1) * limit), relations=relations)
    total = sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())
    count, data = tx.execute(sa.select(total.scalar_subquery(), rows.scalar_subquery())).one()
    envelope = {"total": count, "nb_pages": -(-count // limit), "limit": limit, "offset": (page - 1) * limit, "page": page}
    return Json('{"data":' + data + "," + orjson.dumps(envelope).decode()[1:])
