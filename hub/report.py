"""Mistakes as lines of text, for whoever must mend them."""

from hub.errors import InvalidInput, Message, Problem
from hub.i18n import Language, render


def lines(error: InvalidInput, language: Language) -> list[str]:
    """One line a mistake: file, row, column, value, what is wrong and what to do."""
    return [line(problem, language) for problem in error.problems]


def line(problem: Problem, language: Language) -> str:
    """``2027a-cotonou/roster.csv, row 3, email «a@b»: stands twice. Remedy: …`` in ``language``."""
    place = f"{problem.file.parent.name}/{problem.file.name}"
    if problem.row is not None:
        place += ", " + render(Message("row %(row)d", {"row": problem.row}), language)
    if problem.column is not None:
        place += f", {problem.column}"
    if problem.value is not None:
        place += " " + render(Message("“%(value)s”", {"value": problem.value}), language)
    told = {"place": place, "what": problem.what, "remedy": problem.remedy}
    return render(Message("%(place)s: %(what)s. What to do: %(remedy)s.", told), language)
