# %% [markdown] key="title" lang="en"
# # Eigendecompositions and the spectral theorem
#
# **Day 1, notebook 2** — about 45 minutes, plus an optional part (section 6).
#
# After this notebook you can
# - prove the spectral theorem by maximising a function on a sphere, and say what fails without symmetry;
# - bound eigenvalues without computing them, and say how far a perturbation moves them;
# - predict, digit by digit, how fast power iteration converges;
# - recognise three situations in which eigenvalues mislead: defective matrices, non-normal ones, and eigenvectors that do not exist.
#
# **Conventions.** $|x|$ is the Euclidean norm, $\|A\|_2$ the spectral norm. $\mathcal S_n(\mathbb R)$ is the space of real symmetric $n\times n$ matrices; their eigenvalues are counted with multiplicity and decrease: $\lambda_1\ge\dots\ge\lambda_n$. (NumPy's `eigh` gives them in *increasing* order.)

# %% [markdown] key="title" lang="fr"
# # Éléments propres et théorème spectral
#
# **Jour 1, notebook 2** — environ 45 minutes, plus une partie facultative (section 6).
#
# À l’issue de ce notebook, vous saurez
# - démontrer le théorème spectral en maximisant une fonction sur une sphère, et dire ce qui tombe en défaut sans la symétrie ;
# - encadrer des valeurs propres sans les calculer, et dire de combien une perturbation les déplace ;
# - prévoir, chiffre par chiffre, à quelle vitesse converge la méthode de la puissance itérée ;
# - reconnaître trois situations où les valeurs propres trompent : matrices non diagonalisables, matrices non normales, vecteurs propres qui n’existent pas.
#
# **Conventions.** $|x|$ est la norme euclidienne, $\|A\|_2$ la norme spectrale. $\mathcal S_n(\mathbb R)$ est l’espace des matrices symétriques réelles de taille $n\times n$ ; leurs valeurs propres sont comptées avec multiplicité et rangées par ordre décroissant : $\lambda_1\ge\dots\ge\lambda_n$. (La fonction `eigh` de NumPy les donne par ordre *croissant*.)

# %% key="imports"
import jax
import jax.numpy as jnp
import numpy as np
import torch
from airina import check, expect, figures
from airina.derivatives import numerical_gradient

# %% [markdown] key="eigen" lang="en"
# ## 1. Directions that a map only stretches
#
# Let $A\in\mathbb R^{n\times n}$. A number $\lambda\in\mathbb C$ is an *eigenvalue* if $Av=\lambda v$ for some $v\ne0$ of $\mathbb C^n$; the subspace $\ker(A-\lambda I)$ is its *eigenspace*. $A$ is *diagonalisable* (over $\mathbb C$) if $\mathbb C^n$ has a basis of eigenvectors: in that basis, the map of notebook 1 becomes $P^{-1}AP=\Lambda$, diagonal.
#
# > **Proposition 1.** Eigenvectors for distinct eigenvalues are linearly independent. Hence $n$ distinct eigenvalues make $A$ diagonalisable.
#
# **Proof.** Otherwise take a relation $\sum_ic_iv_i=0$ with as few non-zero $c_i$ as possible; there are at least two. Apply $A$, and subtract $\lambda_j$ times the relation, for some $j$ with $c_j\ne0$: $\sum_{i\ne j}c_i(\lambda_i-\lambda_j)v_i=0$ is shorter and not trivial, a contradiction. $\blacksquare$
#
# Three misfortunes remain. A rotation of the plane by an angle $\theta\notin\pi\mathbb Z$ has the eigenvalues $e^{\pm i\theta}$: none is real. The shear $\begin{pmatrix}1&1\\0&1\end{pmatrix}$ has one eigenvalue and an eigenspace of dimension $1$: no basis of eigenvectors. And $\begin{pmatrix}1&1\\0&1+\delta\end{pmatrix}$ does have one, $(1,0)$ and $(1,\delta)$, so oblique that it is useless. **Prediction** for $\delta=10^{-6}$: unit vectors at angle $\arctan\delta$ form a matrix of condition number $\approx2/\delta=2\cdot10^6$.

# %% [markdown] key="eigen" lang="fr"
# ## 1. Les directions qu’une application se contente de dilater
#
# Soit $A\in\mathbb R^{n\times n}$. Un nombre $\lambda\in\mathbb C$ est une *valeur propre* s’il existe $v\ne0$ dans $\mathbb C^n$ tel que $Av=\lambda v$ ; le sous-espace $\ker(A-\lambda I)$ est le *sous-espace propre* associé. $A$ est *diagonalisable* (sur $\mathbb C$) si $\mathbb C^n$ possède une base de vecteurs propres : dans cette base, l’application du notebook 1 devient $P^{-1}AP=\Lambda$, diagonale.
#
# > **Proposition 1.** Des vecteurs propres associés à des valeurs propres distinctes forment une famille libre. Par conséquent, si $A$ a $n$ valeurs propres distinctes, elle est diagonalisable.
#
# **Démonstration.** Sinon, on choisit une relation $\sum_ic_iv_i=0$ ayant le moins possible de $c_i$ non nuls ; il y en a au moins deux. On applique $A$, et l’on retranche $\lambda_j$ fois la relation, pour un $j$ tel que $c_j\ne0$ : la relation $\sum_{i\ne j}c_i(\lambda_i-\lambda_j)v_i=0$ est plus courte et non triviale, contradiction. $\blacksquare$
#
# Restent trois infortunes. Une rotation du plan d’angle $\theta\notin\pi\mathbb Z$ a pour valeurs propres $e^{\pm i\theta}$ : aucune n’est réelle. La transvection $\begin{pmatrix}1&1\\0&1\end{pmatrix}$ a une seule valeur propre et un sous-espace propre de dimension $1$ : pas de base de vecteurs propres. Et $\begin{pmatrix}1&1\\0&1+\delta\end{pmatrix}$ en a bien une, $(1,0)$ et $(1,\delta)$, mais si oblique qu’elle ne sert à rien. **Prévision** pour $\delta=10^{-6}$ : deux vecteurs unitaires faisant l’angle $\arctan\delta$ forment une matrice de conditionnement $\approx2/\delta=2\cdot10^6$.

# %% key="eigen-run"
rotation = np.array([[np.cos(1.0), -np.sin(1.0)], [np.sin(1.0), np.cos(1.0)]])
shear = np.array([[1.0, 1.0], [0.0, 1.0]])
oblique = np.linalg.eig(np.array([[1.0, 1.0], [0.0, 1.0 + 1e-6]]))[1]
expect("d1_02.rotation", np.angle(np.linalg.eigvals(rotation)).max(), 1.0, rtol=1e-12)
expect("d1_02.shear", 2 - np.linalg.matrix_rank(shear - np.eye(2)), 1)
expect("d1_02.oblique", np.linalg.cond(oblique), 2e6, rtol=1e-6)

# %% [markdown] key="spectral" lang="en"
# ## 2. Symmetric matrices have none of these misfortunes
#
# > **Theorem 2 (spectral theorem).** Let $A\in\mathcal S_n(\mathbb R)$. There are an orthogonal matrix $Q=(q_1|\dots|q_n)$ and real numbers $\lambda_1\ge\dots\ge\lambda_n$ with
# > $$A=Q\Lambda Q^\top=\sum_{k=1}^n\lambda_k\,q_kq_k^\top .$$
#
# The whole proof is in one function, the *Rayleigh quotient* $R(x)=\dfrac{x^\top Ax}{x^\top x}$ for $x\ne0$.

