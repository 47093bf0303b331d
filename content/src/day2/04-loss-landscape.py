# %% [markdown] key="title" lang="en"
# # The loss landscape: saddles, flat minima, lottery tickets
#
# **Day 2, notebook 4** — about 50 minutes for exercises 1 to 3, then 30 minutes for exercise 4 and *Break it*.
#
# The loss of a network is not convex, and gradient descent trains it all the same. Three pictures are told to explain
# this: saddles are left behind, flat minima generalise, a small winning network was there from the beginning. Each
# picture contains a theorem and a claim that goes beyond it. This notebook separates the two.
#
# **By the end you can**
#
# 1. classify a critical point by its Hessian, and say when the Hessian does not decide;
# 2. state and prove what gradient descent avoids, strict saddles *and* minima too sharp for its step, and compute how
#    long it stays near a saddle;
# 3. measure the sharpness of a network with products only, and watch training go to the edge $2/\eta$;
# 4. prove that sharpness is not a property of the function that a network computes;
# 5. draw lottery tickets with the controls that give the word a meaning.

# %% [markdown] key="title" lang="fr"
# # Le paysage de perte : points selles, minima plats, billets de loterie
#
# **Jour 2, notebook 4** — environ 50 minutes pour les exercices 1 à 3, puis 30 minutes pour l’exercice 4 et
# *Casser exprès*.
#
# La perte d’un réseau n’est pas convexe, et la descente de gradient l’entraîne pourtant. On l’explique par trois
# images : on quitte les points selles, les minima plats généralisent, un petit réseau gagnant était là dès le
# début. Chacune contient un théorème, et une affirmation qui va au-delà. Ce notebook sépare l’un de l’autre.
#
# **À la fin, vous saurez**
#
# 1. classer un point critique par sa hessienne, et dire quand elle ne tranche pas ;
# 2. énoncer et démontrer ce qu’évite la descente de gradient, points selles stricts *et* minima trop pointus pour son
#    pas, et calculer combien de temps elle reste près d’un point selle ;
# 3. mesurer l’acuité d’un réseau par de simples produits, et voir l’entraînement aller jusqu’au bord $2/\eta$ ;
# 4. démontrer que l’acuité n’est pas une propriété de la fonction que calcule un réseau ;
# 5. tirer des billets de loterie avec les témoins qui donnent un sens à ce mot.

# %% key="imports"
import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from airina import check, expect, figures
from airina.data import digits, digits_split

# %% [markdown] key="critical" lang="en"
# ## 1. Critical points
#
# > **Definition.** Let $f:\mathbb R^d\to\mathbb R$ be $C^2$. A point $x^*$ is **critical** if $\nabla f(x^*)=0$. Its
# > **index** is the number of negative eigenvalues of $\nabla^2f(x^*)$, with multiplicity. It is a **strict saddle** if
# > its index is at least 1, that is $\lambda_{\min}(\nabla^2f(x^*))<0$ (a maximum counts as one).
#
# By Taylor's formula, a local minimum has index 0, and a critical point whose eigenvalues are all positive is a strict
# local minimum. Between the two, index 0 with a zero eigenvalue, the Hessian does not decide: $x^4$, $-x^4$ and $x^3$
# have the same one at 0.
#
# The smallest "network" with a landscape: two linear layers of width $m$, one example, target 1,
#
# $$f(u,v)=\tfrac12\,r^2,\qquad r=\langle u,v\rangle-1,\qquad u,v\in\mathbb R^m.$$

# %% [markdown] key="critical" lang="fr"
# ## 1. Points critiques
#
# > **Définition.** Soit $f:\mathbb R^d\to\mathbb R$ de classe $C^2$. Un point $x^*$ est **critique** si
# > $\nabla f(x^*)=0$. Son **indice** est le nombre de valeurs propres strictement négatives de $\nabla^2f(x^*)$,
# > comptées avec multiplicité. C’est un **point selle strict** si son indice est au moins 1, c’est-à-dire si
# > $\lambda_{\min}(\nabla^2f(x^*))<0$ (un maximum en est un).
#
# D’après la formule de Taylor, un minimum local est d’indice 0, et un point critique dont les valeurs propres sont
# toutes strictement positives est un minimum local strict. Entre les deux, indice 0 et une valeur propre nulle, la
# hessienne ne tranche pas : $x^4$, $-x^4$ et $x^3$ ont la même en 0.
#
# Le plus petit « réseau » qui ait un paysage : deux couches linéaires de largeur $m$, un seul exemple, de cible 1,
#
# $$f(u,v)=\tfrac12\,r^2,\qquad r=\langle u,v\rangle-1,\qquad u,v\in\mathbb R^m.$$

# %% [markdown] key="model" lang="en"
# > **Proposition 1.** The critical points of $f$ are 0 and the minima $\{\langle u,v\rangle=1\}$. At 0 the eigenvalues
# > of the Hessian are $-1$ and $1$, each $m$ times: a strict saddle of index $m$. At a minimum they are
# > $|u|^2+|v|^2$, once, and $0$, $2m-1$ times.
#
# *Proof.* With $z=(v,u)$,
#
# $$\nabla f=r\,z,\qquad\nabla^2f=zz^\top+r\begin{pmatrix}0&I\\I&0\end{pmatrix}.$$
#
# The gradient vanishes when $r=0$ or $z=0$. At 0, $z=0$ and $r=-1$; at a minimum $r=0$ and only $zz^\top$ is left.
# $\blacksquare$
#
# No bad local minimum, a whole hypersurface of global ones, and no convexity: a caricature of what is true of deep
# linear networks.

# %% [markdown] key="model" lang="fr"
# > **Proposition 1.** Les points critiques de $f$ sont 0 et les minima $\{\langle u,v\rangle=1\}$. En 0, les valeurs
# > propres de la hessienne sont $-1$ et $1$, chacune $m$ fois : c’est un point selle strict d’indice $m$. En un
# > minimum, ce sont $|u|^2+|v|^2$, une fois, et $0$, $2m-1$ fois.
#
# *Démonstration.* Avec $z=(v,u)$,
#
# $$\nabla f=r\,z,\qquad\nabla^2f=zz^\top+r\begin{pmatrix}0&I\\I&0\end{pmatrix}.$$
#
# Le gradient s’annule quand $r=0$ ou $z=0$. En 0, on a $z=0$ et $r=-1$ ; en un minimum, $r=0$ et il ne reste que
# $zz^\top$. $\blacksquare$
#
# Aucun mauvais minimum local, toute une hypersurface de minima globaux, et pas de convexité : une caricature de ce qui
# est vrai des réseaux linéaires profonds.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — gradient and Hessian of the model
#
# Write `derivatives(u, v)`: the pair of the gradient, of shape `(2m,)` with the part of $u$ first, and the Hessian, of
# shape `(2m, 2m)`. The check compares them with JAX, with PyTorch and with finite differences, for several $m$.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — gradient et hessienne du modèle
#
# Écrivez `derivatives(u, v)` : le couple formé du gradient, de forme `(2m,)`, la partie de $u$ d’abord, et de la
# hessienne, de forme `(2m, 2m)`. La vérification les compare à JAX, à PyTorch et à des différences finies, pour
# plusieurs $m$.

