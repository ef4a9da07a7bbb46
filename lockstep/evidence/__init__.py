"""The only readers of the outside world beside the trees: history, and later tags, CI, settings, archives and registries."""
