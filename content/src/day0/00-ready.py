# %% [markdown] key="title" lang="en"
# # Before the course: is everything ready?
#
# **Two minutes, any day before Day 1.** Nothing here is mathematics, and nothing is marked.
#
# Click on the first grey cell below, then press **Shift+Enter**: the cell runs and the next one is selected. Go on like
# this to the end. Each test answers with a line:
#
# - ✔ it works: go on;
# - ✘ something is wrong, and the line says what to do. Go on all the same: one mishap does not stop the others.
#
# While a cell is working, `[*]` stands to its left. If nothing at all has happened after a minute, choose *Kernel*,
# then *Restart Kernel…* in the menu at the top, and begin again.

# %% [markdown] key="title" lang="fr"
# # Avant le cours : tout est-il prêt ?
#
# **Deux minutes, n’importe quel jour avant le jour 1.** Il n’y a pas de mathématiques ici, et rien n’est noté.
#
# Cliquez sur la première cellule grise ci-dessous, puis appuyez sur **Maj+Entrée** : la cellule s’exécute et la
# suivante est sélectionnée. Continuez ainsi jusqu’à la fin. Chaque essai répond par une ligne :
#
# - ✔ cela fonctionne : continuez ;
# - ✘ quelque chose ne va pas, et la ligne dit quoi faire. Continuez quand même : un ennui n’empêche pas les autres
#   essais.
#
# Pendant qu’une cellule travaille, `[*]` se tient à sa gauche. Si rien du tout ne s’est passé au bout d’une minute,
# choisissez *Noyau*, puis *Redémarrer le noyau…* dans le menu du haut, et recommencez.

# %% key="kernel"
import sys

RESULTS = {}


def tell(name, good, what_to_do):
    RESULTS[name] = good
    print("✔" if good else "✘", name if good else f"{name} → {what_to_do}")


ASK = T("show this line to an instructor, or write to the team.", "montrez cette ligne à un enseignant, ou écrivez à l’équipe.")

tell("Python", sys.version_info >= (3, 11), T("choose Kernel, Change Kernel…, Python 3, then run this cell again.", "choisissez Noyau, Changer de noyau…, Python 3, puis exécutez de nouveau cette cellule."))

try:
    from airina import check, expect
except Exception:
    tell("airina", False, T("open this notebook inside the folder course/en/day0, where it arrived, not a copy elsewhere.", "ouvrez ce notebook dans le dossier course/fr/day0, où il est arrivé, et non une copie ailleurs."))
else:
    tell("airina", True, "")

# %% key="numpy"
try:
    import numpy as np

    answer = np.linalg.solve(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([3.0, 5.0]))
    tell("NumPy", np.allclose(answer, [0.8, 1.4]), ASK)
except Exception:
    tell("NumPy", False, ASK)

# %% [markdown] key="libraries-text" lang="en"
# The two libraries of deep learning take a few seconds to load, up to half a minute the first time.

# %% [markdown] key="libraries-text" lang="fr"
# Les deux bibliothèques d’apprentissage profond mettent quelques secondes à se charger, jusqu’à une demi-minute la
# première fois.

# %% key="pytorch"
MEMORY = T("close your other notebooks (Kernel, Shut Down All Kernels…) and run this cell again; if it still fails, ", "fermez vos autres notebooks (Noyau, Fermer tous les noyaux…) et exécutez de nouveau cette cellule ; si cela échoue encore, ") + ASK

try:
    import torch

    t = torch.tensor(3.0, requires_grad=True)
    (t**2).backward()
    tell("PyTorch", float(t.grad) == 6, MEMORY)
except Exception:
    tell("PyTorch", False, MEMORY)

# %% key="jax"
try:
    import jax

    tell("JAX", float(jax.grad(lambda x: x**2)(3.0)) == 6, MEMORY)
except Exception:
    tell("JAX", False, MEMORY)

# %% key="float64"
RESTART = T("choose Kernel, Restart Kernel…, and run the cells from the first one on, in order.", "choisissez Noyau, Redémarrer le noyau…, et exécutez les cellules dans l’ordre, depuis la première.")

try:
    double = torch.get_default_dtype() == torch.float64 and jax.numpy.ones(1).dtype == "float64"
    tell("float64", double, RESTART)
except Exception:
    tell("float64", False, RESTART)

# %% key="language"
SWITCH = T("this is the English notebook, and the messages will come in French. To work in English, press English at the top of your page, stop your server and open it again; else open course/fr/day0.", "ce notebook est en français, et les messages viendront en anglais. Pour travailler en français, appuyez sur Français en haut de votre page, arrêtez votre serveur et rouvrez-le ; sinon, ouvrez course/en/day0.")

