"""What a project asks of its releases: the version step that a change requires, the findings that it accepts, the symbols that it promises."""
