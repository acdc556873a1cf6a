"""Two installations kept alike: rows, changes and files are taken from another server, or sent to it.

Rules: contract/rules/sync-and-backup.md.

    remote   the other server, asked as one of its administrators
    tables   what is synchronised, in which order, from which of its routes
    writing  rows of the other server into our tables, page by page
    full     everything once; files   what the rows show; changes   what happened since; push   the other way
    verify   both sides counted

Every page is a transaction of its own and every row has the id it has there, so a command that was cut off is simply started again.
"""
