# %% [markdown] key="title" lang="en"
# # Second-order methods and why they are rare in deep learning
#
# **Day 2, notebook 3** — about 50 minutes for exercises 1 to 3, then 30 minutes for exercise 4 and *Break it*.
#
# Newton's method ignores the condition number and doubles the number of correct digits at each step. Yet no one
# trains a large network with it. Both facts are theorems or arithmetic, and both are worth an afternoon: the first
# explains what preconditioners are trying to imitate, the second, where they must give up.
#
# **By the end you can**
#
# 1. prove the local quadratic convergence of Newton's method, with its hypotheses, and recognise it in a column of
#    errors;
# 2. prove that Newton's method does not depend on the choice of coordinates;
# 3. derive the BFGS update, and prove that it solves a quadratic problem in $n$ steps;
# 4. multiply by a Hessian without ever forming it, in JAX and in PyTorch, at about the price of a gradient;
# 5. give four reasons, each with a number, why all this is rare in deep learning.

# %% [markdown] key="title" lang="fr"
# # Méthodes du second ordre : pourquoi elles sont rares en apprentissage profond
#
# **Jour 2, notebook 3** — environ 50 minutes pour les exercices 1 à 3, puis 30 minutes pour l’exercice 4 et
# *Casser exprès*.
#
# La méthode de Newton ignore le conditionnement et double à chaque pas le nombre de chiffres exacts. Pourtant,
# personne n’entraîne un grand réseau avec elle. Les deux faits se démontrent ou se calculent, et valent bien un
# après-midi : le premier explique ce que les préconditionneurs cherchent à imiter, le second, là où ils doivent
# renoncer.
#
# **À la fin, vous saurez**
#
# 1. démontrer la convergence quadratique locale de la méthode de Newton, avec ses hypothèses, et la reconnaître
#    dans une colonne d’erreurs ;
# 2. démontrer que la méthode de Newton ne dépend pas du choix des coordonnées ;
# 3. obtenir la mise à jour BFGS, et démontrer qu’elle résout un problème quadratique en $n$ pas ;
# 4. multiplier par une hessienne sans jamais la former, en JAX et en PyTorch, à peu près au prix d’un gradient ;
# 5. donner quatre raisons chiffrées pour lesquelles tout cela est rare en apprentissage profond.

# %% key="imports"
import jax
import jax.numpy as jnp
import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, cg

from airina import check, expect, figures
from airina.data import digits

# %% [markdown] key="newton" lang="en"
# ## 1. Newton's method
#
# At $x_k$, replace $f$ by its second-order Taylor polynomial and go to the point where the gradient of that
# polynomial vanishes:
#
# $$x_{k+1}=x_k-\nabla^2f(x_k)^{-1}\nabla f(x_k).$$
#
# > **Theorem 1 (local quadratic convergence).** Let $f$ be $C^2$, with $\|\nabla^2f(x)-\nabla^2f(y)\|_2\le M|x-y|$
# > for all $x,y$. Let $x^*$ be such that $\nabla f(x^*)=0$ and that the eigenvalues of $\nabla^2f(x^*)$ are at least $\mu>0$. If
# > $|x_0-x^*|\le\frac\mu{2M}$, the iterates are well defined and
# > $$|x_{k+1}-x^*|\le\frac M\mu\,|x_k-x^*|^2\le\frac12|x_k-x^*|.$$

# %% [markdown] key="newton" lang="fr"
# ## 1. La méthode de Newton
#
# En $x_k$, on remplace $f$ par son polynôme de Taylor d’ordre deux, et l’on va au point où le gradient de ce
# polynôme s’annule :
#
# $$x_{k+1}=x_k-\nabla^2f(x_k)^{-1}\nabla f(x_k).$$
#
# > **Théorème 1 (convergence quadratique locale).** Soit $f$ de classe $C^2$, avec
# > $\|\nabla^2f(x)-\nabla^2f(y)\|_2\le M|x-y|$ pour tous $x,y$. Soit $x^*$ tel que $\nabla f(x^*)=0$ et que les
# > valeurs propres de $\nabla^2f(x^*)$ soient minorées par $\mu>0$. Si $|x_0-x^*|\le\frac\mu{2M}$, les itérés sont bien définis et
# > $$|x_{k+1}-x^*|\le\frac M\mu\,|x_k-x^*|^2\le\frac12|x_k-x^*|.$$

# %% [markdown] key="newton-proof" lang="en"
# *Proof.* Let $e=x_k-x^*$ and $H=\nabla^2f(x_k)$. By Weyl's inequality the smallest eigenvalue of $H$ is at least
# $\mu-M|e|\ge\frac\mu2$, so $H$ is invertible and $\|H^{-1}\|_2\le\frac2\mu$. Since $\nabla f(x^*)=0$,
#
# $$x_{k+1}-x^*=H^{-1}\big(He-\nabla f(x_k)+\nabla f(x^*)\big)
# =H^{-1}\int_0^1\big(\nabla^2f(x_k)-\nabla^2f(x^*+te)\big)e\,dt.$$
#
# The integrand has norm at most $M(1-t)|e|^2$, whose integral is $\frac M2|e|^2$. Multiply by $\frac2\mu$; and
# $\frac M\mu|e|\le\frac12$ keeps the next iterate in the same ball. $\blacksquare$
#
# With $q_k=\frac M\mu|x_k-x^*|$ the theorem reads $q_{k+1}\le q_k^2$: from $q=10^{-2}$ to $10^{-4}$, $10^{-8}$,
# $10^{-16}$. **The number of correct digits doubles.** The theorem says nothing about the condition number, and
# nothing at all far from $x^*$.

# %% [markdown] key="newton-proof" lang="fr"
# *Démonstration.* Soit $e=x_k-x^*$ et $H=\nabla^2f(x_k)$. D’après l’inégalité de Weyl, la plus petite valeur propre
# de $H$ est au moins $\mu-M|e|\ge\frac\mu2$ ; donc $H$ est inversible et $\|H^{-1}\|_2\le\frac2\mu$. Comme
# $\nabla f(x^*)=0$,
#
# $$x_{k+1}-x^*=H^{-1}\big(He-\nabla f(x_k)+\nabla f(x^*)\big)
# =H^{-1}\int_0^1\big(\nabla^2f(x_k)-\nabla^2f(x^*+te)\big)e\,dt.$$
#
# La norme de l’intégrande est majorée par $M(1-t)|e|^2$, d’intégrale $\frac M2|e|^2$. On multiplie par
# $\frac2\mu$ ; et $\frac M\mu|e|\le\frac12$ garde l’itéré suivant dans la même boule. $\blacksquare$
#
# En posant $q_k=\frac M\mu|x_k-x^*|$, le théorème s’écrit $q_{k+1}\le q_k^2$ : de $q=10^{-2}$ à $10^{-4}$, $10^{-8}$,
# $10^{-16}$. **Le nombre de chiffres exacts double.** Le théorème ne dit rien du conditionnement, et rien du tout
# loin de $x^*$.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — Newton's method
#
# Write `newton(grad, hess, x0, steps)`: the trajectory, one iterate per row, of shape `(steps + 1, d)`. `hess(x)` is
# a matrix of shape `(d, d)`. Solve a linear system; never invert a matrix.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — la méthode de Newton
#
# Écrivez `newton(grad, hess, x0, steps)` : la trajectoire, un itéré par ligne, de forme `(steps + 1, d)`. `hess(x)`
# est une matrice de forme `(d, d)`. Résolvez un système linéaire ; n’inversez jamais de matrice.

