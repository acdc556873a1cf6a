"""Shots from the edits of editorial programs."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.platform.events.models import ApiEvent
from zou.tasks.models import Task

EDL = """TITLE: cut
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: {first}

002  AX       V     C        00:00:01:00 00:00:02:10 01:00:02:00 01:00:03:10
* FROM CLIP NAME: {second}
"""


def path(show, episode=None):
    return f"/import/otio/projects/{show.project.id}" + (f"/episodes/{episode.id}" if episode else "")


def short(show, tx, name="Film"):
    """Make the production one without episodes."""
    show.project.production_type, show.project.name = "short", name
    tx.commit()


def test_clips_make_sequences_shots_and_tasks(send, show, tx):
    short(show, tx)
    answer = send(path(show), EDL.format(first="Film_SQ1-sh1.mov", second="Film_SQ2-sh2.mov"), name="cut.EDL")
    assert answer.status_code == 201
    assert answer.json["updated_shots"] == []
    shots = [(s["name"], s["nb_frames"], s["data"], s["type"]) for s in answer.json["created_shots"]]
    assert shots == [("sh1", 50, {"frame_in": 0, "frame_out": 49}, "Shot"), ("sh2", 35, {"frame_in": 50, "frame_out": 84}, "Shot")]
    assert tx.scalar(sa.select(sa.func.count()).select_from(Task)) == 2
    told = tx.scalars(sa.select(ApiEvent.name).order_by(ApiEvent.created_at)).all()
    assert told == ["sequence:new", "sequence:new", "shot:new", "shot:new", "task:new", "task:new"]


def test_the_same_file_again_changes_shots_and_makes_none(send, show, tx):
    short(show, tx)
    file = EDL.format(first="Film_SQ1-sh1.mov", second="Film_SQ1-sh1.mov")
    first, second = send(path(show), file, name="a.edl"), send(path(show), file, name="a.edl")
    assert [len(first.json[key]) for key in ("updated_shots", "created_shots")] == [1, 1]
    assert [len(second.json[key]) for key in ("updated_shots", "created_shots")] == [2, 0]
    assert second.json["updated_shots"][0]["data"] == {"frame_in": 50, "frame_out": 84}


def test_case_counts_unless_it_is_told_not_to(send, show, tx):
    short(show, tx)
    assert send(path(show), EDL.format(first="Film_SQ1-sh1.mov", second="Film_SQ1-sh2"), name="a.edl").status_code == 201
    file = EDL.format(first="FILM_sq1-SH1.mov", second="film_Sq1-sh3")
    answer = send(path(show), file, name="a.edl", match_case="false")
    assert [[s["name"] for s in answer.json[key]] for key in ("updated_shots", "created_shots")] == [["sh1"], ["sh3"]]
    assert tx.scalars(sa.select(Entity.name).where(Entity.entity_type_id == show.kinds["Sequence"].id)).all() == ["SQ1"]
    assert len(send(path(show), file, name="a.edl").json["created_shots"]) == 2


def test_one_clip_without_shot_changes_nothing(send, show, counts, tx):
    short(show, tx)
    before = counts()
    answer = send(path(show), EDL.format(first="Film_SQ1-sh1.mov", second="title"), name="a.edl")
    assert (answer.status_code, answer.json["data"]["errors"][0]["line"]) == (400, 2)
    assert counts() == before


def test_a_series_needs_an_episode_of_its_own(send, show, make, tx, project):
    file = EDL.format(first="P_E01-SQ1-sh1.mov", second="P_E01-SQ1-sh2.mov")
    assert send(path(show), file, name="a.edl").status_code == 400
    episode = make(Entity, name="E01", project_id=show.project.id, entity_type_id=show.kinds["Episode"].id)
    answer = send(path(show, episode), file, name="a.edl")
    assert [s["name"] for s in answer.json["created_shots"]] == ["sh1", "sh2"]
    sequence = tx.scalar(sa.select(Entity).where(Entity.name == "SQ1"))
    assert sequence.parent_id == episode.id
    for other in (make(Entity, name="x", project_id=show.project.id, entity_type_id=show.props.id), show.artist):
        assert send(path(show, other), file, name="a.edl").status_code == 404


def test_readers_of_other_forms_are_used(send, show, tx):
    short(show, tx)
    otio = """{"OTIO_SCHEMA": "Timeline.1", "name": "t", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": [{"OTIO_SCHEMA": "Track.1",
        "kind": "Video", "children": [{"OTIO_SCHEMA": "Clip.1", "name": "", "source_range": {"OTIO_SCHEMA": "TimeRange.1",
        "start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 24, "value": 10}, "duration": {"OTIO_SCHEMA": "RationalTime.1", "rate": 24,
        "value": 48}}, "media_reference": {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "file:///a/Film_SQ1-sh9.mov"}}]}]}}"""
    answer = send(path(show), otio, name="cut.otio")
    assert [(s["name"], s["nb_frames"], s["data"]["frame_out"]) for s in answer.json["created_shots"]] == [("sh9", 48, 47)]


def test_other_files_are_refused_in_words(send, show, tx):
    short(show, tx)
    assert send(path(show), "a", name="cut.csv").json["message"].startswith("Unsupported file type '.csv'. Supported formats: aaf,")
    answer = send(path(show), "not an edl", name="../../cut.edl")
    assert answer.json["message"].startswith("Failed to parse OTIO file: ")
    assert "/tmp" not in answer.json["message"]
    for name in ("cut", "cut.otioz", "cut.aaf", "cut.ma", "cut.xml", "cut.xges", "cut.otiod", "cut.otio", ""):
        assert send(path(show), "\x00\x01nonsense", name=name or "x.").status_code == 400, name
    assert send(path(show), "nonsense", name="cut.ale").json == {"updated_shots": [], "created_shots": []}
