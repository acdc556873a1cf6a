"""Rules of comments: posting and its consequences for the task, mentions, notices, attachments, replies."""
