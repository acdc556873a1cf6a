"""HTTP of the workspace, a module for each subject: what the signed-in person sees. Bots have none of it."""
