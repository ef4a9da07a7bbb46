"""A workflow of GitHub Actions as data: jobs, steps, what they do, and in which order they must. Pure: texts in, data out."""