# %% key="ex1" tags=["exercise"]
def newton(grad, hess, x0, steps):
    # en: every iterate from x0 on, one per row
    # fr: tous les itérés à partir de x0, un par ligne
    # BEGIN SOLUTION
    iterates = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        x = iterates[-1]
        iterates.append(x - np.linalg.solve(hess(x), grad(x)))
    return np.array(iterates)
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.linalg.solve(H, g)` is $H^{-1}g$. Both the gradient and the Hessian are taken at the *current* point.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.linalg.solve(H, g)` vaut $H^{-1}g$. Le gradient et la hessienne se prennent tous deux au point *courant*.
# </details>

# %% key="ex1-check"
check("d2_03.ex1", newton)

# %% [markdown] key="order-text" lang="en"
# The ridge logistic loss of notebook 1, in dimension 5, from $w_0=0$. If $|e_{k+1}|\approx C|e_k|^p$, then
# $p\approx\ln\frac{|e_{k+1}|}{|e_k|}\big/\ln\frac{|e_k|}{|e_{k-1}|}$. Which $p$ does Theorem 1 predict, and how many
# iterations do you expect before the error reaches $10^{-15}$?

# %% [markdown] key="order-text" lang="fr"
# La perte logistique ridge du notebook 1, en dimension 5, depuis $w_0=0$. Si $|e_{k+1}|\approx C|e_k|^p$, alors
# $p\approx\ln\frac{|e_{k+1}|}{|e_k|}\big/\ln\frac{|e_k|}{|e_{k-1}|}$. Quel $p$ prévoit le théorème 1, et combien
# d’itérations attendez-vous avant que l’erreur n’atteigne $10^{-15}$ ?

# %% key="order"
SEED = 0
rng = np.random.default_rng(SEED)
X = rng.normal(size=(200, 5))
truth = 1.5 * rng.normal(size=5)
y = np.where(rng.random(200) < 1 / (1 + np.exp(-X @ truth)), 1.0, -1.0)
ridge = 0.01


def logistic_grad(w):
    return -X.T @ (y / (1 + np.exp(y * (X @ w)))) / 200 + ridge * w


def logistic_hess(w):
    p = 1 / (1 + np.exp(-X @ w))
    return (X.T * (p * (1 - p))) @ X / 200 + ridge * np.eye(5)


path = newton(logistic_grad, logistic_hess, np.zeros(5), 12)
errors = np.linalg.norm(path - path[-1], axis=1)
order = np.log(errors[5] / errors[4]) / np.log(errors[4] / errors[3])
expect("d2_03.order", order, 2, atol=0.05)
for k in range(7):
    print(k, f"{errors[k]:.1e}")

# %% key="order-figure" tags=["figure"]
descent, step = [np.zeros(5)], 1 / np.linalg.eigvalsh(X.T @ X / 800 + ridge * np.eye(5)).max()
for _ in range(40):
    descent.append(descent[-1] - step * logistic_grad(descent[-1]))
ax = figures.axes()
ax.semilogy(np.linalg.norm(np.array(descent) - path[-1], axis=1), label=T("gradient descent", "descente de gradient"))
ax.semilogy(errors[:7], "s--", label=T("Newton", "Newton"))
ax.set(xlabel=T("step", "pas"), ylabel=T("distance to the minimiser", "distance au minimiseur"))
ax.set_title(T("Ridge logistic regression: a line, and a dive", "Logistique ridge : une droite, et un plongeon"))
ax.legend();

# %% [markdown] key="order-read" lang="en"
# Two steps to come near, three to dive, and the seventh row is rounding error. The quotient
# $|e_{k+1}|/|e_k|^2$ settles near $0.34$, well below what any safe value of $M/\mu$ would promise: the constant of the
# theorem is a worst case, its *exponent* is exact. Remember the shape of this column. If your own Newton code gains
# one digit per step instead of doubling them, its Hessian is wrong.

# %% [markdown] key="order-read" lang="fr"
# Deux pas pour s’approcher, trois pour plonger, et la septième ligne n’est plus que de l’arrondi. Le quotient
# $|e_{k+1}|/|e_k|^2$ se fixe vers $0{,}34$, bien au-dessous de ce que promettrait une valeur sûre de $M/\mu$ : la constante
# du théorème est un pire cas, son *exposant* est exact. Retenez l’allure de cette colonne. Si votre propre code de
# Newton gagne un chiffre par pas au lieu de les doubler, c’est que sa hessienne est fausse.

# %% [markdown] key="affine" lang="en"
# ## 2. Coordinates do not matter
#
# > **Proposition 2 (affine invariance).** Let $P$ be invertible and $g(z)=f(Pz)$. Then
# > $$\nabla g(z)=P^\top\nabla f(Pz),\qquad\nabla^2g(z)=P^\top\nabla^2f(Pz)\,P.$$
# > If $x_0=Pz_0$, the Newton iterates of $f$ and of $g$ satisfy $x_k=Pz_k$ for all $k$, as long as
# > they are defined.
#
# *Proof.* The two formulas are the chain rule. With $H=\nabla^2f(Pz)$,
# $P\big(z-(P^\top HP)^{-1}P^\top\nabla f(Pz)\big)=Pz-PP^{-1}H^{-1}P^{-\top}P^\top\nabla f(Pz)=Pz-H^{-1}\nabla f(Pz)$.
# $\blacksquare$
#
# Gradient descent on $g$ is, in $x$, $x-\eta PP^\top\nabla f(x)$: another algorithm. For Newton there is nothing to
# normalise, no units to choose, no condition number. Adam stands in between. With $\varepsilon=0$ and a diagonal $P$, Adam
# on $g$ is Adam on $f$ with the step $\eta|P_{jj}|$ in coordinate $j$; with another $P$, it is in general another algorithm.

