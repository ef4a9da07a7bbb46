"""Is every file there that a release owes, and are those right that registries own already? Evidence: an Assembly."""

NAMES = ("artifact_missing", "served_bytes_differ", "served_file_foreign", "served_file_unseen", "served_file_untold", "served_file_yanked")
