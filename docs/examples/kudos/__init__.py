"""Kudos: thanks that the team leaves on a task. The plug-in is written like a domain of the server."""

import logging

from zou.platform.http import Crud, Domain

from .models import Kudo
from .resources import TaskKudosResource
from .schemas import KudoSchema

log = logging.getLogger(__name__)

domain = Domain("kudos")
domain.crud(Crud(Kudo, KudoSchema, "kudos"))  # /api/plugins/kudos/data/kudos and .../<id>: for administrators, as nothing else is said
domain.route("/tasks/<task_id>/kudos", TaskKudosResource)


def post_install(manifest):
    """After an installation or upgrade."""
    log.info("Kudos %s is there.", manifest.version)
