# %% [markdown] key="title" lang="en"
# # Matrix calculus: Jacobians, gradients, the chain rule
#
# **Day 1, notebook 4** — about 45 minutes, plus an optional part (section 6).
#
# After this notebook you can
# - differentiate a function of a matrix without writing a single index;
# - pass from a differential to a gradient, and from a Jacobian to the two products that programs really compute;
# - derive the gradients of the inverse, of the determinant, of softmax and of layer normalisation;
# - test a gradient, and say why a test can be passed by a wrong one.
#
# **Conventions.** $\langle A,B\rangle=\operatorname{tr}(A^\top B)=\sum_{ij}A_{ij}B_{ij}$, with norm $\|A\|_F$. A gradient has the shape of its variable. The Jacobian of $f:\mathbb R^n\to\mathbb R^m$ is $m\times n$, with entries $\partial f_i/\partial x_j$. $A^{-\top}$ is the transpose of $A^{-1}$; $\odot$ is the product entry by entry.

# %% [markdown] key="title" lang="fr"
# # Calcul différentiel matriciel : jacobiennes, gradients, règle de la chaîne
#
# **Jour 1, notebook 4** — environ 45 minutes, plus une partie facultative (section 6).
#
# À l’issue de ce notebook, vous saurez
# - différentier une fonction d’une matrice sans écrire un seul indice ;
# - passer d’une différentielle à un gradient, et d’une jacobienne aux deux produits que les programmes calculent réellement ;
# - établir les gradients de l’inverse, du déterminant, du softmax et de la normalisation de couche ;
# - tester un gradient, et dire pourquoi un gradient faux peut réussir un test.
#
# **Conventions.** $\langle A,B\rangle=\operatorname{tr}(A^\top B)=\sum_{ij}A_{ij}B_{ij}$, de norme $\|A\|_F$. Un gradient a la forme de sa variable. La jacobienne de $f:\mathbb R^n\to\mathbb R^m$ est de taille $m\times n$, de coefficients $\partial f_i/\partial x_j$. $A^{-\top}$ est la transposée de $A^{-1}$ ; $\odot$ est le produit coefficient par coefficient.

# %% key="imports"
import jax
import jax.numpy as jnp
import numpy as np
import torch
from airina import check, expect, figures

# %% key="judges"
from airina.derivatives import numerical_gradient, numerical_jvp

# %% [markdown] key="differential" lang="en"
# ## 1. The differential is the derivative
#
# Let $E,F$ be Euclidean spaces (of vectors, of matrices), $U\subset E$ open. $f:U\to F$ is *differentiable* at $X$ if there is a **linear** map $Df(X):E\to F$, its *differential*, with
# $$f(X+H)=f(X)+Df(X)[H]+o(\|H\|).$$
# It is unique: $Df(X)[H]$ is the derivative of $t\mapsto f(X+tH)$ at $0$. With $H=\mathrm dX$ one writes $\mathrm df$. Two special cases have names.
# - For $F=\mathbb R$, the *gradient* is the element of $E$ with $Df(X)[H]=\langle\nabla f(X),H\rangle$ for every $H$. To find it: compute $\mathrm df$, and read what stands opposite $\mathrm dX$.
# - For $E=\mathbb R^n$, $F=\mathbb R^m$, the *Jacobian* is the matrix of $Df(x)$: $Df(x)[h]=J_f(x)h$.
#
# > **Theorem 1 (chain rule).** If $f$ is differentiable at $X$, and $g$, defined near $f(X)$, is differentiable at $f(X)$, then $g\circ f$ is differentiable at $X$ and $D(g\circ f)(X)=Dg(f(X))\circ Df(X)$.
#
# **Proof.** Put $K=f(X+H)-f(X)=Df(X)[H]+o(\|H\|)$; in particular $\|K\|\le C\|H\|$ for small $H$. Then $g(f(X)+K)=g(f(X))+Dg(f(X))[K]+o(\|K\|)$, where $o(\|K\|)=o(\|H\|)$ and, $Dg(f(X))$ being linear and continuous, $Dg(f(X))[K]=Dg(f(X))\big[Df(X)[H]\big]+o(\|H\|)$. $\blacksquare$

# %% [markdown] key="differential" lang="fr"
# ## 1. La dérivée, c’est la différentielle
#
# Soient $E,F$ des espaces euclidiens (de vecteurs, de matrices) et $U\subset E$ un ouvert. $f:U\to F$ est *différentiable* en $X$ s’il existe une application **linéaire** $Df(X):E\to F$, sa *différentielle*, telle que
# $$f(X+H)=f(X)+Df(X)[H]+o(\|H\|).$$
# Elle est unique : $Df(X)[H]$ est la dérivée de $t\mapsto f(X+tH)$ en $0$. Avec $H=\mathrm dX$, on écrit $\mathrm df$. Deux cas particuliers portent un nom.
# - Pour $F=\mathbb R$, le *gradient* est l’élément de $E$ tel que $Df(X)[H]=\langle\nabla f(X),H\rangle$ pour tout $H$. Pour le trouver : calculer $\mathrm df$, et lire ce qui fait face à $\mathrm dX$.
# - Pour $E=\mathbb R^n$, $F=\mathbb R^m$, la *jacobienne* est la matrice de $Df(x)$ : $Df(x)[h]=J_f(x)h$.
#
# > **Théorème 1 (règle de la chaîne).** Si $f$ est différentiable en $X$, et si $g$, définie au voisinage de $f(X)$, est différentiable en $f(X)$, alors $g\circ f$ est différentiable en $X$ et $D(g\circ f)(X)=Dg(f(X))\circ Df(X)$.
#
# **Démonstration.** Posons $K=f(X+H)-f(X)=Df(X)[H]+o(\|H\|)$ ; en particulier $\|K\|\le C\|H\|$ pour $H$ petit. Alors $g(f(X)+K)=g(f(X))+Dg(f(X))[K]+o(\|K\|)$, où $o(\|K\|)=o(\|H\|)$ et, $Dg(f(X))$ étant linéaire et continue, $Dg(f(X))[K]=Dg(f(X))\big[Df(X)[H]\big]+o(\|H\|)$. $\blacksquare$

# %% [markdown] key="products" lang="en"
# **What programs compute.** Nobody stores the Jacobian of a layer: for $10^3$ inputs and $10^3$ outputs in a batch of $100$, it would have $10^{10}$ entries. Two products are enough.
# - **JVP** (forward mode): $H\mapsto Df(X)[H]$, "if the input moves by $H$, how does the output move?" One pass gives one *column* of the Jacobian.
# - **VJP** (reverse mode): $G\mapsto Df(X)^*[G]$, where the *adjoint* is defined by $\langle G,Df(X)[H]\rangle=\langle Df(X)^*[G],H\rangle$. One pass gives one *row*. With $G=1$ and $F=\mathbb R$ it is the gradient.
#
# Taking adjoints reverses the order: $D(g\circ f)(X)^*=Df(X)^*\circ Dg(f(X))^*$. That is all of backpropagation (notebook 5). *Discuss in pairs, two minutes*: a loss in $\mathbb R$ after ten layers from $\mathbb R^{1000}$ to $\mathbb R^{1000}$. How many multiplications does the product of the eleven Jacobians take, from the input side, and from the loss side?
#
# **Prediction** for $f(x)=\tanh(Mx)$ with $M\in\mathbb R^{4\times3}$: $J=\operatorname{diag}(1-\tanh^2(Mx))\,M$, from three JVPs or from four VJPs.

