"""May the release workflow publish, and nobody else? Evidence: a PublishersAudit, which is what registries say beside the jobs that publish.

A package of which a registry says nothing is `publisher-not-visible`, and none of the other rules speaks of what was not seen.
"""

NAMES = (
    "name_unclaimed",
    "published_by_token",
    "published_unattested",
    "publisher_environment_any",
    "publisher_environment_differs",
    "publisher_missing",
    "publisher_not_visible",
    "publisher_repository_differs",
    "publisher_unexpected",
    "publisher_workflow_differs",
    "tokens_accepted",
)