try:
    from airina.language import language

    tell(T("English", "français"), language() == T("en", "fr"), SWITCH)
except Exception:
    tell(T("English", "français"), False, ASK)

# %% key="saving"
try:
    from tempfile import TemporaryFile

    with TemporaryFile(dir=".") as proof:
        proof.write(bytes(1_000_000))
    tell(T("saving", "enregistrement"), True, "")
except Exception:
    tell(T("saving", "enregistrement"), False, T("your space is full, or cannot be written to. Delete large files that you no longer need, run this cell again; if it still fails, ", "votre espace est plein, ou l’on ne peut pas y écrire. Supprimez les gros fichiers dont vous n’avez plus besoin, puis exécutez de nouveau cette cellule ; si cela échoue encore, ") + ASK)

# %% [markdown] key="name-text" lang="en"
# **What you write stays.** Put your first name between the quotation marks, run the cell, press Ctrl+S (Cmd+S on a
# Mac), then reload this page in your browser (F5). Your name must still be there. If it is not, write to the team
# before Day 1.

# %% [markdown] key="name-text" lang="fr"
# **Ce que vous écrivez reste.** Mettez votre prénom entre les guillemets, exécutez la cellule, appuyez sur Ctrl+S
# (Cmd+S sur un Mac), puis rechargez cette page dans votre navigateur (F5). Votre prénom doit être encore là. Sinon,
# écrivez à l’équipe avant le jour 1.

# %% key="name"
first_name = ""
print(T("Welcome", "Bienvenue"), first_name)

# %% [markdown] key="figure-text" lang="en"
# **A figure.** Under the next cell you must see a curve. If you see none, reload the page and run the cell again.

# %% [markdown] key="figure-text" lang="fr"
# **Une figure.** Sous la cellule suivante, vous devez voir une courbe. Si vous n’en voyez pas, rechargez la page et
# exécutez de nouveau la cellule.

# %% key="figure" tags=["figure"]
try:
    from airina import figures

    ax = figures.axes()
    times = np.linspace(0, 10, 300)
    ax.plot(times, np.exp(-times / 4) * np.cos(2 * times))
    ax.set(xlabel=T("time", "temps"), ylabel=T("height", "hauteur"))
    ax.set_title(T("A spring comes to rest", "Un ressort s’amortit"))
    tell("Matplotlib", True, "")
except Exception:
    tell("Matplotlib", False, ASK)

# %% [markdown] key="ex1-text" lang="en"
# **An exercise.** All the exercises of the course are like this one: a function to complete, then a cell that checks
# it. First run both cells as they are, and read the line: ○ means not written yet. Then put
# `return np.sqrt(np.sum((x - y) ** 2))` in place of the line that begins with `raise`, keep it indented, and run both
# again. Try a wrong answer, too: the line then says where to look.

# %% [markdown] key="ex1-text" lang="fr"
# **Un exercice.** Tous les exercices du cours sont comme celui-ci : une fonction à compléter, puis une cellule qui la
# vérifie. Exécutez d’abord les deux cellules telles quelles, et lisez la ligne : ○ veut dire que rien n’est encore
# écrit. Puis mettez `return np.sqrt(np.sum((x - y) ** 2))` à la place de la ligne qui commence par `raise`, en
# gardant le retrait, et exécutez-les de nouveau. Essayez aussi une réponse fausse : la ligne dit alors où regarder.

# %% key="ex1" tags=["exercise"]
def distance(x, y):
    # en: the Euclidean distance between two vectors, a number
    # fr: la distance euclidienne entre deux vecteurs, un nombre
    # BEGIN SOLUTION
    return np.linalg.norm(x - y)
    # END SOLUTION


# %% key="ex1-check"
check("d0_00.ex1", distance)

# %% key="verdict"
wrong = [name for name, good in RESULTS.items() if not good]
if wrong:
    print(T("To be mended before Day 1:", "À réparer avant le jour 1 :"), ", ".join(wrong))
else:
    print(T("Everything is ready. See you on Day 1!", "Tout est prêt. Rendez-vous le jour 1 !"))

# %% [markdown] key="end" lang="en"
# The last line of this notebook is of a second kind that you will often meet: a number predicted by theory, next to the
# number measured. Here the theory is modest: nothing is wrong.

# %% [markdown] key="end" lang="fr"
# La dernière ligne de ce notebook est d’une seconde sorte, que vous verrez souvent : un nombre prévu par la théorie,
# à côté du nombre mesuré. Ici, la théorie est modeste : rien ne va de travers.

# %% key="ready"
expect("d0_00.ready", len(wrong), 0)