# %% [markdown] key="products" lang="fr"
# **Ce que calculent les programmes.** Personne ne stocke la jacobienne d’une couche : pour $10^3$ entrées et $10^3$ sorties dans un lot de $100$, elle aurait $10^{10}$ coefficients. Deux produits suffisent.
# - **JVP** (mode direct) : $H\mapsto Df(X)[H]$, « si l’entrée bouge de $H$, de combien bouge la sortie ? » Une passe donne une *colonne* de la jacobienne.
# - **VJP** (mode inverse) : $G\mapsto Df(X)^*[G]$, où l’*adjoint* est défini par $\langle G,Df(X)[H]\rangle=\langle Df(X)^*[G],H\rangle$. Une passe donne une *ligne*. Avec $G=1$ et $F=\mathbb R$, c’est le gradient.
#
# Passer à l’adjoint renverse l’ordre : $D(g\circ f)(X)^*=Df(X)^*\circ Dg(f(X))^*$. Toute la rétropropagation est là (notebook 5). *À discuter à deux, deux minutes* : une perte dans $\mathbb R$ au bout de dix couches de $\mathbb R^{1000}$ dans $\mathbb R^{1000}$. Combien de multiplications demande le produit des onze jacobiennes, si l’on commence du côté de l’entrée, et si l’on commence du côté de la perte ?
#
# **Prévision** pour $f(x)=\tanh(Mx)$ avec $M\in\mathbb R^{4\times3}$ : $J=\operatorname{diag}(1-\tanh^2(Mx))\,M$, par trois JVP ou par quatre VJP.

# %% key="products-run"
rng = np.random.default_rng(4)
M, x = rng.normal(size=(4, 3)), rng.normal(size=3)
by_hand = (1 - np.tanh(M @ x) ** 2)[:, None] * M
value, pull = jax.vjp(lambda v: jnp.tanh(M @ v), x)
columns = np.stack([jax.jvp(lambda v: jnp.tanh(M @ v), (x,), (e,))[1] for e in np.eye(3)], axis=1)
rows = np.stack([pull(e)[0] for e in np.eye(4)])
by_torch = torch.autograd.functional.jacobian(lambda v: torch.tanh(torch.tensor(M) @ v), torch.tensor(x)).numpy()
by_differences = np.stack([numerical_jvp(lambda v: np.tanh(M @ v), x, e) for e in np.eye(3)], axis=1)
expect("d1_04.forward_mode", np.abs(columns - by_hand).max(), 0.0, atol=1e-12)
expect("d1_04.reverse_mode", np.abs(rows - by_hand).max(), 0.0, atol=1e-12)
expect("d1_04.jacobian_torch", np.abs(by_torch - by_hand).max(), 0.0, atol=1e-12)
expect("d1_04.jacobian_differences", np.abs(by_differences - by_hand).max(), 0.0, atol=1e-9)

# %% [markdown] key="rules" lang="en"
# ## 2. Four differentials
#
# > **Proposition 2.** For matrices of suitable sizes, $X$ being invertible in (c) and (d):
# > - (a) $\mathrm d(YZ)=\mathrm dY\,Z+Y\,\mathrm dZ$;
# > - (b) for $f(W)=\frac12\|XW-Y\|_F^2$, $\nabla f(W)=X^\top(XW-Y)$;
# > - (c) $\mathrm d(X^{-1})=-X^{-1}\,\mathrm dX\,X^{-1}$;
# > - (d) $\mathrm d\ln|\det X|=\operatorname{tr}(X^{-1}\mathrm dX)$, so $\nabla\ln|\det X|=X^{-\top}$.
#
# **Proof.** (a) Expand $(Y+\mathrm dY)(Z+\mathrm dZ)$; the term $\mathrm dY\,\mathrm dZ$ is of second order. (b) With $R=XW-Y$, $\mathrm df=\langle R,\mathrm dR\rangle=\langle R,X\,\mathrm dW\rangle=\langle X^\top R,\mathrm dW\rangle$. (c) If $\|X^{-1}H\|_2<1$, the Neumann series gives $(X+H)^{-1}=(I+X^{-1}H)^{-1}X^{-1}=X^{-1}-X^{-1}HX^{-1}+O(\|H\|^2)$. (d) $\det(I+H)=\prod_i(1+\lambda_i(H))=1+\operatorname{tr}H+O(\|H\|^2)$ with the complex eigenvalues of $H$, so $\ln|\det(X+H)|=\ln|\det X|+\ln\det(I+X^{-1}H)=\ln|\det X|+\operatorname{tr}(X^{-1}H)+O(\|H\|^2)$, and $\operatorname{tr}(X^{-1}H)=\langle X^{-\top},H\rangle$. $\blacksquare$
#
# Once the differential (c) is known to exist, it can be found in one line, from $XX^{-1}=I$ and (a). No index has been written; the order of the factors did all the work.

# %% [markdown] key="rules" lang="fr"
# ## 2. Quatre différentielles
#
# > **Proposition 2.** Pour des matrices de tailles compatibles, $X$ étant inversible dans (c) et (d) :
# > - (a) $\mathrm d(YZ)=\mathrm dY\,Z+Y\,\mathrm dZ$ ;
# > - (b) pour $f(W)=\frac12\|XW-Y\|_F^2$, $\nabla f(W)=X^\top(XW-Y)$ ;
# > - (c) $\mathrm d(X^{-1})=-X^{-1}\,\mathrm dX\,X^{-1}$ ;
# > - (d) $\mathrm d\ln|\det X|=\operatorname{tr}(X^{-1}\mathrm dX)$, donc $\nabla\ln|\det X|=X^{-\top}$.
#
# **Démonstration.** (a) On développe $(Y+\mathrm dY)(Z+\mathrm dZ)$ ; le terme $\mathrm dY\,\mathrm dZ$ est du second ordre. (b) Avec $R=XW-Y$, $\mathrm df=\langle R,\mathrm dR\rangle=\langle R,X\,\mathrm dW\rangle=\langle X^\top R,\mathrm dW\rangle$. (c) Si $\|X^{-1}H\|_2<1$, la série de Neumann donne $(X+H)^{-1}=(I+X^{-1}H)^{-1}X^{-1}=X^{-1}-X^{-1}HX^{-1}+O(\|H\|^2)$. (d) $\det(I+H)=\prod_i(1+\lambda_i(H))=1+\operatorname{tr}H+O(\|H\|^2)$, avec les valeurs propres complexes de $H$ ; donc $\ln|\det(X+H)|=\ln|\det X|+\ln\det(I+X^{-1}H)=\ln|\det X|+\operatorname{tr}(X^{-1}H)+O(\|H\|^2)$, et $\operatorname{tr}(X^{-1}H)=\langle X^{-\top},H\rangle$. $\blacksquare$
#
# Une fois acquise l’existence de la différentielle (c), une ligne suffit pour la trouver, à partir de $XX^{-1}=I$ et de (a). Aucun indice n’a été écrit ; c’est l’ordre des facteurs qui a fait tout le travail.

# %% [markdown] key="habits" lang="en"
# **Three habits.**
# 1. *Scalars are traces.* $x^\top Ax=\operatorname{tr}(Axx^\top)$, and the trace does not change when its factors are permuted cyclically. Any scalar expression can so be turned until $\mathrm dX$ stands at the end: $\operatorname{tr}(M\,\mathrm dX)$ means that the gradient is $M^\top$, not $M$.
# 2. *The gradient depends on the space.* If $X$ may only move in a subspace of $E$, the gradient is the orthogonal *projection* of $\nabla f$ onto it: for symmetric matrices, $\frac12(\nabla f+\nabla f^\top)$; for triangular ones, the triangle of $\nabla f$. Tables that disagree by a factor $2$ off the diagonal are using different scalar products.
# 3. *Shapes do not prove anything.* $X^\top(XW-Y)$ is the only product of its two factors with the shape of $W$; but for square matrices all products have the right shape, and the wrong ones run just as well.