# %% key="ex1" tags=["exercise"]
def derivatives(u, v):
    # en: the gradient and the Hessian of f at (u, v)
    # fr: le gradient et la hessienne de f en (u, v)
    # BEGIN SOLUTION
    m, residual = len(u), u @ v - 1
    partner = np.concatenate([v, u])
    exchange = np.kron(np.array([[0, 1], [1, 0]]), np.eye(m))
    return residual * partner, np.outer(partner, partner) + residual * exchange
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.concatenate([v, u])` is $z$, `np.outer` gives $zz^\top$; `np.block` or `np.kron` builds the second matrix. For
# $m=1$ many mistakes are invisible: try $m=2$.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.concatenate([v, u])` est $z$, `np.outer` donne $zz^\top$ ; `np.block` ou `np.kron` construit la seconde matrice.
# Pour $m=1$, bien des erreurs ne se voient pas : essayez $m=2$.
# </details>

# %% key="ex1-check"
check("d2_04.ex1", derivatives)

# %% [markdown] key="classify-text" lang="en"
# Before you run the cell: what is the index of 0 for $m=3$, and how curved is the valley at $(a,b)=(5,\frac15)$, $m=1$,
# in its steepest direction?

# %% [markdown] key="classify-text" lang="fr"
# Avant d’exécuter la cellule : quel est l’indice de 0 pour $m=3$, et quelle est la courbure de la vallée en
# $(a,b)=(5,\frac15)$, $m=1$, dans sa direction la plus raide ?

# %% key="classify"
def spectrum(u, v):
    return np.linalg.eigvalsh(derivatives(np.array(u), np.array(v))[1])


expect("d2_04.index", np.sum(spectrum([0.0] * 3, [0.0] * 3) < 0), 3)
expect("d2_04.valley", spectrum([5.0], [0.2])[-1], 25 + 1 / 25, rtol=1e-12)

# %% [markdown] key="avoid" lang="en"
# ## 2. What gradient descent avoids
#
# > **Theorem 2.** Let $f:\mathbb R^d\to\mathbb R$ be real analytic and $\eta>0$. Call a critical point **repelling** if
# > its Hessian has an eigenvalue outside $[0,2/\eta]$ and does not have the eigenvalue $1/\eta$. The set of $x_0$ from
# > which gradient descent with step $\eta$ converges to a repelling point has Lebesgue measure zero.
#
# Two kinds of points repel: strict saddles ($\lambda<0$), and **minima too sharp for the step** ($\lambda>2/\eta$). If
# $x_0$ is drawn from a law with a density, the probability of ending there is 0.
#
# Lee et al. (2016), Panageas and Piliouras (2017): for strict saddles, "$C^2$ and $L$-smooth with $\eta<1/L$" may
# replace analyticity. Our $f$ is a polynomial: not $L$-smooth on $\mathbb R^{2m}$, but analytic. The loss of a ReLU
# network is neither.

# %% [markdown] key="avoid" lang="fr"
# ## 2. Ce qu’évite la descente de gradient
#
# > **Théorème 2.** Soit $f:\mathbb R^d\to\mathbb R$ analytique réelle et $\eta>0$. Disons qu’un point critique est
# > **répulsif** si sa hessienne a une valeur propre hors de $[0,2/\eta]$ et n’a pas la valeur propre $1/\eta$.
# > L’ensemble des $x_0$ depuis lesquels la descente de gradient de pas $\eta$ converge vers un point répulsif est de
# > mesure de Lebesgue nulle.
#
# Deux sortes de points repoussent : les points selles stricts ($\lambda<0$) et les **minima trop pointus pour le pas**
# ($\lambda>2/\eta$). Si $x_0$ est tiré selon une loi à densité, la probabilité d’y finir est nulle.
#
# Lee et al. (2016), Panageas et Piliouras (2017) : pour les points selles stricts, « $C^2$ et $L$-lisse avec
# $\eta<1/L$ » peut remplacer l’analyticité. Notre $f$ est un polynôme : elle n’est pas $L$-lisse sur
# $\mathbb R^{2m}$, mais elle est analytique. La perte d’un réseau ReLU n’est ni l’un ni l’autre.

# %% [markdown] key="avoid-proof" lang="en"
# *Proof.* Let $g(x)=x-\eta\nabla f(x)$; the eigenvalues of $Dg=I-\eta\nabla^2f$ are the numbers $1-\eta\lambda$.
#
# *Near a repelling point* $x^*$: $Dg(x^*)$ is invertible and some $|1-\eta\lambda|>1$. The centre-stable manifold
# theorem (the only thing we admit) gives an open ball $B$ around $x^*$ and a $C^1$ disc $W$ of dimension less than $d$,
# hence null, containing every $x$ such that $g^k(x)\in B$ for all $k\ge0$. Countably many of these balls, $B_i$, cover
# all repelling points (Lindelöf). If $x_k$ converges to one of them, $x_k\in B_i$ from some $n$ on, for some $i$: so
# $x_n\in W_i$ and
#
# $$x_0\in\bigcup_{i,n}(g^n)^{-1}(W_i).$$
#
# *Pulling back*: $\det Dg$ is analytic, and not zero at $x^*$; its zeros form a null set. Elsewhere $g$ is a local
# diffeomorphism: countably many open sets, on each of which $g$ is a diffeomorphism onto its image, cover the rest. So
# $g^{-1}(N)$ is null for every null $N$, and the union above is a countable union of null sets. $\blacksquare$

# %% [markdown] key="avoid-proof" lang="fr"
# *Démonstration.* Soit $g(x)=x-\eta\nabla f(x)$ ; les valeurs propres de $Dg=I-\eta\nabla^2f$ sont les nombres
# $1-\eta\lambda$.
#
# *Près d’un point répulsif* $x^*$ : $Dg(x^*)$ est inversible, et $|1-\eta\lambda|>1$ pour l’une des valeurs propres.
# Le théorème de la variété centrale stable (le seul résultat que nous admettons) donne une boule ouverte $B$ de
# centre $x^*$ et un disque $W$ de classe $C^1$, de dimension strictement inférieure à $d$, donc négligeable, qui
# contient tout $x$ tel que $g^k(x)\in B$ pour tout $k\ge0$. Une famille dénombrable $B_i$ de telles boules recouvre
# tous les points répulsifs (Lindelöf). Si $x_k$ converge vers l’un d’eux, il existe $i$ tel que $x_k\in B_i$ à partir
# d’un certain rang $n$ : donc $x_n\in W_i$ et
#
# $$x_0\in\bigcup_{i,n}(g^n)^{-1}(W_i).$$
#
# *En remontant le temps* : $\det Dg$ est analytique et non nul en $x^*$ ; ses zéros forment un ensemble négligeable.
# Ailleurs, $g$ est un difféomorphisme local : une famille dénombrable d’ouverts, sur chacun desquels $g$ est un
# difféomorphisme sur son image, recouvre le reste. Donc $g^{-1}(N)$ est négligeable dès que $N$ l’est, et la réunion
# ci-dessus est une réunion dénombrable d’ensembles négligeables. $\blacksquare$

# %% [markdown] key="coordinates" lang="en"
# Probability 0 of staying is not the same as leaving quickly. For $m=1$, $f(a,b)=\frac12(ab-1)^2$, everything is exact.
#
# > **Proposition 3.** With $p=a+b$, $q=a-b$, $r=ab-1$, a step of gradient descent is
# > $$p^+=(1-\eta r)\,p,\qquad q^+=(1+\eta r)\,q,\qquad\text{so}\quad(a^2-b^2)^+=(1-\eta^2r^2)\,(a^2-b^2).$$
#
# *Proof.* Add and subtract $a^+=a-\eta rb$ and $b^+=b-\eta ra$; then $a^2-b^2=pq$. $\blacksquare$
#
# Near 0, $r\approx-1$: $p$ is multiplied by $1+\eta$ and $q$ by $1-\eta$. The line $p=0$ leads to the saddle, and
# from $p_0=\delta$ it takes about $\ln\frac1\delta\big/\ln(1+\eta)$ steps to leave: **logarithmic** in the distance
# to that line. With $\eta=0.1$, how many more steps does a start $1000$ times closer cost?

