"""The read side of playlists: lists, one playlist with its previews, what a share link shows."""
