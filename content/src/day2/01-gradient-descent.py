# %% [markdown] key="title" lang="en"
# # Gradient descent: convergence under convexity, behaviour off-convex
#
# **Day 2, notebook 1** — about 50 minutes for exercises 1 to 3, then 30 minutes for exercise 4 and *Break it*.
#
# You have launched a training run and the loss is going down. Will it need a hundred steps more, or a
# hundred thousand? Is a larger learning rate a gain or a catastrophe? Three numbers decide: an upper
# bound $L$ on the curvature, a lower bound $\mu$, and the step $\eta$. This notebook derives what they
# allow, then measures it, often to the last digit.
#
# **By the end you can**
#
# 1. prove the descent lemma and draw from it the three rates of gradient descent: $1/\sqrt K$ on the
#    gradient without convexity, $1/k$ with it, geometric under strong convexity;
# 2. compute $L$ for a real loss and choose the step from it, or find the step by backtracking when $L$
#    is unknown;
# 3. tell which hypothesis each rate needs, and predict what happens when that hypothesis is taken away.

# %% [markdown] key="title" lang="fr"
# # Descente de gradient : convergence en convexe, comportement hors du convexe
#
# **Jour 2, notebook 1** — environ 50 minutes pour les exercices 1 à 3, puis 30 minutes pour l’exercice 4 et
# *Casser exprès*.
#
# Vous avez lancé un entraînement et la perte diminue. Faudra-t-il encore cent pas, ou cent mille ? Un
# taux d’apprentissage plus grand serait-il un gain ou une catastrophe ? Trois nombres en décident : un
# majorant $L$ de la courbure, un minorant $\mu$, et le pas $\eta$. Ce notebook démontre ce qu’ils
# permettent, puis le mesure, souvent jusqu’au dernier chiffre.
#
# **À la fin, vous saurez**
#
# 1. démontrer le lemme de descente et en tirer les trois vitesses de la descente de gradient :
#    $1/\sqrt K$ sur le gradient sans convexité, $1/k$ avec elle, géométrique en forte convexité ;
# 2. calculer $L$ pour une vraie fonction de perte et en déduire le pas, ou trouver le pas par recherche
#    linéaire quand $L$ est inconnu ;
# 3. dire de quelle hypothèse chaque vitesse a besoin, et prévoir ce qui arrive quand on la retire.

# %% key="imports"
import numpy as np

from airina import check, expect, figures

# %% [markdown] key="definitions" lang="en"
# ## 1. What the gradient knows
#
# Throughout, $f:\mathbb R^d\to\mathbb R$ is differentiable, $|\cdot|$ is the Euclidean norm, and gradient
# descent is $x_{k+1}=x_k-\eta\nabla f(x_k)$ with a constant step $\eta>0$.
#
# > **Definition.** Let $L>0$ and $\mu>0$.
# >
# > - $f$ is **$L$-smooth** if $|\nabla f(x)-\nabla f(y)|\le L|x-y|$ for all $x,y$.
# > - $f$ is **convex** if $f(y)\ge f(x)+\langle\nabla f(x),y-x\rangle$ for all $x,y$.
# > - $f$ is **$\mu$-strongly convex** if $f(y)\ge f(x)+\langle\nabla f(x),y-x\rangle+\frac\mu2|y-x|^2$
# >   for all $x,y$.
# > - $f$ is **PL** (Polyak-Łojasiewicz) with constant $\mu$ if $f^*=\inf f$ is finite and
# >   $\frac12|\nabla f(x)|^2\ge\mu\,(f(x)-f^*)$ for all $x$.
#
# When $f$ is $C^2$ the first three are statements about the eigenvalues of the Hessian, *at every point*:
# all in $[-L,L]$, all in $[0,+\infty[$, all in $[\mu,+\infty[$. For the first, write
# $\nabla f(y)-\nabla f(x)=\int_0^1\nabla^2f(x+t(y-x))(y-x)\,dt$ in one direction, and in the other divide by
# $|y-x|\to0$. Smoothness bounds the curvature on *both* sides and says nothing about convexity.

# %% [markdown] key="definitions" lang="fr"
# ## 1. Ce que sait le gradient
#
# Dans tout ce qui suit, $f:\mathbb R^d\to\mathbb R$ est différentiable, $|\cdot|$ est la norme euclidienne
# et la descente de gradient s’écrit $x_{k+1}=x_k-\eta\nabla f(x_k)$, avec un pas constant $\eta>0$.
#
# > **Définition.** Soit $L>0$ et $\mu>0$.
# >
# > - $f$ est **à gradient $L$-lipschitzien** (ou *$L$-lisse*) si $|\nabla f(x)-\nabla f(y)|\le L|x-y|$
# >   pour tous $x,y$.
# > - $f$ est **convexe** si $f(y)\ge f(x)+\langle\nabla f(x),y-x\rangle$ pour tous $x,y$.
# > - $f$ est **$\mu$-fortement convexe** si
# >   $f(y)\ge f(x)+\langle\nabla f(x),y-x\rangle+\frac\mu2|y-x|^2$ pour tous $x,y$.
# > - $f$ est **PL** (Polyak-Łojasiewicz) de constante $\mu$ si $f^*=\inf f$ est fini et si
# >   $\frac12|\nabla f(x)|^2\ge\mu\,(f(x)-f^*)$ pour tout $x$.
#
# Quand $f$ est $C^2$, les trois premières portent sur les valeurs propres de la hessienne, *en tout
# point* : toutes dans $[-L,L]$, toutes dans $[0,+\infty[$, toutes dans $[\mu,+\infty[$. Pour la première,
# on écrit $\nabla f(y)-\nabla f(x)=\int_0^1\nabla^2f(x+t(y-x))(y-x)\,dt$ dans un sens et, dans l’autre,
# on divise par $|y-x|\to0$. Être $L$-lisse borne la courbure des *deux* côtés, et ne dit rien de la
# convexité.

# %% [markdown] key="lemma" lang="en"
# > **Descent lemma.** If $f$ is $L$-smooth, then for all $x,y$,
# > $$f(y)\le f(x)+\langle\nabla f(x),y-x\rangle+\frac L2|y-x|^2.$$
#
# *Proof.* $\nabla f$ is continuous, so $t\mapsto f(x+t(y-x))$ is $C^1$ and
#
# $$f(y)-f(x)-\langle\nabla f(x),y-x\rangle=\int_0^1\langle\nabla f(x+t(y-x))-\nabla f(x),\,y-x\rangle\,dt.$$
#
# By Cauchy-Schwarz and smoothness the integrand is at most $Lt\,|y-x|^2$, whose integral is
# $\frac L2|y-x|^2$. $\blacksquare$
#
# One evaluation of the gradient therefore gives a parabola above $f$ *everywhere*. Move to
# $x^+=x-\eta\nabla f(x)$:
#
# $$f(x^+)\le f(x)-\eta\Big(1-\frac{L\eta}2\Big)|\nabla f(x)|^2.\tag{1}$$
#
# The loss decreases for certain as long as $0<\eta<2/L$. The right-hand side is smallest at $\eta=1/L$,
# the bottom of the parabola, and there
#
# $$f(x^+)\le f(x)-\frac1{2L}|\nabla f(x)|^2.\tag{2}$$
#
# Everything that follows is (2) combined with one more hypothesis.