# %% [markdown] key="coordinates" lang="fr"
# Une probabilité nulle d’y rester ne veut pas dire un départ rapide. Pour $m=1$, $f(a,b)=\frac12(ab-1)^2$, tout est
# exact.
#
# > **Proposition 3.** Avec $p=a+b$, $q=a-b$, $r=ab-1$, un pas de descente de gradient s’écrit
# > $$p^+=(1-\eta r)\,p,\qquad q^+=(1+\eta r)\,q,\qquad\text{d’où}\quad(a^2-b^2)^+=(1-\eta^2r^2)\,(a^2-b^2).$$
#
# *Démonstration.* On additionne et on soustrait $a^+=a-\eta rb$ et $b^+=b-\eta ra$ ; puis $a^2-b^2=pq$. $\blacksquare$
#
# Près de 0, $r\approx-1$ : $p$ est multiplié par $1+\eta$ et $q$ par $1-\eta$. La droite $p=0$ mène au point selle
# et, depuis $p_0=\delta$, il faut environ $\ln\frac1\delta\big/\ln(1+\eta)$ pas pour s’en éloigner : une durée
# **logarithmique** en la distance à cette droite. Avec $\eta=0{,}1$, combien de pas de plus coûte un départ $1000$
# fois plus proche ?

# %% key="escape"
def descend(a, b, eta, steps):
    path = [(a, b)]
    for _ in range(steps):
        a, b = path[-1]
        path.append((a - eta * (a * b - 1) * b, b - eta * (a * b - 1) * a))
    return np.array(path)


def height(path):
    return 0.5 * (path[:, 0] * path[:, 1] - 1) ** 2


def steps_to_leave(delta):
    return int(np.argmax(height(descend(0.5 + delta, -0.5, 0.1, 400)) < 0.25))


leaving = [steps_to_leave(delta) for delta in (1e-3, 1e-6, 1e-9)]
print(leaving)
expect("d2_04.escape", (leaving[2] - leaving[0]) / 2, np.log(1000) / np.log(1.1), atol=1)

# %% key="saddle-figure" tags=["figure"]
left, right = figures.axes(2, height=3.4)
grid = np.meshgrid(np.linspace(-2, 2, 200), np.linspace(-2, 2, 200))
left.contour(*grid, 0.5 * (grid[0] * grid[1] - 1) ** 2, levels=[0.02, 0.1, 0.3, 0.5, 0.9, 1.6, 3, 6], colors=figures.GREY, linewidths=0.6)
starts = [("10^{-1}", 1e-1, figures.BLUE, "-"), ("10^{-3}", 1e-3, figures.VERMILION, "--")]
starts += [("10^{-9}", 1e-9, figures.GREEN, "-."), ("0", 0, figures.BLACK, ":")]
for name, delta, colour, line in starts:
    path = descend(1.5 + delta, -1.5, 0.1, 400)
    left.plot(*path.T, line, color=colour)
    left.plot(*path[-1], "o", color=colour)
    right.plot(height(path), line, color=colour, label=f"$\\delta={name}$")
left.set(xlabel="$a$", ylabel="$b$")
left.set_title(T("Four starts near the line $a=-b$", "Quatre départs près de la droite $a=-b$"))
right.set(xlabel=T("step", "pas"), ylabel="$f$", xlim=(0, 300), ylim=(0, 1))
right.set_title(T("A plateau at the height of the saddle", "Un palier à la hauteur du point selle"))
right.legend();

# %% [markdown] key="saddle-read" lang="en"
# The loss curve on the right is one that everybody has seen: it stalls, then falls. The stall is not a minimum, and its
# length says how close to the line the path began. With many directions, is an index of 0 likely by chance?
#
# > **Proposition 4.** Let the entries of a random symmetric $H\in\mathbb R^{d\times d}$ on and above the diagonal be
# > independent, with symmetric laws without atoms. Then $H$ is positive definite with probability at most $2^{-d}$. For
# > $d=2$ and Gaussian entries of variance 1 on the diagonal, $\frac12$ off it, this probability is $\frac{2-\sqrt2}4$.
#
# *Proof.* If $H$ is positive definite, its $d$ independent diagonal entries are positive. For $d=2$, the numbers
# $\frac{h_{11}+h_{22}}2$, $\frac{h_{11}-h_{22}}2$, $h_{12}$ are independent $\mathcal N(0,\frac12)$, and both
# eigenvalues are positive when the first exceeds the norm of the two others: a cone of half-angle $45°$ in
# $\mathbb R^3$, of relative solid angle $\frac12(1-\cos45°)$. $\blacksquare$

# %% [markdown] key="saddle-read" lang="fr"
# La courbe de perte de droite, tout le monde l’a déjà vue : elle stagne, puis elle tombe. Ce palier n’est pas un
# minimum, et sa longueur dit à quelle distance de la droite on est parti. Avec beaucoup de directions, un indice 0
# est-il probable par hasard ?
#
# > **Proposition 4.** Soit $H\in\mathbb R^{d\times d}$ une matrice symétrique aléatoire dont les coefficients sur la
# > diagonale et au-dessus sont indépendants, de lois symétriques sans atome. La probabilité que $H$ soit une matrice
# > définie positive est au plus $2^{-d}$. Pour $d=2$ et des coefficients gaussiens, de variance 1 sur la diagonale et
# > $\frac12$ ailleurs, elle vaut $\frac{2-\sqrt2}4$.
#
# *Démonstration.* Si $H$ est définie positive, ses $d$ coefficients diagonaux, indépendants, sont strictement positifs.
# Pour $d=2$, les nombres $\frac{h_{11}+h_{22}}2$, $\frac{h_{11}-h_{22}}2$, $h_{12}$ sont indépendants, de loi
# $\mathcal N(0,\frac12)$, et les deux valeurs propres sont strictement positives quand le premier dépasse la norme des
# deux autres : un cône de demi-angle $45°$ dans $\mathbb R^3$, d’angle solide relatif $\frac12(1-\cos45°)$.
# $\blacksquare$

# %% key="random-run"
SEED = 0
rng = np.random.default_rng(SEED)


def share_positive(d, draws=200_000):
    square = rng.normal(size=(draws, d, d))
    lowest = np.linalg.eigvalsh((square + square.transpose(0, 2, 1)) / 2)[:, 0]
    return np.mean(lowest > 0)


shares = [share_positive(d) for d in (2, 3, 4)]
print(np.round(shares, 4))
expect("d2_04.two_by_two", shares[0], (2 - np.sqrt(2)) / 4, atol=0.004)

# %% [markdown] key="sharpness" lang="en"
# The true decay is even faster, of order $e^{-cd^2}$ (Dean and Majumdar, 2006). This is a heuristic: the Hessian of a
# network at a critical point is *not* a matrix of independent entries. Dauphin et al. (2014) measured that its index
# falls together with the loss: high critical points are saddles.
#
# ## 3. Sharpness
#
# The **sharpness** at $x$ is $\lambda_{\max}(\nabla^2f(x))$, and $2/\eta$ the largest value at which gradient descent
# can settle (almost surely, Theorem 2). With products $Hw$ only, from notebook 3, the iteration $w\leftarrow Hw/|Hw|$ turns $w$
# towards the eigenvectors of the eigenvalue of largest *modulus*, $\rho$, and $|Hw|\to\rho$ (for a start not
# orthogonal to them). At a saddle this eigenvalue may be negative. So make two passes:
#
# 1. find $\rho$;
# 2. iterate with $H+\rho I$, whose eigenvalues lie in $[0,2\rho]$: now the largest in modulus is $\lambda_{\max}+\rho$.
#    For a unit $w$, $\langle w,Hw\rangle$ tends to $\lambda_{\max}$.

