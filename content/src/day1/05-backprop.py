# %% [markdown] key="title" lang="en"
# # Backpropagation from scratch
#
# **Day 1, notebook 5** — about 60 minutes.
#
# After this notebook you can
# - derive reverse accumulation on any computational graph, and say why it costs so little;
# - write the backward pass of a multilayer perceptron, of an attention head and of a residual block, in NumPy, from the differentials alone;
# - test a gradient against three independent judges, layer by layer, so that the *first* wrong line is found;
# - predict from the initialisation whether gradients vanish or explode with depth.
#
# **Conventions.** A batch has one example per *row*: $A\in\mathbb R^{N\times n}$. For a loss $\ell$ and a variable $M$, $\bar M$ is the gradient $\partial\ell/\partial M$, of the same shape as $M$, so that $\mathrm d\ell=\langle\bar M,\mathrm dM\rangle$ with $\langle A,B\rangle=\operatorname{tr}(A^\top B)$. The product $\odot$ is taken entry by entry.

# %% [markdown] key="title" lang="fr"
# # La rétropropagation, démontrée depuis zéro
#
# **Jour 1, notebook 5** — environ 60 minutes.
#
# À l’issue de ce notebook, vous saurez
# - démontrer l’accumulation inverse sur un graphe de calcul quelconque, et dire pourquoi elle coûte si peu ;
# - écrire la passe arrière d’un perceptron multicouche, d’une tête d’attention et d’un bloc résiduel, en NumPy, à partir des seules différentielles ;
# - confronter un gradient à trois juges indépendants, couche par couche, de façon à trouver la *première* ligne fausse ;
# - prévoir, d’après l’initialisation, si les gradients s’évanouissent ou explosent avec la profondeur.
#
# **Conventions.** Un lot contient un exemple par *ligne* : $A\in\mathbb R^{N\times n}$. Pour une perte $\ell$ et une variable $M$, $\bar M$ désigne le gradient $\partial\ell/\partial M$, de même forme que $M$, de sorte que $\mathrm d\ell=\langle\bar M,\mathrm dM\rangle$ avec $\langle A,B\rangle=\operatorname{tr}(A^\top B)$. Le produit $\odot$ se prend coefficient par coefficient.

# %% key="imports"
import jax
import jax.numpy as jnp
import numpy as np
import scipy.special
import torch
from airina import check, expect, figures
from airina.data import digits_split
from airina.derivatives import numerical_gradient, numerical_jvp

# %% [markdown] key="graph" lang="en"
# ## 1. Reverse accumulation
#
# A program without loops is a directed acyclic graph: values $v_1,\dots,v_N$, numbered so that each depends only on earlier ones, $v_j=\varphi_j\big((v_i)_{i\in\mathrm{pred}(j)}\big)$, and the result is $y=v_N$.
#
# > **Theorem 1 (reverse accumulation).** Let the $\varphi_j$ be differentiable, and let $\bar v_i$ be the derivative of $y$ with respect to $v_i$, everything after $v_i$ being computed again. Then $\bar v_N=1$ and, for $i<N$,
# > $$\bar v_i=\sum_{j\in\mathrm{succ}(i)}\frac{\partial\varphi_j}{\partial v_i}\,\bar v_j .$$
#
# **Proof.** Let $Y_i(v_1,\dots,v_i)$ be $y$ as a function of the first $i$ values, so that $\bar v_i=\partial_iY_i$. Then $Y_{i-1}(v_1,\dots,v_{i-1})=Y_i\big(v_1,\dots,v_{i-1},\varphi_i\big)$, and the chain rule gives $\partial_kY_{i-1}=\partial_kY_i+\frac{\partial\varphi_i}{\partial v_k}\partial_iY_i$ for $k<i$. Start from $\partial_kY_N=0$ and add these equalities for $i=N,\dots,k+1$: $\partial_kY_k=\sum_{i>k}\frac{\partial\varphi_i}{\partial v_k}\,\bar v_i$. Only the successors of $k$ contribute. $\blacksquare$
#
# The proof *is* the algorithm: go through the nodes in reverse topological order; when a node is reached, all its successors have been dealt with; **add** its contribution to each of its inputs.

# %% [markdown] key="graph" lang="fr"
# ## 1. L’accumulation inverse
#
# Un programme sans boucle est un graphe orienté sans circuit : des valeurs $v_1,\dots,v_N$, numérotées de sorte que chacune ne dépende que des précédentes, $v_j=\varphi_j\big((v_i)_{i\in\mathrm{pred}(j)}\big)$, le résultat étant $y=v_N$.
#
# > **Théorème 1 (accumulation inverse).** Supposons les $\varphi_j$ différentiables, et notons $\bar v_i$ la dérivée de $y$ par rapport à $v_i$, tout ce qui suit $v_i$ étant recalculé. Alors $\bar v_N=1$ et, pour $i<N$,
# > $$\bar v_i=\sum_{j\in\mathrm{succ}(i)}\frac{\partial\varphi_j}{\partial v_i}\,\bar v_j .$$
#
# **Démonstration.** Soit $Y_i(v_1,\dots,v_i)$ l’expression de $y$ en fonction des $i$ premières valeurs, de sorte que $\bar v_i=\partial_iY_i$. On a $Y_{i-1}(v_1,\dots,v_{i-1})=Y_i\big(v_1,\dots,v_{i-1},\varphi_i\big)$, et la règle de la chaîne donne $\partial_kY_{i-1}=\partial_kY_i+\frac{\partial\varphi_i}{\partial v_k}\partial_iY_i$ pour $k<i$. On part de $\partial_kY_N=0$ et on ajoute ces égalités pour $i=N,\dots,k+1$ : $\partial_kY_k=\sum_{i>k}\frac{\partial\varphi_i}{\partial v_k}\,\bar v_i$. Seuls les successeurs de $k$ y contribuent. $\blacksquare$
#
# La démonstration *est* l’algorithme : parcourir les nœuds dans l’ordre topologique inverse ; quand on atteint un nœud, tous ses successeurs ont été traités ; **ajouter** sa contribution à chacune de ses entrées.

# %% [markdown] key="cheap" lang="en"
# **Why it is cheap.** Each edge of the graph is crossed once, with one product and one addition. For programs made of $+,-,\times,/$ the whole gradient costs at most five times the evaluation of the function, *whatever the number of inputs* (Baur and Strassen, 1983). Forward accumulation, which carries $\partial v_j/\partial x_k$ along, needs one pass for each input: with $10^8$ parameters, the difference between a second and three years. Summing over *paths* instead of nodes is right too, and hopeless: their number is exponential in the depth. The price of reverse mode is memory: the values of the forward pass must be kept.

# %% [markdown] key="cheap" lang="fr"
# **Pourquoi c’est bon marché.** Chaque arête du graphe est parcourue une fois, avec un produit et une addition. Pour des programmes faits de $+,-,\times,/$, le gradient entier coûte au plus cinq fois l’évaluation de la fonction, *quel que soit le nombre d’entrées* (Baur et Strassen, 1983). L’accumulation directe, qui transporte $\partial v_j/\partial x_k$, demande une passe par entrée : avec $10^8$ paramètres, c’est la différence entre une seconde et trois ans. Sommer sur les *chemins* plutôt que sur les nœuds est juste aussi, mais sans espoir : leur nombre est exponentiel en la profondeur. Le prix du mode inverse est la mémoire : il faut conserver les valeurs de la passe avant.

