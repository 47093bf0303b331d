# %% [markdown] key="title" lang="en"
# # Project: *title of the paper*
#
# **Day 5, notebook 1** — section 1 by Day 4, 17:00; the rest on Day 5.
#
# This notebook is your project. Every text cell below asks something: answer in the cell itself, in French or in English, and delete what you have answered. Add as many cells as you like. Code cells that say so are yours to write; the functions have fixed names, so that the checks and your reviewers find them. `check` judges what can be judged without knowing your paper: that your gradient is the gradient of your function, that your predictions took a risk and came true, that what you broke is broken.

# %% [markdown] key="title" lang="fr"
# # Projet : *titre de l’article*
#
# **Jour 5, notebook 1** — la section 1 pour le jour 4 à 17 h 00 ; le reste le jour 5.
#
# Ce notebook est votre projet. Chaque cellule de texte ci-dessous demande quelque chose : répondez dans la cellule même, en français ou en anglais, et effacez ce à quoi vous avez répondu. Ajoutez autant de cellules que vous voulez. Les cellules de code qui le disent sont à écrire par vous ; les fonctions portent des noms fixés, pour que les vérifications et vos rapporteurs les trouvent. `check` juge ce qui peut l’être sans connaître votre article : que votre gradient est celui de votre fonction, que vos prévisions couraient un risque et se sont réalisées, que ce que vous avez cassé est cassé.

# %% [markdown] key="identity" lang="en"
# ## 0. Identity
#
# | | |
# | --- | --- |
# | Author | … |
# | Paper, authors, year | … |
# | arXiv number, **version read** | … |
# | Language of the defence | … |
# | Framework | PyTorch *or* JAX |
# | What you leave out of the paper | … |

# %% [markdown] key="identity" lang="fr"
# ## 0. Identité
#
# | | |
# | --- | --- |
# | Auteur | … |
# | Article, auteurs, année | … |
# | Numéro arXiv, **version lue** | … |
# | Langue de la soutenance | … |
# | Bibliothèque | PyTorch *ou* JAX |
# | Ce que vous laissez de côté dans l’article | … |

# %% key="imports"
import sys

import jax
import jax.numpy as jnp
import numpy as np
import torch
from airina import check, expect, figures

SEEDS = (0, 1, 2)

# %% [markdown] key="decomposition" lang="en"
# ## 1. Decomposition
#
# *One page, handed in on Day 4 at 17:00. No proof yet.*
#
# **The claim in one sentence.** …
#
# **Notation.** One name for one thing, and the course's name when it has one.
#
# | In the paper | Here | What it is, and where it lives |
# | --- | --- | --- |
# | … | … | … |
#
# **Assumptions.** Also those that the paper makes without saying so.
#
# | | Assumption | Used where | Realistic? |
# | --- | --- | --- | --- |
# | A1 | … | … | … |
# | A2 | … | … | … |
#
# **Results.** What is a definition, what is proved, what is an approximation, what is only observed.
#
# | Result | Kind | Needs | Will you prove it? |
# | --- | --- | --- | --- |
# | … | theorem, heuristic, observation | A1, … | … |

# %% [markdown] key="decomposition" lang="fr"
# ## 1. Décomposition
#
# *Une page, remise le jour 4 à 17 h 00. Pas encore de démonstration.*
#
# **L’affirmation en une phrase.** …
#
# **Notations.** Un seul nom par chose, et celui du cours quand il en a un.
#
# | Dans l’article | Ici | Ce que c’est, et où cela vit |
# | --- | --- | --- |
# | … | … | … |
#
# **Hypothèses.** Y compris celles que l’article fait sans le dire.
#
# | | Hypothèse | Où elle sert | Réaliste ? |
# | --- | --- | --- | --- |
# | A1 | … | … | … |
# | A2 | … | … | … |
#
# **Résultats.** Ce qui est défini, ce qui est démontré, ce qui est approché, ce qui n’est qu’observé.
#
# | Résultat | Nature | Suppose | Le démontrez-vous ? |
# | --- | --- | --- | --- |
# | … | théorème, heuristique, observation | A1, … | … |