# %% [markdown] key="sharpness" lang="fr"
# La vraie décroissance est encore plus rapide, de l’ordre de $e^{-cd^2}$ (Dean et Majumdar, 2006). Ce n’est qu’une
# heuristique : la hessienne d’un réseau en un point critique n’est *pas* une matrice à coefficients indépendants.
# Dauphin et al. (2014) ont mesuré que son indice baisse en même temps que la perte : les points critiques élevés sont
# des points selles.
#
# ## 3. L’acuité
#
# L’**acuité** en $x$ est $\lambda_{\max}(\nabla^2f(x))$, et $2/\eta$ la plus grande valeur où la descente de gradient
# puisse se fixer (presque sûrement, théorème 2). Avec seulement des produits $Hw$, ceux du notebook 3, l’itération
# $w\leftarrow Hw/|Hw|$ tourne $w$ vers les vecteurs propres de la valeur propre de plus grand *module*, $\rho$, et
# $|Hw|\to\rho$ (si le départ ne leur est pas orthogonal). Près d’un point selle, cette valeur propre peut être
# strictement négative. On fait donc deux passages :
#
# 1. trouver $\rho$ ;
# 2. itérer avec $H+\rho I$, dont les valeurs propres sont dans $[0,2\rho]$ : la plus grande en module est maintenant
#    $\lambda_{\max}+\rho$. Pour $w$ unitaire, $\langle w,Hw\rangle$ tend vers $\lambda_{\max}$.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 — the largest eigenvalue, by products
#
# Write `sharpness(product, start, steps)`: `product(w)` is $Hw$, `start` a vector, `steps` the number of iterations
# of each pass. Return $\lambda_{\max}$, a number, which may be negative. Begin both passes at `start`: what would
# happen if the second began where the first ended?

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 — la plus grande valeur propre, par produits
#
# Écrivez `sharpness(product, start, steps)` : `product(w)` est $Hw$, `start` un vecteur, `steps` le nombre
# d’itérations de chaque passage. Renvoyez $\lambda_{\max}$, un nombre, qui peut être strictement négatif. Commencez
# les deux passages en `start` : que se passerait-il si le second commençait là où finit le premier ?

# %% key="ex2" tags=["exercise"]
def sharpness(product, start, steps):
    # en: the largest eigenvalue (not the largest modulus)
    # fr: la plus grande valeur propre (et non le plus grand module)
    # BEGIN SOLUTION
    shift = 0.0
    for _ in range(2):
        w = start / np.linalg.norm(start)
        for _ in range(steps):
            moved = product(w) + shift * w
            size = np.linalg.norm(moved)
            w = moved / size
        shift = size
    return w @ product(w)
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# After the first loop the last norm $|Hw|$ is $\rho$. The second loop is the same with $Hw+\rho w$ in place of $Hw$.
# What you return uses $H$ itself, without the shift.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Après la première boucle, la dernière norme $|Hw|$ vaut $\rho$. La seconde boucle est la même, avec $Hw+\rho w$ à la
# place de $Hw$. Ce que vous renvoyez emploie $H$, sans décalage.
# </details>

# %% key="ex2-check"
check("d2_04.ex2", sharpness)

# %% [markdown] key="edge-text" lang="en"
# Now a network: 64-20-10, tanh, squared error, 200 digits, plain gradient descent, once with $\eta=1$ and once with
# $\eta=0.6$. It starts with a sharpness of about 1.2, where both steps are safe. Theorem 2 only says where it cannot
# *end*. What do you expect the sharpness to do along the way?

# %% [markdown] key="edge-text" lang="fr"
# Prenons maintenant un réseau : 64-20-10, tanh, erreur quadratique, 200 chiffres, descente de gradient ordinaire, une
# fois avec $\eta=1$ et une fois avec $\eta=0{,}6$. Il part d’une acuité d’environ 1,2, où les deux pas sont sans
# danger. Le théorème 2 dit seulement où il ne peut pas *finir*. Que fera l’acuité en chemin, d’après vous ?

# %% key="edge-run"
pixels, classes = digits()
few, answers = (pixels - pixels.mean(axis=0))[:200], np.eye(10)[classes[:200]]


def small_loss(t):
    hidden = jnp.tanh(few @ t[:1280].reshape(64, 20) + t[1280:1300])
    return jnp.sum((hidden @ t[1300:1500].reshape(20, 10) + t[1500:] - answers) ** 2) / 400


small_slope = jax.grad(small_loss)
small_product = jax.jit(lambda t, w: jax.jvp(small_slope, (t,), (w,))[1])
fifty_steps = jax.jit(lambda t, eta: jax.lax.scan(lambda s, _: (s - eta * small_slope(s), small_loss(s)), t, length=50))
sizes = np.concatenate([np.full(1280, 1 / 8), np.zeros(20), np.full(200, 0.3 / np.sqrt(20)), np.zeros(10)])
theta_start, probe = sizes * rng.normal(size=1510), rng.normal(size=1510)


def watched(eta):
    theta, curvatures, losses = theta_start, [], []
    for _ in range(40):
        curvatures.append(sharpness(lambda w: np.asarray(small_product(theta, w)), probe, 80))
        theta, heights = fifty_steps(theta, eta)
        losses.extend(np.asarray(heights))
    print(eta, T("steps that raise the loss:", "pas qui augmentent la perte :"), round(np.mean(np.diff(losses) > 0), 2))
    return np.array(curvatures), np.array(losses)


edge = {eta: watched(eta) for eta in (1.0, 0.6)}
expect("d2_04.edge", np.mean(edge[1.0][0][20:]) / 2, 1, atol=0.1)

# %% key="edge-figure" tags=["figure"]
left, right = figures.axes(2)
names = ["$\\eta=1$", T("$\\eta=0.6$", "$\\eta=0{,}6$")]
for (eta, (curvatures, losses)), name, colour, line in zip(edge.items(), names, figures.COLOURS, figures.LINES):
    left.plot(50 * np.arange(40), curvatures, line, color=colour, label=name)
    left.axhline(2 / eta, color=colour, linewidth=0.8, linestyle=":")
    right.semilogy(losses, line, color=colour, linewidth=0.9, label=name)
left.set(xlabel=T("step", "pas"), ylabel="$\\lambda_{\\max}$", ylim=(0, 4.5))
left.set_title(T("Sharpness, and the lines 2/η", "L’acuité, et les droites 2/η"))
right.set(xlabel=T("step", "pas"), ylabel=T("loss", "perte"))
right.set_title(T("The loss falls, not at each step", "La perte baisse, mais pas à chaque pas"))
left.legend()
right.legend();

# %% [markdown] key="edge-read" lang="en"
# The sharpness climbs to $2/\eta$ and stays about there: the **edge of stability** (Cohen et al., 2021). The descent
# lemma of notebook 1 asks for $\eta<2/L$ and no longer applies; with $\eta=1$ four steps in ten *raise* the loss,
# which nevertheless falls in the long run. That minima beyond the edge are excluded, almost surely, is a theorem;
# that training climbs up to it is, in general, an observation.
#
# ## 4. Flatness is not in the function
#
# "Flat minima generalise." Sharpness is computed from the parameters; generalisation depends on the function.
# Are they related at all? Let $\varphi_\theta(x)=\operatorname{relu}(xW_1+b_1)W_2+b_2$, with examples in rows.