# %% [markdown] key="lemma" lang="fr"
# > **Lemme de descente.** Si $f$ est $L$-lisse, alors pour tous $x,y$,
# > $$f(y)\le f(x)+\langle\nabla f(x),y-x\rangle+\frac L2|y-x|^2.$$
#
# *Démonstration.* $\nabla f$ est continu, donc $t\mapsto f(x+t(y-x))$ est $C^1$ et
#
# $$f(y)-f(x)-\langle\nabla f(x),y-x\rangle=\int_0^1\langle\nabla f(x+t(y-x))-\nabla f(x),\,y-x\rangle\,dt.$$
#
# Par l’inégalité de Cauchy-Schwarz, et puisque $f$ est $L$-lisse, l’intégrande est majoré par
# $Lt\,|y-x|^2$, d’intégrale $\frac L2|y-x|^2$. $\blacksquare$
#
# Une seule évaluation du gradient fournit donc une parabole située *partout* au-dessus de $f$. Allons en
# $x^+=x-\eta\nabla f(x)$ :
#
# $$f(x^+)\le f(x)-\eta\Big(1-\frac{L\eta}2\Big)|\nabla f(x)|^2.\tag{1}$$
#
# La perte diminue à coup sûr tant que $0<\eta<2/L$. Le membre de droite est minimal pour $\eta=1/L$, au
# fond de la parabole, et l’on a alors
#
# $$f(x^+)\le f(x)-\frac1{2L}|\nabla f(x)|^2.\tag{2}$$
#
# Toute la suite consiste à joindre à (2) une hypothèse de plus.

# %% key="parabola" tags=["figure"]
def wavy(x):
    return x**2 + 3 * np.sin(x) ** 2


def wavy_slope(x):
    return 2 * x + 3 * np.sin(2 * x)


L_WAVY = 8.0
line = np.linspace(-3.3, 3.3, 400)
start = 1.1
above = wavy(start) + wavy_slope(start) * (line - start) + L_WAVY / 2 * (line - start) ** 2
above = np.where(above < 9, above, np.nan)
ax = figures.axes()
ax.plot(line, wavy(line), label=T("$f(x)=x^2+3\\sin^2x$", "$f(x)=x^2+3\\sin^2x$"))
ax.plot(line, above, label=T("parabola of the lemma, $L=8$", "parabole du lemme, $L=8$"))
bottom = start - wavy_slope(start) / L_WAVY
ax.plot([start, bottom], wavy(np.array([start, bottom])), "o", color=figures.BLACK)
ax.annotate("$x$", (start, wavy(start)), xytext=(8, -4), textcoords="offset points")
ax.annotate("$x^+$", (bottom, wavy(bottom)), xytext=(4, -16), textcoords="offset points")
ax.set(ylim=(-1, 14), xlabel="$x$", ylabel=T("loss", "perte"))
ax.set_title(T("The step 1/L goes to the bottom of the parabola", "Le pas 1/L mène au fond de la parabole"))
ax.legend(loc="upper center");

# %% [markdown] key="quadratic" lang="en"
# ## 2. Quadratics: the whole story in the eigenvalues
#
# Let $f(x)=\frac12x^\top Ax$, $A$ symmetric with smallest eigenvalue $\mu>0$ and largest $L$, and let
# $\kappa=L/\mu$ be its condition number. Then $x_{k+1}=(I-\eta A)x_k$: along the eigenvector of $\lambda$
# the coordinate is multiplied by $1-\eta\lambda$ at each step. Gradient descent is a geometric sequence in
# each eigendirection.
#
# > **Proposition 1.** (a) $x_k\to0$ for every $x_0$ if and only if $0<\eta<2/L$. (b) For every $\eta>0$,
# > $|x_{k+1}|\le\rho(\eta)|x_k|$ with $\rho(\eta)=\max(|1-\eta\mu|,|1-\eta L|)$, and $\rho$ is smallest at
# > $$\eta^*=\frac2{L+\mu},\qquad\rho(\eta^*)=\frac{\kappa-1}{\kappa+1}.$$
#
# *Proof.* (a) All factors must satisfy $|1-\eta\lambda|<1$, that is $0<\eta\lambda<2$; the largest
# $\lambda$ decides. (b) $\lambda\mapsto|1-\eta\lambda|$ is convex, so on $[\mu,L]$ its maximum is at an end.
# As $\eta$ grows, $|1-\eta\mu|$ decreases until $1/\mu$, $|1-\eta L|$ increases from $1/L$ on; the two are
# equal when $1-\eta\mu=\eta L-1$, which is $\eta^*$. Substitute. $\blacksquare$
#
# Since $\ln\frac{\kappa+1}{\kappa-1}\approx2/\kappa$, dividing the error by ten costs about
# $\frac\kappa2\ln10$ steps. **The condition number is the price of gradient descent.**

# %% [markdown] key="quadratic" lang="fr"
# ## 2. Le cas quadratique : tout se lit sur les valeurs propres
#
# Soit $f(x)=\frac12x^\top Ax$, où $A$ est symétrique, de plus petite valeur propre $\mu>0$ et de plus
# grande $L$ ; soit $\kappa=L/\mu$ son conditionnement. Alors $x_{k+1}=(I-\eta A)x_k$ : selon le vecteur
# propre associé à $\lambda$, la coordonnée est multipliée à chaque pas par $1-\eta\lambda$. Dans chaque
# direction propre, la descente de gradient est une suite géométrique.
#
# > **Proposition 1.** (a) $x_k\to0$ pour tout $x_0$ si et seulement si $0<\eta<2/L$. (b) Pour tout
# > $\eta>0$, on a $|x_{k+1}|\le\rho(\eta)|x_k|$ avec $\rho(\eta)=\max(|1-\eta\mu|,|1-\eta L|)$, et $\rho$
# > est minimal en
# > $$\eta^*=\frac2{L+\mu},\qquad\rho(\eta^*)=\frac{\kappa-1}{\kappa+1}.$$
#
# *Démonstration.* (a) Tous les facteurs doivent vérifier $|1-\eta\lambda|<1$, soit $0<\eta\lambda<2$ ;
# la plus grande valeur propre $\lambda$ décide. (b) $\lambda\mapsto|1-\eta\lambda|$ est convexe, donc son
# maximum sur $[\mu,L]$ est atteint à une extrémité. Quand $\eta$ croît, $|1-\eta\mu|$ décroît jusqu’en
# $1/\mu$ et $|1-\eta L|$ croît à partir de $1/L$ ; il y a égalité quand $1-\eta\mu=\eta L-1$, c’est-à-dire
# en $\eta^*$. On remplace. $\blacksquare$
#
# Comme $\ln\frac{\kappa+1}{\kappa-1}\approx2/\kappa$, diviser l’erreur par dix coûte environ
# $\frac\kappa2\ln10$ pas. **Le conditionnement est le prix de la descente de gradient.**

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — gradient descent
#
# Write `descend(grad, x0, eta, steps)`: it returns the whole trajectory $x_0,x_1,\dots,x_{\text{steps}}$ as
# an array with one iterate per row, of shape `(steps + 1, d)`. The start `x0` may be an array or a list of
# numbers. All the experiments below use it.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — la descente de gradient
#
# Écrivez `descend(grad, x0, eta, steps)` : la fonction renvoie toute la trajectoire
# $x_0,x_1,\dots,x_{\text{steps}}$, un itéré par ligne, dans un tableau de forme `(steps + 1, d)`. Le départ
# `x0` peut être un tableau ou une liste de nombres. Toutes les expériences qui suivent s’en servent.

