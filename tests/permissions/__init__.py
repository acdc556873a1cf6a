"""Who may do what: every route and every listing, asked as every role."""