# %% [markdown] key="edge-read" lang="fr"
# L’acuité monte jusqu’à $2/\eta$ et reste à peu près là : c’est le **bord de stabilité** (Cohen et al., 2021). Le
# lemme de descente du notebook 1 demande $\eta<2/L$ et ne s’applique plus ; avec $\eta=1$, quatre pas sur dix
# *augmentent* la perte, qui baisse pourtant à la longue. Que les minima au-delà du bord soient presque sûrement
# exclus est un théorème ; que l’entraînement monte jusqu’au bord est, en général, une observation.
#
# ## 4. La platitude n’est pas dans la fonction
#
# « Les minima plats généralisent. » L’acuité se calcule sur les paramètres ; la généralisation dépend de la fonction.
# Y a-t-il seulement un rapport ? Soit $\varphi_\theta(x)=\operatorname{relu}(xW_1+b_1)W_2+b_2$, les exemples en lignes.

# %% [markdown] key="rescale" lang="en"
# > **Proposition 5 (Dinh, Pascanu, Bengio and Bengio, 2017).** For $\alpha>0$ let
# > $T\theta=(\alpha W_1,\alpha b_1,\frac1\alpha W_2,b_2)$. Then $\varphi_{T\theta}=\varphi_\theta$. If moreover no
# > pre-activation $xW_1+b_1$ has a zero entry on the data, let $C$ be the block of $\nabla^2\mathcal L(\theta)$ that
# > belongs to $W_2$. Then
# > $$\lambda_{\max}(\nabla^2\mathcal L(T\theta))\ge\alpha^2\lambda_{\max}(C),\qquad
# > \alpha^{-2}\,\lambda_{\max}(\nabla^2\mathcal L(T\theta))\to\lambda_{\max}(C)\text{ when }\alpha\to\infty\text{ if }\lambda_{\max}(C)\ge0.$$
#
# *Proof.* $\operatorname{relu}(\alpha t)=\alpha\operatorname{relu}(t)$, so $\mathcal L(T\theta)=\mathcal L(\theta)$ for
# all $\theta$. Differentiate twice; $T$ is diagonal: $T\,\nabla^2\mathcal L(T\theta)\,T=\nabla^2\mathcal L(\theta)$. So
# the block of $W_2$ becomes $\alpha^2C$; vectors supported there give the inequality. Divided by $\alpha^2$, all the
# other blocks tend to 0, and eigenvalues depend continuously on the matrix. $\blacksquare$
#
# Cross-entropy is convex in $W_2$: $C$ is positive semi-definite, and as a rule not 0. **The same function, as sharp as
# you like.**

# %% [markdown] key="rescale" lang="fr"
# > **Proposition 5 (Dinh, Pascanu, Bengio et Bengio, 2017).** Pour $\alpha>0$, soit
# > $T\theta=(\alpha W_1,\alpha b_1,\frac1\alpha W_2,b_2)$. Alors $\varphi_{T\theta}=\varphi_\theta$. Si de plus aucune
# > pré-activation $xW_1+b_1$ n’a de coefficient nul sur les données, soit $C$ le bloc de $\nabla^2\mathcal L(\theta)$
# > relatif à $W_2$. Alors
# > $$\lambda_{\max}(\nabla^2\mathcal L(T\theta))\ge\alpha^2\lambda_{\max}(C),\qquad
# > \alpha^{-2}\,\lambda_{\max}(\nabla^2\mathcal L(T\theta))\to\lambda_{\max}(C)\text{ quand }\alpha\to\infty\text{ si }\lambda_{\max}(C)\ge0.$$
#
# *Démonstration.* $\operatorname{relu}(\alpha t)=\alpha\operatorname{relu}(t)$, donc
# $\mathcal L(T\theta)=\mathcal L(\theta)$ pour tout $\theta$. On dérive deux fois ; $T$ est diagonale :
# $T\,\nabla^2\mathcal L(T\theta)\,T=\nabla^2\mathcal L(\theta)$. Le bloc de $W_2$ devient donc $\alpha^2C$ ; les
# vecteurs portés par ce bloc donnent l’inégalité. Divisés par $\alpha^2$, tous les autres blocs tendent vers 0, et
# les valeurs propres dépendent continûment de la matrice. $\blacksquare$
#
# L’entropie croisée est convexe en $W_2$ : $C$ est semi-définie positive, et en règle générale non nulle. **La même
# fonction, aussi pointue qu’on veut.**

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — the same function, other parameters
#
# Each hidden unit may have its own factor. Write `rescale(W1, b1, W2, alpha)`: `alpha` holds one positive number for
# each hidden unit, $W_1$ has one *column* for each of them, $W_2$ one *row*. Return the new triple, with $W_1$
# multiplied.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — la même fonction, d’autres paramètres
#
# Chaque unité cachée peut avoir son facteur. Écrivez `rescale(W1, b1, W2, alpha)` : `alpha` contient un nombre
# strictement positif pour chaque unité cachée, $W_1$ a une *colonne* pour chacune, $W_2$ une *ligne*. Renvoyez le
# nouveau triplet, où c’est $W_1$ qui est multipliée.

# %% key="ex3" tags=["exercise"]
def rescale(W1, b1, W2, alpha):
    # en: the new W1, b1, W2
    # fr: les nouveaux W1, b1, W2
    # BEGIN SOLUTION
    return W1 * alpha, b1 * alpha, W2 / alpha[:, None]
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# A vector multiplies the columns of a matrix as it is, and its rows once it has the shape of a column:
# `alpha[:, None]`. The bias is added *before* the ReLU.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Un vecteur multiplie tel quel les colonnes d’une matrice, et ses lignes une fois mis en colonne : `alpha[:, None]`. Le
# biais s’ajoute *avant* la ReLU.
# </details>

# %% key="ex3-check"
check("d2_04.ex3", rescale)

# %% key="rescale-run"
WIDTH, ETA, BETA = 200, 0.02, 0.9


def scores(net, X):
    W1, b1, W2, b2 = net
    return jnp.maximum(X @ W1 + b1, 0) @ W2 + b2


def cross_entropy(net, X, y):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(scores(net, X)), y[:, None], axis=1))


def random_net(rng):
    first, last = rng.normal(size=(64, WIDTH)) / np.sqrt(32), rng.normal(size=(WIDTH, 10)) / np.sqrt(WIDTH / 2)
    return [np.float32(part) for part in (first, np.zeros(WIDTH), last, np.zeros(10))]


@jax.jit
def train(net, masks, X, y, batches):
    # en: SGD with momentum (notebook 2); the weights outside the masks stay 0
    # fr: SGD avec inertie (notebook 2) ; les poids hors des masques restent nuls
    def step(state, batch):
        net, speed = state
        slopes = jax.grad(cross_entropy)(net, X[batch], y[batch])
        speed = [BETA * s + g * m for s, g, m in zip(speed, slopes, masks)]
        return ([w - ETA * s for w, s in zip(net, speed)], speed), None

    net = [w * m for w, m in zip(net, masks)]
    return jax.lax.scan(step, (net, [0 * w for w in net]), batches)[0][0]


def accuracy(net, X, y):
    return float(np.mean(np.argmax(scores(net, X), axis=1) == y))


