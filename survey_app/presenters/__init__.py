"""What a page shows, worked out from releases and questionnaires: data in, plain objects out."""
