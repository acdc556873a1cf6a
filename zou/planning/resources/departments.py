"""What departments use and what it costs: machines here, software in the domain of files. Rules: schedule-and-budget.md §6."""

import sqlalchemy as sa
from marshmallow import Schema, fields
from sqlalchemy.dialects.postgresql import insert

from zou.people.models import Department
from zou.people.rules import admin
from zou.planning.answers import used, used_item
from zou.planning.models import HardwareItem, HardwareItemDepartmentLink
from zou.planning.schemas import HardwareItemDepartmentLinkSchema, HardwareItemSchema
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_groups, json_row
from zou.platform.errors import NotFound
from zou.platform.http import Json, Resource, body, permission, returns


def id_of(key):
    """A body with the id of what a department is to use."""
    return Schema.from_dict({key: fields.UUID(required=True)}, name=f"Department{key.title().replace('_', '')}Schema")


class DepartmentRoute(Resource):
    """A route on what departments use; who may not use it hears that before whether the department is there."""

    uuids = ("department_id", "hardware_item_id", "software_id")
    model = schema = link = key = None  # of what is used: its model and schema, the model of the links, and the column with its id there

    def load(self, route, url):
        self.judge(route)
        return super().load(route, url)

    @property
    def item_id(self):
        """The column of a link with the id of what is used."""
        return getattr(self.link, self.key)

    def item(self, id):
        """What has this id. Raises NotFound."""
        found = self.tx.get(self.model, id) if is_uuid(id) else None
        if found is None:
            raise NotFound()
        return found


class UsedResource(DepartmentRoute):
    """What departments use."""

    @permission(admin)
    @returns(used)
    def get(self):
        """What is used, by department."""
        rows = sa.select(self.link.department_id, json_row(self.schema, self.model).label("row"))
        rows = rows.join(self.model, self.model.id == self.item_id).order_by(self.model.name)
        return Json(self.tx.scalar(json_groups(rows, "department_id", "row")))


class UsedItemResource(DepartmentRoute):
    """One thing that a department uses."""

    @permission(admin, on=Department)
    @returns(used_item)
    def get(self, department, **used):
        """What the department uses. Raises NotFound when it does not."""
        item = self.item(used[self.key])
        linked = sa.exists().where(self.link.department_id == department.id, self.item_id == item.id)
        if not self.tx.scalar(sa.select(linked)):
            raise NotFound()
        return Json(self.project(self.schema, item))

    @permission(admin, on=Department, lock=False)
    @returns(None, 204)
    def delete(self, department, **used):
        """Let the department use it no longer; nothing happens when it did not."""
        item = self.item(used[self.key])
        link = self.link.__table__
        self.tx.execute(sa.delete(link).where(link.c.department_id == department.id, link.c[self.key] == item.id))


def using(key, link_schema):
    """The resource by which a department comes to use something: POST with its id."""

    class Using(DepartmentRoute):
        @permission(admin, on=Department, lock=False)
        @body(id_of(key))
        @returns(link_schema, 201)
        def post(self, department, body):
            """Let the department use it; it may do so already."""
            item = self.item(str(body[key]))
            self.tx.execute(insert(self.link).values(department_id=department.id, **{key: item.id}).on_conflict_do_nothing())
            return self.tx.scalars(sa.select(self.link).where(self.link.department_id == department.id, self.item_id == item.id)).one()

    return Using


class OfHardware:
    """Machines."""

    model, schema, link, key = HardwareItem, HardwareItemSchema, HardwareItemDepartmentLink, "hardware_item_id"


class HardwareOfDepartmentsResource(OfHardware, UsedResource):
    """Machines that departments use."""


class DepartmentHardwareResource(OfHardware, using("hardware_item_id", HardwareItemDepartmentLinkSchema)):
    """Machines that a department uses."""


class DepartmentHardwareItemResource(OfHardware, UsedItemResource):
    """A machine that a department uses."""
