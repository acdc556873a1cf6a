"""Kinds of files that previews are, by extension. Rules: contract/rules/previews.md §2; what is taken beyond them: docs/differences.md."""

PICTURES = frozenset(["jpe", "jpeg", "jpg", "png"])
"""Kept as PNG."""

MOVIES = frozenset(["avi", "m4v", "mkv", "mov", "mp4", "webm", "wmv"])
"""Kept as MP4."""

RENDERED = frozenset(["dpx", "exr", "hdr", "psb", "psd", "tif", "tiff"])
SHOWN = RENDERED | {"webp"}
"""Kept as uploaded, with the pictures of a web version; `RENDERED`: those that OpenImageIO reads."""

LATELY = frozenset(["dpx", "hdr", "tif", "tiff", "webp"])
"""Those that the contract's server refuses: here they must be what they claim."""

FILES = frozenset(
    ["ae", "ai", "blend", "clip", "comp", "diff", "fbx", "fla", "flv", "gif", "glb", "gltf", "hip", "kra", "ma", "mb", "md", "mp3", "obj",
     "pdf", "rar", "rev", "riv", "sai", "sai2", "sbbkp", "svg", "swf", "tvpp", "wav", "zip"]
)  # fmt: skip
"""Kept as uploaded."""
