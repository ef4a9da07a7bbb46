"""Compatibility rules against labels: what a change breaks was written down before the rules were."""