# %% [markdown] key="affine" lang="fr"
# ## 2. Les coordonnées ne comptent pas
#
# > **Proposition 2 (invariance affine).** Soit $P$ inversible et $g(z)=f(Pz)$. Alors
# > $$\nabla g(z)=P^\top\nabla f(Pz),\qquad\nabla^2g(z)=P^\top\nabla^2f(Pz)\,P.$$
# > Si $x_0=Pz_0$, les itérés de Newton pour $f$ et pour $g$ vérifient $x_k=Pz_k$ pour tout $k$,
# > tant qu’ils sont définis.
#
# *Démonstration.* Les deux formules sont la règle de la chaîne. Avec $H=\nabla^2f(Pz)$,
# $P\big(z-(P^\top HP)^{-1}P^\top\nabla f(Pz)\big)=Pz-PP^{-1}H^{-1}P^{-\top}P^\top\nabla f(Pz)=Pz-H^{-1}\nabla f(Pz)$.
# $\blacksquare$
#
# La descente de gradient sur $g$ devient, en $x$, $x-\eta PP^\top\nabla f(x)$ : un autre algorithme. Pour Newton, rien
# à normaliser, pas d’unités à choisir, pas de conditionnement. Adam est entre les deux. Si $\varepsilon=0$ et si $P$ est
# diagonale, Adam sur $g$ est Adam sur $f$ avec le pas $\eta|P_{jj}|$ pour la coordonnée $j$ ; pour une autre $P$, c’est en
# général un autre algorithme.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 — change the variables
#
# Write `in_new_variables(grad, hess, P)`: it receives two functions of $x$ and returns the pair of functions of $z$
# of Proposition 2, `(new_grad, new_hess)`. The check compares them with automatic differentiation of
# $z\mapsto f(Pz)$ in JAX and in PyTorch, and with finite differences.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 — changer de variables
#
# Écrivez `in_new_variables(grad, hess, P)` : la fonction reçoit deux fonctions de $x$ et renvoie le couple de
# fonctions de $z$ de la proposition 2, `(new_grad, new_hess)`. La vérification les compare à la différentiation
# automatique de $z\mapsto f(Pz)$, en JAX et en PyTorch, et à des différences finies.

# %% key="ex2" tags=["exercise"]
def in_new_variables(grad, hess, P):
    # en: the gradient and the Hessian of z -> f(P z), two functions of z
    # fr: le gradient et la hessienne de z -> f(P z), deux fonctions de z
    # BEGIN SOLUTION
    def new_grad(z):
        return P.T @ grad(P @ z)

    def new_hess(z):
        return P.T @ hess(P @ z) @ P

    return new_grad, new_hess
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# A function may define functions and return them. Both are evaluated at $Pz$, not at $z$.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Une fonction peut définir des fonctions et les renvoyer. Toutes deux s’évaluent en $Pz$, et non en $z$.
# </details>

# %% key="ex2-check"
check("d2_03.ex2", in_new_variables)

# %% key="affine-run"
P = np.diag([30.0, 1.0, 1.0, 1.0, 1 / 30]) @ rng.normal(size=(5, 5))
new_path = newton(*in_new_variables(logistic_grad, logistic_hess, P), np.zeros(5), 12)
print(T("condition number of P:", "conditionnement de P :"), f"{np.linalg.cond(P):.0e}")
expect("d2_03.affine", np.max(np.abs(new_path @ P.T - path)), at_most=1e-8)

# %% [markdown] key="affine-read" lang="en"
# Equal, up to rounding: in $z$ the systems to solve have a condition number multiplied by up to
# $\operatorname{cond}(P)^2$, and the last digits are lost there. The *theorem* does not depend on $P$, the arithmetic
# does.

# %% [markdown] key="affine-read" lang="fr"
# Égalité, aux arrondis près : en $z$, le conditionnement des systèmes à résoudre est multiplié par un facteur qui peut
# atteindre $\operatorname{cond}(P)^2$, et les derniers chiffres s’y perdent. Le *théorème* ne dépend pas de $P$,
# l’arithmétique, si.

# %% [markdown] key="bfgs" lang="en"
# ## 3. Quasi-Newton: learn the inverse from gradients
#
# A Hessian has $n^2$ entries; a step gives $n$ numbers about it for free. With $s=x_{k+1}-x_k$ and
# $y=\nabla f(x_{k+1})-\nabla f(x_k)$, $y=\bar Hs$ where $\bar H$ is the mean Hessian along the step. So ask of the
# next estimate $H_{k+1}$ of the *inverse* that it satisfy the **secant equation** $H_{k+1}y=s$. BFGS takes
#
# $$H_{k+1}=(I-\rho\,sy^\top)\,H_k\,(I-\rho\,ys^\top)+\rho\,ss^\top,\qquad\rho=\frac1{y^\top s}.\tag{1}$$
#
# > **Proposition 3.** $H_{k+1}y=s$. If $H_k$ is symmetric positive definite and $y^\top s>0$, so is $H_{k+1}$.
#
# *Proof.* $(I-\rho\,ys^\top)y=0$ and $\rho\,ss^\top y=s$. For $z\ne0$ let $w=z-\rho\,(s^\top z)\,y$; then
# $z^\top H_{k+1}z=w^\top H_kw+\rho\,(s^\top z)^2\ge0$, and if this is 0 then $s^\top z=0$ and $w=0$, so $z=w=0$, a
# contradiction. $\blacksquare$

# %% [markdown] key="bfgs" lang="fr"
# ## 3. Quasi-Newton : apprendre l’inverse à partir des gradients
#
# Une hessienne a $n^2$ coefficients ; un pas donne gratuitement $n$ nombres à son sujet. Avec $s=x_{k+1}-x_k$ et
# $y=\nabla f(x_{k+1})-\nabla f(x_k)$, on a $y=\bar Hs$, où $\bar H$ est la moyenne de la hessienne le long du pas. On
# demande donc à la prochaine estimation $H_{k+1}$ de l’*inverse* de vérifier l’**équation de la sécante**
# $H_{k+1}y=s$. BFGS prend
#
# $$H_{k+1}=(I-\rho\,sy^\top)\,H_k\,(I-\rho\,ys^\top)+\rho\,ss^\top,\qquad\rho=\frac1{y^\top s}.\tag{1}$$
#
# > **Proposition 3.** $H_{k+1}y=s$. Si $H_k$ est symétrique définie positive et si $y^\top s>0$, alors $H_{k+1}$
# > l’est aussi.
#
# *Démonstration.* $(I-\rho\,ys^\top)y=0$ et $\rho\,ss^\top y=s$. Pour $z\ne0$, soit $w=z-\rho\,(s^\top z)\,y$ ; alors
# $z^\top H_{k+1}z=w^\top H_kw+\rho\,(s^\top z)^2\ge0$, et si ce nombre est nul, on a $s^\top z=0$ et $w=0$, d’où
# $z=w=0$, ce qui est exclu. $\blacksquare$