# %% key="node"
class Node:
    # en: a value, the nodes it was computed from, and the derivative with respect to each
    # fr: une valeur, les nœuds dont elle est calculée, et la dérivée par rapport à chacun
    def __init__(self, value, inputs=(), slopes=()):
        self.value, self.inputs, self.slopes = value, inputs, slopes
        self.gradient = 0.0

    def __add__(self, other):
        return Node(self.value + other.value, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Node(self.value * other.value, (self, other), (other.value, self.value))

    def tanh(self):
        t = np.tanh(self.value)
        return Node(t, (self,), (1 - t**2,))


# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — a scalar engine
#
# Write `backward(root)`: it fills in `node.gradient` for every node from which `root` was computed. All gradients are $0$ when it is called. A node may be used several times; its gradient must be passed on once only, when it is complete. At most 12 lines; it returns `root`.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — un moteur scalaire
#
# Écrivez `backward(root)` : elle remplit `node.gradient` pour tous les nœuds dont `root` a été calculé. Tous les gradients valent $0$ au moment de l’appel. Un nœud peut servir plusieurs fois ; son gradient ne doit être transmis qu’une fois, quand il est complet. Douze lignes au plus ; elle renvoie `root`.

# %% key="ex1" tags=["exercise"]
def backward(root):
    # en: topological order first, then accumulate from the end
    # fr: d’abord l’ordre topologique, puis accumuler depuis la fin
    # BEGIN SOLUTION
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for earlier in node.inputs:
                visit(earlier)
            order.append(node)

    visit(root)
    root.gradient = 1.0
    for node in reversed(order):
        for earlier, slope in zip(node.inputs, node.slopes):
            earlier.gradient += slope * node.gradient
    return root
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# A depth-first visit that appends a node to a list *after* all its inputs yields a topological order. Nodes are told apart by `id(node)`, not by their value. Then read the list backwards.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Une visite en profondeur qui ajoute un nœud à une liste *après* toutes ses entrées donne un ordre topologique. Les nœuds se distinguent par `id(node)`, non par leur valeur. Il reste à lire la liste à l’envers.
# </details>

# %% key="ex1-check"
check("d1_05.ex1", backward)

# %% [markdown] key="engine-judges" lang="en"
# **Three judges.** $f(x,w)=\tanh(xw+x)\cdot w+x$ at $(0.7,-0.4)$, confronted with JAX, PyTorch and finite differences.

# %% [markdown] key="engine-judges" lang="fr"
# **Trois juges.** $f(x,w)=\tanh(xw+x)\cdot w+x$ en $(0{,}7,-0{,}4)$, confrontée à JAX, à PyTorch et aux différences finies.

# %% key="engine-judges-run"
def f(x, w, tanh):
    return tanh(x * w + x) * w + x


point = np.array([0.7, -0.4])
x, w = Node(point[0]), Node(point[1])
backward(f(x, w, Node.tanh))
ours = np.array([x.gradient, w.gradient])

by_jax = jax.grad(lambda p: f(p[0], p[1], jnp.tanh))(point)
leaf = torch.tensor(point, requires_grad=True)
f(leaf[0], leaf[1], torch.tanh).backward()
by_differences = numerical_gradient(lambda p: f(p[0], p[1], np.tanh), point)
expect("d1_05.engine_jax", np.abs(ours - by_jax).max(), 0.0, atol=1e-12)
expect("d1_05.engine_torch", np.abs(ours - leaf.grad.numpy()).max(), 0.0, atol=1e-12)
expect("d1_05.engine_differences", np.abs(ours - by_differences).max(), 0.0, atol=1e-8)

# %% key="graph-figure" tags=["figure"]
ax = figures.axes(height=2.6)
places = {"$x=3$": (0, 0), r"$x\cdot x=9$": (1, 0.7), "$y=12$": (2, 0)}
adjoints = {"$x=3$": r"$\bar v=1+3+3=7$", r"$x\cdot x=9$": r"$\bar v=1$", "$y=12$": r"$\bar v=1$"}
arrows = [("$x=3$", r"$x\cdot x=9$", "arc3,rad=-0.25"), ("$x=3$", r"$x\cdot x=9$", "arc3,rad=0.2"), ("$x=3$", "$y=12$", "arc3,rad=0.15"), (r"$x\cdot x=9$", "$y=12$", "arc3,rad=-0.2")]
for start, end, bend in arrows:
    ax.annotate("", places[end], places[start], arrowprops={"arrowstyle": "->", "connectionstyle": bend, "shrinkA": 28, "shrinkB": 28})
for name, (u, v) in places.items():
    ax.text(u, v, name, ha="center", va="center", bbox={"boxstyle": "round", "fc": "white", "ec": figures.BLUE})
    ax.text(u, v - 0.3, adjoints[name], ha="center", va="center", color=figures.VERMILION)
for u, v, slope in [(0.36, 0.52, "3"), (0.6, 0.22, "3"), (1.0, -0.26, "1"), (1.6, 0.52, "1")]:
    ax.text(u, v, slope, ha="center", va="center", bbox={"fc": "white", "ec": "none", "pad": 1})
ax.set(xlim=(-0.4, 2.4), ylim=(-0.6, 1.1), title=T("Three edges reach $x$: three contributions are added", "Trois arêtes touchent $x$ : trois contributions s’ajoutent"))
ax.set_axis_off()

# %% [markdown] key="graph-read" lang="en"
# Read the figure from right to left. The result gives $1$ to each of its two inputs; the product, complete at once, gives $1\cdot3$ along each of its two edges, for both of its factors are $x$; and $x$, reached by three edges, adds up three contributions: $\bar v=7$, which is indeed $2x+1$ at $x=3$. An edge is a *use* of a value, not a pair of nodes: the two edges from $x$ to the product must both be kept.

# %% [markdown] key="graph-read" lang="fr"
# Lisez la figure de droite à gauche. Le résultat donne $1$ à chacune de ses deux entrées ; le produit, aussitôt complet, donne $1\cdot3$ le long de chacune de ses deux arêtes, puisque ses deux facteurs sont $x$ ; et $x$, touché par trois arêtes, additionne trois contributions : $\bar v=7$, qui est bien $2x+1$ en $x=3$. Une arête est une *utilisation* d’une valeur, non un couple de nœuds : il faut conserver les deux arêtes qui vont de $x$ au produit.

# %% [markdown] key="recipe" lang="en"
# **From numbers to matrices: three moves.** Entry by entry, Theorem 1 would already give every formula below, with a forest of indices. It is quicker, and safer, to work with differentials.
# 1. *Differentiate* the step: write $\mathrm d(\text{output})$ as a linear expression of $\mathrm d(\text{input})$.
# 2. *Pair* with the gradient of the output: $\mathrm d\ell=\langle\overline{\text{output}},\mathrm d(\text{output})\rangle$.
# 3. *Move* every factor to the other side of the scalar product until $\mathrm d(\text{input})$ stands alone: what faces it is $\overline{\text{input}}$.
#
# For the third move two rules suffice: $\langle A,BC\rangle=\langle B^\top A,C\rangle=\langle AC^\top,B\rangle$ and $\langle A,B\odot C\rangle=\langle A\odot B,C\rangle$. The first is the cyclic invariance of the trace, the second is obvious. In other words, each step of the forward pass is replaced by the *adjoint* of its differential, and the adjoints are composed in the opposite order: no Jacobian matrix is ever formed.

# %% [markdown] key="recipe" lang="fr"
# **Des nombres aux matrices : trois gestes.** Coefficient par coefficient, le théorème 1 donnerait déjà toutes les formules qui suivent, avec une forêt d’indices. Il est plus rapide, et plus sûr, de travailler avec des différentielles.
# 1. *Différentier* l’étape : écrire $\mathrm d(\text{sortie})$ comme une expression linéaire de $\mathrm d(\text{entrée})$.
# 2. *Apparier* avec le gradient de la sortie : $\mathrm d\ell=\langle\overline{\text{sortie}},\mathrm d(\text{sortie})\rangle$.
# 3. *Faire passer* chaque facteur de l’autre côté du produit scalaire, jusqu’à ce que $\mathrm d(\text{entrée})$ soit seule : ce qui lui fait face est $\overline{\text{entrée}}$.
#
# Pour le troisième geste, deux règles suffisent : $\langle A,BC\rangle=\langle B^\top A,C\rangle=\langle AC^\top,B\rangle$ et $\langle A,B\odot C\rangle=\langle A\odot B,C\rangle$. La première est l’invariance cyclique de la trace, la seconde est évidente. Autrement dit, chaque étape de la passe avant est remplacée par l’*adjoint* de sa différentielle, et les adjoints sont composés dans l’ordre inverse : aucune matrice jacobienne n’est jamais formée.

# %% [markdown] key="mlp" lang="en"
# ## 2. The multilayer perceptron
#
# Take matrices for nodes. With $A^0=X$, for $l=1,\dots,L$,
# $$Z^l=A^{l-1}(W^l)^\top+\mathbf 1(b^l)^\top,\qquad A^l=\operatorname{relu}(Z^l)\ (l<L),\qquad P=\operatorname{softmax}(Z^L)\ \text{by row},\qquad \ell=-\frac1N\langle Y,\ln P\rangle,$$
# where each row of $Y$ is a vector of the canonical basis.
#
# > **Theorem 2.** Put $\Delta^l=\bar Z^l$. If no entry of $Z^1,\dots,Z^{L-1}$ is zero,
# > $$\Delta^L=\frac{P-Y}N,\qquad \Delta^l=(\Delta^{l+1}W^{l+1})\odot\operatorname{relu}'(Z^l),\qquad \bar W^l=(\Delta^l)^\top A^{l-1},\qquad \bar b^l=(\Delta^l)^\top\mathbf 1 .$$
#
# **Proof.** *Top*: for a row, $\ell=-\langle y,z\rangle+\ln\sum_ie^{z_i}$ has gradient $p-y$; the mean over rows divides by $N$. *Affine step*: $\mathrm dZ=\mathrm dA\,W^\top+A\,\mathrm dW^\top+\mathbf 1\,\mathrm db^\top$, and
# $$\langle\Delta,\mathrm dZ\rangle=\langle\Delta W,\mathrm dA\rangle+\langle\Delta^\top A,\mathrm dW\rangle+\langle\Delta^\top\mathbf 1,\mathrm db\rangle .$$
# *Activation*: $\mathrm dA=\operatorname{relu}'(Z)\odot\mathrm dZ$, so $\bar Z=\bar A\odot\operatorname{relu}'(Z)$. $\blacksquare$
#
# Read the shapes: each formula is the only product of its two factors that has the right shape. A useful check, not a proof.

# %% [markdown] key="mlp" lang="fr"
# ## 2. Le perceptron multicouche
#
# Prenons des matrices pour nœuds. Avec $A^0=X$, pour $l=1,\dots,L$,
# $$Z^l=A^{l-1}(W^l)^\top+\mathbf 1(b^l)^\top,\qquad A^l=\operatorname{relu}(Z^l)\ (l<L),\qquad P=\operatorname{softmax}(Z^L)\ \text{par ligne},\qquad \ell=-\frac1N\langle Y,\ln P\rangle,$$
# où chaque ligne de $Y$ est un vecteur de la base canonique.
#
# > **Théorème 2.** Posons $\Delta^l=\bar Z^l$. Si aucun coefficient de $Z^1,\dots,Z^{L-1}$ n’est nul,
# > $$\Delta^L=\frac{P-Y}N,\qquad \Delta^l=(\Delta^{l+1}W^{l+1})\odot\operatorname{relu}'(Z^l),\qquad \bar W^l=(\Delta^l)^\top A^{l-1},\qquad \bar b^l=(\Delta^l)^\top\mathbf 1 .$$
#
# **Démonstration.** *Sommet* : pour une ligne, $\ell=-\langle y,z\rangle+\ln\sum_ie^{z_i}$ a pour gradient $p-y$ ; la moyenne sur les lignes divise par $N$. *Étape affine* : $\mathrm dZ=\mathrm dA\,W^\top+A\,\mathrm dW^\top+\mathbf 1\,\mathrm db^\top$, et
# $$\langle\Delta,\mathrm dZ\rangle=\langle\Delta W,\mathrm dA\rangle+\langle\Delta^\top A,\mathrm dW\rangle+\langle\Delta^\top\mathbf 1,\mathrm db\rangle .$$
# *Activation* : $\mathrm dA=\operatorname{relu}'(Z)\odot\mathrm dZ$, donc $\bar Z=\bar A\odot\operatorname{relu}'(Z)$. $\blacksquare$
#
# Lisez les formes : chaque formule est le seul produit de ses deux facteurs qui ait la bonne forme. C’est une vérification utile, pas une démonstration.

# %% key="forward"
def softmax(S):
    exponentials = np.exp(S - S.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def forward(weights, biases, X):
    # en: the inputs of every layer, and the probabilities
    # fr: les entrées de chaque couche, et les probabilités
    activations = [X]
    for W, b in zip(weights[:-1], biases[:-1]):
        activations.append(np.maximum(activations[-1] @ W.T + b, 0))
    return activations, softmax(activations[-1] @ weights[-1].T + biases[-1])


# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 — the backward pass of a perceptron
#
# Write `mlp_gradients(weights, activations, probabilities, Y)`: `activations` is the list $A^0,\dots,A^{L-1}$ and `probabilities` is $P$, both from `forward`. Return two lists, the $\bar W^l$ and the $\bar b^l$, for $l=1,\dots,L$. Note that $\operatorname{relu}'(Z^l)$ can be read off $A^l$. At most 10 lines, for any number of layers. The check goes from the last layer to the first and names the first one that is wrong.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 — la passe arrière d’un perceptron
#
# Écrivez `mlp_gradients(weights, activations, probabilities, Y)` : `activations` est la liste $A^0,\dots,A^{L-1}$ et `probabilities` est $P$, toutes deux fournies par `forward`. Renvoyez deux listes, celle des $\bar W^l$ et celle des $\bar b^l$, pour $l=1,\dots,L$. Remarquez que $\operatorname{relu}'(Z^l)$ se lit sur $A^l$. Dix lignes au plus, pour un nombre quelconque de couches. La vérification va de la dernière couche à la première et nomme la première qui est fausse.

# %% key="ex2" tags=["exercise"]
def mlp_gradients(weights, activations, probabilities, Y):
    # en: gradients of the mean cross-entropy, layer by layer
    # fr: gradients de l’entropie croisée moyenne, couche par couche
    # BEGIN SOLUTION
    delta = (probabilities - Y) / len(Y)
    weight_gradients, bias_gradients = [], []
    for layer in reversed(range(len(weights))):
        weight_gradients.insert(0, delta.T @ activations[layer])
        bias_gradients.insert(0, delta.sum(axis=0))
        delta = (delta @ weights[layer]) * (activations[layer] > 0)
    return weight_gradients, bias_gradients
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# Keep one variable, $\Delta$. At layer $l$: use it for $\bar W^l$ and $\bar b^l$, *then* push it through $W^l$ and the activation that produced $A^{l-1}$. Divide by $N$ once, at the top.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Gardez une seule variable, $\Delta$. À la couche $l$ : servez-vous-en pour $\bar W^l$ et $\bar b^l$, *puis* faites-la traverser $W^l$ et l’activation qui a produit $A^{l-1}$. Divisez par $N$ une seule fois, au sommet.
# </details>

# %% key="ex2-check"
check("d1_05.ex2", mlp_gradients)

# %% [markdown] key="testing" lang="en"
# **How to test a gradient.** The next cell compares layer by layer, from the top down: since errors only travel downwards, the *first* layer that disagrees holds the mistake. Four habits save hours:
# - compare *relative* errors, in float64: in float32 a right gradient and a slightly wrong one look alike;
# - use generic data. A symmetric matrix hides a forgotten transpose, a square one hides a wrong shape, a batch of one hides a missing mean;
# - stay away from kinks: at $z=0$ relu has no derivative, and each library makes its own choice;
# - when the output is not a number, test the adjoint: $\langle G,J v\rangle=\langle J^\top G,v\rangle$ for random $G$ and $v$, the left side by forward mode or a finite difference, the right side by your function. One such equality in a random direction detects any error with probability one. This is how the checks of this notebook work: they contain no backward pass.

# %% [markdown] key="testing" lang="fr"
# **Comment tester un gradient.** La cellule suivante compare couche par couche, du sommet vers le bas : comme les erreurs ne se propagent que vers le bas, la *première* couche en désaccord contient la faute. Quatre habitudes épargnent des heures :
# - comparer des erreurs *relatives*, en float64 : en float32, un gradient juste et un gradient un peu faux se ressemblent ;
# - prendre des données quelconques. Une matrice symétrique cache une transposée oubliée, une matrice carrée une forme fausse, un lot d’un seul exemple une moyenne manquante ;
# - rester à l’écart des points anguleux : en $z=0$, relu n’a pas de dérivée, et chaque bibliothèque fait son propre choix ;
# - quand la sortie n’est pas un nombre, tester l’adjoint : $\langle G,J v\rangle=\langle J^\top G,v\rangle$ pour $G$ et $v$ aléatoires, le membre de gauche par le mode direct ou une différence finie, celui de droite par votre fonction. Une seule égalité de ce type, dans une direction aléatoire, détecte toute erreur avec probabilité un. C’est ainsi que procèdent les vérifications de ce notebook : elles ne contiennent aucune passe arrière.

# %% key="mlp-judges-run"
rng = np.random.default_rng(5)
sizes = [6, 8, 7, 4]
weights = [rng.normal(size=(o, i)) / np.sqrt(i) for i, o in zip(sizes, sizes[1:])]
biases = [0.1 * rng.normal(size=o) for o in sizes[1:]]
X, Y = rng.normal(size=(9, 6)), np.eye(4)[rng.integers(4, size=9)]
mine, _ = mlp_gradients(weights, *forward(weights, biases, X), Y)


def loss(weights, biases, X, Y, relu, log_softmax):
    # en: the same loss, for NumPy, JAX and PyTorch alike
    # fr: la même perte, pour NumPy, JAX et PyTorch à la fois
    for W, b in zip(weights[:-1], biases[:-1]):
        X = relu(X @ W.T + b)
    return -(Y * log_softmax(X @ weights[-1].T + biases[-1], -1)).sum() / len(Y)


by_jax = jax.grad(loss)(weights, biases, X, Y, jax.nn.relu, jax.nn.log_softmax)
leaves = [torch.tensor(W, requires_grad=True) for W in weights]
constants = [torch.tensor(b) for b in biases], torch.tensor(X), torch.tensor(Y)
loss(leaves, *constants, torch.relu, torch.log_softmax).backward()
for layer in (2, 1, 0):
    size, number = np.abs(mine[layer]).max(), layer + 1
    expect(f"d1_05.jax_W{number}", np.abs(mine[layer] - by_jax[layer]).max() / size, 0.0, atol=1e-10)
    expect(f"d1_05.torch_W{number}", np.abs(mine[layer] - leaves[layer].grad.numpy()).max() / size, 0.0, atol=1e-10)


def loss_of_first(W):
    return loss([W, *weights[1:]], biases, X, Y, lambda z: np.maximum(z, 0), scipy.special.log_softmax)


by_differences = numerical_gradient(loss_of_first, weights[0])
expect("d1_05.differences_W1", np.abs(mine[0] - by_differences).max() / np.abs(mine[0]).max(), 0.0, atol=1e-7)

# %% [markdown] key="attention" lang="en"
# ## 3. An attention head, and a block of your own
#
# With queries $Q\in\mathbb R^{n\times d}$, keys $K\in\mathbb R^{m\times d}$, values $V\in\mathbb R^{m\times p}$:
# $$S=\frac{QK^\top}{\sqrt d},\qquad A=\operatorname{softmax}(S)\ \text{by row},\qquad O=AV .$$
# Let $G=\bar O$ be given. Two products and one softmax, each in one line:
# - $\mathrm dO=\mathrm dA\,V+A\,\mathrm dV$, hence $\bar V=A^\top G$ and $\bar A=GV^\top$;
# - for a row, $\mathrm da=(\operatorname{diag}(a)-aa^\top)\,\mathrm ds$ with a *symmetric* matrix, hence $\bar s=a\odot(\bar a-\langle a,\bar a\rangle\mathbf 1)$; all rows together, $\bar S=A\odot\big(\bar A-(\bar A\odot A)\mathbf 1\mathbf 1^\top\big)$;
# - $\mathrm dS=(\mathrm dQ\,K^\top+Q\,\mathrm dK^\top)/\sqrt d$, hence $\bar Q=\bar SK/\sqrt d$ and $\bar K=\bar S^\top Q/\sqrt d$.
#
# The rows of $\bar S$ have sum zero: adding a constant to all the scores of a row changes nothing, so the gradient is orthogonal to that direction.

# %% [markdown] key="attention" lang="fr"
# ## 3. Une tête d’attention, et un bloc à vous
#
# Avec des requêtes $Q\in\mathbb R^{n\times d}$, des clés $K\in\mathbb R^{m\times d}$, des valeurs $V\in\mathbb R^{m\times p}$ :
# $$S=\frac{QK^\top}{\sqrt d},\qquad A=\operatorname{softmax}(S)\ \text{par ligne},\qquad O=AV .$$
# Donnons-nous $G=\bar O$. Deux produits et un softmax, une ligne chacun :
# - $\mathrm dO=\mathrm dA\,V+A\,\mathrm dV$, donc $\bar V=A^\top G$ et $\bar A=GV^\top$ ;
# - pour une ligne, $\mathrm da=(\operatorname{diag}(a)-aa^\top)\,\mathrm ds$ avec une matrice *symétrique*, donc $\bar s=a\odot(\bar a-\langle a,\bar a\rangle\mathbf 1)$ ; pour toutes les lignes, $\bar S=A\odot\big(\bar A-(\bar A\odot A)\mathbf 1\mathbf 1^\top\big)$ ;
# - $\mathrm dS=(\mathrm dQ\,K^\top+Q\,\mathrm dK^\top)/\sqrt d$, donc $\bar Q=\bar SK/\sqrt d$ et $\bar K=\bar S^\top Q/\sqrt d$.
#
# Les lignes de $\bar S$ sont de somme nulle : ajouter une constante à tous les scores d’une ligne ne change rien, le gradient est donc orthogonal à cette direction.

# %% key="attention-code"
def attention_weights(Q, K):
    return softmax(Q @ K.T / np.sqrt(Q.shape[1]))


# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — the backward pass of attention
#
# Write `attention_vjp(Q, K, V, G)`, which returns $\bar Q,\bar K,\bar V$ in this order. The function `attention_weights(Q, K)` above gives you the matrix $A$. At most 6 lines.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — la passe arrière de l’attention
#
# Écrivez `attention_vjp(Q, K, V, G)`, qui renvoie $\bar Q,\bar K,\bar V$ dans cet ordre. La fonction `attention_weights(Q, K)` ci-dessus vous donne la matrice $A$. Six lignes au plus.

# %% key="ex3" tags=["exercise"]
def attention_vjp(Q, K, V, G):
    # en: gradients with respect to Q, K, V when the output has gradient G
    # fr: gradients par rapport à Q, K, V quand la sortie a pour gradient G
    # BEGIN SOLUTION
    A = attention_weights(Q, K)
    A_bar = G @ V.T
    S_bar = A * (A_bar - (A_bar * A).sum(axis=1, keepdims=True))
    S_bar = S_bar / np.sqrt(Q.shape[1])
    return S_bar @ K, S_bar.T @ Q, A.T @ G
    # END SOLUTION


# %% key="ex3-check"
check("d1_05.ex3", attention_vjp)

# %% [markdown] key="block" lang="en"
# **A block.** Layer normalisation acts by row: $\hat x=(x-\operatorname{mean}x)/s$ with $s=\sqrt{\operatorname{var}x+\varepsilon}$, and notebook 4 derives its backward pass, $\bar x=\big(g-\operatorname{mean}g-\hat x\operatorname{mean}(g\odot\hat x)\big)/s$. The block is
# $$H=\operatorname{norm}(X),\qquad F=X+\operatorname{attention}(HW_q,\;HW_k,\;HW_v).$$
# In its graph, $X$ has **two** successors (the sum, the norm) and $H$ has **three**. Theorem 1 says what to do: add.
#
# ### Exercise 4 — the backward pass of the block
#
# Write `block_vjp(X, Wq, Wk, Wv, G)`, which returns $\bar X,\bar W_q,\bar W_k,\bar W_v$ for $G=\bar F$. Use `layer_norm`, `layer_norm_vjp(X, g)` and your `attention_vjp`. At most 6 lines.

# %% [markdown] key="block" lang="fr"
# **Un bloc.** La normalisation de couche opère par ligne : $\hat x=(x-\operatorname{mean}x)/s$ avec $s=\sqrt{\operatorname{var}x+\varepsilon}$ (moyenne et variance de la ligne), et le notebook 4 établit sa passe arrière, $\bar x=\big(g-\operatorname{mean}g-\hat x\operatorname{mean}(g\odot\hat x)\big)/s$. Le bloc est
# $$H=\operatorname{norm}(X),\qquad F=X+\operatorname{attention}(HW_q,\;HW_k,\;HW_v).$$
# Dans son graphe, $X$ a **deux** successeurs (la somme, la normalisation) et $H$ en a **trois**. Le théorème 1 dit quoi faire : additionner.
#
# ### Exercice 4 — la passe arrière du bloc
#
# Écrivez `block_vjp(X, Wq, Wk, Wv, G)`, qui renvoie $\bar X,\bar W_q,\bar W_k,\bar W_v$ pour $G=\bar F$. Servez-vous de `layer_norm`, de `layer_norm_vjp(X, g)` et de votre `attention_vjp`. Six lignes au plus.

# %% key="norm-code"
EPSILON = 1e-5


def layer_norm(X):
    centred = X - X.mean(axis=1, keepdims=True)
    return centred / np.sqrt(X.var(axis=1, keepdims=True) + EPSILON)


def layer_norm_vjp(X, g):
    hat = layer_norm(X)
    inner = g - g.mean(axis=1, keepdims=True) - hat * (g * hat).mean(axis=1, keepdims=True)
    return inner / np.sqrt(X.var(axis=1, keepdims=True) + EPSILON)


# %% key="ex4" tags=["exercise"]
def block_vjp(X, Wq, Wk, Wv, G):
    # en: gradients with respect to X, Wq, Wk, Wv
    # fr: gradients par rapport à X, Wq, Wk, Wv
    # BEGIN SOLUTION
    H = layer_norm(X)
    Q_bar, K_bar, V_bar = attention_vjp(H @ Wq, H @ Wk, H @ Wv, G)
    H_bar = Q_bar @ Wq.T + K_bar @ Wk.T + V_bar @ Wv.T
    return G + layer_norm_vjp(X, H_bar), H.T @ Q_bar, H.T @ K_bar, H.T @ V_bar
    # END SOLUTION


# %% key="ex4-check"
check("d1_05.ex4", block_vjp)

# %% key="block-judges-run"
def block(X, Wq, Wk, Wv, softmax=softmax):
    # en: the forward pass, for NumPy, JAX and PyTorch alike
    # fr: la passe avant, pour NumPy, JAX et PyTorch à la fois
    centred = X - X.mean(1)[:, None]
    H = centred / ((centred**2).mean(1)[:, None] + EPSILON) ** 0.5
    return X + softmax((H @ Wq) @ (H @ Wk).T / Wq.shape[1] ** 0.5) @ (H @ Wv)


arguments = [rng.normal(size=(5, 6)), *(rng.normal(size=(6, 6)) / 2 for _ in range(3))]
G = rng.normal(size=(5, 6))
mine = block_vjp(*arguments, G)

_, pull = jax.vjp(lambda *given: block(*given, jax.nn.softmax), *arguments)
leaves = [torch.tensor(a, requires_grad=True) for a in arguments]
block(*leaves, lambda S: torch.softmax(S, 1)).backward(torch.tensor(G))
direction = rng.normal(size=(5, 6))
along = numerical_jvp(lambda X: (G * block(X, *arguments[1:])).sum(), arguments[0], direction)
expect("d1_05.block_jax", max(np.abs(a - b).max() for a, b in zip(mine, pull(G))), 0.0, atol=1e-9)
expect("d1_05.block_torch", max(np.abs(a - b.grad.numpy()).max() for a, b in zip(mine, leaves)), 0.0, atol=1e-9)
expect("d1_05.block_differences", (mine[0] * direction).sum(), float(along), rtol=1e-6)

# %% [markdown] key="memory" lang="en"
# **What it costs in memory.** The backward pass needs the values of the forward pass: $A^{l-1}$ for $\bar W^l$, the sign of $Z^l$ for relu, the matrix $A$ for attention. For $L$ layers of equal size, that is $L$ stored layers, against one for the forward pass alone: training takes far more memory than inference, and the batch size is usually limited by activations, not by weights. *Checkpointing* stores only every $\sqrt L$-th layer and computes each segment again when the backward pass reaches it: about $2\sqrt L$ layers in memory, for one more forward pass. For attention, $A$ has $nm$ entries: recomputing it block by block instead of storing it is one of the two ideas of FlashAttention, which is on the list of papers for Day 5. *Discuss in pairs, two minutes*: which of the steps of the block above could be undone exactly, so that its input would not have to be stored at all?

# %% [markdown] key="memory" lang="fr"
# **Ce que cela coûte en mémoire.** La passe arrière a besoin des valeurs de la passe avant : $A^{l-1}$ pour $\bar W^l$, le signe de $Z^l$ pour relu, la matrice $A$ pour l’attention. Pour $L$ couches de même taille, cela fait $L$ couches conservées, contre une pour la passe avant seule : l’entraînement occupe bien plus de mémoire que l’inférence, et ce sont d’ordinaire les activations, non les poids, qui limitent la taille des lots. La *reprise par points de contrôle* (checkpointing) ne conserve qu’une couche sur $\sqrt L$ et recalcule chaque segment quand la passe arrière l’atteint : environ $2\sqrt L$ couches en mémoire, au prix d’une passe avant de plus. Pour l’attention, $A$ a $nm$ coefficients : la recalculer bloc par bloc au lieu de la conserver est l’une des deux idées de FlashAttention, qui figure parmi les articles du jour 5. *À discuter à deux, deux minutes* : lesquelles des étapes du bloc ci-dessus pourrait-on inverser exactement, de sorte qu’il ne serait plus nécessaire de conserver leur entrée ?

# %% [markdown] key="train" lang="en"
# ## 4. It learns
#
# The digits, a perceptron $64\to64\to10$, batches of 50, step $0.2$, 60 passes; gradients by *your* function. **Prediction** before any training: with ten equiprobable answers the loss starts near $\ln10\approx2.30$ for a network that knows nothing. After training, more than 92 % of right answers on digits never seen.

# %% [markdown] key="train" lang="fr"
# ## 4. Il apprend
#
# Les chiffres manuscrits, un perceptron $64\to64\to10$, des lots de 50, un pas de $0{,}2$, 60 passages ; les gradients viennent de *votre* fonction. **Prévision** avant tout entraînement : avec dix réponses équiprobables, la perte d’un réseau qui ne sait rien part de $\ln10\approx2{,}30$ environ. Après entraînement, plus de 92 % de bonnes réponses sur des chiffres jamais vus.

# %% key="train-run"
X_train, y_train, X_test, y_test = digits_split()
targets = np.eye(10)[y_train]
weights = [rng.normal(size=(64, 64)) * np.sqrt(2 / 64), 0.1 * rng.normal(size=(10, 64))]
biases = [np.zeros(64), np.zeros(10)]


def mean_loss(X, Y):
    return -np.log((forward(weights, biases, X)[1] * Y).sum(axis=1)).mean()


history = [mean_loss(X_train, targets)]
for _ in range(60):
    for batch in np.array_split(rng.permutation(len(X_train)), len(X_train) // 50):
        gradients = mlp_gradients(weights, *forward(weights, biases, X_train[batch]), targets[batch])
        for parameters, slopes in zip((weights, biases), gradients):
            for parameter, slope in zip(parameters, slopes):
                parameter -= 0.2 * slope
    history.append(mean_loss(X_train, targets))
answers = forward(weights, biases, X_test)[1].argmax(axis=1)
expect("d1_05.first_loss", history[0], np.log(10), atol=0.4)
expect("d1_05.accuracy", (answers == y_test).mean(), at_least=0.92)

# %% key="train-figure" tags=["figure"]
ax = figures.axes(height=2.6)
ax.semilogy(history, label=T("training loss", "perte d’entraînement"))
ax.axhline(np.log(10), color=figures.GREY, linestyle=":", label=r"$\ln 10$")
ax.set_xlabel(T("passes over the data", "passages sur les données"))
ax.set_ylabel(T("mean cross-entropy (nats)", "entropie croisée moyenne (nats)"))
ax.legend();

# %% [markdown] key="train-read" lang="en"
# The training loss goes on decreasing by itself long after the answers on unseen digits have stopped improving: the gradient is that of the *training* loss, and it is right to the last digit; whether this loss is the one you want is another question (Days 2 and 3). Note that nothing in the training loop depends on the architecture: only `forward` and `mlp_gradients` do. An automatic differentiation library is exercise 1 with matrices for nodes, and a long table of adjoints.

# %% [markdown] key="train-read" lang="fr"
# La perte d’entraînement continue de décroître bien après que les réponses sur des chiffres inconnus ont cessé de s’améliorer : le gradient est celui de la perte *d’entraînement*, et il est juste jusqu’au dernier chiffre ; que cette perte soit celle que vous voulez est une autre question (jours 2 et 3). Remarquez que rien, dans la boucle d’entraînement, ne dépend de l’architecture : seules `forward` et `mlp_gradients` en dépendent. Une bibliothèque de différentiation automatique, c’est l’exercice 1 avec des matrices pour nœuds, et une longue table d’adjoints.

# %% [markdown] key="depth" lang="en"
# ## 5. How gradients travel through depth
#
# > **Proposition 3.** Let $W\in\mathbb R^{n\times n}$ have independent entries of mean $0$ and variance $\sigma_w^2/n$, independent of $\delta\in\mathbb R^n$. Then $\mathbb E|W^\top\delta|^2=\sigma_w^2\,\mathbb E|\delta|^2$. If each entry of $\delta$ is moreover set to zero with probability $\frac12$, independently of everything else, the factor becomes $\frac12\sigma_w^2$.
#
# **Proof.** $\mathbb E|W^\top\delta|^2=\sum_j\mathbb E\big(\sum_iW_{ij}\delta_i\big)^2=\sum_{i,j}\frac{\sigma_w^2}n\mathbb E\delta_i^2=\sigma_w^2\,\mathbb E|\delta|^2$; the mask halves $\mathbb E|\delta|^2$. $\blacksquare$
#
# So through $L$ linear layers the norm of the gradient is multiplied by about $\sigma_w^L$, through $L$ ReLU layers by $(\sigma_w^2/2)^{L/2}$. Only one variance keeps it: $\sigma_w^2=1$ for linear layers, $\sigma_w^2=2$ for ReLU (He's initialisation). That the ReLU masks are independent of $\delta$ is an approximation, good at initialisation and false after training.

# %% [markdown] key="depth" lang="fr"
# ## 5. Comment les gradients traversent la profondeur
#
# > **Proposition 3.** Soit $W\in\mathbb R^{n\times n}$ à coefficients indépendants, centrés, de variance $\sigma_w^2/n$, indépendante de $\delta\in\mathbb R^n$. Alors $\mathbb E|W^\top\delta|^2=\sigma_w^2\,\mathbb E|\delta|^2$. Si de plus chaque coefficient de $\delta$ est annulé avec probabilité $\frac12$, indépendamment de tout le reste, le facteur devient $\frac12\sigma_w^2$.
#
# **Démonstration.** $\mathbb E|W^\top\delta|^2=\sum_j\mathbb E\big(\sum_iW_{ij}\delta_i\big)^2=\sum_{i,j}\frac{\sigma_w^2}n\mathbb E\delta_i^2=\sigma_w^2\,\mathbb E|\delta|^2$ ; le masque divise $\mathbb E|\delta|^2$ par deux. $\blacksquare$
#
# À travers $L$ couches linéaires, la norme du gradient est donc multipliée par environ $\sigma_w^L$, à travers $L$ couches ReLU par $(\sigma_w^2/2)^{L/2}$. Une seule variance la conserve : $\sigma_w^2=1$ pour des couches linéaires, $\sigma_w^2=2$ pour ReLU (initialisation de He). Que les masques de ReLU soient indépendants de $\delta$ est une approximation, bonne à l’initialisation et fausse après entraînement.

# %% [markdown] key="break-a" lang="en"
# ## 6. Break it
#
# ### (a) `=` instead of `+=`
#
# The most frequent mistake in a home-made engine is to *assign* the contribution instead of adding it. For $y=x\cdot x+x$ at $x=3$, the node $x$ receives three contributions: $1$ from the sum, then $3$ and $3$ from the product. **Prediction**: $7$ with `+=`, and $3$, the last one, with `=`. On a graph without a shared node both give the same: your tests must reuse a variable.

# %% [markdown] key="break-a" lang="fr"
# ## 6. Casser exprès
#
# ### (a) `=` au lieu de `+=`
#
# L’erreur la plus fréquente dans un moteur fait maison consiste à *affecter* la contribution au lieu de l’ajouter. Pour $y=x\cdot x+x$ en $x=3$, le nœud $x$ reçoit trois contributions : $1$ de la somme, puis $3$ et $3$ du produit. **Prévision** : $7$ avec `+=`, et $3$, la dernière, avec `=`. Sur un graphe sans nœud partagé, les deux coïncident : vos tests doivent réutiliser une variable.

# %% key="break-a-run" tags=["break"]
x = Node(3.0)
product = x * x
y = product + x
backward(y)
contributions = [node.gradient * slope for node in (y, product) for place, slope in zip(node.inputs, node.slopes) if place is x]
expect("d1_05.break_sum", x.gradient, 7.0, atol=1e-12)
expect("d1_05.break_last", contributions[-1], 3.0, atol=1e-12)

# %% [markdown] key="break-b" lang="en"
# ### (b) Fifty layers, three initialisations
#
# Width $512$, fifty layers. **Prediction** from Proposition 3, in powers of two: linear with $\sigma_w=\frac12$, $2^{-50}\approx8.9\cdot10^{-16}$; linear with $\sigma_w=2$, $2^{50}\approx1.1\cdot10^{15}$; ReLU with $\sigma_w^2=1$, $2^{-25}\approx3.0\cdot10^{-8}$; ReLU with $\sigma_w^2=2$, $2^0$. The logarithm fluctuates: each layer adds to it a variance of order $1/n$, fifty layers a standard deviation of some tenths of a power of two.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Cinquante couches, trois initialisations
#
# Largeur $512$, cinquante couches. **Prévision** d’après la proposition 3, en puissances de deux : linéaire avec $\sigma_w=\frac12$, $2^{-50}\approx8{,}9\cdot10^{-16}$ ; linéaire avec $\sigma_w=2$, $2^{50}\approx1{,}1\cdot10^{15}$ ; ReLU avec $\sigma_w^2=1$, $2^{-25}\approx3{,}0\cdot10^{-8}$ ; ReLU avec $\sigma_w^2=2$, $2^0$. Le logarithme fluctue : chaque couche lui ajoute une variance d’ordre $1/n$, cinquante couches un écart type de quelques dixièmes de puissance de deux.

# %% key="break-b-run" tags=["break"]
def backward_norms(variance, rectified, width=512, depth=50):
    # en: |delta| at each layer, from the last to the first, relative to the last
    # fr: |delta| à chaque couche, de la dernière à la première, relativement à la dernière
    activation, layers = rng.normal(size=width), []
    for _ in range(depth):
        W = rng.normal(size=(width, width)) * np.sqrt(variance / width)
        activation = W @ activation
        mask = activation > 0 if rectified else np.ones(width)
        activation = activation * mask
        layers.append((W, mask))
    delta = rng.normal(size=width)
    norms = [np.linalg.norm(delta)]
    for W, mask in reversed(layers):
        delta = W.T @ (delta * mask)
        norms.append(np.linalg.norm(delta))
    return np.array(norms) / norms[0]


cases = {"linear_half": (0.25, False, -50), "linear_two": (4.0, False, 50), "relu_one": (1.0, True, -25), "relu_he": (2.0, True, 0)}
profiles = {}
for name, (variance, rectified, power) in cases.items():
    profiles[name] = backward_norms(variance, rectified)
    expect(f"d1_05.break_{name}", np.log2(profiles[name][-1]), power, atol=3.0)

# %% key="depth-figure" tags=["figure"]
ax = figures.axes(height=3.0)
labels = [T(r"linear, $\sigma_w^2=1/4$", r"linéaire, $\sigma_w^2=1/4$"), T(r"linear, $\sigma_w^2=4$", r"linéaire, $\sigma_w^2=4$"), r"ReLU, $\sigma_w^2=1$", r"ReLU, $\sigma_w^2=2$"]
for label, marker, profile in zip(labels, figures.MARKERS, profiles.values()):
    ax.semilogy(profile, marker=marker, markevery=10, label=label)
ax.set_xlabel(T("layers crossed, from the output", "couches traversées depuis la sortie"))
ax.set_ylabel(T(r"$|\delta|$, relative", r"$|\delta|$, relatif"))
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5));

# %% [markdown] key="depth-read" lang="en"
# On a logarithmic scale the four profiles are straight lines, of slope $\log\sigma_w$ or $\frac12\log(\sigma_w^2/2)$: an exponential law, in either direction. With the first one, float32 (smallest normal number $1.2\cdot10^{-38}$) would hold for about 126 layers, but learning stops long before: an update of relative size $10^{-15}$ is lost in rounding. Clipping the gradient treats the second case, and nothing but a better initialisation, a normalisation or a skip connection treats the first.

# %% [markdown] key="depth-read" lang="fr"
# En échelle logarithmique, les quatre profils sont des droites, de pente $\log\sigma_w$ ou $\frac12\log(\sigma_w^2/2)$ : une loi exponentielle, dans un sens ou dans l’autre. Dans le premier cas, float32 (dont le plus petit nombre normal est $1{,}2\cdot10^{-38}$) tiendrait environ 126 couches, mais l’apprentissage s’arrête bien avant : une mise à jour de taille relative $10^{-15}$ se perd dans les arrondis. Écrêter le gradient remédie au second cas ; au premier, rien d’autre ne remédie qu’une meilleure initialisation, une normalisation ou une connexion résiduelle.

# %% [markdown] key="break-c" lang="en"
# ### (c) The sigmoid's quarter
#
# For $\sigma(z)=1/(1+e^{-z})$, $\sigma'=\sigma(1-\sigma)\le\frac14$, with equality at $0$ only. Compose ten sigmoids, all weights $1$. **Prediction**: whatever the input, the derivative is at most $4^{-10}\approx9.5\cdot10^{-7}$, *before* the weights have had their say. This is why deep networks had to wait for other activations, other initialisations, or skip connections ($x+F(x)$ has the derivative $I+F'$).

# %% [markdown] key="break-c" lang="fr"
# ### (c) Le quart de la sigmoïde
#
# Pour $\sigma(z)=1/(1+e^{-z})$, $\sigma'=\sigma(1-\sigma)\le\frac14$, avec égalité en $0$ seulement. Composons dix sigmoïdes, tous les poids valant $1$. **Prévision** : quelle que soit l’entrée, la dérivée est au plus $4^{-10}\approx9{,}5\cdot10^{-7}$, *avant* même que les poids n’aient leur mot à dire. Voilà pourquoi les réseaux profonds ont dû attendre d’autres activations, d’autres initialisations, ou des connexions résiduelles ($x+F(x)$ a pour dérivée $I+F'$).

# %% key="break-c-run" tags=["break"]
def ten_sigmoids(z):
    for _ in range(10):
        z = jax.nn.sigmoid(z)
    return z


slopes = jax.vmap(jax.grad(ten_sigmoids))(np.linspace(-8, 8, 401))
expect("d1_05.break_sigmoid", slopes.max(), at_most=4.0**-10)

# %% [markdown] key="exit" lang="en"
# ## Exit ticket (no code, five minutes)
#
# 1. A weight matrix is used twice: $y=W\operatorname{relu}(Wx)$ with $W$ square ("tied weights"). Draw the graph and write $\bar W$ in terms of $\bar y$, $x$ and the intermediate values. Which rule of this notebook does the two-term sum come from?
# 2. The forward pass of a residual block is $x_{l+1}=x_l+F_l(x_l)$. Write $\bar x_l$ in terms of $\bar x_{l+1}$, and explain in one sentence why the term that does not contain $F_l$ helps at depth 1000. Is it a proof that gradients do not explode?
#
# **What to keep**: gradients flow against the arrows and *add up* where arrows meet; write differentials, then move factors across the scalar product; test with shared variables, generic matrices, and an independent judge; the initialisation decides what depth does to gradients.

# %% [markdown] key="exit" lang="fr"
# ## Billet de sortie (sans code, cinq minutes)
#
# 1. Une matrice de poids sert deux fois : $y=W\operatorname{relu}(Wx)$ avec $W$ carrée (« poids partagés »). Dessinez le graphe et écrivez $\bar W$ en fonction de $\bar y$, de $x$ et des valeurs intermédiaires. De quelle règle de ce notebook provient la somme de deux termes ?
# 2. La passe avant d’un bloc résiduel est $x_{l+1}=x_l+F_l(x_l)$. Écrivez $\bar x_l$ en fonction de $\bar x_{l+1}$, et expliquez en une phrase pourquoi le terme qui ne contient pas $F_l$ aide à la profondeur 1000. Est-ce une démonstration que les gradients n’explosent pas ?
#
# **À retenir** : les gradients remontent les flèches et *s’ajoutent* là où elles se rejoignent ; écrivez des différentielles, puis faites passer les facteurs de l’autre côté du produit scalaire ; testez avec des variables partagées, des matrices quelconques et un juge indépendant ; l’initialisation décide de ce que la profondeur fait aux gradients.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 0. (Discussion on memory) The sum $X+\dots$ if what is added depends on another part of the input (reversible networks); not relu, not softmax alone (a constant per row is lost), not the norm (mean and scale are lost). 1. With $z=Wx$, $a=\operatorname{relu}(z)$: $\bar a=W^\top\bar y$, $\bar z=\bar a\odot\operatorname{relu}'(z)$, $\bar W=\bar ya^\top+\bar zx^\top$: two edges leave the node $W$, Theorem 1 adds their contributions. 2. $\bar x_l=\bar x_{l+1}+F_l'(x_l)^\top\bar x_{l+1}$: the first term carries the gradient unchanged through any depth. It is not a proof: the product of the $I+F_l'$ can still grow like $\prod(1+\|F_l'\|_2)$, which is why normalisation or small initialisations of $F_l$ remain necessary.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 0. (Discussion sur la mémoire) La somme $X+\dots$ si ce qu’on ajoute dépend d’une autre partie de l’entrée (réseaux réversibles) ; ni relu, ni softmax seul (une constante par ligne est perdue), ni la normalisation (la moyenne et l’échelle sont perdues). 1. Avec $z=Wx$, $a=\operatorname{relu}(z)$ : $\bar a=W^\top\bar y$, $\bar z=\bar a\odot\operatorname{relu}'(z)$, $\bar W=\bar ya^\top+\bar zx^\top$ : deux arêtes partent du nœud $W$, le théorème 1 ajoute leurs contributions. 2. $\bar x_l=\bar x_{l+1}+F_l'(x_l)^\top\bar x_{l+1}$ : le premier terme transporte le gradient sans changement à toute profondeur. Ce n’est pas une démonstration : le produit des $I+F_l'$ peut encore croître comme $\prod(1+\|F_l'\|_2)$, d’où la nécessité de normaliser ou d’initialiser $F_l$ petit.
