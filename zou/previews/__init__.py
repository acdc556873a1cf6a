"""Previews: pictures, movies and documents that show a revision of a task."""

from zou.platform.http import Domain
from zou.previews.resources import pictures, uploads

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
domain.route("/actions/preview-files/<preview_file_id>/set-main-preview", uploads.PreviewFileMainResource)
domain.route("/actions/tasks/<task_id>/set-main-preview", uploads.TaskMainPreviewResource)
domain.route("/actions/tasks/set-main-preview", uploads.TasksMainPreviewResource)
