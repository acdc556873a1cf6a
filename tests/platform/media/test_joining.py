"""Films joined in order, whatever they are made of."""

import pytest

from tests.films import colours, film, seconds_of
from zou.platform.media import joining
from zou.platform.media.movies import MovieError, Size, probe

SIZE = Size(320, 180)


@pytest.fixture
def joined(tmp_path):
    """`joined(*sources, full)`: (path of the film, what is said of it)."""

    def join(*sources, full=False):
        target = tmp_path / "film.mp4"
        return target, joining.join(sources, target, SIZE, "25.000", tmp_path, full)

    return join


def test_films_of_one_make_are_joined_as_they_are(joined, tmp_path):
    sources = [film(tmp_path / f"{colour}'s.mp4", colour, seconds) for colour, seconds in (("red", 1), ("green", 2), ("red", 1))]
    target, message = joined(*sources)
    assert message is None
    assert colours(target) == [("red", 10), ("green", 20), ("red", 10)]
    assert probe(target).size == Size(160, 90)
    assert seconds_of(target) == pytest.approx((4, 4), abs=0.1)


@pytest.mark.parametrize("odd", [{"size": "200x90"}, {"fps": 12}, {"sound": False}])
def test_others_are_encoded_alike_first(joined, tmp_path, odd):
    sources = [film(tmp_path / "a.mp4", "red"), film(tmp_path / "b.mp4", "blue", **odd), film(tmp_path / "c.mp4", "green")]
    target, message = joined(*sources)
    assert message == joining.DIFFERENT
    assert [name for name, _ in colours(target)] == ["red", "blue", "green"]
    assert probe(target).size == SIZE
    assert seconds_of(target) == pytest.approx((3, 3), abs=0.15)


def test_every_frame_is_encoded_again_when_asked_for(joined, tmp_path):
    sources = [film(tmp_path / "a.mp4", "red"), film(tmp_path / "b.mp4", "blue")]
    target, message = joined(*sources, full=True)
    assert message is None
    assert colours(target) == [("red", 25), ("blue", 25)]
    assert probe(target).size == SIZE


def test_what_is_no_film_is_refused(joined, tmp_path):
    text = tmp_path / "notes.mp4"
    text.write_text("no film")
    with pytest.raises(MovieError):
        joined(film(tmp_path / "a.mp4", "red"), text)
    with pytest.raises(MovieError):
        joined()
