"""What the data of Day 5 looks like in a notebook or on paper, and how a notebook takes it in.

A text cell that consists of ``{{rubric}}`` shows the rubric in its language. There are ``{{choice}}`` (the
papers in one table), ``{{paper-lora}}`` and so on, ``{{rubric}}``, ``{{grades}}`` and ``{{critique}}``. The
French of the data is typeset here, so that it can be typed on any keyboard.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder import typography
from builder.day5 import Day5
from builder.faults import LANGUAGES, Fault, Language
from builder.source import Block, Cell, Source

Pieces = dict[str, dict[Language, str]]
_PIECE = re.compile(r"\{\{([a-z0-9-]+)\}\}")

_WORDS: dict[str, dict[Language, str]] = {
    "papers": {"en": "Papers of Day 5", "fr": "Articles du jour 5"},
    "rubric": {"en": "Rubric", "fr": "Grille d'évaluation"},
    "critique": {"en": "Reviewer's form", "fr": "Fiche de relecture"},
    "paper": {"en": "Paper", "fr": "Article"},
    "difficulty": {"en": "Difficulty", "fr": "Difficulté"},
    "day": {"en": "Day", "fr": "Jour"},
    "days": {"en": "Days", "fr": "Jours"},
    "suits": {"en": "Suits", "fr": "Pour"},
    "engineer": {"en": "engineers", "fr": "ingénieurs"},
    "analyst": {"en": "analysts", "fr": "analystes"},
    "researcher": {"en": "researchers", "fr": "chercheurs"},
    "taken": {"en": "**Taken**: worked out in {by}.", "fr": "**Pris** : traité dans {by}."},
    "taken_short": {"en": "taken ({by})", "fr": "pris ({by})"},
    "derive": {"en": "To derive.", "fr": "À démontrer."},
    "experiment": {"en": "Minimal experiment.", "fr": "Expérience minimale."},
    "check": {"en": "Exact check.", "fr": "Vérification exacte."},
    "reference": {"en": "Reference.", "fr": "Référence."},
    "certain": {"en": "Certain: {facts}.", "fr": "Certain : {facts}."},
    "uncertain": {"en": "To look up in the paper: {facts}.", "fr": "À vérifier dans l'article : {facts}."},
    "title": {"en": "title", "fr": "titre"},
    "authors": {"en": "authors", "fr": "auteurs"},
    "arxiv": {"en": "arXiv number", "fr": "numéro arXiv"},
    "year": {"en": "year", "fr": "année"},
    "venue": {"en": "where it was published", "fr": "lieu de publication"},
    "equations": {"en": "numbers of equations and sections", "fr": "numéros des équations et des sections"},
    "pages": {"en": "pages", "fr": "pages"},
    "notation": {"en": "notation", "fr": "notations"},
    "criterion": {"en": "Criterion", "fr": "Critère"},
    "marks": {"en": "Marks", "fr": "Points"},
    "none": {"en": "Nothing", "fr": "Rien"},
    "half": {"en": "Half", "fr": "Moitié"},
    "full": {"en": "All", "fr": "Tout"},
    "grade": {"en": "Grade", "fr": "Mention"},
    "from": {"en": "From", "fr": "À partir de"},
    "french": {"en": "Out of 20", "fr": "Note sur 20"},
    "given": {"en": "Given", "fr": "Obtenu"},
    "comment": {"en": "Comment, with its line", "fr": "Commentaire, avec sa ligne"},
    "total": {"en": "Total", "fr": "Total"},
    "passing": {
        "en": "A project passes with {total} marks in all **and** {block} % of the marks of each block. "
        "When the two reviewers differ by more than {gap} marks, a third one reads.",
        "fr": "Un projet est reçu avec {total} points au total **et** {block} % des points de chaque bloc. "
        "Quand les deux rapporteurs diffèrent de plus de {gap} points, un troisième lit.",
    },
}  # fmt: skip


def pieces(data: Day5) -> Pieces:
    """Every piece by its name, in both languages."""
    made: Pieces = {name: {} for name in ("choice", "rubric", "grades", "critique")}
    made |= {f"paper-{paper['id']}": {} for paper in data.papers}
    for language in LANGUAGES:
        for name, text in _in(data, language):
            made[name][language] = typography.typeset(text) if language == "fr" else text
    return made


def documents(data: Day5) -> dict[Path, str]:
    """What is printed or sent: ``fr/day5/papers.md`` and so on, by path."""
    made = pieces(data)
    papers = ["choice", *(f"paper-{paper['id']}" for paper in data.papers)]
    parts = {"papers": papers, "rubric": ["rubric", "grades"], "critique": ["critique"]}
    found: dict[Path, str] = {}
    for language in LANGUAGES:
        for name, inner in parts.items():
            title = f"# {_WORDS[name][language]}"
            title = typography.typeset(title) if language == "fr" else title
            text = "\n\n".join([title, *(made[piece][language] for piece in inner)])
            found[Path(language) / "day5" / f"{name}.md"] = text + "\n"
    return found


def put_into(source: Source, made: Pieces) -> tuple[Source, list[Fault]]:
    """The source with each ``{{piece}}`` in place, and a fault for each name that means nothing."""
    faults: list[Fault] = []

    def cell(one: Cell) -> Cell:
        match = _PIECE.fullmatch(one.text)
        if one.kind == "code" or not match:
            return one
        language: Language = "fr" if one.language == "fr" else "en"
        if match[1] not in made or one.language == "any":
            values: dict[str, object] = {"found": one.text, "known": ", ".join(made) or "—"}
            faults.append(Fault(source.file, "unknown_piece", one.key, one.first, values))
            return one
        lines = [f"# {line}".rstrip() for line in made[match[1]][language].split("\n")]
        return replace(one, lines=tuple(lines), made=True)

    blocks = tuple(Block(tuple(map(cell, block.cells))) for block in source.blocks)
    return replace(source, blocks=blocks), faults


def _in(data: Day5, language: Language) -> Iterator[tuple[str, str]]:
    yield "choice", _choice(data.papers, language)
    for paper in data.papers:
        yield f"paper-{paper['id']}", _paper(paper, language)
    yield "rubric", _rubric(data.rubric, language)
    yield "grades", _grades(data.rubric, language)
    yield "critique", _critique(data, language)


def _word(name: str, language: Language, **values: object) -> str:
    return _WORDS[name][language].format(**values)


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *(list(map(str, row)) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _stars(paper: Mapping[str, Any]) -> str:
    stars: int = paper["difficulty"]
    return "★" * stars + "☆" * (3 - stars)


def _days(paper: Mapping[str, Any]) -> str:
    return ", ".join(sorted({name[1] for name in paper["uses"]}))


def _choice(papers: list[Any], language: Language) -> str:
    rows = []
    for paper in papers:
        taken = paper["status"] != "open"
        by = _word("taken_short", language, by=paper["status"].upper()) if taken else ""
        suits = ", ".join(_word(one, language) for one in paper["suits"])
        rows.append((paper["name"][language], _stars(paper), _days(paper), by or suits))
    return _table(
        (_word(head, language) for head in ("paper", "difficulty", "days", "suits")), rows
    )


def _paper(paper: Mapping[str, Any], language: Language) -> str:
    published = f", {paper['venue']}" if paper["venue"] else ""
    uses = ", ".join(name.upper() for name in paper["uses"])
    suits = ", ".join(_word(one, language) for one in paper["suits"])
    taken = paper["status"] != "open"
    when = "day" if len(_days(paper)) == 1 else "days"
    head = [
        f"(*{paper['title']}*), {paper['authors']}, {paper['year']}, arXiv `{paper['arxiv']}`{published}.",
        f"{_word(when, language)} {_days(paper)} ({uses}). {_word('suits', language)} {suits}.",
    ]
    if taken:
        head.append(_word("taken", language, by=paper["status"].upper()))
    body = [
        f"**{_word(name, language)}** {paper[name][language]}"
        for name in ("derive", "experiment", "check")
    ]
    known = paper["reference"]
    told = [
        _word(kind, language, facts=", ".join(_word(fact, language) for fact in known[kind]))
        for kind in ("certain", "uncertain")
    ]
    remark = known.get("remark", {}).get(language, "")
    body.append(" ".join(filter(None, [f"**{_word('reference', language)}**", *told, remark])))
    title = f"### {paper['name'][language]} {_stars(paper)}"
    return "\n\n".join([title, " ".join(head), f"$${paper['core']}$$", *body])


def _rubric(rubric: Mapping[str, Any], language: Language) -> str:
    heads = ("criterion", "marks", "none", "half", "full")
    rows: list[list[object]] = []
    for block in rubric["blocks"]:
        marks = sum(one["marks"] for one in block["criteria"])
        rows.append([f"**{block['title'][language]}**", f"**{marks}**", "", "", ""])
        for one in block["criteria"]:
            texts = (one[key][language] for key in ("none", "half", "full"))
            rows.append([one["title"][language], one["marks"], *texts])
    return _table((_word(head, language) for head in heads), rows)


def _grades(rubric: Mapping[str, Any], language: Language) -> str:
    rows = [
        (one["grade"], one["at_least"], one["words"][language], one["french"])
        for one in rubric["grades"]
    ]
    heads = [_word(head, language) for head in ("grade", "from")]
    table = _table([*heads, "", _word("french", language)], rows)
    passing = _word("passing", language, gap=rubric["third_reviewer"], **rubric["pass"])
    rules = "\n".join(f"- {rule[language]}" for rule in rubric["rules"])
    return "\n\n".join([passing, table, rules])


def _critique(data: Day5, language: Language) -> str:
    parts = ["\n".join(f"- {rule[language]}" for rule in data.critique["rules"])]
    for number, section in enumerate(data.critique["sections"], 1):
        parts.append(f"**{number}. {section['title'][language]}.** {section['ask'][language]}")
        parts.append(_answer(section["answer"], data.rubric, language))
    return "\n\n".join(parts)


def _answer(answer: Mapping[str, Any], rubric: Mapping[str, Any], language: Language) -> str:
    """The room for an answer, of the kind that the form asks for."""
    if "lines" in answer:
        return "\n>\n".join(["> …"] * answer["lines"])
    if "columns" in answer:
        columns = [column[language] for column in answer["columns"]]
        return _table(columns, [["…"] * len(columns)] * answer["rows"])
    if "boxes" in answer:
        return " ".join(f"☐ {box[language]}" for box in answer["boxes"])
    heads = (_word(head, language) for head in ("criterion", "marks", "given", "comment"))
    criteria = [one for block in rubric["blocks"] for one in block["criteria"]]
    rows = [(one["title"][language], one["marks"], "…", "…") for one in criteria]
    total = sum(one["marks"] for one in criteria)
    return _table(heads, [*rows, (f"**{_word('total', language)}**", f"**{total}**", "…", "")])