# %% [markdown] key="habits" lang="fr"
# **Trois habitudes.**
# 1. *Un scalaire est une trace.* $x^\top Ax=\operatorname{tr}(Axx^\top)$, et la trace ne change pas quand on permute ses facteurs circulairement. On peut donc tourner toute expression scalaire jusqu’à ce que $\mathrm dX$ soit à la fin : $\operatorname{tr}(M\,\mathrm dX)$ signifie que le gradient est $M^\top$, et non $M$.
# 2. *Le gradient dépend de l’espace.* Si $X$ ne peut se mouvoir que dans un sous-espace de $E$, le gradient est la *projection* orthogonale de $\nabla f$ sur ce sous-espace : pour les matrices symétriques, $\frac12(\nabla f+\nabla f^\top)$ ; pour les matrices triangulaires, le triangle de $\nabla f$. Deux formulaires qui diffèrent d’un facteur $2$ hors de la diagonale n’emploient pas le même produit scalaire.
# 3. *Les formes ne démontrent rien.* $X^\top(XW-Y)$ est le seul produit de ses deux facteurs qui ait la forme de $W$ ; mais pour des matrices carrées, tous les produits ont la bonne forme, et ceux qui sont faux s’exécutent tout aussi bien.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — fit, and stay invertible
#
# A square layer $W$ is to fit $Y\approx XW$ and to stay invertible, as in a normalising flow: $f(W)=\frac12\|XW-Y\|_F^2-\ln|\det W|$. Write `flow_gradient(X, W, Y)`, its gradient. One line.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — ajuster, et rester inversible
#
# Une couche carrée $W$ doit ajuster $Y\approx XW$ tout en restant inversible, comme dans un flot normalisant : $f(W)=\frac12\|XW-Y\|_F^2-\ln|\det W|$. Écrivez `flow_gradient(X, W, Y)`, son gradient. Une ligne.

# %% key="ex1" tags=["exercise"]
def flow_gradient(X, W, Y):
    # en: gradient of W -> |XW - Y|^2 / 2 - ln |det W|
    # fr: gradient de W -> |XW - Y|^2 / 2 - ln |det W|
    # BEGIN SOLUTION
    return X.T @ (X @ W - Y) - np.linalg.inv(W).T
    # END SOLUTION


# %% key="ex1-check"
check("d1_04.ex1", flow_gradient)

# %% [markdown] key="taylor-text" lang="en"
# **The Taylor test.** The definition itself judges a gradient: if $\nabla f$ is right and $f$ is of class $C^2$, the remainder $r(t)=|f(W+tH)-f(W)-t\langle\nabla f(W),H\rangle|$ is $O(t^2)$, and of order $t^2$ exactly when $D^2f(W)[H,H]\ne0$; if it is wrong, of order $t$ for almost every direction $H$. **Prediction**: in logarithmic scale, slope $2$ for your function, and slope $1$ when $W^{-\top}$ is replaced by $W^{-1}$. No tolerance to choose: a slope is $1$ or $2$.

# %% [markdown] key="taylor-text" lang="fr"
# **Le test de Taylor.** La définition elle-même juge un gradient : si $\nabla f$ est juste et si $f$ est de classe $C^2$, le reste $r(t)=|f(W+tH)-f(W)-t\langle\nabla f(W),H\rangle|$ est un $O(t^2)$, d’ordre $t^2$ exactement quand $D^2f(W)[H,H]\ne0$ ; s’il est faux, d’ordre $t$ pour presque toute direction $H$. **Prévision** : en échelle logarithmique, une pente $2$ pour votre fonction, et une pente $1$ quand on remplace $W^{-\top}$ par $W^{-1}$. Aucune tolérance à choisir : une pente vaut $1$ ou $2$.

# %% key="taylor-run"
X, Y = rng.normal(size=(8, 4)), rng.normal(size=(8, 4))
W, H = 3 * np.eye(4) + rng.normal(size=(4, 4)), rng.normal(size=(4, 4))


def flow_loss(W, slogdet=np.linalg.slogdet):
    return 0.5 * ((X @ W - Y) ** 2).sum() - slogdet(W)[1]


def remainder(gradient, t):
    return abs(flow_loss(W + t * H) - flow_loss(W) - t * np.sum(gradient * H))


right = flow_gradient(X, W, Y)
wrong = right + np.linalg.inv(W).T - np.linalg.inv(W)
expect("d1_04.taylor_right", np.log10(remainder(right, 1e-3) / remainder(right, 1e-4)), 2.0, atol=0.05)
expect("d1_04.taylor_wrong", np.log10(remainder(wrong, 1e-6) / remainder(wrong, 1e-7)), 1.0, atol=0.05)

by_jax = jax.grad(lambda W: 0.5 * ((X @ W - Y) ** 2).sum() - jnp.linalg.slogdet(W)[1])(W)
leaf = torch.tensor(W, requires_grad=True)
(0.5 * ((torch.tensor(X) @ leaf - torch.tensor(Y)) ** 2).sum() - torch.linalg.slogdet(leaf)[1]).backward()
size = np.abs(right).max()
expect("d1_04.flow_jax", np.abs(right - by_jax).max() / size, 0.0, atol=1e-10)
expect("d1_04.flow_torch", np.abs(right - leaf.grad.numpy()).max() / size, 0.0, atol=1e-10)
expect("d1_04.flow_differences", np.abs(right - numerical_gradient(flow_loss, W)).max() / size, 0.0, atol=1e-7)

# %% key="taylor-figure" tags=["figure"]
ax = figures.axes(height=2.8)
times = np.geomspace(1e-9, 1e-1, 33)
ax.loglog(times, [remainder(wrong, t) for t in times], "s--", color=figures.VERMILION, markevery=4, label=T("transpose forgotten", "transposée oubliée"))
ax.loglog(times, [remainder(right, t) for t in times], "o-", color=figures.BLUE, markevery=4, label=T("your gradient", "votre gradient"))
ax.loglog(times, times**2, color=figures.GREY, linestyle=":", label="$t^2$")
ax.set(xlabel="$t$", ylabel=T("remainder $r(t)$", "reste $r(t)$"), ylim=(1e-17, 1e2))
ax.legend(loc="upper left");

# %% [markdown] key="taylor-read" lang="en"
# Near $10^{-14}$ the straight line stops: rounding of $f$ itself, about $10^{-16}|f|$, hides the remainder. Section 7 turns this observation into a law.

# %% [markdown] key="taylor-read" lang="fr"
# Vers $10^{-14}$, la droite s’interrompt : l’arrondi sur $f$ elle-même, environ $10^{-16}|f|$, masque le reste. La section 7 fera de cette observation une loi.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 — the adjoint of the inverse
#
# Let $C=B^{-1}$, and let $G$ be the gradient of a loss with respect to $C$. Write `inverse_vjp(B, G)`, the gradient with respect to $B$. Start from (c), pair with $G$, and move the factors with $\langle G,PHQ\rangle=\langle P^\top GQ^\top,H\rangle$. At most 2 lines.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 — l’adjoint de l’inverse
#
# Soit $C=B^{-1}$, et soit $G$ le gradient d’une perte par rapport à $C$. Écrivez `inverse_vjp(B, G)`, le gradient par rapport à $B$. Partez de (c), appariez avec $G$, et déplacez les facteurs grâce à $\langle G,PHQ\rangle=\langle P^\top GQ^\top,H\rangle$. Deux lignes au plus.