# %% [markdown] key="decomposition-tutor" lang="en" tags=["solution"]
# **For the tutor, Day 4 in the evening.** Return the sheet with three remarks at most: the assumption that is missing; the result to drop, for there is always one too many; the number that the experiment should predict. A sheet without a number to predict is not ready. D5-02 and D5-03 show what is expected.

# %% [markdown] key="decomposition-tutor" lang="fr" tags=["solution"]
# **Pour le tuteur, le soir du jour 4.** Rendez la fiche avec trois remarques au plus : l’hypothèse qui manque ; le résultat à abandonner, car il y en a toujours un de trop ; le nombre que l’expérience devrait prévoir. Une fiche sans nombre à prévoir n’est pas prête. D5-02 et D5-03 montrent ce que l’on attend.

# %% [markdown] key="derivation" lang="en"
# ## 2. Derivation
#
# From first principles, at the level of this course. State, then prove; each line follows from the one before it or says from what. At least
#
# - one step that the paper skips, marked *(skipped in the paper)*;
# - one special case that can be computed by hand, and what the statement becomes there;
# - the place where each assumption is used, by its name.
#
# > **Theorem 1.** Under A1 and A2, …
#
# *Proof.* … $\blacksquare$
#
# **Special case.** …

# %% [markdown] key="derivation" lang="fr"
# ## 2. Démonstration
#
# À partir des premiers principes, au niveau de ce cours. Énoncez, puis démontrez ; chaque ligne découle de la précédente ou dit de quoi. Au moins
#
# - une étape que l’article saute, signalée par *(sautée dans l’article)* ;
# - un cas particulier qui se calcule à la main, et ce qu’y devient l’énoncé ;
# - l’endroit où sert chaque hypothèse, par son nom.
#
# > **Théorème 1.** Sous A1 et A2, …
#
# *Démonstration.* … $\blacksquare$
#
# **Cas particulier.** …

# %% [markdown] key="predictions-text" lang="en"
# ## 3. Predictions
#
# Two or three numbers or slopes that your derivation gives and that nobody has measured yet, each with a tolerance you can justify: rounding, discretisation, or five standard errors. **Hand them to your tutor before you run anything below.** A prediction that could not have failed is worth nothing.
#
# `predictions()` returns a dictionary: a name, then the value and its tolerance.

# %% [markdown] key="predictions-text" lang="fr"
# ## 3. Prévisions
#
# Deux ou trois nombres ou pentes que donne votre démonstration et que personne n’a encore mesurés, chacun avec une tolérance que vous savez justifier : arrondi, discrétisation, ou cinq erreurs types. **Remettez-les à votre tuteur avant d’exécuter quoi que ce soit plus bas.** Une prévision qui ne pouvait pas échouer ne vaut rien.
#
# `predictions()` renvoie un dictionnaire : un nom, puis la valeur et sa tolérance.

# %% key="predictions" tags=["exercise"]
def predictions():
    # en: {"name": (value, tolerance), ...}; write the formulas, not only their results
    # fr: {"nom": (valeur, tolérance), …} ; écrivez les formules, et non leurs seuls résultats
    # BEGIN SOLUTION
    low, high = 1.0, 100.0
    return {"contraction": ((high - low) / (high + low), 1e-9)}
    # END SOLUTION


# %% [markdown] key="implementation" lang="en"
# ## 4. Implementation
#
# The core algorithm in PyTorch or JAX, in the order of section 2, with the numbers of its equations as comments. A library call that does the paper's work for you is forbidden; `grad`, `vjp`, linear algebra and optimisers you did not come to study are not.
#
# Then its tests: shapes, a gradient, and one case whose answer is known in closed form. `value(x)` is a function of your project with real values, of a NumPy array of any shape; `gradient(x)` is its gradient *as you derived it*, not by autodiff. Put a point of your own into the check.

