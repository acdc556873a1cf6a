"""Exchange: spreadsheets that leave and enter the server."""

from zou.exchange.resources import exports, imports, trackers
from zou.platform.http import Domain

domain = Domain("exchange")
domain.route("/export/csv/persons.csv", exports.PersonsCsvResource)
domain.route("/export/csv/projects.csv", exports.ProjectsCsvResource)
domain.route("/export/csv/task-types.csv", exports.TaskTypesCsvResource)
domain.route("/export/csv/tasks.csv", exports.TasksCsvResource)
domain.route("/export/csv/time-spents.csv", exports.TimeSpentsCsvResource)
domain.route("/export/csv/projects/<project_id>/assets.csv", exports.AssetsCsvResource)
domain.route("/export/csv/projects/<project_id>/shots.csv", exports.ShotsCsvResource)
domain.route("/export/csv/projects/<project_id>/edits.csv", exports.EditsCsvResource)
domain.route("/export/csv/projects/<project_id>/casting.csv", exports.CastingCsvResource)
domain.route("/export/csv/playlists/<playlist_id>", exports.PlaylistCsvResource)

domain.route("/import/csv/persons", imports.PersonsImportResource)
domain.route("/import/csv/projects/<project_id>/assets", imports.AssetsImportResource)
domain.route("/import/csv/projects/<project_id>/shots", imports.ShotsImportResource)
domain.route("/import/csv/projects/<project_id>/edits", imports.EditsImportResource)
domain.route("/import/csv/projects/<project_id>/casting", imports.CastingImportResource)
domain.route("/import/csv/projects/<project_id>/task-types/<task_type_id>/estimations", imports.EstimationsImportResource)
domain.route(
    "/import/csv/projects/<project_id>/episodes/<episode_id>/task-types/<task_type_id>/estimations",
    imports.EpisodeEstimationsImportResource,
)
domain.route("/import/otio/projects/<project_id>", imports.TimelineImportResource)
domain.route("/import/otio/projects/<project_id>/episodes/<episode_id>", imports.EpisodeTimelineImportResource)

for name in trackers.SHOTGUN:
    domain.route(f"/import/shotgun/{name}", trackers.shotgun_resource(name))
for name in trackers.REMOVED:
    domain.route(f"/import/shotgun/remove/{name}", trackers.shotgun_removal_resource(name))
domain.route("/import/shotgun/errors", trackers.ShotgunErrorsResource)
domain.route("/import/shotgun/errors/<error_id>", trackers.ShotgunErrorResource)
for name in trackers.SCHEMAS:
    domain.route(f"/import/kitsu/{name}", trackers.kitsu_resource(name))
