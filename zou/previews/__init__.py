"""Previews: pictures, movies and documents that show a revision of a task."""

from zou.people.rules import admin, anyone, assigned, in_team, leads, manages, member, mine_and_open, supervises_department
from zou.platform.http import Crud, Domain
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.previews.resources import (
    annotations,
    avatars,
    backgrounds,
    entities,
    extraction,
    lists,
    pictures,
    project_backgrounds,
    rows,
    uploads,
)
from zou.previews.rules import shown_to_vendors
from zou.previews.schemas import PreviewBackgroundFileSchema, PreviewFileSchema
from zou.previews.services.rows import PreviewBackgroundFileRows, PreviewFileRows

domain = Domain("previews")
domain.route("/pictures/preview-files/<instance_id>", uploads.PreviewFileUploadResource)
domain.route("/pictures/thumbnails/preview-files/<instance_id>.png", pictures.ThumbnailResource)
domain.route("/pictures/thumbnails-square/preview-files/<instance_id>.png", pictures.SquareThumbnailResource)
domain.route("/pictures/previews/preview-files/<instance_id>.png", pictures.PreviewPictureResource)
domain.route("/pictures/originals/preview-files/<instance_id>.png", pictures.PictureResource)
domain.route("/pictures/originals/preview-files/<instance_id>.<extension>", pictures.OriginalFileResource)
domain.route("/pictures/originals/preview-files/<instance_id>/download", pictures.OriginalDownloadResource)
domain.route("/movies/originals/preview-files/<instance_id>.mp4", pictures.MovieResource)
domain.route("/movies/originals/preview-files/<instance_id>/download", pictures.MovieDownloadResource)
domain.route("/movies/low/preview-files/<instance_id>.mp4", pictures.LowMovieResource)
domain.route("/movies/source/preview-files/<instance_id>.mp4", pictures.SourceMovieResource)
domain.route("/movies/tiles/preview-files/<instance_id>.png", pictures.TilesResource)
domain.route("/actions/preview-files/<preview_file_id>/update-position", uploads.PreviewFilePositionResource)
domain.route("/actions/preview-files/<preview_file_id>/set-main-preview", uploads.PreviewFileMainResource)
domain.route("/actions/preview-files/<preview_file_id>/update-annotations", annotations.PreviewFileAnnotationsResource)
domain.route("/actions/tasks/<task_id>/set-main-preview", uploads.TaskMainPreviewResource)
domain.route("/actions/tasks/set-main-preview", uploads.TasksMainPreviewResource)
domain.route("/data/tasks/<task_id>/previews", lists.TaskPreviewsResource)
domain.route("/data/projects/<project_id>/preview-files", lists.ProjectPreviewsResource)
domain.crud(
    Crud(
        PreviewFile,
        PreviewFileSchema,
        "preview-files",
        lists=anyone,
        visible=admin | (mine_and_open & shown_to_vendors),
        reads=member & shown_to_vendors,
        writes=admin | (in_team & (leads | assigned | supervises_department)),
        removes=manages,
        service=PreviewFileRows,
        models_resource=rows.PreviewFilesResource,
    ),
    Crud(
        PreviewBackgroundFile,
        PreviewBackgroundFileSchema,
        "preview-background-files",
        lists=anyone,
        reads=anyone,
        service=PreviewBackgroundFileRows,
    ),
)
domain.route("/pictures/thumbnails/persons/<instance_id>", avatars.PersonAvatarResource)
domain.route("/pictures/thumbnails/persons/<instance_id>.png", avatars.PersonAvatarResource)
domain.route("/pictures/thumbnails/organisations/<instance_id>", avatars.OrganisationAvatarResource)
domain.route("/pictures/thumbnails/organisations/<instance_id>.png", avatars.OrganisationAvatarResource)
domain.route("/pictures/thumbnails/projects/<instance_id>", avatars.ProjectAvatarResource)
domain.route("/pictures/thumbnails/projects/<instance_id>.png", avatars.ProjectAvatarFileResource)
domain.route("/actions/persons/<person_id>/clear-avatar", avatars.ClearPersonAvatarResource)
domain.route("/actions/user/clear-avatar", avatars.ClearOwnAvatarResource)
domain.route("/actions/projects/<project_id>/task-types/<task_type_id>/set-shot-nb-frames", entities.ShotFramesResource)
domain.route("/data/entities/<entity_id>/preview-files", entities.EntityPreviewsResource)
domain.route("/pictures/preview-background-files/<instance_id>", backgrounds.PreviewBackgroundUploadResource)
domain.route("/pictures/preview-background-files/<instance_id>.<extension>", backgrounds.PreviewBackgroundFileResource)
domain.route("/pictures/thumbnails/preview-background-files/<instance_id>.png", backgrounds.PreviewBackgroundThumbnailResource)
domain.route("/actions/preview-files/<preview_file_id>/extract-frame", extraction.FrameResource)
domain.route("/actions/preview-files/<preview_file_id>/extract-annotated-frame", extraction.AnnotatedFrameResource)
domain.route("/actions/preview-files/<preview_file_id>/extract-annotated-frames", extraction.AnnotatedFramesResource)
domain.route("/actions/preview-files/<preview_file_id>/extract-annotated-frames-pdf", extraction.AnnotatedFramesDocumentResource)
domain.route("/actions/preview-files/<preview_file_id>/extract-tile", extraction.TileResource)
domain.route("/data/playlists/preview-files/running", lists.RunningPreviewsResource)
domain.route("/data/projects/<project_id>/settings/preview-background-files", project_backgrounds.BackgroundSettingsResource)
domain.route("/data/shots/<shot_id>/preview-files", entities.ShotPreviewsResource)
domain.route("/data/edits/<edit_id>/preview-files", entities.EditPreviewsResource)
domain.route("/data/concepts/<concept_id>/preview-files", entities.ConceptPreviewsResource)
