"""Comments: what is said on tasks, the statuses it gives them, replies, attachments, mentions."""

from zou.comments.resources import posting, previews
from zou.platform.http import Domain

domain = Domain("comments")
domain.route("/actions/tasks/<task_id>/comment", posting.TaskCommentResource)
domain.route("/actions/projects/<project_id>/tasks/comment-many", posting.ManyCommentsResource)
domain.route("/actions/tasks/batch-comment", posting.BatchCommentResource)
domain.route("/actions/tasks/<task_id>/batch-comment", posting.TaskBatchCommentResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/add-preview", previews.AddPreviewResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/preview-files/<preview_file_id>", previews.AddExtraPreviewResource)
