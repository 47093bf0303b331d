"""What stops a build, said to who can act."""


class Problem(Exception):
    """A build cannot go on: what happened, what to do, and the last words of the program that failed."""

    def __init__(self, what: str, remedy: str, detail: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy, self.detail = what, remedy, detail

    def __str__(self) -> str:
        """Three parts, one below the other."""
        parts = [f"Cannot go on: {self.what}", f"What to do: {self.remedy}"]
        if self.detail:
            parts.insert(1, "\n".join(f"    {line}" for line in self.detail.splitlines()))
        return "\n".join(parts)