# %% [markdown] key="termination" lang="en"
# > **Theorem 4.** Let $f(x)=\frac12x^\top Ax-b^\top x$ with $A$ symmetric positive definite of size $n$. BFGS with
# > exact line search, from any $x_0$ and any symmetric positive definite $H_0$, finds the minimiser in at most $n$
# > steps. If it takes $n$ steps, $H_n=A^{-1}$.
#
# *Proof.* Let $g_k=\nabla f(x_k)$, so $y_j=As_j$. We prove by induction on $k$, as long as $g_k\ne0$: for all $j<k$,
# $H_ky_j=s_j$ and $s_j^\top g_k=0$. *Step.* Proposition 3 keeps $H_k$ positive definite ($y_j^\top s_j=s_j^\top As_j>0$), so
# the direction $-H_kg_k$ is one of descent and $s_k\ne0$. For $j<k$,
# $y_j^\top H_kg_k=s_j^\top g_k=0$; hence $y_j^\top s_k=0=y_k^\top s_j$: the steps are conjugate. By (1), for $j<k$,
# $H_{k+1}y_j=(I-\rho_ks_ky_k^\top)H_ky_j=s_j-\rho_ks_k(y_k^\top s_j)=s_j$, and $H_{k+1}y_k=s_k$. Finally
# $s_j^\top g_{k+1}=s_j^\top g_k+s_j^\top y_k=0$ for $j<k$, and exact line search gives $s_k^\top g_{k+1}=0$. *End.*
# Conjugate non-zero vectors are independent, so $g_n$ is orthogonal to $n$ independent vectors: $g_n=0$. And
# $H_nAs_j=s_j$ on a basis. $\blacksquare$

# %% [markdown] key="termination" lang="fr"
# > **Théorème 4.** Soit $f(x)=\frac12x^\top Ax-b^\top x$, où $A$ est symétrique définie positive de taille $n$. BFGS
# > avec recherche linéaire exacte, depuis tout $x_0$ et toute $H_0$ symétrique définie positive, trouve le
# > minimiseur en $n$ pas au plus. S’il lui faut $n$ pas, $H_n=A^{-1}$.
#
# *Démonstration.* Soit $g_k=\nabla f(x_k)$ ; on a $y_j=As_j$. Montrons par récurrence sur $k$, tant que $g_k\ne0$ :
# pour tout $j<k$, $H_ky_j=s_j$ et $s_j^\top g_k=0$. *Hérédité.* D’après la proposition 3, $H_k$ reste définie positive
# ($y_j^\top s_j=s_j^\top As_j>0$), donc $-H_kg_k$ est une direction de descente et $s_k\ne0$. Pour $j<k$,
# $y_j^\top H_kg_k=s_j^\top g_k=0$ ; donc $y_j^\top s_k=0=y_k^\top s_j$ : les pas sont conjugués. D’après (1), pour
# $j<k$, $H_{k+1}y_j=(I-\rho_ks_ky_k^\top)H_ky_j=s_j-\rho_ks_k(y_k^\top s_j)=s_j$, et $H_{k+1}y_k=s_k$. Enfin
# $s_j^\top g_{k+1}=s_j^\top g_k+s_j^\top y_k=0$ pour $j<k$, et la recherche linéaire exacte donne $s_k^\top g_{k+1}=0$.
# *Conclusion.* Des vecteurs non nuls conjugués forment une famille libre, donc $g_n$ est orthogonal à une base :
# $g_n=0$. Et $H_nAs_j=s_j$ sur une base. $\blacksquare$

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — the BFGS update
#
# Write `bfgs_update(H, s, y)`, formula (1). It must return a *new* matrix.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — la mise à jour BFGS
#
# Écrivez `bfgs_update(H, s, y)`, c’est-à-dire la formule (1). La fonction doit renvoyer une *nouvelle* matrice.

# %% key="ex3" tags=["exercise"]
def bfgs_update(H, s, y):
    # en: the next estimate of the inverse Hessian, from the step s and the change of gradient y
    # fr: la prochaine estimation de l’inverse de la hessienne, d’après le pas s et l’écart des gradients y
    # BEGIN SOLUTION
    rho = 1 / (y @ s)
    left = np.eye(len(s)) - rho * np.outer(s, y)
    return left @ H @ left.T + rho * np.outer(s, s)
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# $sy^\top$ is `np.outer(s, y)`, a matrix; $y^\top s$ is `y @ s`, a number. The factor on the right is the transpose of
# the factor on the left.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# $sy^\top$ est `np.outer(s, y)`, une matrice ; $y^\top s$ est `y @ s`, un nombre. Le facteur de droite est le
# transposé du facteur de gauche.
# </details>

# %% key="ex3-check"
check("d2_03.ex3", bfgs_update)

# %% key="bfgs-run"
Q, _ = np.linalg.qr(rng.normal(size=(10, 10)))
A, b = Q @ np.diag(np.linspace(1, 50, 10)) @ Q.T, rng.normal(size=10)
x, inverse, count = np.zeros(10), np.eye(10), 0
while np.linalg.norm(A @ x - b) > 1e-9 and count < 100:
    g = A @ x - b
    direction = -inverse @ g
    s = -(g @ direction) / (direction @ A @ direction) * direction
    inverse = bfgs_update(inverse, s, A @ s)
    x, count = x + s, count + 1
expect("d2_03.bfgs_steps", count, at_most=10)
expect("d2_03.bfgs_inverse", np.max(np.abs(inverse - np.linalg.inv(A))), at_most=1e-8)

# %% [markdown] key="bfgs-read" lang="en"
# Ten steps, ten dimensions, and the inverse is exact: no Hessian was ever computed. On a non-quadratic function the
# count is no longer finite, but near a minimum with positive definite Hessian BFGS converges superlinearly under
# standard hypotheses. **L-BFGS** keeps only the last $m$ pairs $(s,y)$ and costs $2mn$ numbers of memory.
#
# Why is it then not the default in deep learning? Look at $y$. It is a *difference of two gradients*. With mini-batches
# of noise $\sigma$ its error is of order $\sigma$, whereas $y$ itself is of order $|s|$: the shorter the step, the less
# $y$ says about curvature, and $y^\top s>0$ is no longer guaranteed.

# %% [markdown] key="bfgs-read" lang="fr"
# Dix pas, dix dimensions, et l’inverse est exacte : aucune hessienne n’a été calculée. Pour une fonction non
# quadratique, le nombre de pas n’est plus fini mais, près d’un minimum à hessienne définie positive, BFGS converge de
# façon superlinéaire sous des hypothèses classiques. **L-BFGS** ne garde que les $m$ derniers couples $(s,y)$ et
# n’occupe que $2mn$ nombres en mémoire.
#
# Pourquoi n’est-ce donc pas la méthode usuelle en apprentissage profond ? Regardez $y$ : c’est une *différence de deux
# gradients*. Avec des mini-lots de bruit $\sigma$, son erreur est de l’ordre de $\sigma$, alors que $y$ est de l’ordre
# de $|s|$ : plus le pas est court, moins $y$ renseigne sur la courbure, et $y^\top s>0$ n’est plus garanti.

# %% [markdown] key="hvp" lang="en"
# ## 4. A Hessian that is never formed
#
# Newton needs $\nabla^2f(x)^{-1}g$, and the conjugate gradient method solves a symmetric positive definite system with
# *products* $\nabla^2f(x)\,v$ only. Pearlmutter (1994) noticed that one such product is a directional derivative of
# the gradient:
#
# $$\nabla^2f(x)\,v=\frac{d}{d\varepsilon}\Big|_{\varepsilon=0}\nabla f(x+\varepsilon v)
# =\nabla_x\big\langle\nabla f(x),v\big\rangle.$$
#
# The first form is a JVP of the gradient (forward mode over reverse mode), the second a gradient of a scalar (reverse
# over reverse). Both cost a small constant number of gradients, whatever the dimension, and no memory of size $d^2$.