# %% [markdown] key="spectral" lang="fr"
# ## 2. Les matrices symétriques ignorent ces infortunes
#
# > **Théorème 2 (théorème spectral).** Soit $A\in\mathcal S_n(\mathbb R)$. Il existe une matrice orthogonale $Q=(q_1|\dots|q_n)$ et des réels $\lambda_1\ge\dots\ge\lambda_n$ tels que
# > $$A=Q\Lambda Q^\top=\sum_{k=1}^n\lambda_k\,q_kq_k^\top .$$
#
# Toute la démonstration tient dans une fonction, le *quotient de Rayleigh* $R(x)=\dfrac{x^\top Ax}{x^\top x}$ pour $x\ne0$.

# %% [markdown] key="spectral-proof" lang="en"
# **Proof**, by induction on $n$; $n=1$ is clear. *A real eigenvector exists.* $R$ is continuous on the unit sphere, which is compact: it has a maximum there, at some $q_1$. As $R(tx)=R(x)$ for $t\neq0$, this is a maximum over the open set $\mathbb R^n\setminus\{0\}$, so the gradient is zero. For symmetric $A$ the numerator has gradient $2Ax$, the denominator $2x$; hence at $q_1$, where $x^\top x=1$, $2Aq_1-2R(q_1)q_1=0$: an eigenvector, with the real eigenvalue $\lambda_1=R(q_1)$.
#
# *Its orthogonal complement is stable.* If $\langle x,q_1\rangle=0$, then $\langle Ax,q_1\rangle=\langle x,Aq_1\rangle=\lambda_1\langle x,q_1\rangle=0$. So symmetry is needed twice: here, and for the gradient $2Ax$. In an orthonormal basis of $q_1^\perp$, the restriction of $A$ has a symmetric matrix of size $n-1$, to which the induction applies; its eigenvalues are values of $R$, hence at most $\lambda_1$. $\blacksquare$
#
# So $\lambda_1=\max R$, $\lambda_n=\min R$, and the critical points of $R$ are *exactly* the eigenvectors. In particular $A$ is positive semi-definite if and only if $\lambda_n\ge0$, and $\|A\|_2=\max_k|\lambda_k|$.

# %% [markdown] key="spectral-proof" lang="fr"
# **Démonstration**, par récurrence sur $n$ ; le cas $n=1$ est clair. *Il existe un vecteur propre réel.* $R$ est continue sur la sphère unité, qui est compacte : elle y atteint un maximum, en un certain $q_1$. Comme $R(tx)=R(x)$ pour $t\neq0$, c’est un maximum sur l’ouvert $\mathbb R^n\setminus\{0\}$, donc le gradient y est nul. Pour $A$ symétrique, le numérateur a pour gradient $2Ax$, le dénominateur $2x$ ; d’où, en $q_1$, où $x^\top x=1$, $2Aq_1-2R(q_1)q_1=0$ : c’est un vecteur propre, de valeur propre réelle $\lambda_1=R(q_1)$.
#
# *Son orthogonal est stable.* Si $\langle x,q_1\rangle=0$, alors $\langle Ax,q_1\rangle=\langle x,Aq_1\rangle=\lambda_1\langle x,q_1\rangle=0$. La symétrie sert donc deux fois : ici, et pour le gradient $2Ax$. Dans une base orthonormée de $q_1^\perp$, la restriction de $A$ a pour matrice une matrice symétrique de taille $n-1$, à laquelle s’applique l’hypothèse de récurrence ; ses valeurs propres sont des valeurs de $R$, donc inférieures ou égales à $\lambda_1$. $\blacksquare$
#
# Ainsi $\lambda_1=\max R$, $\lambda_n=\min R$, et les points critiques de $R$ sont *exactement* les vecteurs propres. En particulier, $A$ est semi-définie positive si et seulement si $\lambda_n\ge0$, et $\|A\|_2=\max_k|\lambda_k|$.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — the gradient of the Rayleigh quotient
#
# Write `rayleigh_gradient(A, x)`, the gradient of $R$ at any $x\ne0$, for **any** square matrix $A$, symmetric or not. The proof above gives it only for $A$ symmetric and $|x|=1$: derive the general case first, on paper. At most 3 lines.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — le gradient du quotient de Rayleigh
#
# Écrivez `rayleigh_gradient(A, x)`, le gradient de $R$ en un point $x\ne0$ quelconque, pour une matrice carrée $A$ **quelconque**, symétrique ou non. La démonstration ci-dessus ne le donne que pour $A$ symétrique et $|x|=1$ : établissez d’abord le cas général, sur le papier. Trois lignes au plus.

# %% key="ex1" tags=["exercise"]
def rayleigh_gradient(A, x):
    # en: gradient at x of x -> (x' A x) / (x' x)
    # fr: gradient en x de x -> (x' A x) / (x' x)
    # BEGIN SOLUTION
    quotient = (x @ A @ x) / (x @ x)
    return (A @ x + A.T @ x - 2 * quotient * x) / (x @ x)
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# Replace $x$ by $x+h$ in $x^\top Ax$ and keep what is linear in $h$: there are two terms. Then $\nabla(f/g)=(\nabla f-(f/g)\nabla g)/g$.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Remplacez $x$ par $x+h$ dans $x^\top Ax$ et gardez ce qui est linéaire en $h$ : il y a deux termes. Puis $\nabla(f/g)=(\nabla f-(f/g)\nabla g)/g$.
# </details>

# %% key="ex1-check"
check("d1_02.ex1", rayleigh_gradient)

# %% key="judges-run"
# en: three judges, at a random point, for a matrix that is not symmetric
# fr: trois juges, en un point aléatoire, pour une matrice qui n’est pas symétrique
rng = np.random.default_rng(2)
A, x = rng.normal(size=(6, 6)), rng.normal(size=6)
mine = rayleigh_gradient(A, x)
by_jax = jax.grad(lambda v: (v @ A @ v) / (v @ v))(x)
leaf = torch.tensor(x, requires_grad=True)
((leaf @ torch.tensor(A) @ leaf) / (leaf @ leaf)).backward()
by_differences = numerical_gradient(lambda v: (v @ A @ v) / (v @ v), x)
expect("d1_02.gradient_jax", np.abs(mine - by_jax).max(), 0.0, atol=1e-10)
expect("d1_02.gradient_torch", np.abs(mine - leaf.grad.numpy()).max(), 0.0, atol=1e-10)
expect("d1_02.gradient_differences", np.abs(mine - by_differences).max(), 0.0, atol=1e-8)

