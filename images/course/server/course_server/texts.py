"""What a person's server says to them, in French and in English."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath

REFUSALS = {
    "forbidden": {
        "fr": "Ce serveur ne s’ouvre qu’à la personne à qui il appartient.",
        "en": "This server opens only to the person it belongs to.",
    },
    "malformed": {
        "fr": "Cette demande est incomplète ou mal formée. Rechargez la page, puis recommencez.",
        "en": "This request is incomplete or malformed. Reload the page, then try again.",
    },
    "too large": {
        "fr": "C’est trop volumineux : au plus 16 Mio.",
        "en": "This is too large: at most 16 MiB.",
    },
    "no notebook": {
        "fr": "Il n’y a pas de notebook de ce nom dans le cours.",
        "en": "There is no notebook of this name in the course.",
    },
    "unreadable": {
        "fr": "Le contenu de ce fichier n’est pas celui d’un notebook.",
        "en": "What is in this file is not a notebook.",
    },
    "no save point": {
        "fr": "Ce point de sauvegarde n’existe plus. Rechargez la page, puis choisissez-en un autre.",
        "en": "This save point no longer exists. Reload the page, then choose another one.",
    },
    "in the way": {
        "fr": "Un fichier occupe la place de la copie. Déplacez-le ou renommez-le, puis recommencez.",
        "en": "A file is where the copy should go. Move or rename it, then try again.",
    },
    "busy": {
        "fr": "Le cours est déjà en train d’être mis à jour. Recommencez dans une minute.",
        "en": "The course is already being updated. Try again in a minute.",
    },
    "no room": {
        "fr": "Votre espace est plein. Supprimez des fichiers devenus inutiles, puis recommencez.",
        "en": "Your workspace is full. Delete files that you no longer need, then try again.",
    },
    "failed": {
        "fr": "Cela n’a pas abouti ; vos fichiers sont intacts. Recommencez, ou prévenez l’équipe.",
        "en": "This did not work; your files are untouched. Try again, or tell an instructor.",
    },
}
"""Why something was not done, and what to do."""

RETURNED = {
    "fr": "Le cours est de nouveau comme il était au point de sauvegarde choisi.",
    "en": "The course is again as it was at the save point that you chose.",
}

NEW = {
    "fr": ("Nouveau dans le cours : {name}.", "{count} nouveaux notebooks dans le cours."),
    "en": ("New in the course: {name}.", "{count} new notebooks in the course."),
}
CORRECTED = {
    "fr": (
        "{name} a été corrigé ; ce que vous y avez écrit est conservé.",
        "{count} notebooks ont été corrigés ; ce que vous y avez écrit est conservé.",
    ),
    "en": (
        "{name} was corrected; what you wrote in it is kept.",
        "{count} notebooks were corrected; what you wrote in them is kept.",
    ),
}
KEPT = {
    "fr": (
        "Votre version de {name} reste ; celle du cours est à côté : {beside}.",
        "Vos versions de {count} notebooks restent ; celles du cours sont à côté.",
    ),
    "en": (
        "Your version of {name} stays; the course’s is beside it: {beside}.",
        "Your versions of {count} notebooks stay; the course’s are beside them.",
    ),
}
MOVED = {
    "fr": "Votre {name} occupait la place d’un fichier du cours : il s’appelle maintenant {now}.",
    "en": "Your {name} was where a file of the course belongs: it is called {now} now.",
}
REBUILT = {
    "fr": (
        "Votre dossier du cours ne pouvait plus être mis à jour : il a été refait, avec ce que vous aviez "
        "écrit. L’ancien est intact, sous le nom {now}."
    ),
    "en": (
        "Your folder of the course could not be updated any more: it was made anew, with what you had "
        "written. The old one is untouched, under the name {now}."
    ),
}
SOMETHING = {"fr": "Le cours a été mis à jour.", "en": "The course was updated."}


def of_language(paths: Collection[str], language: str) -> list[str]:
    """The notebooks among these files of the release that are in this language, in order."""
    return sorted(
        path for path in paths if path.startswith(f"{language}/") and path.endswith(".ipynb")
    )


def arrival(
    arrived: Collection[str], kept: Mapping[str, str], new: Collection[str], language: str
) -> str:
    """What a sync has brought, told to its person: only what is in their language is named.

    ``new`` are those of ``arrived`` that were not there before, ``kept`` those of which theirs stays.
    """
    mine = [path for path in of_language(arrived, language) if path not in kept]
    told = [
        _count(NEW[language], [path for path in mine if path in new], {}),
        _count(CORRECTED[language], [path for path in mine if path not in new], {}),
        _count(KEPT[language], of_language(kept, language), kept),
    ]
    return " ".join(filter(None, told)) or SOMETHING[language]


def moves(moved: Mapping[str, str], language: str) -> list[str]:
    """What had to make way, a sentence each: of the course itself (``.``), or of a file in it."""
    return [
        (REBUILT if name == "." else MOVED)[language].format(
            name=PurePosixPath(name).name, now=PurePosixPath(now).name
        )
        for name, now in moved.items()
    ]


def _count(forms: tuple[str, str], paths: Sequence[str], kept: Mapping[str, str]) -> str:
    if not paths:
        return ""
    one, many = forms
    if len(paths) > 1:
        return many.format(count=len(paths))
    return one.format(name=_name(paths[0]), beside=_name(kept.get(paths[0], "")))


def _name(path: str) -> str:
    return PurePosixPath(path).stem
