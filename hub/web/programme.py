"""The titles of the five days, for the home page. ``content/programme.yml`` says the same, and more."""

from hub.errors import Message

TITLES = (
    Message("Linear algebra for deep learning"),
    Message("Optimisation"),
    Message("Probability and information theory"),
    Message("Geometry of representations"),
    Message("Synthesis and project"),
)