# %% key="rayleigh-figure" tags=["figure"]
S = np.array([[2.0, 0.8], [0.8, 0.5]])
(low, high), frame = np.linalg.eigh(S)
angle = np.linspace(0, 2 * np.pi, 361)
circle = np.stack([np.cos(angle), np.sin(angle)])
plane, graph = figures.axes(2, height=3.3)
plane.plot(*circle, color=figures.GREY, linewidth=0.8, linestyle="-")
arrows = circle[:, ::15]
slopes = np.array([rayleigh_gradient(S, v) for v in arrows.T]).T
plane.quiver(*arrows, *slopes, color=figures.GREEN, angles="xy", scale_units="xy", scale=6, width=0.006)
graph.plot(angle, np.einsum("ia,ij,ja->a", circle, S, circle), color=figures.BLACK, linestyle="-")
for value, vector, name, colour, line, mark in [(high, frame[:, 1], "1", figures.BLUE, "-", "o"), (low, frame[:, 0], "2", figures.VERMILION, "--", "s")]:
    plane.plot(*zip(-vector, vector), color=colour, linestyle=line, marker=mark, label=f"$\\pm q_{name}$")
    graph.axhline(value, color=colour, linestyle=line, label=rf"$\lambda_{name}$")
    graph.plot(np.sort(np.arctan2(vector[1], vector[0]) % np.pi + np.array([0, np.pi])), [value, value], mark, color=colour)
plane.set(xlim=(-1.3, 1.3), ylim=(-1.3, 1.3), aspect="equal", title=T(r"The gradient of $R$ on the circle", r"Le gradient de $R$ sur le cercle"))
graph.set(ylim=(-0.2, 3.2), title=T("$R$ as a function of the angle", "$R$ en fonction de l’angle"), xlabel=T("angle (radians)", "angle (radians)"))
plane.legend(loc="upper right", bbox_to_anchor=(1.45, 1.0))
graph.legend(loc="upper right", ncols=2);

# %% [markdown] key="rayleigh-read" lang="en"
# The arrows are tangent to the circle, since $R$ does not change along a ray, and they vanish at four points only, $\pm q_1$ and $\pm q_2$. They all lead to $\pm q_1$: climbing $R$ finds the leading eigenvector from almost everywhere, although $R$ is not concave. In dimension $n$, when the eigenvalues are distinct, the other eigenvectors save the last are saddle points: Day 2 will meet this picture again.

# %% [markdown] key="rayleigh-read" lang="fr"
# Les flèches sont tangentes au cercle, puisque $R$ ne varie pas le long d’une demi-droite issue de l’origine, et elles ne s’annulent qu’en quatre points, $\pm q_1$ et $\pm q_2$. Toutes mènent à $\pm q_1$ : gravir $R$ conduit au vecteur propre dominant depuis presque partout, bien que $R$ ne soit pas concave. En dimension $n$, quand les valeurs propres sont distinctes, les autres vecteurs propres, sauf le dernier, sont des points selles : on retrouvera cette image au jour 2.

# %% [markdown] key="minmax" lang="en"
# ## 3. Eigenvalues without computing them
#
# > **Theorem 3 (Courant-Fischer).** For $A\in\mathcal S_n(\mathbb R)$, $\displaystyle\lambda_k(A)=\max_{\dim S=k}\ \min_{x\in S,\,|x|=1}x^\top Ax .$
#
# > **Theorem 4 (Weyl).** For $A,E\in\mathcal S_n(\mathbb R)$ and every $k$, $|\lambda_k(A+E)-\lambda_k(A)|\le\|E\|_2$.
#
# **Proofs.** On $S=\operatorname{span}(q_1,\dots,q_k)$, $x^\top Ax=\sum_{i\le k}\lambda_i\langle q_i,x\rangle^2\ge\lambda_k|x|^2$. Conversely, if $\dim S=k$, then $S$ meets $\operatorname{span}(q_k,\dots,q_n)$, of dimension $n-k+1$, in a unit vector at least, and there $x^\top Ax\le\lambda_k$. This is Theorem 3. For Theorem 4: $x^\top(A+E)x\le x^\top Ax+\|E\|_2$ for every unit $x$; take the minimum over $x\in S$, then the maximum over $S$, to get $\lambda_k(A+E)\le\lambda_k(A)+\|E\|_2$, and exchange the roles of $A$ and $A+E$. $\blacksquare$
#
# Theorem 4 is why symmetric eigenvalues may be trusted: rounding the matrix at the sixteenth digit moves *every* eigenvalue by at most about $10^{-16}\sqrt n\,\|A\|_2$. This is an absolute error: of the smallest eigenvalues, not a single digit is guaranteed.

# %% [markdown] key="minmax" lang="fr"
# ## 3. Des valeurs propres sans les calculer
#
# > **Théorème 3 (Courant-Fischer).** Pour $A\in\mathcal S_n(\mathbb R)$, $\displaystyle\lambda_k(A)=\max_{\dim S=k}\ \min_{x\in S,\,|x|=1}x^\top Ax .$
#
# > **Théorème 4 (Weyl).** Pour $A,E\in\mathcal S_n(\mathbb R)$ et pour tout $k$, $|\lambda_k(A+E)-\lambda_k(A)|\le\|E\|_2$.
#
# **Démonstrations.** Sur $S=\operatorname{Vect}(q_1,\dots,q_k)$, on a $x^\top Ax=\sum_{i\le k}\lambda_i\langle q_i,x\rangle^2\ge\lambda_k|x|^2$. Réciproquement, si $\dim S=k$, alors $S$ rencontre $\operatorname{Vect}(q_k,\dots,q_n)$, de dimension $n-k+1$, en un vecteur unitaire au moins, et en ce vecteur $x^\top Ax\le\lambda_k$. Voilà le théorème 3. Pour le théorème 4 : $x^\top(A+E)x\le x^\top Ax+\|E\|_2$ pour tout $x$ unitaire ; on prend le minimum sur $x\in S$, puis le maximum sur $S$, ce qui donne $\lambda_k(A+E)\le\lambda_k(A)+\|E\|_2$, et l’on échange les rôles de $A$ et de $A+E$. $\blacksquare$
#
# C’est grâce au théorème 4 que l’on peut se fier aux valeurs propres d’une matrice symétrique : arrondir la matrice au seizième chiffre déplace *chaque* valeur propre d’au plus $10^{-16}\sqrt n\,\|A\|_2$ environ. C’est une erreur absolue : des plus petites valeurs propres, pas un seul chiffre n’est garanti.

# %% key="weyl-run"
base = rng.normal(size=(40, 40))
base = base + base.T
noise = rng.normal(size=(40, 40))
noise = noise + noise.T
noise = 0.1 * noise / np.linalg.norm(noise, 2)
moved = np.linalg.eigvalsh(base + noise) - np.linalg.eigvalsh(base)
# en: the bound is reached by a multiple of the identity
# fr: la borne est atteinte par un multiple de l’identité
shifted = np.linalg.eigvalsh(base + 0.1 * np.eye(40)) - np.linalg.eigvalsh(base)
expect("d1_02.weyl", np.abs(moved).max(), at_most=0.1)
expect("d1_02.weyl_reached", shifted.min(), 0.1, rtol=1e-10)

# %% [markdown] key="ex2-text" lang="en"
# **Functions of a symmetric matrix.** Theorem 2 lets one apply a function to a matrix: $f(A)=Qf(\Lambda)Q^\top=\sum_kf(\lambda_k)q_kq_k^\top$. It does not depend on the basis that was chosen, only on the orthogonal projectors onto the eigenspaces. For $f(\lambda)=\lambda^t$ it is the power, for $f=1/\lambda$ and $A$ invertible the inverse; if $A$ is positive definite, $A^{-1/2}$ is the whitening of notebook 1. It is *never* $f$ applied entry by entry.
#
# ### Exercise 2 — a function of a symmetric matrix
#
# Write `matrix_function(A, f)`, where `f` maps an array of eigenvalues to the array of their images. One test matrix has a repeated eigenvalue. At most 3 lines.

