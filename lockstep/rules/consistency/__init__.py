"""Do all the places of a project agree? Evidence: a Project."""

NAMES = (
    "configured_site_missing",
    "lock_entry_missing",
    "lock_entry_orphaned",
    "lock_hash_stale",
    "lock_layout_differs",
    "lock_left_behind",
    "lock_malformed",
    "lock_reference_stale",
    "lock_requirement_unsatisfied",
    "lock_unread",
    "manifest_incomplete",
    "member_missing",
    "package_duplicated",
    "package_undecided",
    "path_dependency_missing",
    "requirement_unsatisfied",
    "version_mismatch",
    "version_not_inherited",
    "version_source_missing",
    "version_unreadable",
)
