"""Rules of previews: numbers, uploads, pictures and movies made of them, main previews, removal."""