# %% [markdown] key="ex2-text" lang="fr"
# **Fonctions d’une matrice symétrique.** Le théorème 2 permet d’appliquer une fonction à une matrice : $f(A)=Qf(\Lambda)Q^\top=\sum_kf(\lambda_k)q_kq_k^\top$. Le résultat ne dépend pas de la base choisie, mais seulement des projecteurs orthogonaux sur les sous-espaces propres. Pour $f(\lambda)=\lambda^t$, c’est la puissance, pour $f=1/\lambda$ et $A$ inversible l’inverse ; si $A$ est définie positive, $A^{-1/2}$ est le blanchiment du notebook 1. Ce n’est *jamais* $f$ appliquée coefficient par coefficient.
#
# ### Exercice 2 — une fonction d’une matrice symétrique
#
# Écrivez `matrix_function(A, f)`, où `f` envoie un tableau de valeurs propres sur le tableau de leurs images. L’une des matrices d’essai a une valeur propre multiple. Trois lignes au plus.

# %% key="ex2" tags=["exercise"]
def matrix_function(A, f):
    # en: f(A) for a symmetric matrix A
    # fr: f(A) pour une matrice symétrique A
    # BEGIN SOLUTION
    eigenvalues, basis = np.linalg.eigh(A)
    return (basis * f(eigenvalues)) @ basis.T
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# `eigh` is made for symmetric matrices: its eigenvectors, the *columns* of what it returns, are orthonormal even for a repeated eigenvalue. Those of `eig` need not be.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `eigh` est faite pour les matrices symétriques : ses vecteurs propres, *colonnes* de ce qu’elle renvoie, sont orthonormés même pour une valeur propre multiple. Ceux de `eig` ne le sont pas forcément.
# </details>

# %% key="ex2-check"
check("d1_02.ex2", matrix_function)

# %% [markdown] key="power" lang="en"
# ## 4. Power iteration
#
# To compute eigenvectors, the simplest thing works: multiply by $A$, again and again. $x_{k+1}=Ax_k/|Ax_k|$.
#
# > **Theorem 5.** Let $A\in\mathcal S_n(\mathbb R)$ with eigenvalues numbered so that $|\lambda_1|>|\lambda_2|\ge\dots\ge|\lambda_n|$, and let $x_0$ be such that $\langle x_0,q_1\rangle\ne0$. Let $\theta_k$ be the angle between $x_k$ and the line $\mathbb Rq_1$. Then
# > $$\tan\theta_k\le\Bigl|\frac{\lambda_2}{\lambda_1}\Bigr|^k\tan\theta_0,\qquad|R(x_k)-\lambda_1|\le2|\lambda_1|\tan^2\theta_k .$$
#
# **Proof.** Write $x_0=\sum_ic_iq_i$. Then $x_k$ is proportional to $\sum_ic_i\lambda_i^kq_i$, so $\tan^2\theta_k=\sum_{i\ge2}c_i^2\lambda_i^{2k}\big/(c_1^2\lambda_1^{2k})\le(\lambda_2/\lambda_1)^{2k}\tan^2\theta_0$. For a unit $x=\sum_ia_iq_i$, $|R(x)-\lambda_1|=\bigl|\sum_{i\ge2}a_i^2(\lambda_i-\lambda_1)\bigr|\le2|\lambda_1|\sin^2\theta$. $\blacksquare$
#
# The eigenvalue converges *twice as fast* in digits as the vector: $R$ is flat at its critical points. The next pair comes by *deflation*: $A-\lambda_1q_1q_1^\top$ has the same eigenvectors $q_i$, and $0$ in place of $\lambda_1$.

# %% [markdown] key="power" lang="fr"
# ## 4. La puissance itérée
#
# Pour calculer des vecteurs propres, le procédé le plus simple réussit : multiplier par $A$, encore et encore. $x_{k+1}=Ax_k/|Ax_k|$.
#
# > **Théorème 5.** Soit $A\in\mathcal S_n(\mathbb R)$, de valeurs propres numérotées de sorte que $|\lambda_1|>|\lambda_2|\ge\dots\ge|\lambda_n|$, et soit $x_0$ tel que $\langle x_0,q_1\rangle\ne0$. Notons $\theta_k$ l’angle entre $x_k$ et la droite $\mathbb Rq_1$. Alors
# > $$\tan\theta_k\le\Bigl|\frac{\lambda_2}{\lambda_1}\Bigr|^k\tan\theta_0,\qquad|R(x_k)-\lambda_1|\le2|\lambda_1|\tan^2\theta_k .$$
#
# **Démonstration.** On écrit $x_0=\sum_ic_iq_i$. Alors $x_k$ est colinéaire à $\sum_ic_i\lambda_i^kq_i$, donc $\tan^2\theta_k=\sum_{i\ge2}c_i^2\lambda_i^{2k}\big/(c_1^2\lambda_1^{2k})\le(\lambda_2/\lambda_1)^{2k}\tan^2\theta_0$. Pour $x=\sum_ia_iq_i$ unitaire, $|R(x)-\lambda_1|=\bigl|\sum_{i\ge2}a_i^2(\lambda_i-\lambda_1)\bigr|\le2|\lambda_1|\sin^2\theta$. $\blacksquare$
#
# La valeur propre gagne des chiffres *deux fois plus vite* que le vecteur : $R$ est plate en ses points critiques. Le couple suivant s’obtient par *déflation* : $A-\lambda_1q_1q_1^\top$ a les mêmes vecteurs propres $q_i$, et $0$ à la place de $\lambda_1$.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — power iteration with deflation
#
# Write `leading_pairs(A, starts, steps)` for a symmetric $A$: the columns of `starts` (shape $n\times p$) are the starting vectors; for each of them in turn do `steps` iterations, then deflate. Return the $p$ eigenvalues (with their **sign**, in the order found) and the matrix $n\times p$ of unit eigenvectors. At most 12 lines; no `eigh`.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — puissance itérée et déflation
#
# Écrivez `leading_pairs(A, starts, steps)` pour $A$ symétrique : les colonnes de `starts` (forme $n\times p$) sont les vecteurs de départ ; pour chacun à son tour, effectuez `steps` itérations, puis une déflation. Renvoyez les $p$ valeurs propres (avec leur **signe**, dans l’ordre où vous les trouvez) et la matrice $n\times p$ des vecteurs propres unitaires. Douze lignes au plus ; pas de `eigh`.

# %% key="ex3" tags=["exercise"]
def leading_pairs(A, starts, steps):
    # en: the dominant eigenvalues, and unit eigenvectors as columns
    # fr: les valeurs propres dominantes, et des vecteurs propres unitaires en colonnes
    # BEGIN SOLUTION
    rest, found, columns = A, [], []
    for q in starts.T:
        for _ in range(steps):
            q = rest @ q
            q = q / np.linalg.norm(q)
        found.append(q @ rest @ q)
        columns.append(q)
        rest = rest - found[-1] * np.outer(q, q)
    return np.array(found), np.array(columns).T
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# Normalise at every step: $10^{400}$ is infinite in float64. The eigenvalue is $R(q)$, not the length $|Aq|$, which has lost its sign.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Normalisez à chaque pas : $10^{400}$ est infini en float64. La valeur propre est $R(q)$, non la longueur $|Aq|$, qui a perdu le signe.
# </details>