# %% [markdown] key="hvp" lang="fr"
# ## 4. Une hessienne que l’on ne forme jamais
#
# Newton demande $\nabla^2f(x)^{-1}g$, et la méthode du gradient conjugué résout un système de matrice symétrique
# définie positive avec des *produits* $\nabla^2f(x)\,v$ seulement. Pearlmutter (1994) a remarqué qu’un tel produit est une dérivée
# directionnelle du gradient :
#
# $$\nabla^2f(x)\,v=\frac{d}{d\varepsilon}\Big|_{\varepsilon=0}\nabla f(x+\varepsilon v)
# =\nabla_x\big\langle\nabla f(x),v\big\rangle.$$
#
# La première forme est un JVP du gradient (mode direct sur mode inverse), la seconde le gradient d’un scalaire
# (inverse sur inverse). L’une et l’autre coûtent un petit nombre constant de gradients, quelle que soit la dimension,
# et aucune mémoire de taille $d^2$.

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 — Hessian-vector products
#
# Write `hvp_jax(f, x, v)` with `jax.jvp` and `jax.grad`, and `hvp_torch(f, x, v)` with two calls of
# `torch.autograd.grad`. The check looks into the program that JAX has traced and at the tensors that PyTorch
# makes: an array of $d^2$ numbers is a failure.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 — les produits hessienne-vecteur
#
# Écrivez `hvp_jax(f, x, v)` avec `jax.jvp` et `jax.grad`, et `hvp_torch(f, x, v)` avec deux appels de
# `torch.autograd.grad`. La vérification examine le programme que JAX a tracé et les tenseurs que
# PyTorch fabrique : un tableau de $d^2$ nombres est un échec.

# %% key="ex4" tags=["exercise"]
def hvp_jax(f, x, v):
    # en: the product of the Hessian of f at x with v, in JAX
    # fr: le produit de la hessienne de f en x par v, en JAX
    # BEGIN SOLUTION
    _, product = jax.jvp(jax.grad(f), (x,), (v,))
    return product
    # END SOLUTION


def hvp_torch(f, x, v):
    # en: the same in PyTorch; x and v are tensors without gradient
    # fr: de même en PyTorch ; x et v sont des tenseurs sans gradient
    # BEGIN SOLUTION
    point = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(point), point, create_graph=True)
    return torch.autograd.grad(slope @ v, point)[0]
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# `jax.jvp(h, (x,), (v,))` returns the pair $h(x),\,Dh(x)[v]$; here $h$ is `jax.grad(f)`. In PyTorch the first gradient
# must itself remain differentiable: `create_graph=True`.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `jax.jvp(h, (x,), (v,))` renvoie le couple $h(x),\,Dh(x)[v]$ ; ici, $h$ est `jax.grad(f)`. En PyTorch, le premier
# gradient doit rester lui-même dérivable : `create_graph=True`.
# </details>

# %% key="ex4-check"
check("d2_03.ex4", hvp_jax, hvp_torch)

# %% [markdown] key="cg-text" lang="en"
# Newton by conjugate gradients, on the 1797 digits: softmax regression with $64\times10=640$ parameters and a ridge
# penalty of $10^{-3}$. Each Newton system is solved only as precisely as the current gradient deserves. How many
# products will be needed before $|\nabla f|\le10^{-8}$: 640 per step, as for a whole Hessian, or fewer?

# %% [markdown] key="cg-text" lang="fr"
# Newton par gradient conjugué, sur les 1797 chiffres : une régression softmax à $64\times10=640$ paramètres, avec une
# pénalité ridge de $10^{-3}$. Chaque système de Newton n’est résolu qu’avec la précision que mérite le gradient
# courant. Combien de produits faudra-t-il pour que $|\nabla f|\le10^{-8}$ : 640 par pas, comme pour une hessienne
# entière, ou moins ?

# %% key="cg-run"
pixels, classes = digits()
images, targets = jnp.asarray(pixels), jnp.eye(10)[classes]


def softmax_loss(w):
    scores = images @ w.reshape(64, 10)
    fit = jax.scipy.special.logsumexp(scores, axis=1) - jnp.sum(targets * scores, axis=1)
    return jnp.mean(fit) + 0.5e-3 * w @ w


gradient = jax.jit(jax.grad(softmax_loss))
product = jax.jit(lambda w, v: hvp_jax(softmax_loss, w, v))
w, products = np.zeros(640), []
for _ in range(7):
    g = np.asarray(gradient(w))
    products.append(0)

    def times(v):
        products[-1] += 1
        return np.asarray(product(w, v))

    operator = LinearOperator((640, 640), matvec=times, dtype=float)
    move, _ = cg(operator, -g, rtol=min(0.1, np.linalg.norm(g)), maxiter=200)
    w = w + move
expect("d2_03.newton_cg", np.linalg.norm(gradient(w)), at_most=1e-8)
print(T("products per step:", "produits par pas :"), products, T("total:", "total :"), sum(products))
traced = [gradient.lower(w), product.lower(w, w)]
operations = [program.compile().cost_analysis()["flops"] for program in traced]
print(T("operations, product / gradient:", "opérations, produit / gradient :"), round(operations[1] / operations[0], 2))

# %% [markdown] key="cg-read" lang="en"
# About two hundred products for seven Newton steps, at one and a half gradients each. Gradient descent with $\eta=1/L$
# still has $|\nabla f|\approx4\cdot10^{-4}$ after ten thousand gradients. So second order *works*, when the loss is
# convex, deterministic, and small enough. Now the obstacles.

# %% [markdown] key="cg-read" lang="fr"
# Deux cents produits environ pour sept pas de Newton, à un gradient et demi chacun. La descente de gradient avec
# $\eta=1/L$ en est encore à $|\nabla f|\approx4\cdot10^{-4}$ après dix mille gradients. Le second ordre *marche* donc,
# quand la perte est convexe, déterministe et assez petite. Voici maintenant les obstacles.

# %% [markdown] key="gauss-newton" lang="en"
# ## 5. Gauss-Newton, always positive semi-definite
#
# For $f(\theta)=\frac12|r(\theta)|^2$ with Jacobian $J$ of $r$: $\nabla^2f=J^\top J+\sum_ir_i\nabla^2r_i$. The first
# term needs first derivatives only and is *always* positive semi-definite; it equals the Hessian where the residuals
# vanish. More generally, for a loss $\ell(z)$ convex in the outputs $z(\theta)$ of a network, the **Gauss-Newton
# matrix** $J^\top(\nabla_z^2\ell)J$ drops the curvature of the network and keeps that of the loss. With softmax and
# cross-entropy $\nabla_z^2\ell=\operatorname{diag}(p)-pp^\top=\mathbb E_{y\sim p}[(p-e_y)(p-e_y)^\top]$, so
# Gauss-Newton is the **Fisher matrix** $\mathbb E_{y\sim p}[\nabla\ell_y\nabla\ell_y^\top]$, with labels drawn *from
# the model*. With the labels of the data set ("empirical Fisher") the identity is lost.