def lesson(seed, turns=300):
    X, y, X_test, y_test = digits_split(seed)
    batches = np.random.default_rng(seed).integers(0, len(X), (turns, 64))
    return np.float32(X), y, np.float32(X_test), y_test, batches


X, y, X_test, y_test, batches = lesson(0)
dense = train(random_net(rng), [np.float32(1)] * 4, X, y, batches)
trained = [np.asarray(part, dtype=float) for part in dense]
sharper = [*rescale(*trained[:3], np.full(WIDTH, 10.0)), trained[3]]
flat, unflatten = ravel_pytree(trained)


@jax.jit
def product(theta, w, X, y):
    return jax.jvp(jax.grad(lambda t: cross_entropy(unflatten(t), X, y)), (theta,), (w,))[1]


def sharpness_of(theta, inside=1.0):
    probe = inside * np.random.default_rng(1).normal(size=theta.size)
    return sharpness(lambda w: inside * np.asarray(product(theta, inside * w, X[:300], y[:300])), probe, 60)


last_layer = np.asarray(ravel_pytree([0 * trained[0], 0 * trained[1], 0 * trained[2] + 1, 0 * trained[3]])[0])
values = [sharpness_of(flat), sharpness_of(flat, last_layer), sharpness_of(ravel_pytree(sharper)[0])]
print(T("sharpness:", "acuité :"), round(values[0], 2), T("after α = 10:", "après α = 10 :"), round(values[2], 1))
expect("d2_04.same_function", np.max(np.abs(scores(trained, X_test) - scores(sharper, X_test))), 0, atol=1e-10)
expect("d2_04.sharper", values[2] / values[1], 100, rtol=0.01)

# %% [markdown] key="tickets" lang="en"
# The accuracy is the same to the last image and the sharpness has changed by a factor of about sixty. "Flat" can
# explain generalisation only together with a choice of coordinates or of algorithm: *among the minima that this step
# and this initialisation reach*. Invariant measures exist; quote one, or say which.
#
# ## 5. Lottery tickets
#
# **Pruning** by magnitude keeps the $k$ largest weights. It has one property, and only one:
#
# > **Proposition 6.** Among the vectors with at most $k$ non-zero entries, those closest to $w$ keep $k$ entries of $w$
# > of largest modulus and set the others to 0.
#
# *Proof.* If $S$ is the set of the entries allowed, $|w-w'|^2\ge\sum_{i\notin S}w_i^2$, with equality for $w'=w$ on
# $S$; the sum is smallest when the smallest squares are left out. $\blacksquare$
#
# Close in the *parameters*: the loss is not mentioned. Frankle and Carbin (2019) do this: draw $\theta_0$, train it,
# keep the mask $m$ of the largest weights, go back to $m\odot\theta_0$ and train only that. The **lottery ticket** is
# the pair $(m,\theta_0)$.

# %% [markdown] key="tickets" lang="fr"
# L’exactitude est la même à l’image près, et l’acuité a été multipliée par soixante environ. « Plat » ne peut
# expliquer la généralisation qu’avec un choix de coordonnées ou d’algorithme : *parmi les minima qu’atteignent ce pas
# et cette initialisation*. Il existe des mesures invariantes ; citez-en une, ou dites laquelle vous prenez.
#
# ## 5. Billets de loterie
#
# L’**élagage** par grandeur garde les $k$ plus grands poids. Il a une propriété, et une seule :
#
# > **Proposition 6.** Parmi les vecteurs ayant au plus $k$ coefficients non nuls, les plus proches de $w$ gardent $k$
# > coefficients de $w$ de plus grand module et annulent les autres.
#
# *Démonstration.* Si $S$ est l’ensemble des indices permis, $|w-w'|^2\ge\sum_{i\notin S}w_i^2$, avec égalité pour
# $w'=w$ sur $S$ ; la somme est minimale quand on écarte les plus petits carrés. $\blacksquare$
#
# Proche dans les *paramètres* : il n’est pas question de la perte. Frankle et Carbin (2019) font ceci : tirer
# $\theta_0$, l’entraîner, garder le masque $m$ des plus grands poids, revenir à $m\odot\theta_0$ et n’entraîner que
# cela. Le **billet de loterie** est le couple $(m,\theta_0)$.

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 — the mask
#
# Write `magnitude_mask(weights, density)`: an array of the same shape, with `1.0` where a weight is kept and `0.0`
# elsewhere. Exactly `round(density * weights.size)` weights are kept, even if several have the same modulus.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 — le masque
#
# Écrivez `magnitude_mask(weights, density)` : un tableau de même forme, avec `1.0` là où un poids est gardé et `0.0`
# ailleurs. On garde exactement `round(density * weights.size)` poids, même si plusieurs ont le même module.

# %% key="ex4" tags=["exercise"]
def magnitude_mask(weights, density):
    # en: one for the weights of largest modulus, zero for the others
    # fr: un pour les poids de plus grand module, zéro pour les autres
    # BEGIN SOLUTION
    kept = np.argsort(-np.abs(weights), axis=None)[: round(density * weights.size)]
    mask = np.zeros(weights.size)
    mask[kept] = 1.0
    return mask.reshape(weights.shape)
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.argsort(..., axis=None)` sorts the array as one long row. A threshold keeps too many weights when some are equal;
# positions do not.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.argsort(..., axis=None)` trie le tableau comme une seule longue ligne. Un seuil garde trop de poids quand certains
# sont égaux ; des positions, non.
# </details>

# %% key="ex4-check"
check("d2_04.ex4", magnitude_mask)

# %% [markdown] key="lottery-text" lang="en"
# A ticket that learns proves nothing by itself. Two controls: the same mask with *another* initialisation, and the same
# initialisation with the mask *shuffled* within each layer. If only the number of weights counted, the three would tie;
# if only the mask counted, the first two. 64-200-10, both weight matrices pruned, four splits of the digits, 300 steps.
# Which order do you predict at a density of $\frac1{16}$?

# %% [markdown] key="lottery-text" lang="fr"
# Un billet qui apprend ne prouve rien à lui seul. Deux témoins : le même masque avec une *autre* initialisation, et
# la même initialisation avec le masque *mélangé* dans chaque couche. Si seul le nombre de poids comptait, les trois
# seraient à égalité ; si seul le masque comptait, les deux premiers. 64-200-10, les deux matrices de poids élaguées,
# quatre partages des chiffres, 300 pas. Quel ordre prévoyez-vous à la densité $\frac1{16}$ ?

# %% key="lottery"
def contest(seed, density, turns=300):
    X, y, X_test, y_test, batches = lesson(seed)
    rng = np.random.default_rng(1000 + seed)
    first, other = random_net(rng), random_net(rng)
    full = [np.float32(1)] * 4
    dense = train(first, full, X, y, batches)
    kept = [np.float32(magnitude_mask(np.asarray(dense[i]), density)) for i in (0, 2)]
    shuffled = [rng.permutation(mask.ravel()).reshape(mask.shape) for mask in kept]
    runs = [(first, kept), (other, kept), (first, shuffled)]
    long = lesson(seed, turns)[-1]
    ends = [train(net, [m[0], full[1], m[1], full[3]], X, y, long) for net, m in runs]
    return [accuracy(net, X_test, y_test) for net in [dense, *ends]]


