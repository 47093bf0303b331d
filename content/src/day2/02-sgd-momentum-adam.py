# %% [markdown] key="title" lang="en"
# # SGD, momentum, Adam: what each does to the iterates
#
# **Day 2, notebook 2** — about 50 minutes for exercises 1 to 3, then 30 minutes for exercise 4 and *Break it*.
#
# Three lines of a training script, `SGD(lr=…)`, `momentum=0.9`, `Adam(…)`, are chosen most often by habit.
# Each one changes the sequence of iterates in a way that can be computed: noise leaves a ball of known
# radius, inertia turns a spectrum into a circle, Adam rescales coordinates, and therefore depends on
# which coordinates you use.
#
# **By the end you can**
#
# 1. predict the residual noise of SGD with a constant step, and say what a decreasing step must satisfy;
# 2. tune the heavy ball from $\mu$ and $L$, predict its transient, and know where this tuning fails;
# 3. write Adam exactly as PyTorch does, say what bias correction repairs, and prove that Adam is blind to
#    scale but not to rotation;
# 4. exhibit a convex problem on which Adam goes to the worst point, and prove it.

# %% [markdown] key="title" lang="fr"
# # SGD, inertie, Adam : ce que chacun fait aux itérés
#
# **Jour 2, notebook 2** — environ 50 minutes pour les exercices 1 à 3, puis 30 minutes pour l’exercice 4 et
# *Casser exprès*.
#
# Trois lignes d’un script d’entraînement, `SGD(lr=…)`, `momentum=0.9`, `Adam(…)`, sont le plus souvent
# choisies par habitude. Chacune modifie la suite des itérés d’une façon qui se calcule : le bruit laisse une
# boule de rayon connu, l’inertie transforme un spectre en cercle, Adam change l’échelle des
# coordonnées, et dépend donc des coordonnées choisies.
#
# **À la fin, vous saurez**
#
# 1. prévoir le bruit résiduel de SGD à pas constant, et dire ce que doit vérifier un pas décroissant ;
# 2. régler la boule pesante à partir de $\mu$ et $L$, prévoir son régime transitoire, et savoir où ce
#    réglage échoue ;
# 3. écrire Adam exactement comme PyTorch, dire ce que répare la correction du biais, et démontrer qu’Adam ne
#    voit pas les changements d’échelle mais voit les rotations ;
# 4. exhiber un problème convexe sur lequel Adam va au pire point, et le démontrer.

# %% key="imports"
import jax
import jax.numpy as jnp
import numpy as np
import torch

from airina import check, expect, figures

# %% [markdown] key="oracle" lang="en"
# ## 1. Stochastic gradients
#
# We no longer see $\nabla f(x_k)$ but a random vector $g_k$ with
#
# $$\mathbb E[g_k\mid x_k]=\nabla f(x_k),\qquad\mathbb E\big[|g_k-\nabla f(x_k)|^2\mid x_k\big]\le s^2,\tag{1}$$
#
# and SGD is $x_{k+1}=x_k-\eta_kg_k$. For $f=\frac1n\sum_if_i$, a mini-batch of $b$ indices drawn uniformly
# and independently gives an unbiased $g_k$ whose variance is $\frac1b$ times that of one index: the noise of a
# batch falls like $1/\sqrt b$, its cost grows like $b$. (The uniform bound $s^2$ is a hypothesis: for least squares
# it holds on bounded sets only.)
#
# > **Theorem 1.** Let $f$ be $L$-smooth and $\mu$-strongly convex with minimiser $x^*$, let (1) hold, and let
# > $0<\eta\le1/L$ be constant. With $D_k=\mathbb E|x_k-x^*|^2$,
# > $$D_k\le(1-\eta\mu)^kD_0+\frac{\eta s^2}\mu.$$
#
# *Proof.* Expand the square and take the expectation given $x_k=x$:
# $\mathbb E[|x_{k+1}-x^*|^2]\le|x-x^*|^2-2\eta\langle\nabla f(x),x-x^*\rangle+\eta^2|\nabla f(x)|^2+\eta^2s^2$.
# Strong convexity gives $\langle\nabla f(x),x-x^*\rangle\ge f(x)-f^*+\frac\mu2|x-x^*|^2$, and inequality (2)
# of notebook 1 gives $|\nabla f(x)|^2\le2L(f(x)-f^*)$. Hence
# $D_{k+1}\le(1-\eta\mu)D_k-2\eta(1-\eta L)\,\mathbb E[f(x_k)-f^*]+\eta^2s^2\le(1-\eta\mu)D_k+\eta^2s^2$.
# Iterate; the geometric series is at most $\eta^2s^2/(\eta\mu)$. $\blacksquare$
#
# A geometric descent, then a plateau proportional to $\eta$: that is the shape of a training curve.

# %% [markdown] key="oracle" lang="fr"
# ## 1. Gradients stochastiques
#
# On ne voit plus $\nabla f(x_k)$ mais un vecteur aléatoire $g_k$ tel que
#
# $$\mathbb E[g_k\mid x_k]=\nabla f(x_k),\qquad\mathbb E\big[|g_k-\nabla f(x_k)|^2\mid x_k\big]\le s^2,\tag{1}$$
#
# et SGD s’écrit $x_{k+1}=x_k-\eta_kg_k$. Pour $f=\frac1n\sum_if_i$, un mini-lot de $b$ indices tirés
# uniformément et indépendamment donne un $g_k$ sans biais, de variance $\frac1b$ fois celle d’un seul indice :
# le bruit d’un lot décroît comme $1/\sqrt b$, son coût croît comme $b$. (La borne uniforme $s^2$ est une
# hypothèse : pour les moindres carrés, elle n’est vraie que sur les parties bornées.)
#
# > **Théorème 1.** Soit $f$ une fonction $L$-lisse et $\mu$-fortement convexe, de minimiseur $x^*$ ; on suppose
# > (1), et $0<\eta\le1/L$ constant. Avec $D_k=\mathbb E|x_k-x^*|^2$,
# > $$D_k\le(1-\eta\mu)^kD_0+\frac{\eta s^2}\mu.$$
#
# *Démonstration.* On développe le carré et on prend l’espérance sachant $x_k=x$ :
# $\mathbb E[|x_{k+1}-x^*|^2]\le|x-x^*|^2-2\eta\langle\nabla f(x),x-x^*\rangle+\eta^2|\nabla f(x)|^2+\eta^2s^2$.
# La forte convexité donne $\langle\nabla f(x),x-x^*\rangle\ge f(x)-f^*+\frac\mu2|x-x^*|^2$, et l’inégalité (2)
# du notebook 1 donne $|\nabla f(x)|^2\le2L(f(x)-f^*)$. D’où
# $D_{k+1}\le(1-\eta\mu)D_k-2\eta(1-\eta L)\,\mathbb E[f(x_k)-f^*]+\eta^2s^2\le(1-\eta\mu)D_k+\eta^2s^2$.
# On itère ; la série géométrique est majorée par $\eta^2s^2/(\eta\mu)$. $\blacksquare$
#
# Une descente géométrique, puis un plateau proportionnel à $\eta$ : c’est l’allure d’une courbe
# d’entraînement.