# %% key="ex1" tags=["exercise"]
def descend(grad, x0, eta, steps):
    # en: every iterate from x0 on, one per row: shape (steps + 1, d)
    # fr: tous les itérés à partir de x0, un par ligne : forme (steps + 1, d)
    # BEGIN SOLUTION
    trajectory = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        x = trajectory[-1]
        trajectory.append(x - eta * grad(x))
    return np.array(trajectory)
    # END SOLUTION

# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# Build a list that begins with `x0` as a float array. Each new iterate must be a *new* array: `x -= ...`
# changes the one already stored, and every row of your trajectory would be the last one.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Construisez une liste qui commence par `x0`, converti en flottants. Chaque itéré doit être un *nouveau*
# tableau : `x -= ...` modifie celui qui est déjà rangé, et toutes les lignes de votre trajectoire seraient
# égales à la dernière.
# </details>

# %% key="ex1-check"
check("d2_01.ex1", descend)

# %% [markdown] key="rate-predict" lang="en"
# Take $A=\operatorname{diag}(1,100)$, $x_0=(1,1)$ and the best step $\eta^*=2/101$. The two factors are
# $\frac{99}{101}$ and $-\frac{99}{101}$: equal in absolute value, so here the inequality of Proposition 1
# is an *equality at every step*. Before you run the cell: by how much is $|x|$ multiplied per step, and
# after how many steps is the error divided by ten?

# %% [markdown] key="rate-predict" lang="fr"
# Prenons $A=\operatorname{diag}(1,100)$, $x_0=(1,1)$ et le meilleur pas $\eta^*=2/101$. Les deux facteurs
# valent $\frac{99}{101}$ et $-\frac{99}{101}$, égaux en valeur absolue : l’inégalité de la proposition 1
# est ici une *égalité à chaque pas*. Avant d’exécuter la cellule : par combien la norme $|x|$ est-elle
# multipliée à chaque pas, et au bout de combien de pas l’erreur est-elle divisée par dix ?

# %% key="rate"
curvatures = np.array([1.0, 100.0])


def bowl_slope(x):
    return curvatures * x


sizes = np.linalg.norm(descend(bowl_slope, [1.0, 1.0], 2 / 101, 200), axis=1)
ratios = sizes[1:] / sizes[:-1]
farthest = ratios[np.argmax(np.abs(ratios - 99 / 101))]
expect("d2_01.rate", farthest, 99 / 101, rtol=1e-9)
tenth = int(np.argmax(sizes <= sizes[0] / 10))
print(T(f"error divided by ten after {tenth} steps", f"erreur divisée par dix après {tenth} pas"))

# %% key="paths" tags=["figure"]
gentle = np.array([1.0, 12.0])
grid = np.meshgrid(np.linspace(-1.2, 3.2, 200), np.linspace(-1.3, 1.3, 200))
levels = 0.5 * (gentle[0] * grid[0] ** 2 + gentle[1] * grid[1] ** 2)
panels = figures.axes(3, height=2.6, sharey=True)
runs = [("$\\eta=1/L$", 1 / 12), ("$\\eta=2/(L+\\mu)$", 2 / 13), (T("$\\eta=1.95/L$", "$\\eta=1{,}95/L$"), 1.95 / 12)]
for ax, (name, eta) in zip(panels, runs):
    path = descend(lambda x: gentle * x, [3.0, 1.0], eta, 25)
    ax.contour(*grid, levels, levels=[0.1, 0.5, 1.5, 3, 6, 10], colors=figures.GREY, linewidths=0.7)
    ax.plot(*path.T, "-o", color=figures.VERMILION, markersize=3, linewidth=1)
    ax.plot(0, 0, "+", color=figures.BLACK, markersize=10)
    ax.set(title=name, xlabel="$x_1$")
    ax.grid(visible=False)
panels[0].set_ylabel("$x_2$")
panels[0].figure.suptitle(T("Twenty-five steps, L = 12 and µ = 1", "Vingt-cinq pas, L = 12 et µ = 1"));

# %% [markdown] key="paths-read" lang="en"
# With $\eta=1/L$ the steep coordinate vanishes in one step and the flat one crawls. With $\eta^*$ both
# shrink at the same speed, the steep one by bouncing. Just under $2/L$ the bounces hardly shrink. The
# zigzag is not a defect of the implementation: it is the negative factor $1-\eta L$.

# %% [markdown] key="paths-read" lang="fr"
# Avec $\eta=1/L$, la coordonnée raide s’annule en un pas et la coordonnée plate se traîne. Avec $\eta^*$,
# toutes deux diminuent à la même vitesse, la raide en rebondissant. Juste au-dessous de $2/L$, les rebonds
# ne s’amortissent presque plus. Le zigzag n’est pas un défaut du programme : c’est le facteur négatif
# $1-\eta L$.

# %% [markdown] key="convex" lang="en"
# ## 3. Convex losses: the rate 1/k
#
# > **Theorem 2.** Let $f$ be convex and $L$-smooth with a minimiser $x^*$, and let $\eta=1/L$. Then for
# > every $k\ge1$,
# > $$f(x_k)-f^*\le\frac{L\,|x_0-x^*|^2}{2k}.$$
#
# *Proof.* Write $g=\nabla f(x_k)$. Convexity at $x_k$, read at $x^*$, gives
# $f(x_k)\le f^*+\langle g,x_k-x^*\rangle$. Insert this into (2) and complete the square:
#
# $$\begin{aligned}f(x_{k+1})-f^*&\le\langle g,x_k-x^*\rangle-\frac1{2L}|g|^2\\
# &=\frac L2\Big(|x_k-x^*|^2-\big|x_k-x^*-\tfrac1Lg\big|^2\Big)
# =\frac L2\Big(|x_k-x^*|^2-|x_{k+1}-x^*|^2\Big).\end{aligned}$$
#
# Sum for indices $0,\dots,k-1$: the right-hand side telescopes and is at most $\frac L2|x_0-x^*|^2$. By
# (2) the values decrease, so the left-hand side is at least $k\,(f(x_k)-f^*)$. $\blacksquare$
#
# The second line says something more: the distance to *any* minimiser never increases. And the existence
# of a minimiser is used. *Break it* shows what becomes of the theorem without one.