# %% [markdown] key="gauss-newton" lang="fr"
# ## 5. Gauss-Newton, toujours semi-définie positive
#
# Pour $f(\theta)=\frac12|r(\theta)|^2$, avec $J$ la jacobienne de $r$ : $\nabla^2f=J^\top J+\sum_ir_i\nabla^2r_i$. Le
# premier terme ne demande que des dérivées premières ; c’est une matrice *toujours* semi-définie positive, égale à la
# hessienne là où les résidus s’annulent. Plus généralement, pour une perte $\ell(z)$ convexe en les sorties
# $z(\theta)$ d’un réseau, la **matrice de Gauss-Newton** $J^\top(\nabla_z^2\ell)J$ oublie la courbure du réseau et
# garde celle de la perte. Avec softmax et entropie croisée,
# $\nabla_z^2\ell=\operatorname{diag}(p)-pp^\top=\mathbb E_{y\sim p}[(p-e_y)(p-e_y)^\top]$, si bien que la matrice de
# Gauss-Newton est la **matrice de Fisher** $\mathbb E_{y\sim p}[\nabla\ell_y\nabla\ell_y^\top]$, les étiquettes étant
# tirées *selon le modèle*. Avec celles du jeu de données (« Fisher empirique »), l’identité est perdue.

# %% [markdown] key="fisher-text" lang="en"
# A network with 222 parameters, 50 digits. The cell computes the Gauss-Newton matrix from the Jacobian of the
# *outputs*, and the Fisher matrix from the Jacobian of the *log-probabilities*: two different programs. How far apart
# do you expect them to be? And which of the three matrices, Hessian, Gauss-Newton, empirical Fisher, can have a
# negative eigenvalue?

# %% [markdown] key="fisher-text" lang="fr"
# Un réseau à 222 paramètres, 50 chiffres. La cellule calcule la matrice de Gauss-Newton à partir de la jacobienne des
# *sorties*, et la matrice de Fisher à partir de celle des *log-probabilités* : deux programmes différents. Quel écart
# attendez-vous entre les deux ? Et laquelle des trois matrices, hessienne, Gauss-Newton, Fisher empirique, peut avoir
# une valeur propre strictement négative ?

# %% key="fisher-run"
few = images[:50]
theta = 0.5 * rng.normal(size=222)


def outputs(u):
    return jnp.tanh(few @ u[:192].reshape(64, 3)) @ u[192:].reshape(3, 10)


def log_probabilities(u):
    return jax.nn.log_softmax(outputs(u))


def few_loss(u):
    return -jnp.mean(jnp.sum(targets[:50] * log_probabilities(u), axis=1))


J, p = jax.jit(jax.jacrev(outputs))(theta), jnp.exp(log_probabilities(theta))
curvature = jax.vmap(jnp.diag)(p) - p[:, :, None] * p[:, None, :]
gauss_newton = jnp.tensordot(J, curvature @ J, axes=((0, 1), (0, 1))) / 50
slopes = jax.jit(jax.jacrev(log_probabilities))(theta)
fisher = jnp.tensordot(slopes, p[:, :, None] * slopes, axes=((0, 1), (0, 1))) / 50
expect("d2_03.fisher", np.max(np.abs(gauss_newton - fisher)), at_most=1e-12)

own = slopes[np.arange(50), classes[:50]]
hessian = jax.jit(jax.hessian(few_loss))(theta)
matrices = [
    (T("Hessian", "hessienne"), hessian),
    (T("Gauss-Newton", "Gauss-Newton"), gauss_newton),
    (T("empirical Fisher", "Fisher empirique"), own.T @ own / 50),
]
for name, matrix in matrices:
    gap = np.linalg.norm(matrix - gauss_newton) / np.linalg.norm(gauss_newton)
    print(f"{name:17s}", T("smallest eigenvalue", "plus petite valeur propre"), f"{np.linalg.eigvalsh(matrix)[0]:9.1e}", T("gap", "écart"), f"{gap:.2f}")

# %% [markdown] key="cost" lang="en"
# ## 6. Four reasons
#
# **Memory.** $d^2$ numbers of 4 bytes. For $d=10^6$ parameters: 4 TB. For the 124 million of a small language model:
# 61.5 PB. And $d^3$ operations to solve.
#
# **Distance.** Theorem 1 begins at a distance $\frac\mu{2M}$ from the answer; section 7 shows what happens before.
#
# **Saddles.** Newton looks for a zero of the gradient, not for a descent: where the Hessian has a negative eigenvalue
# its step goes *up* along that eigenvector. Section 7 again.

# %% [markdown] key="cost" lang="fr"
# ## 6. Quatre raisons
#
# **La mémoire.** $d^2$ nombres de 4 octets. Pour $d=10^6$ paramètres : 4 To. Pour les 124 millions d’un petit modèle
# de langue : 61,5 Po. Et $d^3$ opérations pour résoudre.
#
# **L’éloignement.** Le théorème 1 commence à la distance $\frac\mu{2M}$ de la réponse ; la section 7 montre ce qui se
# passe avant.
#
# **Les points selles.** Newton cherche un zéro du gradient, non une descente : là où la hessienne a une valeur propre
# strictement négative, son pas *monte* selon ce vecteur propre. Voir encore la section 7.

# %% [markdown] key="noise" lang="en"
# **Noise.** A mini-batch gives an unbiased Hessian, but in general the *inverse* of an unbiased estimate is biased.
#
# > **Proposition 5.** Let the $n$ rows of $Z\in\mathbb R^{n\times d}$ be independent Gaussian $\mathcal N(0,\Sigma)$,
# > $\Sigma$ invertible, $n>d+1$, and $\hat S=\frac1nZ^\top Z$. Then
# > $\mathbb E[\hat S]=\Sigma$ and $\mathbb E[\hat S^{-1}]=\frac n{n-d-1}\,\Sigma^{-1}$.
#
# *Proof.* Writing $Z=Z_0\Sigma^{1/2}$ reduces it to $\Sigma=I$. Changing the sign of one column of $Z$ does not change
# its law, so off-diagonal entries have mean 0; permuting columns, the diagonal ones have the same mean. By the Schur
# complement $\big((Z^\top Z)^{-1}\big)_{11}=1/|u|^2$, where $u$ is the part of column 1 orthogonal to the $d-1$ others:
# given these, $|u|^2$ follows a $\chi^2$ law with $m=n-d+1$ degrees of freedom, and $\mathbb E[1/\chi^2_m]=\frac1{m-2}$.
# $\blacksquare$
#
# For the Hessian of least squares with Gaussian inputs, on a batch of 40 in dimension 20, a Newton step with the exact
# gradient is twice too long on average.