# %% key="ex3-check"
check("d1_02.ex3", leading_pairs)

# %% [markdown] key="rates-text" lang="en"
# **Predict, then run.** Spectrum $\{10,8,5,3,1\}$: once the other components have died out, each step must multiply the error of the vector by $8/10=0.8$ and that of the eigenvalue by $0.8^2=0.64$. How many steps for ten digits of the eigenvalue? About $\ln10^{-10}/\ln0.64\approx52$.

# %% [markdown] key="rates-text" lang="fr"
# **Prévoir, puis exécuter.** Spectre $\{10,8,5,3,1\}$ : une fois les autres composantes éteintes, chaque pas doit multiplier l’erreur sur le vecteur par $8/10=0{,}8$, et celle sur la valeur propre par $0{,}8^2=0{,}64$. Combien de pas pour dix chiffres de la valeur propre ? Environ $\ln10^{-10}/\ln0{,}64\approx52$.

# %% key="rates-run"
frame = np.linalg.qr(rng.normal(size=(5, 5)))[0]
known = frame @ np.diag([10.0, 8.0, 5.0, 3.0, 1.0]) @ frame.T
start = rng.normal(size=(5, 1))
history = []
for steps in range(1, 51):
    values, vectors = leading_pairs(known, start, steps)
    parts = frame.T @ vectors[:, 0]
    history.append((np.linalg.norm(parts[1:]) / abs(parts[0]), 10 - values[0]))
tangents, gaps = np.array(history).T
expect("d1_02.rate_vector", tangents[40] / tangents[39], 0.8, rtol=1e-2)
expect("d1_02.rate_value", gaps[40] / gaps[39], 0.64, rtol=1e-2)
expect("d1_02.rate_bound", (tangents[1:] / tangents[:-1]).max(), at_most=0.8 + 1e-9)

# %% key="rates-figure" tags=["figure"]
ax = figures.axes(height=2.9)
count = np.arange(1, 51)
ax.semilogy(count, tangents, "o", color=figures.BLUE, markevery=3, label=T(r"vector: $\tan\theta_k$", r"vecteur : $\tan\theta_k$"))
ax.semilogy(count, gaps, "s", color=figures.VERMILION, markevery=3, label=T(r"eigenvalue: $10-R(x_k)$", r"valeur propre : $10-R(x_k)$"))
for last, rate, colour, line, name in [
    (tangents[-1], 0.8, figures.BLUE, "-", T("$0.8^k$, predicted", "$0{,}8^k$, prévu")),
    (gaps[-1], 0.64, figures.VERMILION, "--", T("$0.64^k$, predicted", "$0{,}64^k$, prévu")),
]:
    ax.semilogy(count, last * rate ** (count - 50.0), color=colour, linestyle=line, label=name)
ax.set(xlabel=T("iteration $k$", "itération $k$"), ylabel=T("error", "erreur"), ylim=(1e-12, 1e3))
ax.legend(loc="upper right", ncols=2);

# %% [markdown] key="rates-read" lang="en"
# **With a network's eyes.** Each step costs one product by $A$, which need not be stored: a product by a Hessian costs about two gradients (Day 2), and so its largest eigenvalue is within reach of a network with $10^8$ weights, where no Hessian could ever be written down. *Discuss in pairs, two minutes*: spectral normalisation divides a weight matrix $W$ by an estimate of $\sigma_1(W)$ at each training step, with *one* iteration on $W^\top W$. Why does one suffice?

# %% [markdown] key="rates-read" lang="fr"
# **Vu par un réseau.** Chaque pas coûte un produit par $A$, qu’il n’est pas nécessaire de stocker : un produit par une hessienne coûte environ deux gradients (jour 2), si bien que sa plus grande valeur propre est à la portée d’un réseau de $10^8$ poids, pour lequel aucune hessienne ne pourrait être écrite. *À discuter à deux, deux minutes* : la normalisation spectrale divise une matrice de poids $W$ par une estimation de $\sigma_1(W)$ à chaque pas d’entraînement, avec *une seule* itération sur $W^\top W$. Pourquoi une seule suffit-elle ?

# %% [markdown] key="recurrence" lang="en"
# ## 5. Recurrences
#
# A linear recurrence $h_{t+1}=Wh_t$ is what remains of a recurrent network when its nonlinearity is removed; and gradients run through it with $W^\top$. Let $\rho(W)=\max|\lambda|$ over the complex eigenvalues (*spectral radius*).
#
# > **Theorem 6.** $W^t\to0$ if and only if $\rho(W)<1$. If $W$ is symmetric, $\|W^t\|_2=\rho(W)^t$ for every $t$; in general only $\|W^t\|_2\ge\rho(W)^t$.
#
# **Proof.** If $Wv=\lambda v$, then $|W^tv|=|\lambda|^t|v|$: this gives the lower bound, and one implication. Conversely, Schur's theorem gives $W=UTU^*$ with $U$ unitary and $T$ upper triangular. With $D=\operatorname{diag}(1,\delta,\dots,\delta^{n-1})$, $D^{-1}TD$ has entries $\delta^{j-i}T_{ij}$: as $\delta\to0$ it tends to the diagonal of $T$, of norm $\rho(W)<1$. So $r=\|D^{-1}TD\|_2<1$ for some $\delta\in\left]0,1\right]$, and $\|W^t\|_2\le\delta^{1-n}r^t\to0$. For symmetric $W$, apply $\|A\|_2=\max_k|\lambda_k|$ to $W^t$. $\blacksquare$
#
# Keep an eye on the factor $\delta^{1-n}$: it is where the trouble of section 7 comes from. Only $\|W\|_2\le1$ forbids any growth on the way.

# %% [markdown] key="recurrence" lang="fr"
# ## 5. Récurrences
#
# Une récurrence linéaire $h_{t+1}=Wh_t$ est ce qui reste d’un réseau récurrent quand on lui ôte sa non-linéarité ; et les gradients la remontent avec $W^\top$. Soit $\rho(W)=\max|\lambda|$, le maximum portant sur les valeurs propres complexes (*rayon spectral*).
#
# > **Théorème 6.** $W^t\to0$ si et seulement si $\rho(W)<1$. Si $W$ est symétrique, $\|W^t\|_2=\rho(W)^t$ pour tout $t$ ; en général, on a seulement $\|W^t\|_2\ge\rho(W)^t$.
#
# **Démonstration.** Si $Wv=\lambda v$, alors $|W^tv|=|\lambda|^t|v|$ : d’où la minoration, et l’une des implications. Réciproquement, le théorème de Schur donne $W=UTU^*$ avec $U$ unitaire et $T$ triangulaire supérieure. Si $D=\operatorname{diag}(1,\delta,\dots,\delta^{n-1})$, la matrice $D^{-1}TD$ a pour coefficients $\delta^{j-i}T_{ij}$ : quand $\delta\to0$, elle tend vers la diagonale de $T$, de norme $\rho(W)<1$. Donc $r=\|D^{-1}TD\|_2<1$ pour un certain $\delta\in\left]0,1\right]$, et $\|W^t\|_2\le\delta^{1-n}r^t\to0$. Pour $W$ symétrique, on applique $\|A\|_2=\max_k|\lambda_k|$ à $W^t$. $\blacksquare$
#
# Gardez à l’œil le facteur $\delta^{1-n}$ : c’est de lui que viendront les ennuis de la section 7. Seule la condition $\|W\|_2\le1$ interdit toute croissance en chemin.