# %% [markdown] key="convex" lang="fr"
# ## 3. Pertes convexes : la vitesse 1/k
#
# > **Théorème 2.** Soit $f$ convexe et $L$-lisse, admettant un minimiseur $x^*$, et soit $\eta=1/L$. Alors,
# > pour tout $k\ge1$,
# > $$f(x_k)-f^*\le\frac{L\,|x_0-x^*|^2}{2k}.$$
#
# *Démonstration.* Notons $g=\nabla f(x_k)$. La convexité en $x_k$, lue au point $x^*$, donne
# $f(x_k)\le f^*+\langle g,x_k-x^*\rangle$. On reporte dans (2) et on complète le carré :
#
# $$\begin{aligned}f(x_{k+1})-f^*&\le\langle g,x_k-x^*\rangle-\frac1{2L}|g|^2\\
# &=\frac L2\Big(|x_k-x^*|^2-\big|x_k-x^*-\tfrac1Lg\big|^2\Big)
# =\frac L2\Big(|x_k-x^*|^2-|x_{k+1}-x^*|^2\Big).\end{aligned}$$
#
# On somme pour les indices $0,\dots,k-1$ : à droite la somme est télescopique, majorée par
# $\frac L2|x_0-x^*|^2$. D’après (2) les valeurs décroissent, donc le membre de gauche est minoré par
# $k\,(f(x_k)-f^*)$. $\blacksquare$
#
# La deuxième ligne dit davantage : la distance à *tout* minimiseur ne croît jamais. Et l’existence d’un
# minimiseur a servi. *Casser exprès* montre ce que devient le théorème sans elle.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 — logistic regression, its gradient and its L
#
# Rows $x_i$ of $X\in\mathbb R^{n\times d}$, labels $y_i\in\{-1,1\}$, and
#
# $$f(w)=\frac1n\sum_{i=1}^n\ln\big(1+e^{-y_i\langle x_i,w\rangle}\big).$$
#
# Write `logistic_gradient(w, X, y)`, the gradient, and `logistic_smoothness(X)`, the constant
# $L=\lambda_{\max}(X^\top X)/(4n)$. On paper, justify that constant: with $\sigma(z)=1/(1+e^{-z})$ the
# Hessian is $\frac1nX^\top\operatorname{diag}(\sigma(1-\sigma))X$, and $0\le\sigma(1-\sigma)\le\frac14$. So
# $f$ is convex, and no label enters $L$.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 — la régression logistique, son gradient et son L
#
# Lignes $x_i$ de $X\in\mathbb R^{n\times d}$, étiquettes $y_i\in\{-1,1\}$, et
#
# $$f(w)=\frac1n\sum_{i=1}^n\ln\big(1+e^{-y_i\langle x_i,w\rangle}\big).$$
#
# Écrivez `logistic_gradient(w, X, y)`, le gradient, et `logistic_smoothness(X)`, la constante
# $L=\lambda_{\max}(X^\top X)/(4n)$. Justifiez-la sur le papier : avec $\sigma(z)=1/(1+e^{-z})$, la hessienne
# est $\frac1nX^\top\operatorname{diag}(\sigma(1-\sigma))X$, et $0\le\sigma(1-\sigma)\le\frac14$. Ainsi $f$
# est convexe, et aucune étiquette n’entre dans $L$.

# %% key="ex2" tags=["exercise"]
def logistic_gradient(w, X, y):
    # en: the gradient of the mean logistic loss, shape (d,)
    # fr: le gradient de la perte logistique moyenne, de forme (d,)
    # BEGIN SOLUTION
    margins = y * (X @ w)
    return -X.T @ (y * (1 - np.tanh(margins / 2))) / (2 * len(y))
    # END SOLUTION


def logistic_smoothness(X):
    # en: the constant L above
    # fr: la constante L ci-dessus
    # BEGIN SOLUTION
    return np.linalg.norm(X, ord=2) ** 2 / (4 * len(X))
    # END SOLUTION

# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# $\frac{d}{dz}\ln(1+e^{-z})=-\sigma(-z)=-1/(1+e^{z})$. For $z=800$ the exponential overflows, with a warning. The
# identity $\sigma(-z)=\frac12\big(1-\tanh\frac z2\big)$ says the same and never overflows.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# $\frac{d}{dz}\ln(1+e^{-z})=-\sigma(-z)=-1/(1+e^{z})$. Pour $z=800$, l’exponentielle dépasse la capacité des
# flottants, avec un avertissement. L’identité $\sigma(-z)=\frac12\big(1-\tanh\frac z2\big)$ dit la même chose et ne
# déborde jamais.
# </details>

# %% key="ex2-check"
check("d2_01.ex2", logistic_gradient, logistic_smoothness)

# %% key="convex-bound"
rng = np.random.default_rng(0)
features = rng.normal(size=(200, 5)) * [3.0, 1.0, 1.0, 0.5, 0.3]
truth = rng.normal(size=5)
labels = np.where(rng.random(200) < 1 / (1 + np.exp(-features @ truth)), 1.0, -1.0)


def logistic_loss(w):
    return np.logaddexp(0, -labels * (features @ w)).mean()


def slope(w):
    return logistic_gradient(w, features, labels)


L = logistic_smoothness(features)
path = descend(slope, np.zeros(5), 1 / L, 20_000)
best = path[-1]
losses = np.array([logistic_loss(w) for w in path[:2001]])
bound = L * np.sum(best**2) / (2 * np.arange(1, 2001))
expect("d2_01.convex", np.max((losses[1:] - logistic_loss(best)) / bound), at_most=1)

# %% [markdown] key="convex-read" lang="en"
# No violation in two thousand steps, and the measured gap never exceeds an eighth of the bound (20,000
# steps stand in for $x^*$, which they approach to $10^{-15}$). Is the theorem pessimistic, or is this data
# set kind? A proof decides. Fix $N$, let $\delta=1/(2N+1)$ and
#
# $$h(x)=\begin{cases}\frac12x^2&\text{if }|x|\le\delta,\\\delta|x|-\frac12\delta^2&\text{otherwise,}\end{cases}$$
#
# a Huber loss: convex, $1$-smooth, minimal at 0. From $x_0=1$ with $\eta=1$ every gradient met is exactly
# $\delta$, so $x_N=1-N\delta=\frac{N+1}{2N+1}>\delta$ and
#
# $$h(x_N)=\delta x_N-\tfrac12\delta^2=\frac{2(N+1)-1}{2(2N+1)^2}=\frac1{4N+2},$$
#
# where Theorem 2 promises at most $\frac1{2N}$. For $N=50$, what must $1/h(x_N)$ be? So $1/k$
# cannot be improved by more than a factor $2+\frac1N$ for this algorithm. (Drori and Teboulle, 2014, prove
# that $L|x_0-x^*|^2/(4N+2)$ is the exact worst case.) What your data do is better than what convexity
# knows about them.

# %% [markdown] key="convex-read" lang="fr"
# Aucune violation en deux mille pas, et l’écart mesuré ne dépasse jamais le huitième de la borne (20 000
# pas tiennent lieu de $x^*$, qu’ils approchent à $10^{-15}$ près). Le théorème est-il pessimiste, ou ces
# données sont-elles aimables ? Une démonstration tranche. Fixons $N$, posons $\delta=1/(2N+1)$ et
#
# $$h(x)=\begin{cases}\frac12x^2&\text{si }|x|\le\delta,\\\delta|x|-\frac12\delta^2&\text{sinon,}\end{cases}$$
#
# une perte de Huber : convexe, $1$-lisse, minimale en 0. En partant de $x_0=1$ avec $\eta=1$, tous les
# gradients rencontrés valent exactement $\delta$, donc $x_N=1-N\delta=\frac{N+1}{2N+1}>\delta$ et
#
# $$h(x_N)=\delta x_N-\tfrac12\delta^2=\frac{2(N+1)-1}{2(2N+1)^2}=\frac1{4N+2},$$
#
# là où le théorème 2 promet au plus $\frac1{2N}$. Pour $N=50$, que doit valoir $1/h(x_N)$ ? Pour cet
# algorithme, $1/k$ ne peut donc pas être amélioré de plus d’un facteur $2+\frac1N$.
# (Drori et Teboulle, 2014, démontrent que $L|x_0-x^*|^2/(4N+2)$ est exactement le pire cas.) Vos données
# font mieux que ce que la convexité sait d’elles.

