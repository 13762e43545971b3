"""The commands. Each imports what it needs inside itself, so that `vrclient check` loads no engine."""
