"""A push becomes a release, a release reaches every workspace."""