# %% key="ex2" tags=["exercise"]
def inverse_vjp(B, G):
    # en: gradient with respect to B when that with respect to B^{-1} is G
    # fr: gradient par rapport à B quand celui par rapport à B^{-1} est G
    # BEGIN SOLUTION
    C = np.linalg.inv(B)
    return -C.T @ G @ C.T
    # END SOLUTION


# %% key="ex2-check"
check("d1_04.ex2", inverse_vjp)

# %% [markdown] key="gaussian" lang="en"
# **What it is for.** Let $x_1,\dots,x_N$ be data whose $C=\frac1N\sum_ix_ix_i^\top$ is invertible. Their negative log-likelihood under $\mathcal N(0,S)$ is, up to an additive and a multiplicative constant, $\ell(S)=\ln\det S+\operatorname{tr}(S^{-1}C)$. Since $\operatorname{tr}(S^{-1}C)=\langle C^\top,S^{-1}\rangle$, the chain rule gives $\nabla\ell(S)=S^{-\top}-S^{-\top}C^\top S^{-\top}$. **Prediction**: it vanishes at $S=C$, and only there. As $\ell\to+\infty$ when an eigenvalue of $S$ tends to $0$ or to $\infty$, the minimum exists: the maximum likelihood estimate is the empirical covariance.

# %% [markdown] key="gaussian" lang="fr"
# **À quoi cela sert.** Soient $x_1,\dots,x_N$ des données telles que $C=\frac1N\sum_ix_ix_i^\top$ soit inversible. L’opposé de leur log-vraisemblance sous $\mathcal N(0,S)$ vaut, à une constante additive et une constante multiplicative près, $\ell(S)=\ln\det S+\operatorname{tr}(S^{-1}C)$. Comme $\operatorname{tr}(S^{-1}C)=\langle C^\top,S^{-1}\rangle$, la règle de la chaîne donne $\nabla\ell(S)=S^{-\top}-S^{-\top}C^\top S^{-\top}$. **Prévision** : il s’annule en $S=C$, et là seulement. Comme $\ell\to+\infty$ quand une valeur propre de $S$ tend vers $0$ ou vers $\infty$, le minimum est atteint : l’estimateur du maximum de vraisemblance est la covariance empirique.

# %% key="gaussian-run"
data = rng.normal(size=(50, 4))
C = data.T @ data / 50
S = C + 0.5 * np.eye(4)


def gaussian_gradient(S):
    return np.linalg.inv(S).T + inverse_vjp(S, C.T)


by_jax = jax.grad(lambda S: jnp.linalg.slogdet(S)[1] + jnp.trace(jnp.linalg.inv(S) @ C))(S)
expect("d1_04.gaussian_jax", np.abs(gaussian_gradient(S) - by_jax).max(), 0.0, atol=1e-10)
expect("d1_04.gaussian_zero", np.abs(gaussian_gradient(C)).max(), 0.0, atol=1e-10)

# %% [markdown] key="kronecker" lang="en"
# ## 3. When a matrix is wanted all the same
#
# The linear map $X\mapsto AXB$ has a matrix, once the entries of $X$ are put in a column. Stacking the columns, $\operatorname{vec}(AXB)=(B^\top\otimes A)\operatorname{vec}(X)$, says every textbook. NumPy, PyTorch and JAX store *rows* one after the other, and there $\operatorname{vec}_r(AXB)=(A\otimes B^\top)\operatorname{vec}_r(X)$: stacking the rows of $X$ is stacking the columns of $X^\top$, and $(AXB)^\top=B^\top X^\top A^\top$. With the wrong convention and square matrices, nothing warns you. **Prediction**: error $0$ and $0$ with the right pairings, of order $1$ when they are crossed.

# %% [markdown] key="kronecker" lang="fr"
# ## 3. Quand on veut tout de même une matrice
#
# L’application linéaire $X\mapsto AXB$ a une matrice, une fois les coefficients de $X$ rangés en colonne. En empilant les colonnes, $\operatorname{vec}(AXB)=(B^\top\otimes A)\operatorname{vec}(X)$, disent tous les manuels. NumPy, PyTorch et JAX rangent les *lignes* l’une après l’autre, et l’on a alors $\operatorname{vec}_r(AXB)=(A\otimes B^\top)\operatorname{vec}_r(X)$ : empiler les lignes de $X$, c’est empiler les colonnes de $X^\top$, et $(AXB)^\top=B^\top X^\top A^\top$. Avec la mauvaise convention et des matrices carrées, rien ne vous avertit. **Prévision** : une erreur de $0$ et $0$ avec les bons appariements, d’ordre $1$ si on les croise.

# %% key="kronecker-run"
A, B, Z = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
product = A @ Z @ B


def misfit(matrix, order):
    # en: relative error of the matrix in this order of the entries
    # fr: erreur relative de la matrice, dans cet ordre des coefficients
    gap = matrix @ Z.ravel(order=order) - product.ravel(order=order)
    return np.linalg.norm(gap) / np.linalg.norm(product)


expect("d1_04.by_columns", misfit(np.kron(B.T, A), "F"), 0.0, atol=1e-12)
expect("d1_04.by_rows", misfit(np.kron(A, B.T), "C"), 0.0, atol=1e-12)
expect("d1_04.crossed", misfit(np.kron(B.T, A), "C"), at_least=0.1)

# %% [markdown] key="softmax" lang="en"
# ## 4. Softmax and cross-entropy
#
# $p=\operatorname{softmax}(z)$, $p_i=e^{z_i}/\sum_je^{z_j}$, and $\ell(z)=-\langle y,\ln p\rangle$ with $y_i\ge0$, $\sum_iy_i=1$.
#
# > **Proposition 3.** The Jacobian of softmax is $\operatorname{diag}(p)-pp^\top$; $\nabla\ell(z)=p-y$; the Hessian of $\ell$ is again $\operatorname{diag}(p)-pp^\top$. It is positive semi-definite, its kernel is spanned by $\mathbf 1$, and its spectral norm is at most $\frac12$.
#
# **Proof.** $\ln p=z-\ln\big(\sum_je^{z_j}\big)\mathbf 1$ has the differential $\mathrm dz-\langle p,\mathrm dz\rangle\mathbf 1$, so $\mathrm dp=p\odot(\mathrm dz-\langle p,\mathrm dz\rangle\mathbf 1)$, and $\mathrm d\ell=-\langle y,\mathrm dz\rangle+\langle p,\mathrm dz\rangle$ since $\sum_iy_i=1$. Differentiate $p-y$ once more. Finally $v^\top(\operatorname{diag}(p)-pp^\top)v=\sum_ip_iv_i^2-\big(\sum_ip_iv_i\big)^2$ is the *variance* of $v$ under $p$: zero only for constant $v$, and at most $\frac14(\max v-\min v)^2\le\frac12|v|^2$. $\blacksquare$
#
# So $\ell$ is convex, and its gradient is $\frac12$-Lipschitz: Day 2 will ask for nothing more.

