"""Do GitHub's settings keep what a release rests on? Evidence: a SettingsAudit, which is the settings beside the release workflows.

Each rule is one question with three answers: nothing is found, a fault is, or the answer could not be seen (a note, for which the exit code is 3).
"""

NAMES = (
    "actions_approve_changes",
    "branch_rewritable",
    "branch_unreviewed",
    "environment_absent",
    "environment_open",
    "environment_protection_differs",
    "environment_refuses_release",
    "environment_self_reviewed",
    "environment_unreviewed",
    "releases_mutable",
    "tag_movable",
    "tag_rules_bypassed",
    "token_writes_by_default",
)