# %% key="huber"
N = 50
delta = 1 / (2 * N + 1)
final = descend(lambda x: np.clip(x, -delta, delta), [1.0], 1.0, N)[-1, 0]
expect("d2_01.huber", 1 / (delta * final - delta**2 / 2), 4 * N + 2, rtol=1e-9)

# %% [markdown] key="strong" lang="en"
# ## 4. Strong convexity, and a weaker hypothesis that suffices
#
# > **Theorem 3.** Let $f$ be $L$-smooth and PL with constant $\mu$, and let $\eta=1/L$. Then
# > $$f(x_k)-f^*\le\Big(1-\frac\mu L\Big)^k\,(f(x_0)-f^*).$$
# > Every $\mu$-strongly convex function is PL with the same $\mu$.
#
# *Proof.* Subtract $f^*$ from (2), then use PL:
# $f(x_{k+1})-f^*\le f(x_k)-f^*-\frac1{2L}|\nabla f(x_k)|^2\le(1-\frac\mu L)(f(x_k)-f^*)$. For the second
# claim, minimise in $y$ both sides of the definition of strong convexity. On the right the minimum is at
# $y=x-\frac1\mu\nabla f(x)$, so
# $f^*\ge f(x)-\frac1{2\mu}|\nabla f(x)|^2$, which is PL. $\blacksquare$
#
# No convexity was used. Under PL every critical point is a global minimum, yet $f$ may curve downwards
# elsewhere: $x^2+3\sin^2x$, drawn above, has $f''(\pi/2)=-4$, and Karimi, Nutini and Schmidt (2016) show
# that it is PL with $\mu=\frac1{32}$. Overparameterised least squares is another example: infinitely many
# minimisers, no strong convexity, a geometric rate all the same (exit ticket).

# %% [markdown] key="strong" lang="fr"
# ## 4. La forte convexité, et une hypothèse plus faible qui suffit
#
# > **Théorème 3.** Soit $f$ une fonction $L$-lisse et PL de constante $\mu$, et soit $\eta=1/L$. Alors
# > $$f(x_k)-f^*\le\Big(1-\frac\mu L\Big)^k\,(f(x_0)-f^*).$$
# > Toute fonction $\mu$-fortement convexe est PL avec le même $\mu$.
#
# *Démonstration.* On retranche $f^*$ dans (2), puis on utilise PL :
# $f(x_{k+1})-f^*\le f(x_k)-f^*-\frac1{2L}|\nabla f(x_k)|^2\le(1-\frac\mu L)(f(x_k)-f^*)$. Pour la seconde
# assertion, on minimise en $y$ les deux membres de la définition de la forte convexité. À droite, le
# minimum est atteint en $y=x-\frac1\mu\nabla f(x)$, d’où
# $f^*\ge f(x)-\frac1{2\mu}|\nabla f(x)|^2$, qui est PL. $\blacksquare$
#
# La convexité n’a pas servi. Sous PL, tout point critique est un minimum global, et pourtant $f$ peut être
# concave par endroits : $x^2+3\sin^2x$, tracée plus haut, vérifie $f''(\pi/2)=-4$, et Karimi, Nutini et
# Schmidt (2016) montrent qu’elle est PL avec $\mu=\frac1{32}$. Les moindres carrés surparamétrés en sont un
# autre exemple : une infinité de minimiseurs, pas de forte convexité, et malgré tout une vitesse
# géométrique (billet de sortie).

# %% key="pl"
dense = np.linspace(-20, 20, 400_001)
dense = dense[np.abs(dense) > 1e-6]
mu_wavy = np.min(0.5 * wavy_slope(dense) ** 2 / wavy(dense))
expect("d2_01.pl", mu_wavy, at_least=1 / 32)
contraction = wavy(dense - wavy_slope(dense) / L_WAVY) / wavy(dense)
expect("d2_01.pl_rate", np.max(contraction), at_most=1 - mu_wavy / L_WAVY)

# %% [markdown] key="ridge" lang="en"
# The best constant of this function is about $0.1755$, well above $\frac1{32}$, and over 400,000 starting
# points no step contracts less than Theorem 3 allows. Now both theorems on one loss: add the ridge penalty
# $\frac\mu2|w|^2$ with $\mu=0.02$ to the logistic loss. It becomes $\mu$-strongly convex, and $L$ grows by
# $\mu$. Which bound is the better one at the beginning, and which in the long run?

# %% [markdown] key="ridge" lang="fr"
# La meilleure constante de cette fonction est d’environ $0{,}1755$, bien au-dessus de $\frac1{32}$, et sur
# 400 000 points de départ aucun pas ne contracte moins que ne le permet le théorème 3. Voici maintenant
# les deux théorèmes sur une même perte : ajoutons à la perte logistique la pénalité ridge $\frac\mu2|w|^2$
# avec $\mu=0{,}02$. Elle devient $\mu$-fortement convexe, et $L$ augmente de $\mu$. Laquelle des deux
# bornes est la meilleure au début, et laquelle à la longue ?

# %% key="ridge-figure" tags=["figure"]
mu = 0.02
L_ridge = logistic_smoothness(features) + mu
path = descend(lambda w: slope(w) + mu * w, np.zeros(5), 1 / L_ridge, 4000)
values = np.array([logistic_loss(w) + mu / 2 * w @ w for w in path])
gap = values - values[-1]
k = np.arange(1, 1501)
ax = figures.axes()
ax.loglog(k, L_ridge * np.sum(path[-1] ** 2) / (2 * k), label=T("bound of theorem 2", "borne du théorème 2"))
ax.loglog(k, (1 - mu / L_ridge) ** k * gap[0], label=T("bound of theorem 3", "borne du théorème 3"))
ax.loglog(k, gap[1:1501], "o", markersize=3, color=figures.BLACK, label=T("measured gap", "écart mesuré"))
ax.set(xlabel=T("step $k$", "pas $k$"), ylabel="$f(x_k)-f^*$", ylim=(1e-7, 10))
ax.set_title(T("Ridge logistic regression: two bounds, one run", "Régression logistique ridge : deux bornes"))
ax.legend();

# %% [markdown] key="ridge-read" lang="en"
# After the first few steps Theorem 2 is the better bound: the geometric one needs about $L/\mu\approx94$
# steps before it says anything. It takes the lead for good at step 428. The measured gap ends on a steeper
# line than either: near the minimiser the smallest curvature is larger than $\mu$, and the *local*
# condition number sets the pace.

# %% [markdown] key="ridge-read" lang="fr"
# Passé les tout premiers pas, la meilleure borne est celle du théorème 2 : il faut à la borne géométrique
# environ $L/\mu\approx94$ pas avant de dire quelque chose. Elle l’emporte définitivement au pas 428.
# L’écart mesuré finit par tomber plus vite que les deux : près du minimiseur, la plus petite courbure
# dépasse $\mu$, et c’est le conditionnement *local* qui donne l’allure.

# %% [markdown] key="nonconvex" lang="en"
# ## 5. Off-convex: what is left
#
# > **Theorem 4.** Let $f$ be $L$-smooth and bounded below, $f^*=\inf f$, and let $\eta=1/L$. Then for every
# > $K\ge1$,
# > $$\min_{0\le k<K}|\nabla f(x_k)|^2\le\frac{2L\,(f(x_0)-f^*)}K,\qquad\text{and }\nabla f(x_k)\to0.$$
#
# *Proof.* By (2), $\frac1{2L}|\nabla f(x_k)|^2\le f(x_k)-f(x_{k+1})$. Sum over $k<K$: the total is at most
# $f(x_0)-f^*$ whatever $K$. So the smallest of the $K$ terms is at most the average, and the series
# converges. $\blacksquare$
#
# Read what is *not* there. Nothing about $f(x_k)-f^*$; nothing about the limit of $x_k$, which need not
# exist; nothing that excludes a saddle point. "The gradient tends to 0" is all that smoothness alone can
# give, and which critical point you approach depends on where you start.

