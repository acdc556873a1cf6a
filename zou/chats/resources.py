"""HTTP of chats."""

from zou.chats import queries, services
from zou.chats.schemas import ChatSchema
from zou.entities.models import Entity
from zou.people.rules import person, reads_entity
from zou.platform.http import Json, Resource, permission, returns


class MyChatsResource(Resource):
    """The person's chats."""

    @permission(person)
    @returns()
    def get(self):
        """The chats of open productions that one takes part in."""
        return Json(self.tx.scalar(queries.joined(self.actor)))


class JoinChatResource(Resource):
    """Taking part in the chat of an entity."""

    @permission(person & reads_entity, on=Entity, lock=False)
    @returns(ChatSchema)
    def post(self, entity):
        """Take part in the chat of an entity, which is made when there is none yet."""
        return services.join(self.tx, entity.id, self.actor.id)

    @permission(person & reads_entity, on=Entity, lock=False)
    @returns(status=204)
    def delete(self, entity):
        """Leave the chat of an entity."""
        services.leave(self.tx, entity.id, self.actor.id)