# %% [markdown] key="noise" lang="fr"
# **Le bruit.** Un mini-lot donne une hessienne sans biais, mais l’*inverse* d’un estimateur sans biais est en général biaisé.
#
# > **Proposition 5.** Supposons les $n$ lignes de $Z\in\mathbb R^{n\times d}$ indépendantes, de loi gaussienne
# > $\mathcal N(0,\Sigma)$, $\Sigma$ inversible, $n>d+1$, et soit $\hat S=\frac1nZ^\top Z$. Alors
# > $\mathbb E[\hat S]=\Sigma$ et $\mathbb E[\hat S^{-1}]=\frac n{n-d-1}\,\Sigma^{-1}$.
#
# *Démonstration.* En écrivant $Z=Z_0\Sigma^{1/2}$, on se ramène à $\Sigma=I$. Changer le signe d’une colonne de $Z$ ne
# change pas sa loi : les coefficients non diagonaux sont donc d’espérance nulle ; en permutant les colonnes, les
# coefficients diagonaux ont même espérance. Par le complément de Schur, $\big((Z^\top Z)^{-1}\big)_{11}=1/|u|^2$, où $u$
# est la partie de la colonne 1 orthogonale aux $d-1$ autres : sachant celles-ci, $|u|^2$ suit une loi du $\chi^2$ à
# $m=n-d+1$ degrés de liberté, et $\mathbb E[1/\chi^2_m]=\frac1{m-2}$. $\blacksquare$
#
# Pour la hessienne des moindres carrés à entrées gaussiennes, sur un lot de 40 en dimension 20, un pas de Newton, avec le
# gradient exact, est en moyenne deux fois trop long.

# %% [markdown] key="break-text" lang="en"
# ## 7. Break it
#
# Write your predictions down first.
#
# **(a) Far away.** $f(x)=\sqrt{1+x^2}$ is strictly convex, smooth, with minimiser 0. Compute $f'$ and $f''$: the Newton
# iteration is *exactly* $x\mapsto-x^3$. From $x_0=0.9$? From $x_0=1.1$, what is $|x_4|$?
#
# **(b) Saddles.** $f(x,y)=\frac14(x^2-1)^2+\frac14(y^2-1)^2$ has four minima $(\pm1,\pm1)$, four saddles, and a local
# maximum at 0. In each coordinate Newton's iteration is $N(t)=\frac{2t^3}{3t^2-1}$, and $|N(t)|<|t|$ as soon as $0<t^2<\frac15$.
# Where does Newton go from $(0.3,1.5)$?
#
# **(c) A small batch.** Proposition 5 with $d=20$: average $\frac1d\operatorname{tr}\hat S^{-1}$ over 2000 batches of
# 40 rows, $\Sigma=I$. Which number?

# %% [markdown] key="break-text" lang="fr"
# ## 7. Casser exprès
#
# Notez d’abord vos prévisions.
#
# **(a) De loin.** $f(x)=\sqrt{1+x^2}$ est strictement convexe, régulière, de minimiseur 0. Calculez $f'$ et $f''$ :
# l’itération de Newton est *exactement* $x\mapsto-x^3$. Depuis $x_0=0{,}9$ ? Depuis $x_0=1{,}1$, que vaut $|x_4|$ ?
#
# **(b) Les points selles.** $f(x,y)=\frac14(x^2-1)^2+\frac14(y^2-1)^2$ a quatre minima $(\pm1,\pm1)$, quatre points
# selles et un maximum local en 0. Dans chaque coordonnée, l’itération de Newton est $N(t)=\frac{2t^3}{3t^2-1}$, et
# $|N(t)|<|t|$ dès que $0<t^2<\frac15$. Où va Newton depuis $(0{,}3,1{,}5)$ ?
#
# **(c) Un petit lot.** La proposition 5 avec $d=20$ : on moyenne $\frac1d\operatorname{tr}\hat S^{-1}$ sur 2000 lots de
# 40 lignes, avec $\Sigma=I$. Quel nombre ?

# %% key="break1" tags=["break"]
def flat_grad(x):
    return x / np.sqrt(1 + x**2)


def flat_hess(x):
    return np.diag((1 + x**2) ** -1.5)


far = newton(flat_grad, flat_hess, np.array([1.1]), 4)[:, 0]
expect("d2_03.break1", abs(far[4]), 1.1**81, rtol=1e-6)
near = newton(flat_grad, flat_hess, np.array([0.9]), 4)[:, 0]
print(far, near)

# %% key="break2" tags=["break"]
def wells_grad(z):
    return z**3 - z


def wells_hess(z):
    return np.diag(3 * z**2 - 1)


end = newton(wells_grad, wells_hess, np.array([0.3, 1.5]), 12)[-1]
expect("d2_03.break2", np.linalg.norm(end - [0, 1]), 0, atol=1e-9)
print(end, T("eigenvalues there:", "valeurs propres en ce point :"), np.linalg.eigvalsh(wells_hess(end)))

# %% key="break3" tags=["break"]
def mean_inverse(n, batches=2000, d=20):
    rows = rng.normal(size=(batches, n, d))
    return np.mean(np.trace(np.linalg.inv(rows.transpose(0, 2, 1) @ rows / n), axis1=1, axis2=2)) / d


expect("d2_03.break3", mean_inverse(40), 40 / 19, rtol=0.02)

# %% key="break-figure" tags=["figure"]
left, right = figures.axes(2, height=3.6)
ticks = np.linspace(-2, 2, 400)
t = ticks.copy()
for _ in range(60):
    t = 2 * t**3 / (3 * t**2 - 1)
rises = (np.abs(t) < 0.5).astype(int)
left.pcolormesh(ticks, ticks, rises[:, None] + rises, cmap="Greys", vmin=0, vmax=3, rasterized=True)
left.plot([-1, -1, 1, 1], [-1, 1, -1, 1], "o", color=figures.BLUE, label=T("minimum", "minimum"))
left.plot([0, 0, 1, -1], [1, -1, 0, 0], "s", color=figures.VERMILION, label=T("saddle", "point selle"))
left.plot(0, 0, "^", color=figures.ORANGE, label=T("maximum", "maximum"))
left.set(title=T("Where Newton ends (white: a minimum)", "Où finit Newton (blanc : un minimum)"), xlabel="$x$", ylabel="$y$")
left.legend(loc="lower right", frameon=True, fontsize=8)
sizes = np.array([25, 30, 40, 60, 100, 200])
right.plot(np.arange(24, 201), np.arange(24, 201) / (np.arange(24, 201) - 21), label="$n/(n-d-1)$")
right.plot(sizes, [mean_inverse(n, 400) for n in sizes], "s", color=figures.VERMILION, label=T("measured", "mesuré"))
right.set(title=T("How much too long a Newton step is", "De combien un pas de Newton est trop long"), ylim=(0, 9))
right.set(xlabel=T("batch size $n$, dimension 20", "taille du lot $n$, dimension 20"))
right.legend();

