"""Comments: what is said on tasks, the statuses it gives them, replies, attachments, mentions."""

from zou.comments.models import AttachmentFile, Comment
from zou.comments.resources import posting, previews, threads
from zou.comments.resources.rows import CommentResource
from zou.comments.rules import may_change_comment, reads_attachment, reads_comment, removes_comment
from zou.comments.schemas import AttachmentFileSchema, CommentRowSchema
from zou.comments.services.rows import CommentRows
from zou.platform.http import Crud, Domain

domain = Domain("comments")
domain.crud(
    Crud(
        Comment,
        CommentRowSchema,
        "comments",
        reads=reads_comment,
        writes=may_change_comment,
        removes=removes_comment,
        service=CommentRows,
        malformed=404,
        model_resource=CommentResource,
    ),
    Crud(AttachmentFile, AttachmentFileSchema, "attachment-files", reads=reads_attachment),
)
domain.route("/actions/tasks/<task_id>/comment", posting.TaskCommentResource)
domain.route("/actions/projects/<project_id>/tasks/comment-many", posting.ManyCommentsResource)
domain.route("/actions/projects/<project_id>/tasks/copy-client-comments", posting.CopyClientCommentsResource)
domain.route("/actions/tasks/batch-comment", posting.BatchCommentResource)
domain.route("/actions/tasks/<task_id>/batch-comment", posting.TaskBatchCommentResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/move", threads.MoveCommentResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/add-preview", previews.AddPreviewResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/preview-files/<preview_file_id>", previews.AddExtraPreviewResource)
domain.route("/data/projects/<project_id>/comments", threads.ProjectCommentsResource)
domain.route("/data/tasks/<task_id>/comments", threads.TaskCommentsResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>", threads.TaskCommentResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>/reply", threads.CommentReplyResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>/reply/<reply_id>", threads.CommentReplyItemResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>/ack", threads.CommentAckResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/add-attachment", threads.CommentAttachmentsResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>/attachments/<attachment_file_id>", threads.CommentAttachmentResource)
domain.route("/data/tasks/<task_id>/attachment-files", threads.TaskAttachmentsResource)
domain.route("/data/projects/<project_id>/attachment-files", threads.ProjectAttachmentsResource)
domain.route("/data/attachment-files/<attachment_file_id>/file/<file_name>", threads.AttachmentContentResource)
domain.route("/pictures/thumbnails/attachment-files/<attachment_file_id>.png", threads.AttachmentThumbnailResource)