# %% key="recurrence-run"
symmetric = frame @ np.diag([1.05, 0.9, 0.5, -0.2, -0.8]) @ frame.T
state = start[:, 0]
for _ in range(100):
    state = symmetric @ state
# en: a hundred steps at once, and the component along q_1, which grows by 1.05 a step
# fr: cent pas d’un coup, et la composante selon q_1, qui croît d’un facteur 1,05 par pas
at_once = matrix_function(symmetric, lambda values: values**100) @ start[:, 0]
expect("d1_02.recurrence", np.abs(at_once - state).max() / np.abs(state).max(), 0.0, atol=1e-10)
expect("d1_02.growth", (frame[:, 0] @ state) / (frame[:, 0] @ start[:, 0]), 1.05**100, rtol=1e-10)

# %% [markdown] key="laplacian" lang="en"
# ## 6. Optional — what eigenvalues know about a graph
#
# Let $W\in\mathcal S_n(\mathbb R)$ with entries $w_{ij}\ge0$ and $w_{ii}=0$ be the weights of a graph, $D$ the diagonal matrix of the sums of its rows, and $L=D-W$ its *Laplacian*.
#
# > **Proposition 7.** $x^\top Lx=\sum_{i<j}w_{ij}(x_i-x_j)^2$. Hence $L$ is positive semi-definite, and the multiplicity of its eigenvalue $0$ is the number of connected components.
#
# **Proof.** Expand the square: each $x_i^2$ appears with the factor $\sum_jw_{ij}=D_{ii}$. If $Lx=0$, the sum is zero, so $x_i=x_j$ as soon as $w_{ij}>0$: $x$ is constant on each component. Conversely $Lx=0$ for such $x$. The indicators of the components are a basis of this kernel. $\blacksquare$
#
# Topology, read off a spectrum: Day 4 will count holes in the same way. The *next* eigenvalue says how nearly the graph falls apart, and its eigenvector says where: spectral clustering cuts there.
#
# ### Exercise 4 — count the components
#
# Write `components(W)`, which returns the number of connected components. Take for zero what is at most $10^{-10}$ times the largest eigenvalue. There may be isolated vertices, but at least one edge. At most 4 lines.

# %% [markdown] key="laplacian" lang="fr"
# ## 6. Facultatif — ce que les valeurs propres savent d’un graphe
#
# Soit $W\in\mathcal S_n(\mathbb R)$, avec $w_{ij}\ge0$ et $w_{ii}=0$, la matrice des poids d’un graphe, $D$ la matrice diagonale des sommes de ses lignes, et $L=D-W$ son *laplacien*.
#
# > **Proposition 7.** $x^\top Lx=\sum_{i<j}w_{ij}(x_i-x_j)^2$. Par conséquent, $L$ est semi-définie positive, et la multiplicité de sa valeur propre $0$ est le nombre de composantes connexes.
#
# **Démonstration.** On développe le carré : chaque $x_i^2$ apparaît avec le facteur $\sum_jw_{ij}=D_{ii}$. Si $Lx=0$, la somme est nulle, donc $x_i=x_j$ dès que $w_{ij}>0$ : $x$ est constant sur chaque composante. Réciproquement, $Lx=0$ pour un tel $x$. Les indicatrices des composantes forment une base de ce noyau. $\blacksquare$
#
# De la topologie, lue sur un spectre : au jour 4, on comptera des trous de la même façon. La valeur propre *suivante* dit si le graphe est près de se rompre, et son vecteur propre dit où : c’est là que coupe le partitionnement spectral (*spectral clustering*).
#
# ### Exercice 4 — compter les composantes
#
# Écrivez `components(W)`, qui renvoie le nombre de composantes connexes. Tenez pour nul ce qui ne dépasse pas $10^{-10}$ fois la plus grande valeur propre. Il peut y avoir des sommets isolés, mais il y a au moins une arête. Quatre lignes au plus.

# %% key="ex4" tags=["exercise"]
def components(W):
    # en: the number of connected components of a weighted graph
    # fr: le nombre de composantes connexes d’un graphe pondéré
    # BEGIN SOLUTION
    degrees = np.diag(W.sum(axis=1))
    spectrum = np.linalg.eigvalsh(degrees - W)
    return int(np.sum(spectrum <= 1e-10 * spectrum[-1]))
    # END SOLUTION


# %% key="ex4-check"
check("d1_02.ex4", components)

# %% [markdown] key="laplacian-text" lang="en"
# **Predict, then run.** Two complete graphs with ten vertices each, all weights $1$, and one vertex by itself: three components. Now join the complete graphs by *one* edge of weight $\eta$. By Proposition 7 one zero disappears; how small is the eigenvalue $\mu$ that replaces it? Theorem 3, numbered from the smallest: it is at most the largest value of $R$ on the span of two orthogonal vectors of the kernel and a third, $x=(1,\dots,1,-1,\dots,-1,0)$, orthogonal to both, for which $x^\top Lx=4\eta$ and $|x|^2=20$. **Prediction**: $\mu\le\eta/5$, and nearly equal for small $\eta$.

# %% [markdown] key="laplacian-text" lang="fr"
# **Prévoir, puis exécuter.** Deux graphes complets à dix sommets, tous les poids valant $1$, et un sommet seul : trois composantes. Relions maintenant les deux graphes complets par *une* arête de poids $\eta$. D’après la proposition 7, un zéro disparaît ; quelle est la taille de la valeur propre $\mu$ qui le remplace ? Le théorème 3, numéroté à partir de la plus petite, la majore par la plus grande valeur de $R$ sur l’espace engendré par deux vecteurs orthogonaux du noyau et un troisième, $x=(1,\dots,1,-1,\dots,-1,0)$, orthogonal aux deux, pour lequel $x^\top Lx=4\eta$ et $|x|^2=20$. **Prévision** : $\mu\le\eta/5$, presque avec égalité quand $\eta$ est petit.

# %% key="laplacian-run"
graph = np.zeros((21, 21))
graph[:10, :10] = graph[10:20, 10:20] = 1 - np.eye(10)
expect("d1_02.pieces", components(graph), 3)
graph[9, 10] = graph[10, 9] = 0.01
expect("d1_02.pieces_joined", components(graph), 2)
third = np.linalg.eigvalsh(np.diag(graph.sum(axis=0)) - graph)[2]
expect("d1_02.third_bound", third, at_most=0.01 / 5)
expect("d1_02.third", third, 0.01 / 5, rtol=2e-2)

# %% [markdown] key="break-a" lang="en"
# ## 7. Break it
#
# ### (a) An error of $10^{-10}$, amplified a thousand million times
#
# Let $J$ be the Jordan block of size $10$ with eigenvalue $0$ (ones above the diagonal), and put $\varepsilon=10^{-10}$ into the corner at the bottom left. Expanding the determinant, $\det(\lambda I-J_\varepsilon)=\lambda^{10}-\varepsilon$. **Prediction**: ten eigenvalues on a circle of radius $\varepsilon^{1/10}=0.1$, a displacement $10^9$ times as large as the perturbation. For the *symmetric* matrix $J+J^\top$ with $\varepsilon$ in both corners, Weyl's theorem promises a displacement of at most $\varepsilon$.

