"""Is a lock true to the manifests? One file per kind of lock compares, one reads and writes its text; what is stale is a `Stale`."""

from __future__ import annotations
