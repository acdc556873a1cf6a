"""Routes of previews: uploads, pictures, movies, main previews."""