# %% [markdown] key="softmax" lang="fr"
# ## 4. Softmax et entropie croisée
#
# $p=\operatorname{softmax}(z)$, $p_i=e^{z_i}/\sum_je^{z_j}$, et $\ell(z)=-\langle y,\ln p\rangle$ avec $y_i\ge0$, $\sum_iy_i=1$.
#
# > **Proposition 3.** La jacobienne de softmax est $\operatorname{diag}(p)-pp^\top$ ; $\nabla\ell(z)=p-y$ ; la hessienne de $\ell$ est encore $\operatorname{diag}(p)-pp^\top$. Elle est semi-définie positive, son noyau est engendré par $\mathbf 1$, et sa norme spectrale est au plus $\frac12$.
#
# **Démonstration.** $\ln p=z-\ln\big(\sum_je^{z_j}\big)\mathbf 1$ a pour différentielle $\mathrm dz-\langle p,\mathrm dz\rangle\mathbf 1$, donc $\mathrm dp=p\odot(\mathrm dz-\langle p,\mathrm dz\rangle\mathbf 1)$, et $\mathrm d\ell=-\langle y,\mathrm dz\rangle+\langle p,\mathrm dz\rangle$ puisque $\sum_iy_i=1$. On différentie encore une fois $p-y$. Enfin, $v^\top(\operatorname{diag}(p)-pp^\top)v=\sum_ip_iv_i^2-\big(\sum_ip_iv_i\big)^2$ est la *variance* de $v$ sous $p$ : elle n’est nulle que pour $v$ constant, et vaut au plus $\frac14(\max v-\min v)^2\le\frac12|v|^2$. $\blacksquare$
#
# Ainsi $\ell$ est convexe et son gradient est $\frac12$-lipschitzien : le jour 2 n’en demandera pas davantage.

# %% [markdown] key="hessian" lang="en"
# **Second derivatives without a matrix.** The Hessian is the differential of the gradient: $\nabla^2f(x)v=D(\nabla f)(x)[v]$. So a Hessian-vector product is *one JVP of a gradient*, forward mode over reverse mode: a few times the price of $f$, for any number of variables. If $f$ is of class $C^2$, the Hessian is self-adjoint (Schwarz); a test for free. The power iteration of notebook 2 needs nothing else to find the direction in which a loss is most curved.

# %% [markdown] key="hessian" lang="fr"
# **Dérivées secondes sans matrice.** La hessienne est la différentielle du gradient : $\nabla^2f(x)v=D(\nabla f)(x)[v]$. Un produit hessienne-vecteur est donc *un JVP d’un gradient*, mode direct par-dessus mode inverse : quelques fois le prix de $f$, quel que soit le nombre de variables. Si $f$ est de classe $C^2$, la hessienne est autoadjointe (Schwarz) ; voilà un test gratuit. La puissance itérée du notebook 2 n’a besoin de rien d’autre pour trouver la direction où une perte est la plus courbée.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — value, gradient, Hessian-vector product
#
# Write `cross_entropy(z, y, v)`, which returns $\ell(z)$, $\nabla\ell(z)$ and $\nabla^2\ell(z)v$, without forming any matrix and without overflow: one test has entries of $z$ near $1000$, another has entries $900$ apart. At most 5 lines.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — valeur, gradient, produit hessienne-vecteur
#
# Écrivez `cross_entropy(z, y, v)`, qui renvoie $\ell(z)$, $\nabla\ell(z)$ et $\nabla^2\ell(z)v$, sans former de matrice et sans dépassement : dans l’un des essais, les coefficients de $z$ sont voisins de $1000$ ; dans un autre, ils sont distants de $900$. Cinq lignes au plus.

# %% key="ex3" tags=["exercise"]
def cross_entropy(z, y, v):
    # en: the loss, its gradient, and its Hessian times v
    # fr: la perte, son gradient, et sa hessienne appliquée à v
    # BEGIN SOLUTION
    shifted = z - z.max()
    log_p = shifted - np.log(np.exp(shifted).sum())
    p = np.exp(log_p)
    return -(y @ log_p), p - y, p * (v - p @ v)
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# Adding a constant to all the $z_i$ changes nothing: choose it so that the largest is $0$. Compute $\ln p$ directly, never the logarithm of a $p$ that may have become $0$.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Ajouter une constante à tous les $z_i$ ne change rien : choisissez-la de sorte que le plus grand soit $0$. Calculez directement $\ln p$, jamais le logarithme d’un $p$ qui a pu devenir nul.
# </details>

# %% key="ex3-check"
check("d1_04.ex3", cross_entropy)

# %% key="softmax-judges-run"
z, v, y = rng.normal(size=6), rng.normal(size=6), rng.dirichlet(np.ones(6))
_, slope, curved = cross_entropy(z, y, v)


def loss(z):
    return -(y * jax.nn.log_softmax(z)).sum()


by_jax, product_by_jax = jax.jvp(jax.grad(loss), (z,), (v,))
leaf = torch.tensor(z, requires_grad=True)
(first,) = torch.autograd.grad(-(torch.tensor(y) * torch.log_softmax(leaf, 0)).sum(), leaf, create_graph=True)
(second,) = torch.autograd.grad(first @ torch.tensor(v), leaf)
by_differences = numerical_jvp(lambda z: cross_entropy(z, y, v)[1], z, v)
expect("d1_04.softmax_jax", max(np.abs(slope - by_jax).max(), np.abs(curved - product_by_jax).max()), 0.0, atol=1e-10)
expect("d1_04.softmax_torch", np.abs(curved - second.numpy()).max(), 0.0, atol=1e-10)
expect("d1_04.softmax_differences", np.abs(curved - by_differences).max(), 0.0, atol=1e-8)

# %% key="softmax-figure" tags=["figure"]
scores = np.array([0.8, 0.4, 0.2, 0.0, -0.2, -0.4])
panels = figures.axes(3, height=2.8)
for ax, factor, name in zip(panels, [1, 3, 12], ["$z$", "$3z$", "$12z$"]):
    jacobian = np.stack([cross_entropy(factor * scores, np.eye(6)[0], e)[2] for e in np.eye(6)])
    figures.image(ax, jacobian, T(f"Jacobian at {name}", f"Jacobienne en {name}"), cmap="PuOr", vmin=-0.25, vmax=0.25)
    for i, entry in enumerate(np.diag(jacobian)):
        ax.text(i, i, "+", ha="center", va="center", color="white" if entry > 0.12 else "black")
panels[0].figure.colorbar(panels[-1].images[0], ax=list(panels), shrink=0.8);

# %% [markdown] key="softmax-read" lang="en"
# The diagonal is positive, everything else negative: to raise one score is to raise its probability and to lower all the others, and each row has sum $0$. On the right one score dominates, the softmax is *saturated*: the whole Jacobian is close to $0$, and hardly any gradient passes. This is why attention divides its scores by $\sqrt d$.

# %% [markdown] key="softmax-read" lang="fr"
# La diagonale est strictement positive, tout le reste strictement négatif : augmenter un score, c’est augmenter sa probabilité et diminuer toutes les autres, et chaque ligne est de somme $0$. À droite, un score domine et le softmax est *saturé* : toute la jacobienne est proche de $0$, et presque aucun gradient ne passe plus. C’est pourquoi l’attention divise ses scores par $\sqrt d$.

# %% [markdown] key="norm" lang="en"
# ## 5. Layer normalisation in three lines
#
# For a row $x\in\mathbb R^d$, write $\operatorname{m}(x)$ for the mean of its entries, and put $c=x-\operatorname{m}(x)\mathbf 1$, $s=\sqrt{\operatorname{m}(c\odot c)+\varepsilon}$, $\hat x=c/s$; the output is $\gamma\odot\hat x+\beta$.
# 1. $\mathrm dc=\mathrm dx-\operatorname{m}(\mathrm dx)\mathbf 1$.
# 2. $s\,\mathrm ds=\operatorname{m}(c\odot\mathrm dc)=\operatorname{m}(c\odot\mathrm dx)$, because $\operatorname{m}(c)=0$; so $\mathrm ds=\operatorname{m}(\hat x\odot\mathrm dx)$.
# 3. $\mathrm d\hat x=\dfrac{\mathrm dc-\hat x\,\mathrm ds}s=\dfrac1s\Bigl(I-\dfrac{\mathbf 1\mathbf 1^\top}d-\dfrac{\hat x\hat x^\top}d\Bigr)\mathrm dx .$
#
# The matrix is *symmetric*: the map is its own adjoint, and the backward pass has the same formula with $g$ in place of $\mathrm dx$. For $\varepsilon=0$ and $x$ not constant, $|\hat x|^2=d$ and the bracket is the orthogonal projector onto the complement of $\mathbf 1$ and $\hat x$: what the layer forgets, shift and scale, is exactly what no gradient can reach.