# %% [markdown] key="ball" lang="en"
# On a parabola there is nothing to bound, everything is equal. Let $f(x)=\frac\lambda2x^2$ and
# $g_k=\lambda x_k+s\,\xi_k$, where the $\xi_k$ are independent of mean 0 and variance 1. Then
# $x_{k+1}=(1-\eta\lambda)x_k-\eta s\,\xi_k$, so $\operatorname{Var}x_{k+1}=(1-\eta\lambda)^2\operatorname{Var}x_k+\eta^2s^2$,
# and for $0<\eta\lambda<2$ the variance tends to the fixed point
#
# $$v_\infty=\frac{\eta^2s^2}{1-(1-\eta\lambda)^2}=\frac{\eta s^2}{\lambda(2-\eta\lambda)}.\tag{2}$$
#
# Theorem 1 said $\eta s^2/\lambda$: within a factor 2 of the truth. Halving a small step halves the variance
# of the ball, and doubles the time $1/(\eta\lambda)$ it takes to reach it.

# %% [markdown] key="ball" lang="fr"
# Sur une parabole, il n’y a rien à majorer, tout est égalité. Soit $f(x)=\frac\lambda2x^2$ et
# $g_k=\lambda x_k+s\,\xi_k$, où les $\xi_k$ sont indépendantes, de moyenne 0 et de variance 1. Alors
# $x_{k+1}=(1-\eta\lambda)x_k-\eta s\,\xi_k$, donc $\operatorname{Var}x_{k+1}=(1-\eta\lambda)^2\operatorname{Var}x_k+\eta^2s^2$,
# et pour $0<\eta\lambda<2$ la variance tend vers le point fixe
#
# $$v_\infty=\frac{\eta^2s^2}{1-(1-\eta\lambda)^2}=\frac{\eta s^2}{\lambda(2-\eta\lambda)}.\tag{2}$$
#
# Le théorème 1 donnait $\eta s^2/\lambda$, à un facteur 2 près de la vérité. Diviser par deux un petit pas
# divise par deux la variance de la boule, et double le temps $1/(\eta\lambda)$ qu’il faut pour l’atteindre.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — SGD
#
# Write `sgd(oracle, x0, etas)`. `oracle(x, k)` is the stochastic gradient at step $k=0,1,\dots$, `etas[k]`
# the step size; return the last iterate. `x0` may hold thousands of independent chains side by side: write no
# loop over them.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — SGD
#
# Écrivez `sgd(oracle, x0, etas)`. `oracle(x, k)` est le gradient stochastique au pas $k=0,1,\dots$, et
# `etas[k]` la longueur du pas ; renvoyez le dernier itéré. `x0` peut contenir des milliers de chaînes
# indépendantes côte à côte : n’écrivez aucune boucle sur elles.

# %% key="ex1" tags=["exercise"]
def sgd(oracle, x0, etas):
    # en: the last iterate of x <- x - etas[k] * oracle(x, k)
    # fr: le dernier itéré de x <- x - etas[k] * oracle(x, k)
    # BEGIN SOLUTION
    x = np.asarray(x0, dtype=float)
    for k, eta in enumerate(etas):
        x = x - eta * oracle(x, k)
    return x
    # END SOLUTION

# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# One loop, over `enumerate(etas)`; one call of the oracle per turn, at the *current* point.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Une seule boucle, sur `enumerate(etas)` ; un seul appel de l’oracle par tour, au point *courant*.
# </details>

# %% key="ex1-check"
check("d2_02.ex1", sgd)

# %% [markdown] key="variance-predict" lang="en"
# Two hundred thousand chains on $f(x)=\frac12x^2$, $s=1$, $\eta=0.1$, 150 steps from 0. Compute $v_\infty$ by
# hand before you run the cell. (The standard error of a variance estimated from $m$ Gaussian draws is
# $v\sqrt{2/m}$: here 0.3 %. The tolerance is 2 %.)

# %% [markdown] key="variance-predict" lang="fr"
# Deux cent mille chaînes sur $f(x)=\frac12x^2$, $s=1$, $\eta=0{,}1$, 150 pas depuis 0. Calculez $v_\infty$ à la
# main avant d’exécuter la cellule. (L’erreur type d’une variance estimée sur $m$ tirages gaussiens est
# $v\sqrt{2/m}$ : ici 0,3 %. La tolérance est de 2 %.)

# %% key="variance"
SEED = 0
rng = np.random.default_rng(SEED)


def noisy_slope(x, k):
    return x + rng.normal(size=x.shape)


cloud = sgd(noisy_slope, np.zeros(200_000), np.full(150, 0.1))
expect("d2_02.variance", cloud.var(), 0.1 / 1.9, rtol=0.02)

# %% [markdown] key="robbins" lang="en"
# To empty the ball the step must decrease; not too slowly, and not too fast.
#
# > **Theorem 2 (Robbins and Monro, 1951).** Under the hypotheses of Theorem 1, let the steps satisfy
# > $0<\eta_k\le1/L$, $\sum\eta_k=\infty$ and $\sum\eta_k^2<\infty$. Then $D_k\to0$.
#
# *Proof.* The proof of Theorem 1 gives $D_{k+1}\le(1-\eta_k\mu)D_k+\eta_k^2s^2$ at each step. Hence
# $D_k\le D_0+s^2\sum_j\eta_j^2=:B$ for all $k$, and for $m<k$
#
# $$D_k\le B\prod_{j=m}^{k-1}(1-\eta_j\mu)+s^2\sum_{j\ge m}\eta_j^2\le B\exp\Big(-\mu\sum_{j=m}^{k-1}\eta_j\Big)+s^2\sum_{j\ge m}\eta_j^2.$$
#
# Let $k\to\infty$, then $m\to\infty$. $\blacksquare$ (For $D_k\to0$ alone, $\eta_k\to0$ may replace
# $\sum\eta_k^2<\infty$; the latter also gives almost sure convergence.)
#
# Both conditions can be seen on $f(x)=\frac12x^2$ with $s=1$, indices from $k=1$.
#
# - $\eta_k=\frac1{k+1}$: multiply by $k+1$ to get $(k+1)x_{k+1}=kx_k-\xi_k$. The iterate is *exactly* a mean,
#   $x_{k+1}=\frac1{k+1}(x_1-\xi_1-\dots-\xi_k)$.
# - $\eta_k=\frac1{(k+1)^2}$: the sum is finite. The mean is multiplied by
#   $\prod_{k=1}^K\big(1-\frac1{(k+1)^2}\big)=\prod_{k=1}^K\frac{k(k+2)}{(k+1)^2}=\frac{K+2}{2(K+1)}\to\frac12$.
#
# From $x_1=4$, where will the second one stop on average?