densities = [1 / 4, 1 / 8, 1 / 16, 1 / 32]
results = np.mean([[contest(seed, density) for density in densities] for seed in range(4)], axis=0)
_, ticket, other, shuffled = results[2]
expect("d2_04.ticket_other", ticket - other, at_least=0.05)
expect("d2_04.ticket_shuffled", ticket - shuffled, at_least=0.2)
longer = np.mean([contest(seed, 1 / 16, 3000) for seed in range(4)], axis=0)
print(T("3000 steps:", "3000 pas :"), longer[1:].round(3))
expect("d2_04.longer", longer[1] - longer[2], at_most=0.06)

# %% key="lottery-figure" tags=["figure"]
ax = figures.axes()
names = [T("dense", "dense"), T("ticket", "billet"), T("same mask, other weights", "même masque, autres poids"), T("mask shuffled", "masque mélangé")]
for values, name, marker in zip(results.T, names, ["", *figures.MARKERS]):
    ax.plot(densities, values, marker=marker, label=name)
ax.set_xscale("log", base=2)
ax.set(xlabel=T("share of weights kept", "part des poids gardés"), ylabel=T("test accuracy", "exactitude sur le jeu de test"))
ax.set_title(T("After 300 steps, four splits", "Après 300 pas, quatre partages"))
ax.legend();

# %% [markdown] key="lottery-read" lang="en"
# Mask and initial weights both count, *after 300 steps*. With 3000 steps, the same masks with other weights come
# close to the ticket: much of its advantage is speed. The mask, which was learnt from the data, keeps its own. On
# large networks trained with large steps, Liu et al. (2019) found no advantage of the original weights; with them,
# one must go back to an early step instead of step 0 (Frankle et al., 2020). The picture is an experiment with
# controls, not a theorem.

# %% [markdown] key="lottery-read" lang="fr"
# Le masque et les poids initiaux comptent tous deux, *après 300 pas*. Avec 3 000 pas, les mêmes masques munis d’autres
# poids s’approchent du billet : une grande part de son avantage est de la vitesse. Le masque, appris
# sur les données, garde le sien. Sur de grands réseaux entraînés à grands pas, Liu et al. (2019) n’ont trouvé aucun
# avantage aux poids d’origine ; avec eux, il faut revenir à un pas précoce plutôt qu’au pas 0 (Frankle et al., 2020).
# L’image est une expérience avec témoins, non un théorème.

# %% [markdown] key="break-text" lang="en"
# ## 6. Break it
#
# Write your predictions down first.
#
# **(a) Probability 0 happens.** Start exactly on the line: $(a,b)=(\frac12,-\frac12)$, $\eta=0.1$, 5000 steps. By
# Proposition 3, where does it end, and at what height?
#
# **(b) A minimum too sharp.** Start at $(5.001,\frac15)$, next to a minimum of sharpness $25.04$. What happens with
# $\eta=0.05$, $\eta=0.09$, $\eta=0.2$? At a minimum $ab=1$, so the sharpness is
# $a^2+b^2=\sqrt{4+(a^2-b^2)^2}$; and by Proposition 3 each step with $0<\eta|r|<\sqrt2$ shrinks $|a^2-b^2|$.
#
# **(c) Prune the same function.** Draw $\alpha_j$ log-uniformly in $[\frac1{10},10]$ for each hidden unit, apply
# `rescale` to the dense network of seed 0, and prune both networks, which compute the same function, to a density of
# $\frac14$, without training. Which hidden units does the mask of $W_1$ prefer after rescaling? And that of $W_2$?

# %% [markdown] key="break-text" lang="fr"
# ## 6. Casser exprès
#
# Notez d’abord vos prévisions.
#
# **(a) La probabilité 0 arrive.** Partez exactement sur la droite : $(a,b)=(\frac12,-\frac12)$, $\eta=0{,}1$, 5 000
# pas. D’après la proposition 3, où finit-on, et à quelle hauteur ?
#
# **(b) Un minimum trop pointu.** Partez de $(5{,}001,\frac15)$, à côté d’un minimum d’acuité $25{,}04$. Que se
# passe-t-il avec $\eta=0{,}05$, $\eta=0{,}09$, $\eta=0{,}2$ ? En un minimum, $ab=1$, donc l’acuité vaut
# $a^2+b^2=\sqrt{4+(a^2-b^2)^2}$ ; et, d’après la proposition 3, chaque pas avec $0<\eta|r|<\sqrt2$ réduit
# $|a^2-b^2|$.
#
# **(c) Élaguer la même fonction.** Tirez $\alpha_j$ log-uniformément dans $[\frac1{10},10]$ pour chaque unité cachée,
# appliquez `rescale` au réseau dense de graine 0, et élaguez les deux réseaux, qui calculent la même fonction, à la
# densité $\frac14$, sans entraînement. Quelles unités cachées le masque de $W_1$ préfère-t-il après le changement
# d’échelle ? Et celui de $W_2$ ?

# %% key="break1" tags=["break"]
stuck = descend(0.5, -0.5, 0.1, 5000)
expect("d2_04.break1", height(stuck)[-1], 0.5, rtol=1e-12)
print(stuck[-1])

# %% key="break2" tags=["break"]
with np.errstate(over="ignore", invalid="ignore"):
    jumps = {eta: descend(5.001, 0.2, eta, 1000) for eta in (0.05, 0.09, 0.2)}
    ends = {eta: np.sum(path[-1] ** 2) for eta, path in jumps.items()}
expect("d2_04.break2_stays", ends[0.05], np.sqrt(4 + (5.001**2 - 0.2**2) ** 2), rtol=1e-6)
expect("d2_04.break2_jumps", ends[0.09], at_most=2 / 0.09)
expect("d2_04.break2_leaves", ends[0.2], np.nan)

# %% key="break3" tags=["break"]
factors = np.exp(rng.uniform(-np.log(10), np.log(10), size=WIDTH))
uneven = [*rescale(*trained[:3], factors), trained[3]]


def pruned(net, density):
    W1, b1, W2, b2 = net
    return [W1 * magnitude_mask(W1, density), b1, W2 * magnitude_mask(W2, density), b2]


before, after = (accuracy(pruned(net, 1 / 4), X_test, y_test) for net in (trained, uneven))
print(T("accuracy of the whole:", "exactitude du réseau entier :"), [round(accuracy(net, X_test, y_test), 3) for net in (trained, uneven)])
expect("d2_04.break3_before", before, at_least=0.5)
expect("d2_04.break3_after", after, at_most=0.4)

# %% key="break-figure" tags=["figure"]
left, right = figures.axes(2, height=3.4)
edge_of_valley = np.sqrt((1 / 0.09) + np.sqrt((1 / 0.09) ** 2 - 1))
for ends, line, name in (((3.9, edge_of_valley), "-", T("minima", "minima")), ((edge_of_valley, 5.6), ":", T("repelling minima", "minima répulsifs"))):
    branch = np.linspace(*ends, 50)
    left.plot(branch, 1 / branch, line, color=figures.BLACK, label=name)
left.plot(*jumps[0.09].T, "--", color=figures.VERMILION, linewidth=0.9, label=T("$\\eta=0.09$", "$\\eta=0{,}09$"))
left.plot(*jumps[0.09][-1], "s", color=figures.VERMILION)
left.set(xlim=(4, 5.6), ylim=(-0.7, 1.1), xlabel="$a$", ylabel="$b$")
left.set_title(T("Out of the sharp part of the valley", "Hors de la partie pointue de la vallée"))
left.legend()
right.plot(jumps[0.09].prod(axis=1) - 1, color=figures.VERMILION)
right.set(xlim=(0, 60), xlabel=T("step", "pas"), ylabel="$r=ab-1$")
right.set_title(T("Growing oscillations, then rest", "Des oscillations croissantes, puis le repos"));