# %% [markdown] key="nonconvex" lang="fr"
# ## 5. Hors du convexe : ce qui reste
#
# > **Théorème 4.** Soit $f$ une fonction $L$-lisse et minorée, $f^*=\inf f$, et soit $\eta=1/L$. Alors, pour
# > tout $K\ge1$,
# > $$\min_{0\le k<K}|\nabla f(x_k)|^2\le\frac{2L\,(f(x_0)-f^*)}K,\qquad\text{et }\nabla f(x_k)\to0.$$
#
# *Démonstration.* D’après (2), $\frac1{2L}|\nabla f(x_k)|^2\le f(x_k)-f(x_{k+1})$. On somme sur $k<K$ : le
# total est majoré par $f(x_0)-f^*$, quel que soit $K$. Le plus petit des $K$ termes est au plus égal à leur
# moyenne, et la série converge. $\blacksquare$
#
# Lisez ce qui n’y est *pas*. Rien sur $f(x_k)-f^*$ ; rien sur la limite de $x_k$, qui peut ne pas exister ;
# rien qui exclue un point selle. « Le gradient tend vers 0 » est tout ce que l’on peut tirer de la seule
# régularité, et le point critique dont on s’approche dépend du point de départ.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — a robust regression with two answers
#
# A file mixes the readings of two sensors, one of them wired the wrong way round; nobody knows which line
# came from which. Least squares would fit the average of two truths. The Geman-McClure loss
# $\rho(r)=\frac{r^2}{1+r^2}$ is bounded by 1, so a far point hardly counts:
#
# $$f(w)=\frac1n\sum_{i=1}^n\rho(\langle x_i,w\rangle-y_i),\qquad
# \rho''(r)=\frac{2(1-3r^2)}{(1+r^2)^3}\in\Big[-\frac12,2\Big].$$
#
# It is not convex, but it is $L$-smooth with $L=\frac2n\lambda_{\max}(X^\top X)$. Write
# `robust_gradient(w, X, y)`.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — une régression robuste à deux réponses
#
# Un fichier mêle les relevés de deux capteurs, dont l’un a été branché à l’envers ; personne ne sait de
# quel capteur vient quelle ligne. Les moindres carrés ajusteraient la moyenne de deux vérités. La perte de
# Geman-McClure $\rho(r)=\frac{r^2}{1+r^2}$ est majorée par 1, si bien qu’un point éloigné ne compte presque
# pas :
#
# $$f(w)=\frac1n\sum_{i=1}^n\rho(\langle x_i,w\rangle-y_i),\qquad
# \rho''(r)=\frac{2(1-3r^2)}{(1+r^2)^3}\in\Big[-\frac12,2\Big].$$
#
# Elle n’est pas convexe, mais elle est $L$-lisse avec $L=\frac2n\lambda_{\max}(X^\top X)$. Écrivez
# `robust_gradient(w, X, y)`.

# %% key="ex3" tags=["exercise"]
def robust_gradient(w, X, y):
    # en: the gradient of the mean Geman-McClure loss, shape (d,)
    # fr: le gradient de la perte moyenne de Geman-McClure, de forme (d,)
    # BEGIN SOLUTION
    residuals = X @ w - y
    return X.T @ (2 * residuals / (1 + residuals**2) ** 2) / len(y)
    # END SOLUTION

# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# $\rho'(r)=\frac{2r(1+r^2)-2r\cdot r^2}{(1+r^2)^2}$. Simplify before you code, then use the chain rule: the
# gradient of $w\mapsto\rho(\langle x_i,w\rangle-y_i)$ is $\rho'(r_i)\,x_i$.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# $\rho'(r)=\frac{2r(1+r^2)-2r\cdot r^2}{(1+r^2)^2}$. Simplifiez avant de coder, puis appliquez la règle de la
# chaîne : le gradient de $w\mapsto\rho(\langle x_i,w\rangle-y_i)$ est $\rho'(r_i)\,x_i$.
# </details>

# %% key="ex3-check"
check("d2_01.ex3", robust_gradient)

# %% key="robust"
rng = np.random.default_rng(1)
inputs = rng.uniform(-2, 2, 120)
wired_right = rng.random(120) < 0.6
readings = np.where(wired_right, 2 * inputs + 1, -1.5 * inputs - 0.5) + 0.15 * rng.normal(size=120)
design = np.column_stack([inputs, np.ones(120)])
L_robust = 2 / 120 * np.linalg.eigvalsh(design.T @ design).max()


def robust_loss(w):
    squares = (design @ w - readings) ** 2
    return np.mean(squares / (1 + squares))


def robust_run(w0):
    return descend(lambda w: robust_gradient(w, design, readings), w0, 1 / L_robust, 1000)


worst = 0.0
for w0 in ([3.0, 3.0], [-3.0, -3.0], [0.0, 4.0], [-3.0, 3.0]):
    path = robust_run(w0)
    smallest = np.minimum.accumulate([np.sum(robust_gradient(w, design, readings) ** 2) for w in path[:-1]])
    worst = max(worst, np.max(smallest * np.arange(1, 1001) / (2 * L_robust * robust_loss(path[0]))))
    print(w0, "->", path[-1].round(3), T("loss", "perte"), round(robust_loss(path[-1]), 3))
expect("d2_01.nonconvex", worst, at_most=1)

# %% key="robust-figure" tags=["figure"]
left, right = figures.axes(2)
left.plot(inputs, readings, ".", color=figures.GREY)
ends = np.array([-2.0, 2.0])
for w0, style, colour in (([3.0, 3.0], "-", figures.BLUE), ([-3.0, -3.0], "--", figures.VERMILION)):
    path = robust_run(w0)
    left.plot(ends, path[-1][0] * ends + path[-1][1], style, color=colour)
    right.plot(*path.T, style, color=colour, label=T(f"from {w0}", f"depuis {w0}"))
    right.plot(*path[-1], "o", color=colour)
span = np.meshgrid(np.linspace(-4, 4, 80), np.linspace(-4, 4, 80))
heights = [robust_loss(np.array(w)) for w in zip(span[0].ravel(), span[1].ravel())]
right.contour(*span, np.reshape(heights, (80, 80)), levels=12, colors=figures.GREY, linewidths=0.6)
left.set(xlabel=T("input", "entrée"), ylabel=T("reading", "relevé"))
left.set_title(T("One data set, two fitted lines", "Un jeu de données, deux droites"))
right.set(xlabel=T("slope", "pente"), ylabel=T("intercept", "ordonnée à l’origine"))
right.set_title(T("One loss, two minima", "Une perte, deux minima"))
right.legend();

# %% [markdown] key="robust-read" lang="en"
# The theorem holds on every run (we used $f^*\ge0$, so the bound is even a little generous), the gradient
# goes to 0, and the answer depends on $w_0$: some starts fit one sensor, others the second, with a higher
# loss and nothing in the gradient to say so.