# %% [markdown] key="robbins" lang="fr"
# Pour vider la boule, le pas doit décroître ; ni trop lentement, ni trop vite.
#
# > **Théorème 2 (Robbins et Monro, 1951).** Sous les hypothèses du théorème 1, supposons
# > $0<\eta_k\le1/L$, $\sum\eta_k=\infty$ et $\sum\eta_k^2<\infty$. Alors $D_k\to0$.
#
# *Démonstration.* La démonstration du théorème 1 donne à chaque pas
# $D_{k+1}\le(1-\eta_k\mu)D_k+\eta_k^2s^2$. D’où $D_k\le D_0+s^2\sum_j\eta_j^2=:B$ pour tout $k$ et, pour
# $m<k$,
#
# $$D_k\le B\prod_{j=m}^{k-1}(1-\eta_j\mu)+s^2\sum_{j\ge m}\eta_j^2\le B\exp\Big(-\mu\sum_{j=m}^{k-1}\eta_j\Big)+s^2\sum_{j\ge m}\eta_j^2.$$
#
# On fait tendre $k\to\infty$, puis $m\to\infty$. $\blacksquare$ (Pour $D_k\to0$ seulement, $\eta_k\to0$ peut
# remplacer $\sum\eta_k^2<\infty$ ; cette dernière hypothèse donne de plus la convergence presque sûre.)
#
# Les deux conditions se voient sur $f(x)=\frac12x^2$ avec $s=1$, en numérotant à partir de $k=1$.
#
# - $\eta_k=\frac1{k+1}$ : on multiplie par $k+1$, et $(k+1)x_{k+1}=kx_k-\xi_k$. L’itéré est *exactement* une
#   moyenne, $x_{k+1}=\frac1{k+1}(x_1-\xi_1-\dots-\xi_k)$.
# - $\eta_k=\frac1{(k+1)^2}$ : la somme est finie. L’espérance est multipliée par
#   $\prod_{k=1}^K\big(1-\frac1{(k+1)^2}\big)=\prod_{k=1}^K\frac{k(k+2)}{(k+1)^2}=\frac{K+2}{2(K+1)}\to\frac12$.
#
# Depuis $x_1=4$, où le second s’arrêtera-t-il en moyenne ?

# %% key="forget"
index = np.arange(1, 1001)
late = sgd(noisy_slope, np.full(20_000, 4.0), 1 / (index + 1) ** 2)
expect("d2_02.forget", late.mean(), 4 * 1002 / 2002, atol=0.01)

# %% key="ball-figure" tags=["figure"]
schedules = [
    (T("constant 0.1", "constant 0,1"), np.full(1000, 0.1)),
    (T("constant 0.01", "constant 0,01"), np.full(1000, 0.01)),
    ("$1/(k+1)$", 1 / (index + 1)),
    ("$1/(k+1)^2$", 1 / (index + 1) ** 2),
]
ax = figures.axes()
for name, etas in schedules:
    chains, spread = np.full(2000, 4.0), []
    for eta in etas:
        chains = sgd(noisy_slope, chains, [eta])
        spread.append(np.sqrt(np.mean(chains**2)))
    ax.loglog(index, spread, label=name)
for eta in (0.1, 0.01):
    ax.axhline(np.sqrt(eta / (2 - eta)), color=figures.GREY, linestyle=":", linewidth=1)
ax.set(xlabel=T("step $k$", "pas $k$"), ylabel=T("root mean square of $x_k$", "moyenne quadratique de $x_k$"))
ax.set_title(T("Four step schedules; dotted: formula (2)", "Quatre suites de pas ; pointillés : formule (2)"))
ax.legend();

# %% [markdown] key="momentum" lang="en"
# ## 2. The heavy ball
#
# Polyak (1964) gives the iterate a mass: with $\alpha>0$ and $0\le\beta<1$,
#
# $$x_{k+1}=x_k-\alpha\nabla f(x_k)+\beta(x_k-x_{k-1}),\qquad x_{-1}=x_0.$$
#
# On a quadratic, along an eigenvector of eigenvalue $\lambda$, the coordinates obey
#
# $$\begin{pmatrix}c_{k+1}\\c_k\end{pmatrix}=\begin{pmatrix}1+\beta-\alpha\lambda&-\beta\\1&0\end{pmatrix}
# \begin{pmatrix}c_k\\c_{k-1}\end{pmatrix},\qquad z^2-(1+\beta-\alpha\lambda)z+\beta=0.$$
#
# The product of the roots is $\beta$. If the discriminant $(1+\beta-\alpha\lambda)^2-4\beta$ is at most 0, the
# roots are conjugate (or double) and *both have modulus* $\sqrt\beta$, whatever $\lambda$. This condition reads
# $(1-\sqrt\beta)^2\le\alpha\lambda\le(1+\sqrt\beta)^2$. Ask for equality at $\lambda=\mu$ on the left and at
# $\lambda=L$ on the right, take square roots, add and divide:
#
# > **Proposition 3.** Let $0<\mu<L$, $\kappa=L/\mu$. For the choice
# > $$\alpha=\frac4{(\sqrt L+\sqrt\mu)^2},\qquad\sqrt\beta=\frac{\sqrt\kappa-1}{\sqrt\kappa+1},$$
# > the spectral radius is $\sqrt\beta$ for every $\lambda\in[\mu,L]$.
#
# Gradient descent had $\frac{\kappa-1}{\kappa+1}$: inertia replaces $\kappa$ by $\sqrt\kappa$. One trap remains.
# At both ends the root is *double*, the matrix is not diagonalisable, and a factor $k$ appears. With
# $r=\sqrt\beta$ and $c_{-1}=c_0=1$, solving gives
#
# $$\lambda=\mu:\ c_k=\big(1+(1-r)k\big)r^k,\qquad\lambda=L:\ c_k=\big(1+(1+r)k\big)(-r)^k.\tag{3}$$