# %% [markdown] key="break-read" lang="en"
# (a) On the line $a=-b$ both updates are exactly opposite, even in floating point: the saddle, $f=\frac12$, for ever.
# One rounding error elsewhere, and it leaves. (b) $\eta=0.05$ stays. With $\eta=0.09$, $1-\eta\lambda\approx-1.25$:
# $r$ grows with alternating signs, every step takes something from $a^2-b^2$, until the path lands where the valley
# is flat enough, at $18.85$: below $22.2$, and not close to it. With $\eta=0.2$ nothing catches it. (c) The mask of
# $W_1$ keeps the units with large $\alpha_j$, that of $W_2$ those with small $\alpha_j$: few paths are left.
# Magnitude, like sharpness, belongs to the parameters.

# %% [markdown] key="break-read" lang="fr"
# (a) Sur la droite $a=-b$, les deux mises à jour sont exactement opposées, même en virgule flottante : le point
# selle, $f=\frac12$, pour toujours. Une erreur d’arrondi ailleurs, et l’on part. (b) Avec $\eta=0{,}05$, on reste.
# Avec $\eta=0{,}09$, $1-\eta\lambda\approx-1{,}25$ : $r$ grandit en changeant de signe, chaque pas prend quelque
# chose à $a^2-b^2$, jusqu’à ce que l’on retombe là où la vallée est assez plate, à $18{,}85$ : au-dessous de
# $22{,}2$, et pas tout près. Avec $\eta=0{,}2$, rien ne l’arrête. (c) Le masque de $W_1$ garde les unités à grand
# $\alpha_j$, celui de $W_2$ les unités à petit $\alpha_j$ : il reste peu de chemins. La grandeur d’un poids, comme
# l’acuité, appartient aux paramètres.

# %% [markdown] key="exit" lang="en"
# ## What to keep
#
# | Picture | Theorem | What the theorem does not say |
# |---|---|---|
# | saddles are left behind | $f$ analytic: probability 0 of converging to one | how long: $\ln\frac1\delta$ here, longer elsewhere |
# | large steps find flat minima | no convergence where $\lambda_{\max}>2/\eta$ | that training goes up to the edge |
# | flat minima generalise | sharpness changes under rescaling, the function does not | anything about invariant measures |
# | winning tickets | magnitude is the nearest sparse vector | everything else: an experiment |
#
# ## Exit ticket
#
# No code, five minutes, a few lines each.
#
# 1. $f(x,y)=\frac12x^2-\frac14y^4$. Is 0 a critical point, and what is its index? Does Theorem 2 exclude it? From
#    $(x_0,\delta)$, how does the time that gradient descent takes to leave depend on $\delta$?
# 2. A layer is followed by a normalisation, so that $f(cw)=f(w)$ for all $c>0$. Express $\nabla f(cw)$ and
#    $\nabla^2f(cw)$ by $\nabla f(w)$ and $\nabla^2f(w)$. A colleague reports that weight decay leads to sharper minima.
#    What do you answer?

# %% [markdown] key="exit" lang="fr"
# ## Ce qu’il faut retenir
#
# | Image | Théorème | Ce que le théorème ne dit pas |
# |---|---|---|
# | on quitte les points selles | $f$ analytique : probabilité nulle de converger vers l’un d’eux | en combien de temps : $\ln\frac1\delta$ ici, davantage ailleurs |
# | les grands pas trouvent les minima plats | pas de convergence là où $\lambda_{\max}>2/\eta$ | que l’entraînement monte jusqu’au bord |
# | les minima plats généralisent | l’acuité change avec l’échelle, la fonction non | quoi que ce soit des mesures invariantes |
# | les billets gagnants | l’élagage par grandeur donne le vecteur creux le plus proche | tout le reste : une expérience |
#
# ## Billet de sortie
#
# Sans code, cinq minutes, quelques lignes par question.
#
# 1. $f(x,y)=\frac12x^2-\frac14y^4$. Le point 0 est-il critique, et quel est son indice ? Le théorème 2 l’exclut-il ?
#    Depuis $(x_0,\delta)$, comment le temps que met la descente de gradient à partir dépend-il de $\delta$ ?
# 2. Une couche est suivie d’une normalisation, si bien que $f(cw)=f(w)$ pour tout $c>0$. Exprimez $\nabla f(cw)$ et
#    $\nabla^2f(cw)$ à l’aide de $\nabla f(w)$ et de $\nabla^2f(w)$. Un collègue rapporte que la pénalisation des poids
#    conduit à des minima plus pointus. Que lui répondez-vous ?

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. The gradient is $(x,-y^3)$: 0 is critical, the Hessian there is
# $\operatorname{diag}(1,0)$, the index 0; not a strict saddle, and not a minimum either. All eigenvalues are in
# $[0,2/\eta]$ for $\eta\le2$, so Theorem 2 is silent (the conclusion happens to be true: only $y_0=0$ leads to 0, for
# $0<\eta<2$). $y^+=y(1+\eta y^2)$: as long as $y$ is small, $\frac1{y^2}$ decreases by about $2\eta$ per step, so
# leaving takes about $\frac1{2\eta\delta^2}$ steps: from $\delta=10^{-3}$ to $10^{-6}$ a million times longer, where
# a strict saddle, with $\eta=0.1$ and $\lambda=-1$, asks for 73 steps more. 2. Differentiate $f(cw)=f(w)$ in $w$:
# $c\,\nabla f(cw)=\nabla f(w)$ and $c^2\,\nabla^2f(cw)=\nabla^2f(w)$, so $\nabla f(cw)=\frac1c\nabla f(w)$ and
# $\nabla^2f(cw)=\frac1{c^2}\nabla^2f(w)$. Weight decay shrinks $|w|$, hence multiplies the sharpness by $1/c^2$ with
# $c<1$ *without changing the function*: compare $|w|^2\lambda_{\max}$, which is invariant. (The decay does change the
# dynamics: the effective step is $\eta/|w|^2$.)

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. Le gradient est $(x,-y^3)$ : 0 est critique, la hessienne y vaut
# $\operatorname{diag}(1,0)$, l’indice 0 ; ce n’est pas un point selle strict, ni d’ailleurs un minimum. Toutes les
# valeurs propres sont dans $[0,2/\eta]$ pour $\eta\le2$, donc le théorème 2 se tait (la conclusion est pourtant
# vraie : seul $y_0=0$ mène à 0, pour $0<\eta<2$). $y^+=y(1+\eta y^2)$ : tant que $y$ est petit, $\frac1{y^2}$ diminue
# d’environ $2\eta$ par pas, il faut donc environ $\frac1{2\eta\delta^2}$ pas pour partir : de $\delta=10^{-3}$ à
# $10^{-6}$, un million de fois plus longtemps, là où un point selle strict, avec $\eta=0{,}1$ et $\lambda=-1$,
# demande 73 pas de plus. 2. On dérive $f(cw)=f(w)$ par rapport à $w$ : $c\,\nabla f(cw)=\nabla f(w)$ et
# $c^2\,\nabla^2f(cw)=\nabla^2f(w)$, donc $\nabla f(cw)=\frac1c\nabla f(w)$ et
# $\nabla^2f(cw)=\frac1{c^2}\nabla^2f(w)$. La pénalisation réduit $|w|$ et multiplie donc l’acuité par $1/c^2$, avec
# $c<1$, *sans changer la fonction* : comparez $|w|^2\lambda_{\max}$, qui est invariant. (Elle change en revanche la
# dynamique : le pas effectif est $\eta/|w|^2$.)
