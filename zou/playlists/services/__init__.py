"""Rules of playlists: entries, builds, archives, share links, guests."""