# %% [markdown] key="robust-read" lang="fr"
# Le théorème est vérifié sur chaque trajectoire (on a utilisé $f^*\ge0$, la borne est donc même un peu
# large), le gradient tend vers 0, et la réponse dépend de $w_0$ : certains départs ajustent un capteur,
# d’autres le second, avec une perte plus élevée et rien dans le gradient pour le dire.

# %% [markdown] key="armijo" lang="en"
# ## 6. When L is unknown: backtracking
#
# For a network no one knows $L$. Armijo's rule finds a step by trial: start from $\eta_0$ and multiply by
# $\beta\in\,]0,1[$ as long as the decrease is less than a fraction $c\in\,]0,1[$ of what the slope promises.
# Accept the first $\eta$ such that
#
# $$f(x-\eta\nabla f(x))\le f(x)-c\,\eta\,|\nabla f(x)|^2.\tag{3}$$
#
# > **Proposition 5.** If $f$ is $L$-smooth, backtracking stops, and the accepted step satisfies
# > $$\eta\ge\min\Big(\eta_0,\frac{2\beta(1-c)}L\Big).$$
#
# *Proof.* By (1), inequality (3) holds as soon as $1-\frac{L\eta}2\ge c$, that is
# $\eta\le\frac{2(1-c)}L$: so the loop stops. If $\eta<\eta_0$, the trial before it, $\eta/\beta$, was
# refused, hence $\eta/\beta>\frac{2(1-c)}L$. $\blacksquare$
#
# The algorithm never sees $L$, and its step is within a constant factor of the one that $L$ dictates. Where
# the landscape is flatter than its worst point it takes longer steps than $1/L$.

# %% [markdown] key="armijo" lang="fr"
# ## 6. Quand L est inconnu : la recherche linéaire
#
# Pour un réseau, personne ne connaît $L$. La règle d’Armijo trouve un pas par essais : partir de $\eta_0$ et
# multiplier par $\beta\in\,]0,1[$ tant que la baisse est inférieure à une fraction $c\in\,]0,1[$ de ce que
# promet la pente. On accepte le premier $\eta$ tel que
#
# $$f(x-\eta\nabla f(x))\le f(x)-c\,\eta\,|\nabla f(x)|^2.\tag{3}$$
#
# > **Proposition 5.** Si $f$ est $L$-lisse, la recherche s’arrête et le pas accepté vérifie
# > $$\eta\ge\min\Big(\eta_0,\frac{2\beta(1-c)}L\Big).$$
#
# *Démonstration.* D’après (1), l’inégalité (3) est vraie dès que $1-\frac{L\eta}2\ge c$, c’est-à-dire
# $\eta\le\frac{2(1-c)}L$ : la boucle s’arrête donc. Si $\eta<\eta_0$, l’essai précédent, $\eta/\beta$, a été
# refusé, donc $\eta/\beta>\frac{2(1-c)}L$. $\blacksquare$
#
# L’algorithme ne voit jamais $L$, et son pas est, à un facteur constant près, celui que $L$ dicterait. Là où
# le paysage est plus plat qu’en son pire point, il fait des pas plus longs que $1/L$.

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 — Armijo's rule
#
# Write `armijo_step(f, grad, x, eta0, beta, c)`: it returns the pair `(new_x, eta)` after one step, with the
# first $\eta$ among $\eta_0,\beta\eta_0,\beta^2\eta_0,\dots$ that satisfies (3).

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 — la règle d’Armijo
#
# Écrivez `armijo_step(f, grad, x, eta0, beta, c)` : la fonction renvoie le couple `(new_x, eta)` après un
# pas, avec le premier $\eta$ parmi $\eta_0,\beta\eta_0,\beta^2\eta_0,\dots$ qui vérifie (3).

# %% key="ex4" tags=["exercise"]
def armijo_step(f, grad, x, eta0=1.0, beta=0.5, c=0.5):
    # en: the pair (new_x, eta) for the first step of the list that satisfies (3)
    # fr: le couple (new_x, eta) pour le premier pas de la liste qui vérifie (3)
    # BEGIN SOLUTION
    value, g = f(x), grad(x)
    eta = eta0
    while f(x - eta * g) > value - c * eta * (g @ g):
        eta = beta * eta
    return x - eta * g, eta
    # END SOLUTION

# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# Compute $f(x)$ and the gradient once, before the loop. The right-hand side of (3) changes with $\eta$: it
# belongs inside.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Calculez $f(x)$ et le gradient une seule fois, avant la boucle. Le membre de droite de (3) change avec
# $\eta$ : il est à calculer dans la boucle.
# </details>

# %% key="ex4-check"
check("d2_01.ex4", armijo_step)

# %% [markdown] key="break-smooth" lang="en"
# ## 7. Break it
#
# Take one hypothesis away at a time. Write your prediction down *before* each cell.
#
# **(a) A step 5 % too long.** The bowl $\operatorname{diag}(1,100)$ again, now with $\eta=2.1/L$. By what
# factor does the steep coordinate grow per step, and what is it after 100 steps?
#
# **(b) No smoothness.** $f(x)=|x|$ is convex with minimiser 0, but its slope jumps: no $L$ exists. From
# $x_0=0.05$ with $\eta=0.1$, what is $|x_k|$ after a thousand steps? And with a smaller $\eta$?

# %% [markdown] key="break-smooth" lang="fr"
# ## 7. Casser exprès
#
# Retirons une hypothèse à la fois. Écrivez votre prévision *avant* chaque cellule.
#
# **(a) Un pas trop long de 5 %.** De nouveau la cuvette $\operatorname{diag}(1,100)$, cette fois avec
# $\eta=2{,}1/L$. Par quel facteur la coordonnée raide croît-elle à chaque pas, et que vaut-elle après
# 100 pas ?
#
# **(b) Un gradient discontinu.** $f(x)=|x|$ est convexe, de minimiseur 0, mais sa pente saute : aucun $L$ ne
# convient. Depuis $x_0=0{,}05$, avec $\eta=0{,}1$, que vaut $|x_k|$ après mille pas ? Et avec un $\eta$ plus
# petit ?

# %% key="break1" tags=["break"]
steep = descend(bowl_slope, [1.0, 1.0], 2.1 / 100, 100)[:, 1]
expect("d2_01.break1", abs(steep[-1]), 1.1**100, rtol=1e-9)

# %% key="break2" tags=["break"]
stuck = descend(np.sign, [0.05], 0.1, 1000)[:, 0]
expect("d2_01.break2", np.abs(stuck).min(), 0.05, atol=1e-12)

# %% [markdown] key="break-minimiser" lang="en"
# In (a) the factor is $1-2.1=-1.1$: the loss explodes by a known amount, and a training curve that alternates
# while growing tells you that $\eta$ has passed $2/\lambda_{\max}$. In (b) the iterates bounce between
# $0.05$ and $-0.05$ for ever: a constant step without smoothness stops at a distance of order $\eta$. ReLU
# networks have such kinks.
#
# **(c) No minimiser.** Logistic regression on *separable* data: the loss tends to 0 only as $|w|\to\infty$.
# In one dimension, on a point with $yx=1$, the flow $\dot w=1/(1+e^{w})$ gives $w\approx\ln t$. In general
# (Soudry et al., 2018) $w_t=\hat w\ln t+O(1)$ for almost all separable data and a step below $2/L$, where $\hat w$ has the
# smallest norm among the $w$ with $y_i\langle x_i,w\rangle\ge1$ for all $i$. In the cell below
# $\hat w=(1,0)$. By how much does $|w_t|$ grow between $10^3$ and $10^4$ steps?

