"""Films for tests: each of one colour, so that one can see whether a film made of them is complete and in order."""

import subprocess

import av

from zou.platform.media import movies

COLOURS = {"red": (254, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 254), "white": (255, 255, 255)}


def film(path, colour, seconds=1, size="160x90", fps=10, sound=True):
    """Write a film of one colour, with a tone unless `sound` is false; returns its path."""
    tone = ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=44100:duration={seconds}", "-c:a", "aac"] if sound else []
    picture = ["-f", "lavfi", "-i", f"color=c={colour}:size={size}:rate={fps}:duration={seconds}"]
    command = [movies.ffmpeg(), "-loglevel", "error", "-y", *picture, *tone, "-pix_fmt", "yuv420p", "-c:v", "libx264", str(path)]
    subprocess.run(command, check=True)
    return path


def colours(path):
    """[(colour, number of frames)] of a film, decoded from its beginning to its end."""
    shown = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            image = frame.to_image()
            pixel = image.getpixel((image.width // 2, image.height // 2))
            name = min(COLOURS, key=lambda colour: sum(abs(a - b) for a, b in zip(COLOURS[colour], pixel, strict=True)))
            if not shown or shown[-1][0] != name:
                shown.append((name, 0))
            shown[-1] = (name, shown[-1][1] + 1)
    return shown


def seconds_of(path):
    """(seconds of picture, seconds of sound) of a film."""
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        return float(video.duration * video.time_base), float(audio.duration * audio.time_base)