# %% [markdown] key="momentum" lang="fr"
# ## 2. La boule pesante
#
# Polyak (1964) donne une masse à l’itéré : avec $\alpha>0$ et $0\le\beta<1$,
#
# $$x_{k+1}=x_k-\alpha\nabla f(x_k)+\beta(x_k-x_{k-1}),\qquad x_{-1}=x_0.$$
#
# Sur une fonction quadratique, selon un vecteur propre de valeur propre $\lambda$, la coordonnée vérifie
#
# $$\begin{pmatrix}c_{k+1}\\c_k\end{pmatrix}=\begin{pmatrix}1+\beta-\alpha\lambda&-\beta\\1&0\end{pmatrix}
# \begin{pmatrix}c_k\\c_{k-1}\end{pmatrix},\qquad z^2-(1+\beta-\alpha\lambda)z+\beta=0.$$
#
# Le produit des racines vaut $\beta$. Si le discriminant $(1+\beta-\alpha\lambda)^2-4\beta$ est négatif ou nul,
# les racines sont conjuguées (ou doubles) et *toutes deux de module* $\sqrt\beta$, quel que soit $\lambda$.
# Cette condition s’écrit $(1-\sqrt\beta)^2\le\alpha\lambda\le(1+\sqrt\beta)^2$. On demande l’égalité à gauche
# pour $\lambda=\mu$ et à droite pour $\lambda=L$ ; on prend les racines carrées, on additionne, on divise :
#
# > **Proposition 3.** Soit $0<\mu<L$ et $\kappa=L/\mu$. Pour le choix
# > $$\alpha=\frac4{(\sqrt L+\sqrt\mu)^2},\qquad\sqrt\beta=\frac{\sqrt\kappa-1}{\sqrt\kappa+1},$$
# > le rayon spectral vaut $\sqrt\beta$ pour tout $\lambda\in[\mu,L]$.
#
# La descente de gradient avait $\frac{\kappa-1}{\kappa+1}$ : l’inertie remplace $\kappa$ par $\sqrt\kappa$. Il
# reste un piège. Aux deux extrémités la racine est *double*, la matrice n’est pas diagonalisable, et un facteur
# $k$ apparaît. Avec $r=\sqrt\beta$ et $c_{-1}=c_0=1$, on trouve
#
# $$\lambda=\mu:\ c_k=\big(1+(1-r)k\big)r^k,\qquad\lambda=L:\ c_k=\big(1+(1+r)k\big)(-r)^k.\tag{3}$$

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 — the heavy ball and its tuning
#
# Write `heavy_ball(grad, x0, alpha, beta, steps)`, the trajectory of shape `(steps + 1, d)` starting from
# $x_{-1}=x_0$, and `tuned(mu, L)`, the pair $(\alpha,\beta)$ of Proposition 3. The check compares the former
# with `torch.optim.SGD(momentum=…)`, whose documentation writes $b_k=\beta b_{k-1}+g_k$,
# $x_{k+1}=x_k-\alpha b_k$: on paper, verify that for constant $\alpha$ this is the same sequence.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 — la boule pesante et son réglage
#
# Écrivez `heavy_ball(grad, x0, alpha, beta, steps)`, la trajectoire de forme `(steps + 1, d)` issue de
# $x_{-1}=x_0$, et `tuned(mu, L)`, le couple $(\alpha,\beta)$ de la proposition 3. La vérification compare la
# première à `torch.optim.SGD(momentum=…)`, dont la documentation écrit $b_k=\beta b_{k-1}+g_k$,
# $x_{k+1}=x_k-\alpha b_k$ : vérifiez sur le papier que, pour $\alpha$ constant, c’est la même suite.

# %% key="ex2" tags=["exercise"]
def heavy_ball(grad, x0, alpha, beta, steps):
    # en: every iterate from x0 on, one per row: shape (steps + 1, d)
    # fr: tous les itérés à partir de x0, un par ligne : forme (steps + 1, d)
    # BEGIN SOLUTION
    path = [np.asarray(x0, dtype=float)] * 2
    for _ in range(steps):
        now, before = path[-1], path[-2]
        path.append(now - alpha * grad(now) + beta * (now - before))
    return np.array(path[1:])
    # END SOLUTION


def tuned(mu, L):
    # en: the pair (alpha, beta) of Proposition 3
    # fr: le couple (alpha, beta) de la proposition 3
    # BEGIN SOLUTION
    alpha = 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2
    root = (np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))
    return alpha, root**2
    # END SOLUTION

# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# Begin the list with `x0` twice and drop the first row at the end. Mind that Proposition 3 gives
# $\sqrt\beta$, not $\beta$.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Commencez la liste par `x0` deux fois et retirez la première ligne à la fin. Attention, la proposition 3
# donne $\sqrt\beta$, et non $\beta$.
# </details>

# %% key="ex2-check"
check("d2_02.ex2", heavy_ball, tuned)

# %% [markdown] key="peak-predict" lang="en"
# Take $\operatorname{diag}(1,100)$ and $x_0=(1,1)$: $r=\frac9{11}$. The rate alone suggests
# $\ln10^6/\ln\frac{11}9\approx69$ steps to divide by a million; gradient descent needs 709 to bring $|x|$ below
# $10^{-6}$. Formula (3) says that things first get worse. What is the largest value of
# $|x_k|=\sqrt{c_k(\mu)^2+c_k(L)^2}$, and around which $k$? (Try $k=3,4,5$.)

# %% [markdown] key="peak-predict" lang="fr"
# Prenons $\operatorname{diag}(1,100)$ et $x_0=(1,1)$ : $r=\frac9{11}$. La vitesse seule suggère
# $\ln10^6/\ln\frac{11}9\approx69$ pas pour diviser par un million ; la descente de gradient en demande 709 pour
# amener $|x|$ sous $10^{-6}$. La formule (3) dit que les choses commencent par empirer. Quelle est la plus
# grande valeur de $|x_k|=\sqrt{c_k(\mu)^2+c_k(L)^2}$, et vers quel $k$ ? (Essayez $k=3,4,5$.)

# %% key="peak"
curvatures = np.array([1.0, 100.0])


def bowl_slope(x):
    return curvatures * x


fast = np.linalg.norm(heavy_ball(bowl_slope, np.ones(2), *tuned(1.0, 100.0), 150), axis=1)
r = 9 / 11
expect("d2_02.peak", fast.max(), np.hypot((1 + 4 * (1 - r)) * r**4, (1 + 4 * (1 + r)) * r**4), rtol=1e-9)
print(T("steps to 1e-6:", "pas jusqu’à 1e-6 :"), int(np.argmax(fast < 1e-6)))

# %% [markdown] key="cycle-text" lang="en"
# The transient costs 26 steps, 95 in all; still seven times fewer than gradient descent. But Proposition 3 is a
# statement about *quadratics*. Lessard, Recht and Packard (2016) take
#
# $$f'(x)=\begin{cases}25x&x<1\\x+24&1\le x<2\\25x-24&x\ge2\end{cases}$$
#
# which is $1$-strongly convex and $25$-smooth, so the tuning is $\alpha=\frac19$, $\beta=\frac49$. From
# $x_0=3.3$ the iterates settle on the cycle $\frac{792}{1225}\to-\frac{2208}{1225}\to\frac{2592}{1225}\to\cdots$:
# **no convergence, on a strongly convex function of one variable.** The cycle stays in the two pieces of slope
# 25, where the map is affine with spectral radius $\frac23$: it attracts its neighbours, so no accident of
# rounding will save you. Gradient descent with $\eta=\frac2{26}$ converges.

# %% [markdown] key="cycle-text" lang="fr"
# Le régime transitoire coûte 26 pas, 95 en tout ; c’est encore sept fois moins que la descente de gradient. Mais
# la proposition 3 porte sur des fonctions *quadratiques*. Lessard, Recht et Packard (2016) prennent
#
# $$f'(x)=\begin{cases}25x&x<1\\x+24&1\le x<2\\25x-24&x\ge2\end{cases}$$
#
# qui définit une fonction $1$-fortement convexe et $25$-lisse ; le réglage est donc $\alpha=\frac19$,
# $\beta=\frac49$. Depuis $x_0=3{,}3$, les itérés se fixent sur le cycle
# $\frac{792}{1225}\to-\frac{2208}{1225}\to\frac{2592}{1225}\to\cdots$ : **pas de convergence, pour une fonction
# fortement convexe d’une seule variable.** Le cycle reste dans les deux morceaux de pente 25, où l’application
# est affine, de rayon spectral $\frac23$ : il attire ses voisins, et aucun hasard d’arrondi ne vous sauvera. La
# descente de gradient avec $\eta=\frac2{26}$ converge.

