"""Rules of contract/rules/chats.md that the recordings do not reach, by paragraph."""

import io

import pytest
import sqlalchemy as sa

from zou.chats.models import Chat, ChatMessage
from zou.comments.models import AttachmentFile
from zou.entities.models import Entity, EntityType
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"


@pytest.fixture
def asset(make, project):
    return make(Entity, name="Tree", project_id=project.id, entity_type_id=make(EntityType, name="Props").id)


def test_who_says_what(api, people, asset, make, tx):
    """§2, §3: who reaches the entity joins and then speaks; an empty text is one; the newest message dates the chat."""
    chat, join = f"/data/entities/{asset.id}/chat", f"/actions/user/chats/{asset.id}/join"
    me = people["user"]
    first = api(me, "get", chat).json
    assert (first["participants"], first["messages"], first["object_type"], first["last_message"]) == ([], [], "entity", None)
    assert api(me, "post", f"{chat}/messages", json={"message": "x"}).json["message"] == "You are not a participant of this chat"
    joined = [api(me, "post", join) for _ in range(2)]
    assert [(answer.status_code, answer.json["id"], "participants" in answer.json) for answer in joined] == [(200, first["id"], False)] * 2
    assert api(me, "get", chat).json["participants"] == [str(me.id)]
    said = [api(me, "post", f"{chat}/messages", json=body) for body in ({"message": ""}, {"message": "x"}, {}, {"message": None})]
    assert [answer.status_code for answer in said] == [201, 201, 400, 400]
    assert said[1].json.keys() == {"id", "chat_id", "person_id", "text", "created_at", "updated_at", "type"}
    rows = api(people["client"], "get", f"{chat}/messages").json
    assert [(row["text"], row["attachment_files"]) for row in rows] == [("", []), ("x", [])]
    assert [api(people[who], "get", f"{chat}/messages").status_code for who in ("vendor", "outsider", "admin")] == [403, 403, 200]
    make(Task, project_id=asset.project_id, entity_id=asset.id, task_type_id=make(TaskType).id, assignees=[people["vendor"]])
    assert api(people["vendor"], "post", join).status_code == 200
    assert api(me, "get", f"/data/entities/{NOBODY}/chat").status_code == 404
    assert (tx.scalar(sa.select(sa.func.count()).select_from(Chat)), tx.scalars(sa.select(ApiEvent.name)).all()) == (1, [])
    mine = api(me, "get", "/data/user/chats").json
    assert [(row["id"], row["entity_name"], row["project_id"]) for row in mine] == [(first["id"], "Props / Tree", str(asset.project_id))]
    assert mine[0].keys() == {"id", "object_id", "last_message", "entity_name", "project_id", "preview_file_id"}
    assert [api(who, "delete", join).status_code for who in (me, me, people["manager"])] == [204, 204, 204]
    assert api(me, "get", "/data/user/chats").json == []
    api(me, "post", join)
    tx.execute(sa.update(Project).values(project_status_id=None))
    tx.commit()
    assert api(me, "get", "/data/user/chats").json == []


def test_messages_and_their_files(api, people, asset, make, tx):
    """§2, §4: a message is of its own entity's chat, its author or an administrator takes it back, with its files."""
    other = make(Entity, name="Rock", project_id=asset.project_id, entity_type_id=asset.entity_type_id)
    me, chat = people["user"], f"/data/entities/{asset.id}/chat/messages"
    api(me, "post", f"/actions/user/chats/{asset.id}/join")
    sent = api(me, "post", chat, data={"message": "see", "file": (io.BytesIO(b"x"), "a.txt", "text/plain")}).json
    assert [file.keys() for file in sent["attachment_files"]] == [{"id", "name", "extension", "size"}]
    path = f"{chat}/{sent['id']}"
    assert [file.keys() for file in api(me, "get", path).json["attachment_files"]] == [{"id", "name", "extension"}]
    elsewhere = f"/data/entities/{other.id}/chat/messages/{sent['id']}"
    assert [api(me, verb, elsewhere).status_code for verb in ("get", "delete")] == [403, 403]
    assert [api(me, "get", f"{chat}/{id}").status_code for id in (NOBODY, "no-id")] == [404, 404]
    file = f"/data/attachment-files/{sent['attachment_files'][0]['id']}/file/a.txt"
    assert api(people["outsider"], "get", file).status_code == 403
    assert api(me, "get", f"/pictures/thumbnails/attachment-files/{sent['attachment_files'][0]['id']}.png").status_code == 404
    before = tx.scalar(sa.select(Chat.last_message).where(Chat.object_id == asset.id))
    assert [api(people[who], "delete", path).status_code for who in ("manager", "user", "user")] == [403, 204, 404]
    assert [tx.scalar(sa.select(sa.func.count()).select_from(model)) for model in (ChatMessage, AttachmentFile)] == [0, 0]
    assert tx.scalar(sa.select(Chat.last_message).where(Chat.object_id == asset.id)) == before is not None
