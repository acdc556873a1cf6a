"""Playlists: what is reviewed together, its builds, and the links that share it."""

from zou.people.rules import not_vendor, supervises_or_manages
from zou.platform.http import Crud, Domain
from zou.playlists.models import Playlist
from zou.playlists.resources import builds, links, playlists, shared, shared_files
from zou.playlists.rules import changes_playlist, reads_playlist, sees_builds
from zou.playlists.schemas import PlaylistSchema
from zou.playlists.services.rows import PlaylistRows

domain = Domain("playlists")
domain.crud(
    Crud(
        Playlist,
        PlaylistSchema,
        "playlists",
        lists=not_vendor,
        visible=reads_playlist,
        reads=reads_playlist,
        creates=supervises_or_manages,
        writes=changes_playlist,
        removes=changes_playlist,
        service=PlaylistRows,
    ),
)
domain.hears("build_job", Playlist, sees_builds, key="playlist_id")

domain.route("/data/projects/<project_id>/playlists", playlists.ProjectPlaylistsResource)
domain.route("/data/projects/<project_id>/playlists/all", playlists.AllPlaylistsResource)
domain.route("/data/projects/<project_id>/playlists/temp", playlists.TemporaryPlaylistResource)
domain.route("/data/projects/<project_id>/playlists/<playlist_id>", playlists.ProjectPlaylistResource)
domain.route("/data/projects/<project_id>/episodes/<episode_id>/playlists", playlists.EpisodePlaylistsResource)
domain.route("/data/projects/<project_id>/build-jobs", playlists.ProjectBuildJobsResource)
domain.route("/data/playlists/entities/<entity_id>/preview-files", playlists.EntityPreviewFilesResource)
domain.route("/actions/playlists/<playlist_id>/add-entity", playlists.AddEntityResource)
domain.route("/actions/playlists/<playlist_id>/add-entities", playlists.AddEntitiesResource)
domain.route("/data/playlists/<playlist_id>/build/mp4", builds.BuildResource)
domain.route("/data/playlists/<playlist_id>/download/zip", builds.ArchiveResource)
domain.route("/data/playlists/<playlist_id>/jobs/<build_job_id>", builds.BuildJobResource)
domain.route("/data/playlists/<playlist_id>/jobs/<build_job_id>/build/mp4", builds.BuildMovieResource)
domain.route("/data/playlists/<playlist_id>/notify-clients", links.NotifyClientsResource)
domain.route("/data/playlists/<playlist_id>/share", links.ShareLinksResource)
domain.route("/data/playlists/<playlist_id>/share/<token>", links.ShareLinkResource)
domain.route("/data/playlists/<playlist_id>/share/<token>/invite", links.InvitationsResource)

PAGE = "/shared/playlists/<token>"
domain.route(PAGE, shared.SharedPlaylistResource)
domain.route(f"{PAGE}/context", shared.SharedContextResource)
domain.route(f"{PAGE}/guest", shared.GuestResource)
domain.route(f"{PAGE}/annotations", shared.SharedAnnotationsResource)
domain.route(f"{PAGE}/comments", shared.SharedCommentsResource)
domain.route(f"{PAGE}/comments/<comment_id>", shared.SharedCommentResource)
domain.route(f"{PAGE}/comments/<comment_id>/attachments", shared.SharedAttachmentsResource)
domain.route(f"{PAGE}/comments/<comment_id>/attachments/<attachment_file_id>", shared.SharedAttachmentResource)
domain.route(f"{PAGE}/preview-files/<preview_file_id>", shared_files.SharedPreviewResource)
domain.route(f"{PAGE}/preview-files/<preview_file_id>/download", shared_files.SharedDownloadResource)
domain.route(f"{PAGE}/movies/originals/preview-files/<preview_file_id>.mp4", shared_files.SharedMovieResource)
domain.route(f"{PAGE}/movies/tiles/preview-files/<preview_file_id>.png", shared_files.SharedTilesResource)
domain.route(f"{PAGE}/pictures/thumbnails/preview-files/<preview_file_id>.png", shared_files.SharedThumbnailResource)
domain.route(f"{PAGE}/pictures/originals/preview-files/<preview_file_id>.png", shared_files.SharedPictureResource)
domain.route(f"{PAGE}/pictures/originals/preview-files/<preview_file_id>.<extension>", shared_files.SharedOriginalResource)
domain.route(f"{PAGE}/pictures/thumbnails/persons/<person_id>.png", shared_files.SharedPersonResource)
domain.route(f"{PAGE}/attachment-files/<attachment_file_id>/file/<file_name>", shared_files.SharedAttachmentFileResource)