# %% key="cycle"
def kinked_slope(x):
    return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))


trapped = heavy_ball(kinked_slope, np.array([3.3]), *tuned(1.0, 25.0), 300)[:, 0]
expect("d2_02.cycle", trapped[-3:].max(), 2592 / 1225, rtol=1e-9)

# %% key="momentum-figure" tags=["figure"]
left, right = figures.axes(2)
plain = np.linalg.norm([(1 - 2 / 101 * curvatures) ** k for k in range(151)], axis=1)
left.semilogy(plain, label=T("gradient descent", "descente de gradient"))
left.semilogy(fast, label=T("heavy ball", "boule pesante"))
left.semilogy(np.sqrt(2) * r ** np.arange(151), color=figures.GREY, label=T("rate alone", "la vitesse seule"))
left.set(xlabel=T("step", "pas"), ylabel="$|x_k|$", ylim=(1e-9, 10))
left.set_title(T("Quadratic, condition number 100", "Quadratique, conditionnement 100"))
left.legend()
right.plot(trapped[:40], "-o", markersize=3, color=figures.VERMILION)
right.axhline(0, color=figures.BLACK, linewidth=1)
right.set(xlabel=T("step", "pas"), ylabel="$x_k$")
right.set_title(T("Not quadratic: a cycle for ever", "Non quadratique : un cycle sans fin"));

# %% [markdown] key="adam" lang="en"
# ## 3. Adam
#
# Adam (Kingma and Ba, 2015) keeps moving averages of the gradient and of its square, *coordinate by
# coordinate*. From $m_0=v_0=0$, for $t=1,2,\dots$,
#
# $$m_t=\beta_1m_{t-1}+(1-\beta_1)g_t,\qquad v_t=\beta_2v_{t-1}+(1-\beta_2)g_t^2,$$
#
# $$\hat m_t=\frac{m_t}{1-\beta_1^t},\qquad\hat v_t=\frac{v_t}{1-\beta_2^t},\qquad
# x_t=x_{t-1}-\eta\,\frac{\hat m_t}{\sqrt{\hat v_t}+\varepsilon}.$$
#
# > **Proposition 4.** (a) $m_t=(1-\beta_1)\sum_{i=1}^t\beta_1^{t-i}g_i$. If all $g_i$ have the same expectation
# > $\bar g$, then $\mathbb E\,m_t=(1-\beta_1^t)\,\bar g$: so $\mathbb E\,\hat m_t=\bar g$, and in the same way
# > $\mathbb E\,\hat v_t=\mathbb E\,g^2$ if all $g_i^2$ have the same expectation. (b) If the gradient is constant,
# > $g_t=g\ne0$ in each coordinate, then for $\varepsilon=0$ each step is exactly $-\eta\operatorname{sign}(g)$.
# > (c) For $\varepsilon=0$, and as long as nothing is divided by 0, the iterates for
# > $f$ and for $cf$, $c>0$, are the same.
#
# *Proof.* (a) Unroll the recurrence; $(1-\beta_1)\sum_{i=1}^t\beta_1^{t-i}=1-\beta_1^t$. (b) By (a) with no
# randomness, $\hat m_t=g$ and $\hat v_t=g^2$. (c) By induction the points agree, so $m_t$ is multiplied by $c$,
# $\sqrt{v_t}$ by $c$, and the ratio by 1. $\blacksquare$
#
# Two consequences. The distance travelled is set by $\eta$ and the number of steps, hardly by the size of the
# gradient. And the rescaling is *diagonal*: for $f(x)=\frac12\sum_j\lambda_jx_j^2$ with all $\lambda_j>0$, each
# coordinate has its own gradient $\lambda_jx_j$, so by (c) in each coordinate **all coordinates that start equal stay equal**. In the
# right axes Adam does not see the condition number at all.

# %% [markdown] key="adam" lang="fr"
# ## 3. Adam
#
# Adam (Kingma et Ba, 2015) tient à jour des moyennes mobiles du gradient et de son carré, *coordonnée par
# coordonnée*. À partir de $m_0=v_0=0$, pour $t=1,2,\dots$,
#
# $$m_t=\beta_1m_{t-1}+(1-\beta_1)g_t,\qquad v_t=\beta_2v_{t-1}+(1-\beta_2)g_t^2,$$
#
# $$\hat m_t=\frac{m_t}{1-\beta_1^t},\qquad\hat v_t=\frac{v_t}{1-\beta_2^t},\qquad
# x_t=x_{t-1}-\eta\,\frac{\hat m_t}{\sqrt{\hat v_t}+\varepsilon}.$$
#
# > **Proposition 4.** (a) $m_t=(1-\beta_1)\sum_{i=1}^t\beta_1^{t-i}g_i$. Si tous les $g_i$ ont la même espérance
# > $\bar g$, alors $\mathbb E\,m_t=(1-\beta_1^t)\,\bar g$ : donc $\mathbb E\,\hat m_t=\bar g$ et, de même,
# > $\mathbb E\,\hat v_t=\mathbb E\,g^2$ si tous les $g_i^2$ ont la même espérance. (b) Si le gradient est
# > constant, $g_t=g\ne0$ dans chaque coordonnée, alors pour $\varepsilon=0$ chaque pas vaut exactement
# > $-\eta\operatorname{sign}(g)$. (c) Pour $\varepsilon=0$, et tant qu’on ne divise pas par 0, les itérés sont
# > les mêmes pour $f$ et pour $cf$, $c>0$.
#
# *Démonstration.* (a) On déroule la récurrence ; $(1-\beta_1)\sum_{i=1}^t\beta_1^{t-i}=1-\beta_1^t$. (b) C’est
# (a) sans hasard : $\hat m_t=g$ et $\hat v_t=g^2$. (c) Par récurrence, les points coïncident, donc $m_t$ est
# multiplié par $c$, $\sqrt{v_t}$ par $c$, et leur quotient par 1. $\blacksquare$
#
# Deux conséquences. La distance parcourue est fixée par $\eta$ et par le nombre de pas, presque pas par la
# taille du gradient. Et le changement d’échelle est *diagonal* : pour $f(x)=\frac12\sum_j\lambda_jx_j^2$ avec tous les
# $\lambda_j>0$, chaque coordonnée a son propre gradient $\lambda_jx_j$, donc, par (c) appliqué à chacune, **des coordonnées égales au
# départ restent égales**. Dans les bons axes, Adam ne voit pas du tout le conditionnement.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — one step of Adam
#
# Write `adam_step(x, m, v, t, g, lr, beta1, beta2, eps)`: it receives $x_{t-1},m_{t-1},v_{t-1}$, the number
# $t\ge1$ of the step and the gradient $g_t$, and returns `(x, m, v)`, that is $x_t,m_t,v_t$. Make it a *pure*
# function, with `+ - * / **` only: the same lines will then run in NumPy and, compiled, in JAX. The check
# compares 200 steps with `torch.optim.Adam`.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — un pas d’Adam
#
# Écrivez `adam_step(x, m, v, t, g, lr, beta1, beta2, eps)` : la fonction reçoit $x_{t-1},m_{t-1},v_{t-1}$, le
# numéro $t\ge1$ du pas et le gradient $g_t$, et renvoie `(x, m, v)`, c’est-à-dire $x_t,m_t,v_t$. Faites-en une
# fonction *pure*, avec seulement `+ - * / **` : les mêmes lignes tourneront alors en NumPy et, compilées, en
# JAX. La vérification compare 200 pas avec `torch.optim.Adam`.

