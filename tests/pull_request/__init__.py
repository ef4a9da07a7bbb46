"""The release pull request: what it proposes, its branch, and what becomes of it on GitHub."""