# %% [markdown] key="norm" lang="fr"
# ## 5. La normalisation de couche en trois lignes
#
# Pour une ligne $x\in\mathbb R^d$, notons $\operatorname{m}(x)$ la moyenne de ses coefficients, et posons $c=x-\operatorname{m}(x)\mathbf 1$, $s=\sqrt{\operatorname{m}(c\odot c)+\varepsilon}$, $\hat x=c/s$ ; la sortie est $\gamma\odot\hat x+\beta$.
# 1. $\mathrm dc=\mathrm dx-\operatorname{m}(\mathrm dx)\mathbf 1$.
# 2. $s\,\mathrm ds=\operatorname{m}(c\odot\mathrm dc)=\operatorname{m}(c\odot\mathrm dx)$, car $\operatorname{m}(c)=0$ ; donc $\mathrm ds=\operatorname{m}(\hat x\odot\mathrm dx)$.
# 3. $\mathrm d\hat x=\dfrac{\mathrm dc-\hat x\,\mathrm ds}s=\dfrac1s\Bigl(I-\dfrac{\mathbf 1\mathbf 1^\top}d-\dfrac{\hat x\hat x^\top}d\Bigr)\mathrm dx .$
#
# La matrice est *symétrique* : l’application est son propre adjoint, et la passe arrière a la même formule, avec $g$ à la place de $\mathrm dx$. Pour $\varepsilon=0$ et $x$ non constant, $|\hat x|^2=d$ et la parenthèse est le projecteur orthogonal sur l’orthogonal de $\mathbf 1$ et $\hat x$ : ce que la couche oublie, translation et échelle, est exactement ce qu’aucun gradient ne peut atteindre.

# %% key="norm-code"
def standardise(X):
    # en: the normalised rows, and the scale s of each
    # fr: les lignes normalisées, et l’échelle s de chacune
    s = np.sqrt(X.var(axis=1, keepdims=True) + 1e-5)
    return (X - X.mean(axis=1, keepdims=True)) / s, s


# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 — the backward pass of a normalisation layer
#
# For a batch $X\in\mathbb R^{N\times d}$ and $G$ the gradient of the output, write `norm_vjp(X, gamma, G)`, which returns $\bar X,\bar\gamma,\bar\beta$, the gradients with respect to $X$, $\gamma$, $\beta$. Use `standardise` above. At most 5 lines.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 — la passe arrière d’une couche de normalisation
#
# Pour un lot $X\in\mathbb R^{N\times d}$ et $G$ le gradient par rapport à la sortie, écrivez `norm_vjp(X, gamma, G)`, qui renvoie $\bar X,\bar\gamma,\bar\beta$, les gradients par rapport à $X$, $\gamma$, $\beta$. Servez-vous de `standardise` ci-dessus. Cinq lignes au plus.

# %% key="ex4" tags=["exercise"]
def norm_vjp(X, gamma, G):
    # en: gradients with respect to X, gamma and beta
    # fr: gradients par rapport à X, gamma et beta
    # BEGIN SOLUTION
    normed, s = standardise(X)
    g = G * gamma
    along = (g * normed).mean(axis=1, keepdims=True)
    X_bar = (g - g.mean(axis=1, keepdims=True) - normed * along) / s
    return X_bar, (G * normed).sum(axis=0), G.sum(axis=0)
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# The gradient with respect to $\hat x$ is $g=\gamma\odot G$, row by row. $\gamma$ and $\beta$ serve every row of the batch: their gradients are sums over rows.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Le gradient par rapport à $\hat x$ est $g=\gamma\odot G$, ligne par ligne. $\gamma$ et $\beta$ servent à toutes les lignes du lot : leurs gradients sont des sommes sur les lignes.
# </details>

# %% key="ex4-check"
check("d1_04.ex4", norm_vjp)

# %% key="norm-judges-run"
X, gamma, G = rng.normal(size=(5, 7)), rng.normal(size=7), rng.normal(size=(5, 7))
mine = norm_vjp(X, gamma, G)[0]


def normalise(X, gamma):
    # en: for NumPy, JAX and PyTorch alike
    # fr: pour NumPy, JAX et PyTorch à la fois
    centred = X - X.mean(1)[:, None]
    return gamma * centred / ((centred**2).mean(1)[:, None] + 1e-5) ** 0.5


_, pull = jax.vjp(lambda X: normalise(X, gamma), X)
leaf = torch.tensor(X, requires_grad=True)
normalise(leaf, torch.tensor(gamma)).backward(torch.tensor(G))
by_differences = numerical_gradient(lambda X: (G * normalise(X, gamma)).sum(), X)
expect("d1_04.norm_jax", np.abs(mine - pull(G)[0]).max(), 0.0, atol=1e-10)
expect("d1_04.norm_torch", np.abs(mine - leaf.grad.numpy()).max(), 0.0, atol=1e-10)
expect("d1_04.norm_differences", np.abs(mine - by_differences).max(), 0.0, atol=1e-7)
expect("d1_04.norm_no_shift", np.abs(mine.sum(axis=1)).max(), 0.0, atol=1e-12)

# %% [markdown] key="ex5-text" lang="en"
# ## 6. Optional — write the judge
#
# ### Exercise 5 — `gradcheck`
#
# Write `gradcheck(f, gradient, x)`, which returns `True` if `gradient(x)` is the gradient of `f` at the array `x` (a vector or a matrix) and `False` otherwise. It will be shown right gradients of functions of very different sizes, from $10^{-8}$ to $10^8$, and wrong ones: a relative error of $10^{-3}$, a forgotten transpose, an error that one chosen direction does not see. `numerical_gradient(f, x)` from `airina` may be used. At most 5 lines.

# %% [markdown] key="ex5-text" lang="fr"
# ## 6. Facultatif — écrire le juge
#
# ### Exercice 5 — `gradcheck`
#
# Écrivez `gradcheck(f, gradient, x)`, qui renvoie `True` si `gradient(x)` est le gradient de `f` au point `x` (un tableau : vecteur ou matrice), et `False` sinon. On lui montrera des gradients justes de fonctions de tailles très diverses, de $10^{-8}$ à $10^8$, et des gradients faux : une erreur relative de $10^{-3}$, une transposée oubliée, une erreur qu’une direction choisie d’avance ne voit pas. Vous pouvez vous servir de `numerical_gradient(f, x)`, que fournit `airina`. Cinq lignes au plus.

# %% key="ex5" tags=["exercise"]
def gradcheck(f, gradient, x):
    # en: True if gradient(x) is the gradient of f at x
    # fr: True si gradient(x) est le gradient de f en x
    # BEGIN SOLUTION
    claimed, judged = gradient(x), numerical_gradient(f, x)
    error = np.linalg.norm(claimed - judged)
    return bool(error <= 1e-6 * np.linalg.norm(judged))
    # END SOLUTION


# %% key="ex5-check"
check("d1_04.ex5", gradcheck)