# %% key="ex3" tags=["exercise"]
def adam_step(x, m, v, t, g, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    # en: the triple (x, m, v) after step number t
    # fr: le triplet (x, m, v) après le pas numéro t
    # BEGIN SOLUTION
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return x - lr * m_hat / (v_hat**0.5 + eps), m, v
    # END SOLUTION

# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# Return $m_t$ and $v_t$, not their corrected versions: the correction is recomputed at each step and must never
# enter the recurrence. $\varepsilon$ is outside the root. `v_hat**0.5` works in NumPy and in JAX.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Renvoyez $m_t$ et $v_t$, et non leurs versions corrigées : la correction se recalcule à chaque pas et ne doit
# jamais entrer dans la récurrence. $\varepsilon$ est hors de la racine. `v_hat**0.5` convient à NumPy et à JAX.
# </details>

# %% key="ex3-check"
check("d2_02.ex3", adam_step)

# %% [markdown] key="compiled-text" lang="en"
# A pure step is all that `jax.lax.scan` asks for: it compiles the whole loop. Below, *your* function minimises
# Rosenbrock's valley in JAX, and `torch.optim.Adam` does the same in PyTorch. After 2000 steps in two
# frameworks, how far apart do you expect the two points to be?

# %% [markdown] key="compiled-text" lang="fr"
# Un pas pur est tout ce que demande `jax.lax.scan`, qui compile la boucle entière. Ci-dessous, *votre* fonction
# minimise la vallée de Rosenbrock en JAX, et `torch.optim.Adam` fait de même en PyTorch. Après 2 000 pas dans
# deux bibliothèques, à quelle distance attendez-vous les deux points l’un de l’autre ?

# %% key="compiled"
def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def one_turn(state, t):
    x, m, v = state
    return tuple(adam_step(x, m, v, t, jax.grad(rosenbrock)(x), lr=1e-2)), None


start = jnp.array([-1.2, 1.0])
(in_jax, _, _), _ = jax.lax.scan(one_turn, (start, 0 * start, 0 * start), jnp.arange(1.0, 2001.0))

in_torch = torch.tensor([-1.2, 1.0], requires_grad=True)
optimiser = torch.optim.Adam([in_torch], lr=1e-2)
for _ in range(2000):
    optimiser.zero_grad()
    rosenbrock(in_torch).backward()
    optimiser.step()
expect("d2_02.compiled", np.max(np.abs(np.asarray(in_jax) - in_torch.detach().numpy())), at_most=1e-10)
print(np.asarray(in_jax))

# %% [markdown] key="reddi" lang="en"
# ## 4. A convex problem that Adam gets wrong
#
# Online: at time $t$ you play $x_t\in[-1,1]$, then pay $f_t(x_t)=a_tx_t$ and see the slope $a_t$. Let $C>2$,
# $a_t=C$ if $t\equiv1\pmod3$ and $a_t=-1$ otherwise. Over three rounds the same $x$ costs $(C-2)x$: the best
# point is $-1$. Take Adam with $\beta_1=0$, $\beta_2=\frac1{1+C^2}$, $\varepsilon=0$, no bias correction, steps
# $\alpha/\sqrt t$, projection on $[-1,1]$.
#
# > **Theorem 5 (after Reddi, Kale and Kumar, 2018).** Then $x_t\to+1$, and the average regret against $-1$
# > tends to $\frac23(C-2)>0$.
#
# *Proof.* Always $v_t\le C^2$. *Down*, $t=3k+1$: $v_t\ge(1-\beta_2)C^2=\frac{C^4}{1+C^2}$, so the step is at most
# $\frac\alpha{\sqrt t}\frac C{\sqrt{v_t}}\le\frac a{\sqrt{3k+1}}$, where $a=\alpha\sqrt{1+1/C^2}$. *Up*, the two
# rounds after: $v_t\le\beta_2C^2+1-\beta_2=\frac{2C^2}{1+C^2}$, so each step is at least
# $\frac\alpha{\sqrt t}\sqrt{\frac{1+C^2}{2C^2}}=\frac a{\sqrt{2t}}$. Over a period $x$ gains, unless stopped at
# $+1$, at least
#
# $$a\Big(\frac1{\sqrt{2(3k+2)}}+\frac1{\sqrt{2(3k+3)}}-\frac1{\sqrt{3k+1}}\Big),$$
#
# which is positive for $k\ge1$ and equivalent to $a(\sqrt2-1)/\sqrt{3k}$, of infinite sum. So $x_{3k+1}=1$ from
# some period on; in between $x$ goes down by at most $a/\sqrt{3k+1}\to0$. A period then costs $C-2$ in the limit,
# against $-(C-2)$ for the point $-1$. $\blacksquare$
#
# The large, rare gradient is divided by the large $\sqrt{v_t}$ it has itself produced. **AMSGrad** divides by the
# running maximum $\max_{s\le t}v_s$ instead: the rare gradient keeps its weight, and $x_t\to-1$.

# %% [markdown] key="reddi" lang="fr"
# ## 4. Un problème convexe sur lequel Adam se trompe
#
# En ligne : au temps $t$, on joue $x_t\in[-1,1]$, puis on paie $f_t(x_t)=a_tx_t$ et l’on voit la pente $a_t$.
# Soit $C>2$, $a_t=C$ si $t\equiv1\pmod3$ et $a_t=-1$ sinon. Sur trois tours, un même $x$ coûte $(C-2)x$ : le
# meilleur point est $-1$. Prenons Adam avec $\beta_1=0$, $\beta_2=\frac1{1+C^2}$, $\varepsilon=0$, sans correction
# du biais, des pas $\alpha/\sqrt t$ et la projection sur $[-1,1]$.
#
# > **Théorème 5 (d’après Reddi, Kale et Kumar, 2018).** Alors $x_t\to+1$, et le regret moyen par rapport à $-1$
# > tend vers $\frac23(C-2)>0$.
#
# *Démonstration.* On a toujours $v_t\le C^2$. *Descente*, $t=3k+1$ : $v_t\ge(1-\beta_2)C^2=\frac{C^4}{1+C^2}$,
# donc le pas est au plus $\frac\alpha{\sqrt t}\frac C{\sqrt{v_t}}\le\frac a{\sqrt{3k+1}}$, où
# $a=\alpha\sqrt{1+1/C^2}$. *Montée*, les deux tours suivants :
# $v_t\le\beta_2C^2+1-\beta_2=\frac{2C^2}{1+C^2}$, donc chaque pas est au moins
# $\frac\alpha{\sqrt t}\sqrt{\frac{1+C^2}{2C^2}}=\frac a{\sqrt{2t}}$. Sur une période, $x$ gagne, à moins d’être
# arrêté en $+1$, au moins
#
# $$a\Big(\frac1{\sqrt{2(3k+2)}}+\frac1{\sqrt{2(3k+3)}}-\frac1{\sqrt{3k+1}}\Big),$$
#
# quantité strictement positive pour $k\ge1$ et équivalente à $a(\sqrt2-1)/\sqrt{3k}$, de somme infinie. Donc
# $x_{3k+1}=1$ à partir d’une certaine période ; entre-temps $x$ ne descend que de $a/\sqrt{3k+1}\to0$ au plus.
# À la limite, une période coûte alors $C-2$, contre $-(C-2)$ pour le point $-1$. $\blacksquare$
#
# Le grand gradient, rare, est divisé par le grand $\sqrt{v_t}$ qu’il a lui-même produit. **AMSGrad** divise par
# le maximum courant $\max_{s\le t}v_s$ : le gradient rare garde son poids, et $x_t\to-1$.

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 — Adam and AMSGrad on line
#
# Write `online_adam(slopes, alpha, beta2, amsgrad)` for the setting above: start at $x_1=1$, receive the slopes
# $a_1,\dots,a_T$, return the array $(x_1,\dots,x_{T+1})$. With `amsgrad=True`, divide by the square root of the
# largest $v$ so far.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 — Adam et AMSGrad en ligne
#
# Écrivez `online_adam(slopes, alpha, beta2, amsgrad)` dans le cadre ci-dessus : partir de $x_1=1$, recevoir les
# pentes $a_1,\dots,a_T$, renvoyer le tableau $(x_1,\dots,x_{T+1})$. Avec `amsgrad=True`, divisez par la racine
# du plus grand $v$ rencontré jusque-là.

# %% key="ex4" tags=["exercise"]
def online_adam(slopes, alpha, beta2, amsgrad):
    # en: the points played, x_1 to x_{T+1}
    # fr: les points joués, de x_1 à x_{T+1}
    # BEGIN SOLUTION
    x, v, divisor = 1.0, 0.0, 0.0
    played = [x]
    for t, a in enumerate(slopes, start=1):
        v = beta2 * v + (1 - beta2) * a**2
        divisor = max(divisor, v) if amsgrad else v
        x = min(1.0, max(-1.0, x - alpha / t**0.5 * a / divisor**0.5))
        played.append(x)
    return np.array(played)
    # END SOLUTION

# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# $t$ starts at 1. Update $v$ *before* the step that uses it; project at every step, with `np.clip` or `min` and
# `max`.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# $t$ commence à 1. Mettez $v$ à jour *avant* le pas qui s’en sert ; projetez à chaque pas, avec `np.clip` ou avec
# `min` et `max`.
# </details>

# %% key="ex4-check"
check("d2_02.ex4", online_adam)

# %% [markdown] key="break-text" lang="en"
# ## 5. Break it
#
# Write your prediction down *before* each cell.
#
# **(a) Without bias correction.** Drop the two hats and feed a constant gradient. It is tempting to say that the
# first steps become too *small*, because $m_1=0.1\,g$. And $\sqrt{v_1}$? By which factor is the first step
# multiplied? And which $t$ is the worst? The ratio is $(1-0.9^t)/\sqrt{1-0.999^t}$.
#
# **(b) Turn the axes.** Adam with $\eta=10^{-3}$ on $\operatorname{diag}(1,1000)$ from $(1,1)$, until $|x|\le10^{-2}$;
# then the same bowl and the same start turned by 45°. Gradient descent, which is
# $Qx-\eta QAQ^\top Qx=Q(x-\eta Ax)$, takes the same number of steps. And Adam? For the aligned bowl, Proposition 4
# gives the answer: as many steps as on $\operatorname{diag}(1,1)$.

# %% [markdown] key="break-text" lang="fr"
# ## 5. Casser exprès
#
# Écrivez votre prévision *avant* chaque cellule.
#
# **(a) Sans correction du biais.** Ôtons les deux chapeaux, avec un gradient constant. On est tenté de dire
# que les premiers pas deviennent trop *petits*, puisque $m_1=0{,}1\,g$. Et $\sqrt{v_1}$ ? Par quel facteur le premier
# pas est-il multiplié ? Et quel est le pire $t$ ? Le rapport vaut $(1-0{,}9^t)/\sqrt{1-0{,}999^t}$.
#
# **(b) Tourner les axes.** Adam avec $\eta=10^{-3}$ sur $\operatorname{diag}(1,1000)$ depuis $(1,1)$, jusqu’à
# $|x|\le10^{-2}$ ; puis la même cuvette et le même départ, tournés de 45°. La descente de gradient, qui n’est que
# $Qx-\eta QAQ^\top Qx=Q(x-\eta Ax)$, prend le même nombre de pas. Et Adam ? Pour la cuvette alignée, la
# proposition 4 donne la réponse : autant de pas que sur $\operatorname{diag}(1,1)$.

# %% key="break1" tags=["break"]
moment = adam_step(0.0, 0.0, 0.0, 1, 1.0)
uncorrected = moment[1] / np.sqrt(moment[2])
expect("d2_02.break1", uncorrected, 0.1 / np.sqrt(0.001), rtol=1e-9)
t = np.arange(1, 6001)
profile = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
worst = int(profile.argmax())
print(T(f"worst: {profile[worst]:.4f} at t = {t[worst]}", f"le pire : {profile[worst]:.4f} à t = {t[worst]}"))

# %% key="break2" tags=["break"]
def adam_until(matrix, x, radius=1e-2, limit=50_000):
    m, v, path = 0 * x, 0 * x, [x]
    while np.linalg.norm(x) > radius and len(path) <= limit:
        x, m, v = adam_step(x, m, v, len(path), matrix @ x)
        path.append(x)
    return np.array(path)


turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)
valley = np.diag([1.0, 1000.0])
corner = np.array([1.0, 1.0])
round_path = adam_until(np.eye(2), corner)
aligned_path = adam_until(valley, corner)
turned_path = adam_until(turn @ valley @ turn.T, turn @ corner)
expect("d2_02.break2", len(aligned_path) / len(round_path), 1, rtol=1e-3)
for name, path in ((T("round", "ronde"), round_path), (T("aligned", "alignée"), aligned_path), (T("turned", "tournée"), turned_path)):
    print(f"{name:8s} {len(path) - 1:6d}", T("steps", "pas"))

