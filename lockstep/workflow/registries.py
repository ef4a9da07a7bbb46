"""The registries that a release publishes to, by the names that messages have for them."""

PYPI, TEST_PYPI, CRATES_IO, NPM, CONTAINERS, OTHER = "PyPI", "TestPyPI", "crates.io", "npm", "a container registry", "a registry"
