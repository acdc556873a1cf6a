"""Pictures and movies: what is made of an uploaded file. Rules: contract/rules/previews.md §3 and §4."""