# %% [markdown] key="break-a" lang="fr"
# ## 7. Casser exprès
#
# ### (a) Une erreur de $10^{-10}$, amplifiée un milliard de fois
#
# Soit $J$ le bloc de Jordan de taille $10$ et de valeur propre $0$ (des $1$ au-dessus de la diagonale) ; mettons $\varepsilon=10^{-10}$ dans le coin en bas à gauche. En développant le déterminant, $\det(\lambda I-J_\varepsilon)=\lambda^{10}-\varepsilon$. **Prévision** : dix valeurs propres sur un cercle de rayon $\varepsilon^{1/10}=0{,}1$, soit un déplacement $10^9$ fois plus grand que la perturbation. Pour la matrice *symétrique* $J+J^\top$ avec $\varepsilon$ dans les deux coins, le théorème de Weyl promet un déplacement d’au plus $\varepsilon$.

# %% key="break-a-run" tags=["break"]
jordan = np.diag(np.ones(9), 1)


def moved_by(size):
    # en: the eigenvalues of the Jordan block, and the displacement of the symmetric ones
    # fr: les valeurs propres du bloc de Jordan, et le déplacement de celles de la matrice symétrique
    corner = np.zeros((10, 10))
    corner[9, 0] = size
    before = np.linalg.eigvalsh(jordan + jordan.T)
    after = np.linalg.eigvalsh(jordan + jordan.T + corner + corner.T)
    return np.linalg.eigvals(jordan + corner), np.abs(after - before).max()


scattered, displacement = moved_by(1e-10)
expect("d1_02.break_jordan_min", np.abs(scattered).min(), 0.1, rtol=1e-6)
expect("d1_02.break_jordan_max", np.abs(scattered).max(), 0.1, rtol=1e-6)
expect("d1_02.break_symmetric", displacement, at_most=1e-10)

# %% key="break-a-figure" tags=["figure"]
plane, graph = figures.axes(2, height=3.2)
sizes = np.geomspace(1e-12, 1e-2, 11)
results = [moved_by(size) for size in sizes]
for size, mark, colour in [(1e-10, "o", figures.BLUE), (1e-6, "s", figures.VERMILION), (1e-2, "^", figures.GREEN)]:
    values = moved_by(size)[0]
    radius = size**0.1
    plane.plot(radius * np.cos(angle), radius * np.sin(angle), color=figures.GREY, linestyle=":", linewidth=0.8)
    plane.plot(values.real, values.imag, mark, color=colour, label=rf"$\varepsilon=10^{{{round(np.log10(size))}}}$")
plane.set(aspect="equal", title=T("Eigenvalues of $J_\\varepsilon$", "Valeurs propres de $J_\\varepsilon$"))
plane.legend(loc="center left", bbox_to_anchor=(1, 0.5))
graph.loglog(sizes, [np.abs(values).max() for values, _ in results], "o-", color=figures.BLUE, label=T("Jordan block", "bloc de Jordan"))
graph.loglog(sizes, [gap for _, gap in results], "s--", color=figures.VERMILION, label=T("symmetric", "symétrique"))
graph.loglog(sizes, sizes, color=figures.GREY, linestyle=":", label=T(r"bound $\|E\|_2$", r"borne $\|E\|_2$"))
graph.set(xlabel=r"$\varepsilon$", title=T("Largest displacement", "Plus grand déplacement"))
graph.legend(loc="lower right");

# %% [markdown] key="break-b" lang="en"
# ### (b) All eigenvalues below 1, and growth by a factor 38
#
# $$W=\begin{pmatrix}0.9&10\\0&0.9\end{pmatrix},\qquad W^k=\begin{pmatrix}0.9^k&10k\,0.9^{k-1}\\0&0.9^k\end{pmatrix},\qquad\|W^k\|_2=\frac{b+\sqrt{b^2+4a^2}}2$$
# with $a=0.9^k$, $b=10k\,0.9^{k-1}$ (the singular values have product $a^2$ and difference $b$). The corner is greatest at $k=9$ and $k=10$, where it has the same value $90\cdot0.9^8=38.742$; $a$ decides in favour of $k=9$. **Prediction**: although $\rho(W)=0.9$, the norm climbs to $38.75$ at $k=9$ and is below $1$ only from $k=63$ on. A training run that watches the first ten steps would call this recurrence explosive.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Toutes les valeurs propres sous 1, et une croissance d’un facteur 38
#
# $$W=\begin{pmatrix}0{,}9&10\\0&0{,}9\end{pmatrix},\qquad W^k=\begin{pmatrix}0{,}9^k&10k\,0{,}9^{k-1}\\0&0{,}9^k\end{pmatrix},\qquad\|W^k\|_2=\frac{b+\sqrt{b^2+4a^2}}2$$
# avec $a=0{,}9^k$, $b=10k\,0{,}9^{k-1}$ (les valeurs singulières ont pour produit $a^2$ et pour différence $b$). Le coin est le plus grand en $k=9$ et en $k=10$, où il prend la même valeur $90\cdot0{,}9^8=38{,}742$ ; $a$ tranche en faveur de $k=9$. **Prévision** : bien que $\rho(W)=0{,}9$, la norme monte jusqu’à $38{,}75$ en $k=9$ et ne passe sous $1$ qu’à partir de $k=63$. Qui n’observerait que les dix premiers pas d’un entraînement dirait cette récurrence explosive.

# %% key="break-b-run" tags=["break"]
not_normal = np.array([[0.9, 10.0], [0.0, 0.9]])
norms = np.array([np.linalg.norm(np.linalg.matrix_power(not_normal, k), 2) for k in range(101)])
a, b = 0.9**9, 90 * 0.9**8
expect("d1_02.break_radius", np.abs(np.linalg.eigvals(not_normal)).max(), 0.9, rtol=1e-12)
expect("d1_02.break_peak", norms.max(), (b + np.sqrt(b**2 + 4 * a**2)) / 2, rtol=1e-10)
expect("d1_02.break_peak_at", norms.argmax(), 9)
expect("d1_02.break_below_one", np.flatnonzero(norms >= 1).max() + 1, 63)

# %% key="break-b-figure" tags=["figure"]
ax = figures.axes(height=2.8)
ax.semilogy(norms, color=figures.BLUE, label=r"$\|W^k\|_2$")
ax.semilogy(0.9 ** np.arange(101), color=figures.VERMILION, linestyle="--", label=r"$\rho(W)^k$")
ax.semilogy([9, 63], norms[[9, 63]], "o", color=figures.BLACK)
for k, above in [(9, 1.5), (63, 1.8)]:
    ax.annotate(f"$k={k}$", (k, norms[k] * above))
ax.axhline(1, color=figures.GREY, linestyle=":")
ax.set(xlabel=T("power $k$", "puissance $k$"), ylim=(1e-5, 200))
ax.legend(loc="lower left");