# %% [markdown] key="implementation" lang="fr"
# ## 4. Programmation
#
# L’algorithme central en PyTorch ou en JAX, dans l’ordre de la section 2, avec les numéros de ses équations en commentaire. Un appel de bibliothèque qui fait à votre place le travail de l’article est interdit ; `grad`, `vjp`, l’algèbre linéaire et les optimiseurs que vous n’êtes pas venu étudier ne le sont pas.
#
# Puis ses tests : les formes, un gradient, et un cas dont la réponse est connue explicitement. `value(x)` est une fonction de votre projet, à valeurs réelles, d’un tableau NumPy de forme quelconque ; `gradient(x)` est son gradient *tel que vous l’avez démontré*, non par différentiation automatique. Mettez dans la vérification un point à vous.

# %% key="algorithm" tags=["exercise"]
def value(x):
    # en: a function of the project, at a NumPy array
    # fr: une fonction du projet, en un tableau NumPy
    # BEGIN SOLUTION
    return (x[0] ** 2 + 100 * x[1] ** 2) / 2
    # END SOLUTION


def gradient(x):
    # en: its gradient, as derived; same shape as x
    # fr: son gradient, tel que démontré ; même forme que x
    # BEGIN SOLUTION
    return np.array([x[0], 100 * x[1]])
    # END SOLUTION


# %% key="gradient-check"
check("d5_01.gradient", value, gradient, np.array([0.7, -1.3]))

# %% [markdown] key="experiment-text" lang="en"
# ## 5. Experiment
#
# At most five minutes on one core, at least three seeds, and a baseline: what one gets without the paper's idea. `experiment(seed)` returns what it measured under the names of your predictions; the check runs it on the seeds 0, 1 and 2, and the first one twice.

# %% [markdown] key="experiment-text" lang="fr"
# ## 5. Expérience
#
# Cinq minutes au plus sur un cœur, trois graines au moins, et une référence : ce que l’on obtient sans l’idée de l’article. `experiment(seed)` renvoie ce qu’elle a mesuré sous les noms de vos prévisions ; la vérification l’exécute avec les graines 0, 1 et 2, et deux fois avec la première.

# %% key="experiment" tags=["exercise"]
def experiment(seed):
    # en: {"name": measured, ...}: the names of predictions(), every random number from this seed
    # fr: {"nom": mesuré, …} : les noms de predictions(), tout le hasard tiré de cette graine
    # BEGIN SOLUTION
    x = np.random.default_rng(seed).normal(size=2)
    after = x - 2 / (1.0 + 100.0) * gradient(x)
    return {"contraction": np.linalg.norm(after) / np.linalg.norm(x)}
    # END SOLUTION


# %% key="experiment-check"
check("d5_01.experiment", predictions, experiment)

# %% [markdown] key="figure-text" lang="en"
# **One figure**: prediction as a line, measurement as points, axes with their units. `draw(ax)` draws on the axes it is given.

# %% [markdown] key="figure-text" lang="fr"
# **Une figure** : la prévision en trait, la mesure en points, des axes avec leurs unités. `draw(ax)` dessine sur les axes qu’on lui donne.

# %% key="draw" tags=["exercise"]
def draw(ax):
    # en: prediction as a line, measurement as points
    # fr: la prévision en trait, la mesure en points
    # BEGIN SOLUTION
    steps = np.arange(50)
    x = np.array([1.0, 1.0])
    norms = []
    for _ in steps:
        norms.append(np.linalg.norm(x))
        x = x - 2 / 101 * gradient(x)
    ax.semilogy(steps, 2**0.5 * predictions()["contraction"][0] ** steps, label="$|x_0|\\,q^k$")
    ax.semilogy(steps[::5], norms[::5], "o", label="$|x_k|$")
    ax.set_xlabel("$k$")
    ax.legend()
    # END SOLUTION


