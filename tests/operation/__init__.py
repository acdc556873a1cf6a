"""The files of config/, each checked by its own checker, and the documentation."""