# %% [markdown] key="break-minimiser" lang="fr"
# En (a), le facteur est $1-2{,}1=-1{,}1$ : la perte explose d’une quantité connue, et une courbe
# d’entraînement qui oscille en grandissant vous dit que $\eta$ a dépassé $2/\lambda_{\max}$. En (b), les
# itérés rebondissent sans fin entre $0{,}05$ et $-0{,}05$ : sans gradient lipschitzien, un pas constant
# s’arrête à une distance de l’ordre de $\eta$. Les réseaux ReLU ont de tels plis.
#
# **(c) Pas de minimiseur.** La régression logistique sur des données *séparables* : la perte ne tend vers 0
# que si $|w|\to\infty$. En dimension un, avec un point tel que $yx=1$, le flot $\dot w=1/(1+e^{w})$ donne
# $w\approx\ln t$. En général (Soudry et al., 2018), $w_t=\hat w\ln t+O(1)$ pour presque toutes les données
# séparables et un pas inférieur à $2/L$, où $\hat w$ est de norme minimale parmi les $w$ tels que $y_i\langle x_i,w\rangle\ge1$ pour
# tout $i$. Dans la cellule ci-dessous, $\hat w=(1,0)$. De combien la norme $|w_t|$ croît-elle
# entre $10^3$ et $10^4$ pas ?

# %% key="break3" tags=["break"]
points = np.array([[1.0, 2.0], [1.0, -1.0], [3.0, 1.0], [-1.0, 0.5], [-2.0, -2.0], [-1.0, -3.0]])
signs = np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0])
eta = 1 / logistic_smoothness(points)
path = descend(lambda w: logistic_gradient(w, points, signs), np.zeros(2), eta, 10_000)
expect("d2_01.break3", np.linalg.norm(path[10_000]) - np.linalg.norm(path[1000]), np.log(10), rtol=1e-2)

# %% [markdown] key="exit" lang="en"
# The loss keeps falling, like $1/t$, while the weights never settle: "the loss has converged" and "the
# parameters have converged" are different sentences. The direction settles, on the widest margin.
#
# ## What to keep
#
# | Hypothesis, besides $L$-smooth and $\eta=1/L$ | What converges | How fast |
# |---|---|---|
# | bounded below | $\min_{j<k}\lvert\nabla f(x_j)\rvert^2$ | $2L(f(x_0)-f^*)/k$ |
# | convex, with a minimiser | $f(x_k)-f^*$ | $L\lvert x_0-x^*\rvert^2/(2k)$ |
# | PL, in particular strongly convex | $f(x_k)-f^*$ | $(1-\mu/L)^k$ |
#
# ## Exit ticket
#
# No code, five minutes, a few lines each.
#
# 1. $f(w)=\frac12|Xw-y|^2$ with $X\in\mathbb R^{n\times d}$ of rank $n<d$. Show that $f$ is PL, and give
#    the best $\mu$ in terms of the singular values of $X$. Is $f$ strongly convex?
# 2. A colleague halves the learning rate and the loss, which was oscillating, now decreases steadily but
#    slowly. What do you know about $\lambda_{\max}$ of the Hessian along the run, and what would you try
#    next: a line search, or a change of coordinates?

# %% [markdown] key="exit" lang="fr"
# La perte continue de baisser, comme $1/t$, tandis que les poids ne se fixent jamais : « la perte a
# convergé » et « les paramètres ont convergé » sont deux phrases différentes. La direction, elle, se fixe,
# sur la marge la plus large.
#
# ## Ce qu’il faut retenir
#
# | Hypothèse, outre $L$-lisse et $\eta=1/L$ | Ce qui converge | Vitesse |
# |---|---|---|
# | minorée | $\min_{j<k}\lvert\nabla f(x_j)\rvert^2$ | $2L(f(x_0)-f^*)/k$ |
# | convexe, avec un minimiseur | $f(x_k)-f^*$ | $L\lvert x_0-x^*\rvert^2/(2k)$ |
# | PL, en particulier fortement convexe | $f(x_k)-f^*$ | $(1-\mu/L)^k$ |
#
# ## Billet de sortie
#
# Sans code, cinq minutes, quelques lignes par question.
#
# 1. $f(w)=\frac12|Xw-y|^2$ avec $X\in\mathbb R^{n\times d}$ de rang $n<d$. Montrez que $f$ est PL, et donnez
#    le meilleur $\mu$ à l’aide des valeurs singulières de $X$. La fonction $f$ est-elle fortement convexe ?
# 2. Un collègue divise par deux le taux d’apprentissage, et la perte, qui oscillait, baisse désormais
#    régulièrement mais lentement. Que savez-vous de $\lambda_{\max}$ de la hessienne le long de la
#    trajectoire, et qu’essaieriez-vous ensuite : une recherche linéaire, ou un changement de coordonnées ?

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. $\nabla f(w)=X^\top(Xw-y)$. Since $X$ has rank $n$, the system $Xw=y$ has
# solutions and $f^*=0$; with $r=Xw-y\in\mathbb R^n$,
# $\frac12|X^\top r|^2\ge\frac12\sigma_n(X)^2|r|^2=\sigma_n(X)^2f(w)$, so $f$ is PL with $\mu=\sigma_n(X)^2$, the
# smallest *non-zero* eigenvalue of $X^\top X$; equality for $r$ along the last left singular vector, hence it is the
# best. $f$ is constant along $\ker X\ne\{0\}$: not strongly convex. 2. Oscillation that does not grow: some
# eigenvalue had $1<\eta\lambda\le2$ (or the iterates bounced in a non-quadratic valley); after halving,
# $\eta\lambda_{\max}\le1$, so $\frac1\eta\le\lambda_{\max}\le\frac2\eta$ for the *old* $\eta$. Slow means small
# eigenvalues, large $\kappa$: a line search cannot gain more than about a factor 2 on $1/L$; only a change of
# coordinates (preconditioning, normalisation) changes $\kappa$.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. $\nabla f(w)=X^\top(Xw-y)$. Comme $X$ est de rang $n$, le système $Xw=y$ a des
# solutions et $f^*=0$ ; avec $r=Xw-y\in\mathbb R^n$,
# $\frac12|X^\top r|^2\ge\frac12\sigma_n(X)^2|r|^2=\sigma_n(X)^2f(w)$, donc $f$ est PL avec $\mu=\sigma_n(X)^2$, la
# plus petite valeur propre *non nulle* de $X^\top X$ ; il y a égalité pour $r$ selon le dernier vecteur singulier à
# gauche, c’est donc la meilleure constante. $f$ est constante le long de $\ker X\ne\{0\}$ : elle n’est pas
# fortement convexe. 2. Une oscillation qui ne grandit pas : une valeur propre vérifiait $1<\eta\lambda\le2$ (ou
# les itérés rebondissaient dans une vallée non quadratique) ; une fois le pas divisé par deux,
# $\eta\lambda_{\max}\le1$, donc $\frac1\eta\le\lambda_{\max}\le\frac2\eta$ pour l’*ancien* $\eta$. La lenteur
# vient des petites valeurs propres, d’un grand $\kappa$ : une recherche linéaire ne peut gagner qu’un facteur 2
# environ sur $1/L$ ; seul un changement de coordonnées (préconditionnement, normalisation) modifie $\kappa$.