# %% key="adam-figure" tags=["figure"]
left, right = figures.axes(2)
left.semilogx(t, profile, label=T("without correction", "sans correction"))
left.axhline(1, color=figures.VERMILION, linestyle="--", label=T("with correction", "avec correction"))
left.set(xlabel=T("step $t$", "pas $t$"), ylabel=T("step length / $\\eta$", "longueur du pas / $\\eta$"))
left.set_title(T("Adam, constant gradient", "Adam, gradient constant"))
left.legend()
right.plot(*aligned_path.T, "-", color=figures.BLUE, label=T("aligned axes", "axes alignés"))
right.plot(*(turned_path @ turn).T, "--", color=figures.VERMILION, label=T("axes turned by 45°", "axes tournés de 45°"))
right.plot(0, 0, "+", color=figures.BLACK, markersize=12)
right.set(xlabel=T("flat direction", "direction plate"), ylabel=T("steep direction", "direction raide"))
right.set_title(T("Adam in the same valley", "Adam dans la même vallée"))
right.legend(loc="upper left");

# %% [markdown] key="break-read" lang="en"
# (a) The first step is $\sqrt{10}\approx3.16$ times too **large**, and it gets worse until $t=12$: $v$ forgets its
# zero start a hundred times more slowly than $m$. Without the hats, a warm-up of the learning rate would
# have to play their part. (b) Six times as many steps: in the turned bowl both diagonal entries of the Hessian are
# $500.5$: a diagonal rescaling has nothing left to repair, and conditioning is back. The right panel is drawn in
# the same axes for both.
#
# **(c) The rare gradient.** Theorem 5 with $C=3$, $\alpha=\frac12$ and 30,000 rounds. What average regret do you
# expect, to 2 %?