# %% [markdown] key="break-a" lang="en"
# ## 7. Break it
#
# ### (a) The smaller the step, the worse
#
# A computed value of $f$ carries a relative error of about $u$, with $u=2^{-53}\approx1.1\cdot10^{-16}$ in float64. Dividing by $h$ amplifies it. The errors of the two difference quotients are of the order of
# $$\frac h2|f''|+\frac{2u|f|}h\qquad\text{(forward)},\qquad\frac{h^2}6|f'''|+\frac{u|f|}h\qquad\text{(central)},$$
# least at $h=2\sqrt{u|f/f''|}$ and at $h=\sqrt[3]{3u|f/f'''|}$. For $f(x)=e^{\sin x}$ at $x=1$: $f=2.32$, $f''=-1.27$, $f'''=-4.05$. **Prediction**: forward, best step $2.8\cdot10^{-8}$, error about $3.6\cdot10^{-8}$ (half the digits); central, best step $5.8\cdot10^{-6}$, error about $7\cdot10^{-11}$ (two thirds of them). In float32, where $u=6\cdot10^{-8}$, the best central step is near $5\cdot10^{-3}$. And the *complex step* $f'(x)\approx\operatorname{Im}f(x+\mathrm ih)/h$, for real-analytic $f$, subtracts nothing: with $h=10^{-20}$ it is exact to rounding.

# %% [markdown] key="break-a" lang="fr"
# ## 7. Casser exprès
#
# ### (a) Plus le pas est petit, pire c’est
#
# Une valeur calculée de $f$ porte une erreur relative d’environ $u$, où $u=2^{-53}\approx1{,}1\cdot10^{-16}$ en float64. Diviser par $h$ l’amplifie. Les erreurs des deux quotients sont de l’ordre de
# $$\frac h2|f''|+\frac{2u|f|}h\qquad\text{(à droite)},\qquad\frac{h^2}6|f'''|+\frac{u|f|}h\qquad\text{(centré)},$$
# minimales en $h=2\sqrt{u|f/f''|}$ et en $h=\sqrt[3]{3u|f/f'''|}$. Pour $f(x)=e^{\sin x}$ en $x=1$ : $f=2{,}32$, $f''=-1{,}27$, $f'''=-4{,}05$. **Prévision** : à droite, meilleur pas $2{,}8\cdot10^{-8}$, erreur d’environ $3{,}6\cdot10^{-8}$ (la moitié des chiffres) ; centré, meilleur pas $5{,}8\cdot10^{-6}$, erreur d’environ $7\cdot10^{-11}$ (les deux tiers). En float32, où $u=6\cdot10^{-8}$, le meilleur pas centré est voisin de $5\cdot10^{-3}$. Quant au *pas complexe* $f'(x)\approx\operatorname{Im}f(x+\mathrm ih)/h$, pour $f$ analytique réelle, il ne soustrait rien : avec $h=10^{-20}$, il est exact aux arrondis près.

# %% key="break-a-run" tags=["break"]
places = np.linspace(0.95, 1.05, 301)
truth = np.exp(np.sin(places)) * np.cos(places)
steps = 10.0 ** np.arange(-14, -0.4, 0.25)


def curve(quotient, type_of=np.float64):
    # en: for each step, the largest error over points near 1 (a single point may be lucky)
    # fr: pour chaque pas, la plus grande erreur sur des points voisins de 1 (un seul peut avoir de la chance)
    points = places.astype(type_of)
    exact = np.exp(np.sin(points.astype(float))) * np.cos(points.astype(float))
    return np.array([np.abs(quotient(points, type_of(h)) - exact).max() for h in steps])


def f(x):
    return np.exp(np.sin(x))


forward = curve(lambda x, h: (f(x + h) - f(x)) / h)
central = curve(lambda x, h: (f(x + h) - f(x - h)) / (2 * h))
single = curve(lambda x, h: (f(x + h) - f(x - h)) / (2 * h), np.float32)
complex_step = np.abs(f(places + 1e-20j).imag / 1e-20 - truth).max()
for name, errors, best in [("forward", forward, 2.8e-8), ("central", central, 5.8e-6), ("float32", single, 5e-3)]:
    expect(f"d1_04.break_step_{name}", np.log10(steps[errors.argmin()]), np.log10(best), atol=0.5)
expect("d1_04.break_forward_error", np.log10(forward.min()), np.log10(3.6e-8), atol=0.5)
expect("d1_04.break_central_error", np.log10(central.min()), np.log10(6.7e-11), atol=0.5)
expect("d1_04.break_complex", complex_step, at_most=1e-14)

# %% key="break-a-figure" tags=["figure"]
ax = figures.axes(height=3.2)
for errors, mark, line, colour, name in [
    (forward, "o", "-", figures.BLUE, T("forward, float64", "à droite, float64")),
    (central, "s", "--", figures.VERMILION, T("central, float64", "centré, float64")),
    (single, "^", "-.", figures.GREEN, T("central, float32", "centré, float32")),
]:
    ax.loglog(steps, errors, marker=mark, markevery=4, linestyle=line, color=colour, label=name)
u, value, second, third = 2.0**-53, 2.32, 1.27, 4.05
style = {"color": figures.BLACK, "linestyle": ":", "zorder": 3}
ax.loglog(steps, steps / 2 * second + 2 * u * value / steps, label=T("predicted", "prévu"), **style)
ax.loglog(steps, steps**2 / 6 * third + u * value / steps, **style)
ax.set(xlabel=T("step $h$", "pas $h$"), ylabel=T("largest error", "plus grande erreur"), ylim=(1e-12, 1e2), xticks=10.0 ** np.arange(-14, 0, 3))
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5));

# %% [markdown] key="break-a-read" lang="en"
# Each curve is a V: on the right the truncation, which Taylor's formula predicts, on the left the rounding, which nobody wrote into the formula. With central differences the step $10^{-12}$, "small enough to be safe", is less accurate than $10^{-2}$. And a network evaluated in float32 cannot be judged by differences to better than four digits: test in float64, then train in whatever you like.

# %% [markdown] key="break-a-read" lang="fr"
# Chaque courbe est un V : à droite la troncature, que prévoit la formule de Taylor, à gauche l’arrondi, que personne n’a écrit dans la formule. Avec des différences centrées, le pas $10^{-12}$, « assez petit pour être sûr », est moins précis que $10^{-2}$. Et un réseau évalué en float32 ne peut être jugé par différences à mieux que quatre chiffres : testez en float64, puis entraînez comme bon vous semble.

# %% [markdown] key="break-b" lang="en"
# ### (b) Test data that are too nice
#
# Forget both transposes in exercise 2: $-B^{-1}GB^{-1}$ instead of $-B^{-\top}GB^{-\top}$. **Prediction**: on a *symmetric* test matrix (a covariance, say) the two agree to rounding, and your test is green; on a generic matrix the relative error is of order $1$. Symmetric, diagonal, orthogonal, square, equal to $I$: every beautiful property of a test case hides a class of mistakes.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Des données d’essai trop belles
#
# Oublions les deux transposées de l’exercice 2 : $-B^{-1}GB^{-1}$ au lieu de $-B^{-\top}GB^{-\top}$. **Prévision** : sur une matrice d’essai *symétrique* (une covariance, par exemple), les deux coïncident aux arrondis près, et votre test est au vert ; sur une matrice quelconque, l’erreur relative est d’ordre $1$. Symétrique, diagonale, orthogonale, carrée, égale à $I$ : toute belle propriété d’un cas d’essai cache une famille d’erreurs.

# %% key="break-b-run" tags=["break"]
def without_transposes(B, G):
    return -np.linalg.solve(B, np.linalg.solve(B.T, G.T).T)