# %% [markdown] key="break-c" lang="en"
# ### (c) Differentiate an eigenvector that does not exist
#
# Where $\lambda_k$ is simple, $\lambda_k$ and $q_k$ (its sign fixed) are smooth functions of $A\in\mathcal S_n(\mathbb R)$, by the implicit function theorem. Differentiate $Aq_k=\lambda_kq_k$ with $|q_k|=1$, whence $\langle q_k,\mathrm dq_k\rangle=0$, and take the scalar product with $q_k$, then with $q_j$:
# $$\mathrm d\lambda_k=q_k^\top\,\mathrm dA\,q_k,\qquad\mathrm dq_k=\sum_{j\ne k}\frac{q_j^\top\,\mathrm dA\,q_k}{\lambda_k-\lambda_j}\,q_j .$$
# At $A=I$ every vector is an eigenvector, `eigh` returns one basis among infinitely many, and the formula divides by $0$. **Prediction**: the gradient of an entry of $q_k$ at $I$ is NaN; at $\operatorname{diag}(1,1+10^{-6})$ it has size $10^6$. But $\sum_k\lambda_k=\operatorname{tr}A$ is smooth everywhere, and its gradient is $I$, even at $I$.

# %% [markdown] key="break-c" lang="fr"
# ### (c) Dériver un vecteur propre qui n’existe pas
#
# Là où $\lambda_k$ est simple, $\lambda_k$ et $q_k$ (une fois son signe fixé) sont des fonctions régulières de $A\in\mathcal S_n(\mathbb R)$, d’après le théorème des fonctions implicites. On différentie $Aq_k=\lambda_kq_k$ avec $|q_k|=1$, d’où $\langle q_k,\mathrm dq_k\rangle=0$, et l’on prend le produit scalaire avec $q_k$, puis avec $q_j$ :
# $$\mathrm d\lambda_k=q_k^\top\,\mathrm dA\,q_k,\qquad\mathrm dq_k=\sum_{j\ne k}\frac{q_j^\top\,\mathrm dA\,q_k}{\lambda_k-\lambda_j}\,q_j .$$
# En $A=I$, tout vecteur est propre, `eigh` renvoie une base parmi une infinité, et la formule divise par $0$. **Prévision** : le gradient d’un coefficient de $q_k$ en $I$ vaut NaN ; en $\operatorname{diag}(1,1+10^{-6})$ il est de l’ordre de $10^6$. Mais $\sum_k\lambda_k=\operatorname{tr}A$ est régulière partout, et son gradient est $I$, même en $I$.

# %% key="break-c-run" tags=["break"]
def first_entry(M):
    return jnp.linalg.eigh(M)[1][0, 0]


near = np.diag([1.0, 1.0 + 1e-6])
swap = np.array([[0.0, 1.0], [1.0, 0.0]])
_, turn = jax.jvp(lambda M: jnp.linalg.eigh(M)[1][1, 0], (near,), (swap,))
expect("d1_02.break_nan", jax.grad(first_entry)(np.eye(3))[0, 0], np.nan)
expect("d1_02.break_gap", abs(turn), 1e6, rtol=1e-6)
sum_gradient = jax.grad(lambda M: jnp.linalg.eigvalsh(M).sum())(np.eye(3))
expect("d1_02.break_sum", np.abs(sum_gradient - np.eye(3)).max(), 0.0, atol=1e-12)

# en: a simple eigenvalue is harmless; its gradient is the matrix q q'
# fr: une valeur propre simple est sans danger ; son gradient est la matrice q q'
leaf = torch.tensor(known, requires_grad=True)
torch.linalg.eigvalsh(leaf)[-1].backward()
projector = np.outer(frame[:, 0], frame[:, 0])
by_jax = jax.grad(lambda M: jnp.linalg.eigvalsh(M)[-1])(known)
expect("d1_02.top_jax", np.abs(by_jax - projector).max(), 0.0, atol=1e-10)
expect("d1_02.top_torch", np.abs(leaf.grad.numpy() - projector).max(), 0.0, atol=1e-10)

# %% [markdown] key="exit" lang="en"
# ## Exit ticket (no code, five minutes)
#
# 1. You delete one variable from a data set: its covariance loses a row and the same column. With Theorem 3, show that the new leading eigenvalue $\mu_1$ satisfies $\lambda_2\le\mu_1\le\lambda_1$. Can the first principal axis change completely?
# 2. A colleague initialises a recurrent network with $\rho(W)=0.99$ "so that nothing can explode", and sees the gradient explode at time step 20. Give an explanation in one sentence, and an initialisation of $W$ for which the argument would be right.
#
# **What to keep**: symmetric means real eigenvalues, an orthonormal basis, and stability under perturbation; the Rayleigh quotient bounds eigenvalues without computing them; convergence is a ratio of eigenvalues; without symmetry, look at norms before you trust a spectrum; an eigenspace means something, an eigenvector inside it does not.

# %% [markdown] key="exit" lang="fr"
# ## Billet de sortie (sans code, cinq minutes)
#
# 1. Vous supprimez une variable d’un jeu de données : sa covariance perd une ligne et la colonne de même indice. À l’aide du théorème 3, montrez que la nouvelle valeur propre dominante $\mu_1$ vérifie $\lambda_2\le\mu_1\le\lambda_1$. Le premier axe principal peut-il changer complètement ?
# 2. Un collègue initialise un réseau récurrent avec $\rho(W)=0{,}99$ « pour que rien ne puisse exploser », et voit le gradient exploser au vingtième pas de temps. Donnez une explication en une phrase, et une initialisation de $W$ pour laquelle l’argument serait juste.
#
# **À retenir** : la symétrie donne des valeurs propres réelles, une base orthonormée, et la stabilité par perturbation ; le quotient de Rayleigh encadre les valeurs propres sans les calculer ; la convergence est un rapport de valeurs propres ; sans symétrie, regardez les normes avant de vous fier à un spectre ; un sous-espace propre a un sens, un vecteur propre choisi dans ce sous-espace n’en a pas.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 0. (Discussion of section 4) $W$ moves little from one training step to the next, so the previous vector is an excellent start, and the error of the eigenvalue is quadratic in that of the vector. 1. The new matrix is that of the quadratic form restricted to a hyperplane $H$: $\mu_1=\max_{x\in H,|x|=1}x^\top Ax\le\lambda_1$; and $H$ meets $\operatorname{span}(q_1,q_2)$ in a unit vector, where the form is at least $\lambda_2$. The axis can become orthogonal to the old one: delete the only variable on which $q_1$ depends. 2. $\rho(W)<1$ says nothing about $\|W^t\|_2$ for finite $t$ when $W$ is not normal (section 7 b). A symmetric $W$, or $0.99$ times an orthogonal one: $\|W^t\|_2=0.99^t$.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 0. (Discussion de la section 4) $W$ bouge peu d’un pas d’entraînement au suivant, le vecteur précédent est donc un excellent départ, et l’erreur sur la valeur propre est quadratique en celle sur le vecteur. 1. La nouvelle matrice est celle de la forme quadratique restreinte à un hyperplan $H$ : $\mu_1=\max_{x\in H,|x|=1}x^\top Ax\le\lambda_1$ ; et $H$ rencontre $\operatorname{Vect}(q_1,q_2)$ en un vecteur unitaire, où la forme vaut au moins $\lambda_2$. L’axe peut devenir orthogonal à l’ancien : il suffit de supprimer la seule variable dont dépend $q_1$. 2. $\rho(W)<1$ ne dit rien de $\|W^t\|_2$ à $t$ fini quand $W$ n’est pas normale (section 7 b). Une matrice $W$ symétrique, ou $0{,}99$ fois une matrice orthogonale : $\|W^t\|_2=0{,}99^t$.