# %% [markdown] key="break-read" lang="fr"
# (a) Le premier pas est $\sqrt{10}\approx3{,}16$ fois trop **grand**, et cela empire jusqu’à $t=12$ : $v$ oublie son
# départ nul cent fois plus lentement que $m$. Sans les chapeaux, c’est une montée progressive du taux
# d’apprentissage (*warm-up*) qui devrait tenir leur rôle. (b) Six fois plus de pas : dans la cuvette tournée, les
# deux coefficients diagonaux de la hessienne valent $500{,}5$ : un changement d’échelle diagonal n’a plus rien à
# réparer, et le conditionnement est de retour. La figure de droite est tracée dans les mêmes axes pour les deux.
#
# **(c) Le gradient rare.** Le théorème 5 avec $C=3$, $\alpha=\frac12$ et 30 000 tours. Quel regret moyen
# attendez-vous, à 2 % près ?

# %% key="break3" tags=["break"]
slopes = np.where(np.arange(30_000) % 3 == 0, 3.0, -1.0)
for name, amsgrad in (("Adam", False), ("AMSGrad", True)):
    played = online_adam(slopes, 0.5, 0.1, amsgrad)
    regret = np.mean(slopes * played[:-1]) - np.mean(slopes * -1.0)
    print(name, T("last point", "dernier point"), round(played[-1], 4), T("regret", "regret"), round(regret, 4))
    if not amsgrad:
        expect("d2_02.break3", regret, 2 / 3, rtol=0.02)

# %% [markdown] key="exit" lang="en"
# Adam is nevertheless a reasonable default. A plausible reason, not a theorem: the coordinates of a network, its
# weights, have a meaning, and their gradients do differ in scale. Theorem 5 tells you when to doubt: rare, informative gradients, and a
# $\beta_2$ too small to remember them.
#
# ## What to keep
#
# | Method | What it does to the iterates | What it needs | What breaks it |
# |---|---|---|---|
# | SGD, constant step | a ball of variance $\eta s^2/(\lambda(2-\eta\lambda))$ | unbiased gradients | steps that sum to a finite number |
# | Heavy ball | $\kappa$ becomes $\sqrt\kappa$, after a transient $k\,r^k$ | $\mu$ and $L$, a quadratic | kinks in the gradient |
# | Adam | each coordinate at its own scale | axes that mean something | a rotation, rare gradients |
#
# ## Exit ticket
#
# No code, five minutes, a few lines each.
#
# 1. You multiply the batch size by 4. By which factor may you multiply $\eta$ so that the ball of (2) keeps its
#    variance (for $\eta\lambda\ll1$)? Which hypothesis of the calculation fails when the batch grows further?
# 2. A colleague multiplies the loss by 1000 "to help Adam". Using Proposition 4, say what changes, and in which
#    single place of the formula a difference can still come in.

# %% [markdown] key="exit" lang="fr"
# Adam reste un choix par défaut raisonnable. Une explication plausible, qui n’est pas un théorème : les
# coordonnées d’un réseau, ses poids, ont un sens, et leurs gradients n’ont pas la même échelle. Le théorème 5 vous
# dit quand douter : des gradients rares et instructifs, et un $\beta_2$ trop petit pour s’en souvenir.
#
# ## Ce qu’il faut retenir
#
# | Méthode | Ce qu’elle fait aux itérés | Ce qu’elle demande | Ce qui la casse |
# |---|---|---|---|
# | SGD, pas constant | une boule de variance $\eta s^2/(\lambda(2-\eta\lambda))$ | des gradients sans biais | des pas de somme finie |
# | Boule pesante | $\kappa$ devient $\sqrt\kappa$, après un transitoire en $k\,r^k$ | $\mu$ et $L$, une fonction quadratique | des ruptures de pente du gradient |
# | Adam | chaque coordonnée à son échelle | des axes qui ont un sens | une rotation, des gradients rares |
#
# ## Billet de sortie
#
# Sans code, cinq minutes, quelques lignes par question.
#
# 1. Vous multipliez par 4 la taille des lots. Par combien pouvez-vous multiplier $\eta$ pour que la boule de (2)
#    garde sa variance (pour $\eta\lambda\ll1$) ? Quelle hypothèse du calcul tombe quand le lot grandit encore ?
# 2. Un collègue multiplie la perte par 1 000 « pour aider Adam ». À l’aide de la proposition 4, dites ce qui
#    change, et à quel seul endroit de la formule une différence peut encore s’introduire.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. The variance $s^2$ of the gradient is divided by 4, so for $\eta\lambda\ll1$
# formula (2) keeps its value when $\eta$ is multiplied by 4 (the "linear scaling rule"; it keeps the *variance*,
# and the steps are four times as long, so the transient is a quarter as long). It ends when $\eta\lambda$ is no
# longer small: the denominator $2-\eta\lambda$ counts, and at $\eta=2/\lambda_{\max}$ there is no stationary law
# at all. Independent draws also fail when the batch approaches the whole data set. 2. For $\varepsilon=0$ nothing
# changes; with $\varepsilon>0$ the sum $\sqrt{\hat v_t}+\varepsilon$ does, and only where $\sqrt{\hat v_t}$ is
# comparable with $\varepsilon$, that is for tiny gradients.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. La variance $s^2$ du gradient est divisée par 4 ; pour $\eta\lambda\ll1$, la
# formule (2) garde donc sa valeur quand $\eta$ est multiplié par 4 (la « règle d’échelle linéaire » ; elle
# conserve la *variance*, et les pas étant quatre fois plus longs, le régime transitoire est quatre fois plus
# court). Cela cesse quand $\eta\lambda$ n’est plus petit : le dénominateur $2-\eta\lambda$ compte, et pour
# $\eta=2/\lambda_{\max}$ il n’y a plus de loi stationnaire du tout. L’indépendance des tirages tombe aussi quand
# le lot approche de la taille du jeu de données. 2. Pour $\varepsilon=0$, rien ne change ; avec
# $\varepsilon>0$, la somme $\sqrt{\hat v_t}+\varepsilon$ change, et seulement là où $\sqrt{\hat v_t}$ est
# comparable à $\varepsilon$, c’est-à-dire pour de très petits gradients.