# %% [markdown] key="break-read" lang="en"
# (a) The quadratic model of $\sqrt{1+x^2}$ at $x$ forgets that the curvature dies away like $|x|^{-3}$: beyond $|x|=1$ the
# step overshoots, and the error is *cubed*. Gradient descent with $\eta=1$, since $L=1$, converges from everywhere.
# (b) The white region is where Newton finds a minimum. The bands $|t|<1/\sqrt5$ lead to a saddle, their intersection to
# the maximum; all of them converge at least quadratically, with the same beautiful column of errors. (c) The measured factors
# follow $\frac n{n-d-1}$: with 25 rows in dimension 20, six times too long.

# %% [markdown] key="break-read" lang="fr"
# (a) Le modèle quadratique de $\sqrt{1+x^2}$ en $x$ oublie que la courbure s’éteint comme $|x|^{-3}$ : au-delà de
# $|x|=1$, le pas va trop loin et l’erreur est élevée *au cube*. La descente de gradient avec $\eta=1$, puisque $L=1$,
# converge de partout. (b) La région blanche est celle où Newton trouve un minimum. Les bandes $|t|<1/\sqrt5$ mènent à un
# point selle, leur intersection au maximum ; toutes convergent au moins quadratiquement, avec la même belle colonne
# d’erreurs. (c) Les facteurs mesurés suivent $\frac n{n-d-1}$ : avec 25 lignes en dimension 20, six fois trop long.

# %% [markdown] key="exit" lang="en"
# Newton goes to the *critical point of its quadratic model*, whatever its nature: from two starts in
# five of this square it ends on a saddle or on the maximum, where gradient descent almost never goes (notebook 4). Its
# remedies each cost something: a line search or a trust region for the distance, $\nabla^2f+\lambda I$ or Gauss-Newton
# for the signs, large batches for the noise, products or blocks (K-FAC, Shampoo) for the memory.
#
# ## What to keep
#
# | Method | Memory | Per step | Needs | Gives |
# |---|---|---|---|---|
# | Gradient descent | $d$ | 1 gradient | $\eta<2/L$ | rate set by $\kappa$ |
# | Newton | $d^2$ | $d^2$ entries, $d^3$ operations | a near start, a positive Hessian | digits double, no $\kappa$ |
# | BFGS | $d^2$ | 1 gradient, $d^2$ operations | exact gradients, $y^\top s>0$ | superlinear under suitable hypotheses |
# | Newton-CG | a few $d$ | some products | exact products | Newton without the matrix |
#
# ## Exit ticket
#
# No code, five minutes, a few lines each.
#
# 1. In Proposition 2, replace the Newton step by $-\eta\,(\nabla^2f+\lambda I)^{-1}\nabla f$ with $\lambda>0$. Is the
#    method still affine invariant? For which $P$ does it remain invariant?
# 2. Your mini-batches have 512 examples, your model $10^6$ parameters, the loss is least squares. What is the largest
#    possible rank of the batch Gauss-Newton matrix? What does "invert it" then mean, and what does a damping
#    $\lambda I$ decide in your place?

# %% [markdown] key="exit" lang="fr"
# Newton va au *point critique de son modèle quadratique*, quelle qu’en soit la nature : pour deux départs sur
# cinq de ce carré, il finit sur un point selle ou sur le maximum, là où la descente de gradient ne va presque jamais
# (notebook 4). Chaque remède a son prix : une recherche linéaire ou une région de confiance contre l’éloignement,
# $\nabla^2f+\lambda I$ ou Gauss-Newton pour les signes, de grands lots contre le bruit, des produits ou des blocs
# (K-FAC, Shampoo) pour la mémoire.
#
# ## Ce qu’il faut retenir
#
# | Méthode | Mémoire | Par pas | Ce qu’elle demande | Ce qu’elle donne |
# |---|---|---|---|---|
# | Descente de gradient | $d$ | 1 gradient | $\eta<2/L$ | une vitesse fixée par $\kappa$ |
# | Newton | $d^2$ | $d^2$ coefficients, $d^3$ opérations | un départ proche, une hessienne définie positive | les chiffres doublent, pas de $\kappa$ |
# | BFGS | $d^2$ | 1 gradient, $d^2$ opérations | des gradients exacts, $y^\top s>0$ | superlinéaire sous des hypothèses convenables |
# | Newton-CG | quelques $d$ | quelques produits | des produits exacts | Newton sans la matrice |
#
# ## Billet de sortie
#
# Sans code, cinq minutes, quelques lignes par question.
#
# 1. Dans la proposition 2, remplaçons le pas de Newton par $-\eta\,(\nabla^2f+\lambda I)^{-1}\nabla f$ avec
#    $\lambda>0$. La méthode reste-t-elle invariante par changement affine ? Pour quelles $P$ le reste-t-elle ?
# 2. Vos mini-lots ont 512 exemples, votre modèle $10^6$ paramètres, la perte est celle des moindres carrés. Quel est le
#    plus grand rang possible de la matrice de Gauss-Newton d’un lot ? Que veut alors dire « l’inverser », et que décide
#    à votre place un amortissement $\lambda I$ ?

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. In $z$ the step is $-\eta(P^\top HP+\lambda I)^{-1}P^\top\nabla f$, that is, in $x$,
# $-\eta\big(H+\lambda(PP^\top)^{-1}\big)^{-1}\nabla f$: the same step for every $f$ if and only if $PP^\top=I$. Damping
# brings the choice of coordinates back. 2. With scalar outputs the rank is at most 512 (at most 512 times the number of
# outputs otherwise): out of $10^6$ directions at least 999,488 have curvature exactly 0 on the batch. The matrix has no
# inverse; one may use the pseudo-inverse, or $\lambda$, which then decides *alone* how far to go in all those directions:
# $\frac1\lambda$ times the gradient, which is 0 there for this batch (the gradient $J^\top r$ lies in the image of
# $J^\top$), but not for the next one, and momentum mixes them.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. En $z$, le pas est $-\eta(P^\top HP+\lambda I)^{-1}P^\top\nabla f$, c’est-à-dire, en
# $x$, $-\eta\big(H+\lambda(PP^\top)^{-1}\big)^{-1}\nabla f$ : c’est le même pas pour toute $f$ si et seulement si
# $PP^\top=I$. L’amortissement ramène le choix des coordonnées. 2. Si la sortie est scalaire, le rang est au plus 512
# (sinon, 512 fois le nombre de sorties) : sur $10^6$ directions, au moins 999 488 ont sur ce lot une courbure exactement
# nulle. La matrice n’a pas d’inverse ; on peut prendre la pseudo-inverse, ou bien $\lambda$, qui décide alors *seul*
# jusqu’où aller dans toutes ces directions : $\frac1\lambda$ fois le gradient, lequel y est nul pour ce lot (le gradient
# $J^\top r$ est dans l’image de $J^\top$), mais pas pour le suivant, et l’inertie les mélange.
