"""The frame rate of a production. Rules: contract/rules/entities.md §10."""

DEFAULT_FPS = 25


def frame_rate(project):
    """Frames per second of a production as a number; 25 when it says none, or what cannot be read."""
    try:
        rate = float(project.fps or DEFAULT_FPS)
    except ValueError:
        return float(DEFAULT_FPS)
    return rate if 0 < rate < float("inf") else float(DEFAULT_FPS)