generic, G = rng.normal(size=(6, 6)), rng.normal(size=(6, 6))
for name, B in [("generic", generic), ("symmetric", generic @ generic.T + np.eye(6))]:
    truth = inverse_vjp(B, G)
    error = np.linalg.norm(without_transposes(B, G) - truth) / np.linalg.norm(truth)
    bound = {"at_least": 0.1} if name == "generic" else {"at_most": 1e-12}
    expect(f"d1_04.break_test_{name}", error, **bound)

# %% [markdown] key="break-c" lang="en"
# ### (c) A theorem without its hypotheses
#
# Theorem 1 asks *each piece* to be differentiable. Libraries apply the chain rule anyway, with the convention $\operatorname{relu}'(0)=0$.
# - $f(x)=\operatorname{relu}(x)-\operatorname{relu}(-x)$ is the identity, with derivative $1$ everywhere. **Prediction** at $0$: $0-(-1)\cdot0=0$, from JAX and from PyTorch. (Written with `jnp.maximum(x, 0)`, whose convention is $\frac12$, it comes out right, by luck.)
# - $f(x)=\sqrt x$ if $x>0$ and $0$ otherwise, written with `where`. At $x=0$ the branch not taken gets the gradient $0$, multiplied by $\frac1{2\sqrt0}=\infty$. **Prediction**: NaN. One may object that $f$ has no derivative at $0$; but at $x=-1$, where $f'(x)=0$, the gradient $0$ is multiplied by that of $\sqrt{-1}$, which is NaN, and the result is NaN again. The remedy is to feed the forbidden branch a harmless argument: `sqrt(where(x > 0, x, 1))`.

# %% [markdown] key="break-c" lang="fr"
# ### (c) Un théorème sans ses hypothèses
#
# Le théorème 1 demande que *chaque morceau* soit différentiable. Les bibliothèques appliquent quand même la règle de la chaîne, avec la convention $\operatorname{relu}'(0)=0$.
# - $f(x)=\operatorname{relu}(x)-\operatorname{relu}(-x)$ est l’identité, de dérivée $1$ partout. **Prévision** en $0$ : $0-(-1)\cdot0=0$, par JAX comme par PyTorch. (Écrite avec `jnp.maximum(x, 0)`, dont la convention est $\frac12$, la réponse est juste, par chance.)
# - $f(x)=\sqrt x$ si $x>0$ et $0$ sinon, écrite avec `where`. En $x=0$, la branche qui n’est pas prise reçoit le gradient $0$, multiplié par $\frac1{2\sqrt0}=\infty$. **Prévision** : NaN. On objectera que $f$ n’est pas dérivable en $0$ ; mais en $x=-1$, où $f'(x)=0$, le gradient $0$ est multiplié par celui de $\sqrt{-1}$, qui vaut NaN, et le résultat est encore NaN. Le remède est de donner à la branche interdite un argument inoffensif : `sqrt(where(x > 0, x, 1))`.

# %% key="break-c-run" tags=["break"]
zero = torch.tensor(0.0, requires_grad=True)
(torch.relu(zero) - torch.relu(-zero)).backward()
expect("d1_04.break_kink_jax", jax.grad(lambda x: jax.nn.relu(x) - jax.nn.relu(-x))(0.0), 0.0)
expect("d1_04.break_kink_torch", zero.grad, 0.0)
root = jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.0))
safe = jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(jnp.where(x > 0, x, 1.0)), 0.0))
expect("d1_04.break_where", root(0.0), np.nan)
expect("d1_04.break_where_negative", root(-1.0), np.nan)
expect("d1_04.break_where_safe", safe(0.0), 0.0)
expect("d1_04.break_where_safe_negative", safe(-1.0), 0.0)

# %% [markdown] key="exit" lang="en"
# ## Exit ticket (no code, five minutes)
#
# 1. Find the gradient of $f(X)=\operatorname{tr}(X^\top AXB)$ for square $A$ and $B$, in two lines, by differentials. What becomes of it when $A$ and $B$ are symmetric, and which mistake would a test with symmetric $A$ and $B$ not see?
# 2. A colleague's gradient agrees with finite differences at a hundred random points, yet training ends in NaN at step 4000. Name two mechanisms of this notebook that explain it, and for each the test that would have caught it.
#
# **What to keep**: the derivative is a linear map; write $\mathrm df$, then read the gradient opposite $\mathrm dX$; programs compute $Df[H]$ and $Df^*[G]$, never $J$; judge with generic matrices, in float64, with the right step; the chain rule has hypotheses.

# %% [markdown] key="exit" lang="fr"
# ## Billet de sortie (sans code, cinq minutes)
#
# 1. Trouvez le gradient de $f(X)=\operatorname{tr}(X^\top AXB)$ pour $A$ et $B$ carrées, en deux lignes, par différentielles. Que devient-il quand $A$ et $B$ sont symétriques, et quelle erreur un test avec $A$ et $B$ symétriques ne verrait-il pas ?
# 2. Le gradient d’un collègue s’accorde avec les différences finies en cent points aléatoires, et pourtant l’entraînement s’achève sur un NaN au pas 4000. Nommez deux mécanismes de ce notebook qui l’expliquent et, pour chacun, le test qui l’aurait décelé.
#
# **À retenir** : la dérivée est une application linéaire ; écrivez $\mathrm df$, puis lisez le gradient en face de $\mathrm dX$ ; les programmes calculent $Df[H]$ et $Df^*[G]$, jamais $J$ ; jugez avec des matrices quelconques, en float64, avec le bon pas ; la règle de la chaîne a des hypothèses.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 0. (Discussion of section 1) From the input side, nine products of matrices $1000\times1000$, $9\cdot10^9$ multiplications, and one of $10^6$; from the loss side, ten products of a row by a matrix, $10^7$: nine hundred times fewer. 1. $\mathrm df=\operatorname{tr}(\mathrm dX^\top AXB)+\operatorname{tr}(X^\top A\,\mathrm dX\,B)=\langle AXB,\mathrm dX\rangle+\langle A^\top XB^\top,\mathrm dX\rangle$, so $\nabla f=AXB+A^\top XB^\top$. It becomes $2AXB$; the test would not see $2AXB$ written in the general case, nor any transpose forgotten. 2. Overflow or the logarithm of $0$ in a softmax (test with entries near $1000$); the branch of a `where`, or a kink, reached for special values only: $0$, equal entries, a row of zeros (test at these values, not at random points, which avoid them with probability one).

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 0. (Discussion de la section 1) Du côté de l’entrée, neuf produits de matrices $1000\times1000$, soit $9\cdot10^9$ multiplications, et un de $10^6$ ; du côté de la perte, dix produits d’une ligne par une matrice, soit $10^7$ : neuf cents fois moins. 1. $\mathrm df=\operatorname{tr}(\mathrm dX^\top AXB)+\operatorname{tr}(X^\top A\,\mathrm dX\,B)=\langle AXB,\mathrm dX\rangle+\langle A^\top XB^\top,\mathrm dX\rangle$, donc $\nabla f=AXB+A^\top XB^\top$. Il devient $2AXB$ ; le test ne verrait pas qu’on a écrit $2AXB$ dans le cas général, ni aucune transposée oubliée. 2. Un dépassement, ou le logarithme de $0$, dans un softmax (tester avec des coefficients voisins de $1000$) ; la branche d’un `where`, ou un point anguleux, atteints seulement pour des valeurs particulières : $0$, coefficients égaux, ligne de zéros (tester en ces valeurs, non en des points aléatoires, qui les évitent avec probabilité un).
