"""What every domain stands on; knows nothing of productions or tasks."""
