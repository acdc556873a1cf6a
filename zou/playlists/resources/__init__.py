"""HTTP of playlists, builds, share links and shared pages."""
