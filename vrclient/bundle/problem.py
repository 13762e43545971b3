"""What keeps a bundle from being made."""


class BundleProblem(ValueError):
    """The text is what the user is told: what is wrong, and what to do."""
