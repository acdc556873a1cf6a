"""Comments: what is said on tasks, the statuses it gives them, replies, attachments, mentions."""

from zou.comments.resources import posting, previews, threads
from zou.platform.http import Domain

domain = Domain("comments")
domain.route("/actions/tasks/<task_id>/comment", posting.TaskCommentResource)
domain.route("/actions/projects/<project_id>/tasks/comment-many", posting.ManyCommentsResource)
domain.route("/actions/tasks/batch-comment", posting.BatchCommentResource)
domain.route("/actions/tasks/<task_id>/batch-comment", posting.TaskBatchCommentResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/add-preview", previews.AddPreviewResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/preview-files/<preview_file_id>", previews.AddExtraPreviewResource)
domain.route("/data/tasks/<task_id>/comments", threads.TaskCommentsResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>", threads.TaskCommentResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>/reply", threads.CommentReplyResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>/reply/<reply_id>", threads.CommentReplyItemResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>/ack", threads.CommentAckResource)
domain.route("/actions/tasks/<task_id>/comments/<comment_id>/add-attachment", threads.CommentAttachmentsResource)
domain.route("/data/tasks/<task_id>/comments/<comment_id>/attachments/<attachment_file_id>", threads.CommentAttachmentResource)
domain.route("/data/attachment-files/<attachment_file_id>/file/<file_name>", threads.AttachmentContentResource)
