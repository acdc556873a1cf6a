"""Bodies and filters of the routes of files that are not generic. Rules: contract/rules/files.md §2 to §4."""

from marshmallow import Schema, fields, validate

FILLED = validate.Length(min=1)


class WorkingPathSchema(Schema):
    """A working file whose path is asked for. Revision 0: the next one."""

    name = fields.String(load_default="main")
    mode = fields.String(load_default="working")
    software_id = fields.String(load_default=None, allow_none=True)
    revision = fields.Integer(load_default=0, strict=True)
    sep = fields.String(load_default="/")


class NewWorkingFileSchema(WorkingPathSchema):
    """A new working file. Revision 0: the next one; without a person it is the caller's."""

    name = fields.String(required=True, validate=FILLED)
    comment = fields.String(load_default="")
    person_id = fields.String(load_default=None, allow_none=True)


class CommentSchema(Schema):
    """What is said of a working file."""

    comment = fields.String(required=True, validate=FILLED)


class OutputTypesSchema(Schema):
    """Which outputs count as revisions of one another."""

    name = fields.String(load_default="main")
    output_type_id = fields.String(required=True, validate=FILLED)
    task_type_id = fields.String(required=True, validate=FILLED)


class OutputPathSchema(OutputTypesSchema):
    """An output whose path is asked for. Revision 0: the next one."""

    mode = fields.String(load_default="output")
    revision = fields.Integer(load_default=0, strict=True)
    representation = fields.String(load_default="")
    separator = fields.String(load_default="/")


class NewOutputFileSchema(OutputTypesSchema):
    """A new output file. A revision below 1: the next one; without a person it is the caller's."""

    revision = fields.Integer(load_default=0, strict=True)
    extension = fields.String(load_default="")
    representation = fields.String(load_default="")
    nb_elements = fields.Integer(load_default=1, strict=True)
    sep = fields.String(load_default="/")
    comment = fields.String(load_default="")
    person_id = fields.String(load_default=None, allow_none=True)
    file_status_id = fields.String(load_default=None, allow_none=True)
    working_file_id = fields.String(load_default=None, allow_none=True)


class OutputFilters(Schema):
    """Equality filters of output files; an empty one is none."""

    output_type_id = fields.String(load_default=None, allow_none=True)
    task_type_id = fields.String(load_default=None, allow_none=True)
    representation = fields.String(load_default=None, allow_none=True)
    file_status_id = fields.String(load_default=None, allow_none=True)
    name = fields.String(load_default=None, allow_none=True)


class InstanceOutputFilters(OutputFilters):
    """The same, and the entity that the instance is seen in."""

    temporal_entity_id = fields.String(load_default=None, allow_none=True)


class RepresentationFilter(Schema):
    """One representation; an empty one is a representation too."""

    representation = fields.String(load_default=None, allow_none=True)


class WorkingFileFilters(Schema):
    """Filters of working files; `relations`: with the ids of what was published from them."""

    task_id = fields.String(load_default=None, allow_none=True)
    name = fields.String(load_default=None, allow_none=True)
    relations = fields.Boolean(load_default=False, truthy={"true", "True", "1", True}, falsy={"false", "False", "0", "", False})


class GuessSchema(Schema):
    """A path to read with the file tree of a production."""

    project_id = fields.String(required=True, validate=FILLED)
    file_path = fields.String(required=True, validate=FILLED)
    sep = fields.String(load_default="/", validate=FILLED)