# %% key="figure" tags=["figure"]
draw(figures.axes())

# %% [markdown] key="break-text" lang="en"
# ## 6. Break it
#
# Take one assumption away, by its name. **Predict the number**, then run. A project that was never broken has not shown that its assumptions matter.
#
# **The assumption removed, and the computation that predicts what happens.** …

# %% [markdown] key="break-text" lang="fr"
# ## 6. Casser exprès
#
# Ôtez une hypothèse, par son nom. **Prévoyez le nombre**, puis exécutez. Un projet que l’on n’a jamais cassé n’a pas montré que ses hypothèses comptent.
#
# **L’hypothèse ôtée, et le calcul qui prévoit ce qui arrive.** …

# %% key="broken" tags=["exercise"]
def broken_predictions():
    # en: as predictions(), for the same names, without the assumption
    # fr: comme predictions(), pour les mêmes noms, sans l’hypothèse
    # BEGIN SOLUTION
    return {"contraction": (1.1, 1e-6)}
    # END SOLUTION


def broken(seed):
    # en: as experiment, without the assumption
    # fr: comme experiment, sans l’hypothèse
    # BEGIN SOLUTION
    x = np.random.default_rng(seed).normal(size=2)
    for _ in range(200):
        before, x = x, x - 2.1 / 100 * gradient(x)
    return {"contraction": np.linalg.norm(x) / np.linalg.norm(before)}
    # END SOLUTION


# %% key="broken-check" tags=["break"]
check("d5_01.broken", predictions, broken_predictions, broken)

# %% [markdown] key="limits" lang="en"
# ## 7. Limits
#
# What the mathematics above does *not* say. Three sentences, each true:
#
# - on a larger model or real data, the assumption that fails first is … because …;
# - the experiment would not have noticed if …;
# - I could not prove …, and I use it in ….

# %% [markdown] key="limits" lang="fr"
# ## 7. Limites
#
# Ce que les mathématiques ci-dessus ne disent *pas*. Trois phrases, toutes vraies :
#
# - sur un modèle plus grand ou de vraies données, l’hypothèse qui cède la première est … parce que … ;
# - l’expérience n’aurait rien remarqué si … ;
# - je n’ai pas su démontrer …, et je m’en sers dans ….

# %% [markdown] key="reproducibility" lang="en"
# ## 8. Reproducibility
#
# Restart the kernel, run everything from the top, and read what is printed. Time of the whole notebook: …

# %% [markdown] key="reproducibility" lang="fr"
# ## 8. Reproductibilité
#
# Redémarrez le noyau d’exécution, exécutez tout depuis le début, et lisez ce qui s’affiche. Durée du notebook entier : …

# %% key="versions"
print(sys.version.split()[0], *SEEDS)
for package in (np, jax, torch):
    print(package.__name__, package.__version__)

# %% [markdown] key="handing-in" lang="en"
# ## How this will be read
#
# Before you hand in: every `check` above shows ✔; every statement has its assumptions; every figure has its axes; a classmate has followed section 2 without you. Then mark yourself.

# %% [markdown] key="handing-in" lang="fr"
# ## Comment ce projet sera lu
#
# Avant de rendre : chaque `check` ci-dessus affiche ✔ ; chaque énoncé a ses hypothèses ; chaque figure a ses axes ; un camarade a suivi la section 2 sans vous. Puis notez-vous vous-même.

# %% [markdown] key="rubric" lang="en"
# {{rubric}}

# %% [markdown] key="rubric" lang="fr"
# {{rubric}}

# %% [markdown] key="critique-text" lang="en"
# And this is the form that each of your two reviewers fills in.

# %% [markdown] key="critique-text" lang="fr"
# Et voici la fiche que remplit chacun de vos deux rapporteurs.

# %% [markdown] key="critique" lang="en"
# {{critique}}

# %% [markdown] key="critique" lang="fr"
# {{critique}}
