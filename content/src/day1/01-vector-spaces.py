# %% [markdown] key="title" lang="en"
# # Vector spaces, bases and change of basis, with a network's eyes
#
# **Day 1, notebook 1** — about 45 minutes.
#
# After this notebook you can
# - compute the coordinates of a vector, and the matrix of a linear map, in any basis, without ever inverting a matrix;
# - say which quantities survive a change of basis, and which do not;
# - describe exactly what a layer cannot see, through its kernel;
# - explain why gradient descent *sees* the basis in which you write your parameters, and why that matters for training.
#
# **Conventions.** Vectors are columns. A basis is written as the columns of an invertible matrix. $|x|$ is the Euclidean norm, $\|A\|_2$ the spectral norm. The gradient $\nabla f(x)$ is a column of the same shape as $x$.
#
# **How these notebooks work.** Each exercise is a function to complete. The line `check(...)` after it judges your function on random cases, prints what it measured with the tolerance it allows, and gives a hint when something is wrong. The line `expect(...)` compares a number that theory predicts with the number your machine measures. Try to write the prediction down *before* you run the cell.

# %% [markdown] key="title" lang="fr"
# # Espaces vectoriels, bases et changement de base, vus par un réseau de neurones
#
# **Jour 1, notebook 1** — environ 45 minutes.
#
# À l’issue de ce notebook, vous saurez
# - calculer les coordonnées d’un vecteur, et la matrice d’une application linéaire, dans n’importe quelle base, sans jamais inverser de matrice ;
# - dire quelles grandeurs résistent à un changement de base, et lesquelles n’y résistent pas ;
# - décrire exactement ce qu’une couche ne peut pas voir, au moyen de son noyau ;
# - expliquer pourquoi la descente de gradient *voit* la base dans laquelle vous écrivez vos paramètres, et pourquoi cela compte pour l’entraînement.
#
# **Conventions.** Les vecteurs sont des colonnes. Une base est formée des colonnes d’une matrice inversible. $|x|$ est la norme euclidienne, $\|A\|_2$ la norme spectrale. Le gradient $\nabla f(x)$ est une colonne de même forme que $x$.
#
# **Mode d’emploi de ces notebooks.** Chaque exercice est une fonction à compléter. La ligne `check(...)` qui suit juge votre fonction sur des cas aléatoires, affiche ce qu’elle a mesuré et la tolérance admise, et donne un indice quand quelque chose ne va pas. La ligne `expect(...)` compare un nombre que la théorie prévoit au nombre que mesure votre machine. Essayez d’écrire la prévision *avant* d’exécuter la cellule.

# %% key="imports"
import jax
import numpy as np
import torch
from airina import check, expect, figures
from airina.derivatives import numerical_gradient

# %% [markdown] key="basis" lang="en"
# ## 1. Coordinates
#
# Let $E$ be a real vector space of finite dimension $n$. A family is *linearly independent* if only the trivial combination gives $0$, a *spanning set* if every vector is a combination of it, a *basis* if it is both. In a basis $\mathcal B=(b_1,\dots,b_n)$ every $v\in E$ is written $v=\sum_ix_ib_i$ in exactly one way; the column $x=[v]_{\mathcal B}$ holds its *coordinates*.
#
# The vector does not depend on the basis; its coordinates do. A tensor in memory is never a vector: it is a column of coordinates, in a basis that nobody wrote down.
#
# > **Change of basis.** Let the columns of $P$ be the coordinates, in the old basis, of the vectors of the new one (*change-of-basis matrix* from old to new). Then old and new coordinates of the same vector satisfy $x=Px'$.
#
# Note the direction: $P$ describes the *new* basis and gives back the *old* coordinates. To find the new ones, a linear system has to be solved: $Px'=x$.

# %% [markdown] key="basis" lang="fr"
# ## 1. Coordonnées
#
# Soit $E$ un espace vectoriel réel de dimension finie $n$. Une famille est *libre* si seule la combinaison triviale donne $0$, *génératrice* si tout vecteur en est combinaison linéaire ; c’est une *base* si elle est l’un et l’autre. Dans une base $\mathcal B=(b_1,\dots,b_n)$, tout $v\in E$ s’écrit $v=\sum_ix_ib_i$ d’une façon et d’une seule ; la colonne $x=[v]_{\mathcal B}$ contient ses *coordonnées*.
#
# Le vecteur ne dépend pas de la base, ses coordonnées si. Un tenseur en mémoire n’est jamais un vecteur : c’est une colonne de coordonnées, dans une base que personne n’a écrite.
#
# > **Changement de base.** Soit $P$ la matrice dont les colonnes sont les coordonnées, dans l’ancienne base, des vecteurs de la nouvelle (*matrice de passage* de l’ancienne à la nouvelle). Alors les anciennes et les nouvelles coordonnées d’un même vecteur vérifient $x=Px'$.
#
# Attention au sens : $P$ décrit la *nouvelle* base et rend les *anciennes* coordonnées. Pour trouver les nouvelles, il faut résoudre un système linéaire : $Px'=x$.

# %% [markdown] key="polynomials" lang="en"
# **Example.** The polynomials of degree *at most* $2$ form a vector space of dimension $3$. (Those of degree *exactly* $2$ do not: $X^2$ and $1-X^2$ have a sum of degree $0$.) Old basis $(1,X,X^2)$, new basis $(1,\,X-1,\,(X-1)^2)$; since $(X-1)^2=1-2X+X^2$,
# $$P=\begin{pmatrix}1&-1&1\\0&1&-2\\0&0&1\end{pmatrix}.$$
# **Prediction.** The coordinates of $X^2$ in the new basis are the Taylor coefficients of $X^2$ at $1$, that is $(1,2,1)$.

# %% [markdown] key="polynomials" lang="fr"
# **Exemple.** Les polynômes de degré *au plus* $2$ forment un espace vectoriel de dimension $3$. (Ceux de degré *exactement* $2$, non : $X^2$ et $1-X^2$ ont une somme de degré $0$.) Ancienne base $(1,X,X^2)$, nouvelle base $(1,\,X-1,\,(X-1)^2)$ ; comme $(X-1)^2=1-2X+X^2$,
# $$P=\begin{pmatrix}1&-1&1\\0&1&-2\\0&0&1\end{pmatrix}.$$
# **Prévision.** Les coordonnées de $X^2$ dans la nouvelle base sont les coefficients de Taylor de $X^2$ en $1$, c’est-à-dire $(1,2,1)$.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — new coordinates
#
# Write `coords(B, x)`: the columns of the square matrix `B` are the new basis, `x` holds old coordinates; return the new ones. One line. Solve the system; never form an inverse. One of the test bases has condition number $10^{10}$, and there the difference shows.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — nouvelles coordonnées
#
# Écrivez `coords(B, x)` : les colonnes de la matrice carrée `B` forment la nouvelle base, `x` contient les anciennes coordonnées ; renvoyez les nouvelles. Une ligne. Résolvez le système ; ne formez jamais d’inverse. L’une des bases d’essai a un conditionnement de $10^{10}$, et là, la différence se voit.

# %% key="ex1" tags=["exercise"]
def coords(B, x):
    # en: coordinates of x in the basis made of the columns of B
    # fr: coordonnées de x dans la base formée des colonnes de B
    # BEGIN SOLUTION
    return np.linalg.solve(B, x)
    # END SOLUTION


# %% key="ex1-check"
check("d1_01.ex1", coords)

# %% key="polynomials-run"
P = np.array([[1.0, -1.0, 1.0], [0.0, 1.0, -2.0], [0.0, 0.0, 1.0]])
square = np.array([0.0, 0.0, 1.0])
# en: X^2 = 1 + 2 (X - 1) + (X - 1)^2
# fr: X^2 = 1 + 2 (X - 1) + (X - 1)^2
taylor = coords(P, square)
expect("d1_01.taylor", np.abs(taylor - np.array([1.0, 2.0, 1.0])).max(), 0.0, atol=1e-12)

# %% key="grid-figure" tags=["figure"]
basis = np.array([[1.0, -0.4], [0.3, 0.9]])
point = np.array([1.1, 1.5])
new = coords(basis, point)
old_ax, new_ax = figures.axes(2, height=3.6)
ticks = np.arange(-3, 4)
for ax, frame in [(old_ax, np.eye(2)), (new_ax, basis)]:
    for t in ticks:
        for ends in (np.array([[t, t], [-3, 3]]), np.array([[-3, 3], [t, t]])):
            ax.plot(*(frame @ ends), color=figures.GREY, linewidth=0.7, linestyle="-")
    for column, colour, line in [(0, figures.BLUE, "-"), (1, figures.VERMILION, "--")]:
        ax.plot(*zip([0, 0], frame[:, column]), color=colour, linestyle=line, linewidth=3, label=f"$b_{column + 1}$")
    ax.plot(*point, "k*", markersize=12)
    ax.set(xlim=(-2, 2.4), ylim=(-1, 2.6), aspect="equal")
    ax.grid(visible=False)
    ax.legend(loc="lower left")
old_ax.set_title(T(f"Old coordinates ({point[0]:.1f}; {point[1]:.1f})", f"Anciennes coordonnées ({point[0]:.1f} ; {point[1]:.1f})"))
new_ax.set_title(T(f"New coordinates ({new[0]:.2f}; {new[1]:.2f})", f"Nouvelles coordonnées ({new[0]:.2f} ; {new[1]:.2f})"));

# %% [markdown] key="grid-read" lang="en"
# One star, two grids, two pairs of numbers. The new coordinates are read by counting steps along the oblique grid: they are *not* the orthogonal projections onto $b_1$ and $b_2$, which would be right only for an orthonormal basis.

# %% [markdown] key="grid-read" lang="fr"
# Une étoile, deux quadrillages, deux couples de nombres. Les nouvelles coordonnées se lisent en comptant les pas le long du quadrillage oblique : ce ne sont *pas* les projections orthogonales sur $b_1$ et $b_2$, qui ne conviendraient que pour une base orthonormée.

# %% [markdown] key="network-bases" lang="en"
# **Where these bases hide in a network.** A token is a vector of the canonical basis of $\mathbb R^V$ ("one-hot"), and an embedding table $W\in\mathbb R^{d\times V}$ is a linear map whose columns are the images of that basis: looking up a word, that is, reading off a column, *is* a matrix product. Standardising the inputs is a change of basis with a diagonal $P$ (and a translation). Whitening is the change of basis that makes the covariance equal to $I$. A layer $W_2W_1$ without a nonlinearity is one map of which the hidden basis is arbitrary. *Discuss in pairs, two minutes*: somebody compares two word embeddings, trained separately, coordinate by coordinate, and finds them unrelated. Which change of basis should be estimated first, and from which data?

# %% [markdown] key="network-bases" lang="fr"
# **Où ces bases se cachent dans un réseau.** Un jeton (*token*) est un vecteur de la base canonique de $\mathbb R^V$ (« one-hot »), et une table de plongements $W\in\mathbb R^{d\times V}$ est une application linéaire dont les colonnes sont les images de cette base : chercher un mot, c’est-à-dire lire une colonne, *est* un produit matriciel. Centrer et réduire les entrées, c’est changer de base avec $P$ diagonale (et une translation). Blanchir les données, c’est choisir la base qui rend la covariance égale à $I$. Une couche $W_2W_1$ sans non-linéarité est une seule application, dont la base cachée est arbitraire. *À discuter à deux, deux minutes* : quelqu’un compare coordonnée par coordonnée deux plongements de mots entraînés séparément, et les trouve sans rapport. Quel changement de base faudrait-il d’abord estimer, et à partir de quelles données ?

# %% [markdown] key="maps" lang="en"
# ## 2. The matrix of a map
#
# > **Theorem 1.** Let $f:E\to F$ be linear with matrix $A$. If $x=Px'$ in $E$ and $y=Qy'$ in $F$, the matrix of $f$ in the new bases is $A'=Q^{-1}AP$. For an endomorphism and one basis, $A'=P^{-1}AP$: then $A$ and $A'$ are *similar*.
#
# **Proof.** Follow the coordinates. From $y=Ax$: $Qy'=APx'$, hence $y'=Q^{-1}AP\,x'$ for every $x'$. $\blacksquare$
#
# > **Corollary.** $A$ and $Q^{-1}AP$ have the same rank. $A$ and $P^{-1}AP$ have moreover the same trace, determinant and characteristic polynomial, hence the same eigenvalues.
#
# **Proof.** $P$ and $Q$ are bijective. For the rest, $\operatorname{tr}(P^{-1}AP)=\operatorname{tr}(APP^{-1})=\operatorname{tr}A$, and $\det(\lambda I-P^{-1}AP)=\det(P^{-1}(\lambda I-A)P)=\det(\lambda I-A)$. $\blacksquare$
#
# Norms, angles, singular values and condition numbers are *not* in this list: an orthogonal $P$ keeps them all, another one in general does not.

# %% [markdown] key="maps" lang="fr"
# ## 2. La matrice d’une application
#
# > **Théorème 1.** Soit $f:E\to F$ linéaire, de matrice $A$. Si $x=Px'$ dans $E$ et $y=Qy'$ dans $F$, la matrice de $f$ dans les nouvelles bases est $A'=Q^{-1}AP$. Pour un endomorphisme et une seule base, $A'=P^{-1}AP$ : on dit que $A$ et $A'$ sont *semblables*.
#
# **Démonstration.** On suit les coordonnées. De $y=Ax$ on tire $Qy'=APx'$, d’où $y'=Q^{-1}AP\,x'$ pour tout $x'$. $\blacksquare$
#
# > **Corollaire.** $A$ et $Q^{-1}AP$ ont même rang. $A$ et $P^{-1}AP$ ont de plus même trace, même déterminant et même polynôme caractéristique, donc mêmes valeurs propres.
#
# **Démonstration.** $P$ et $Q$ sont bijectives. Pour le reste, $\operatorname{tr}(P^{-1}AP)=\operatorname{tr}(APP^{-1})=\operatorname{tr}A$, et $\det(\lambda I-P^{-1}AP)=\det(P^{-1}(\lambda I-A)P)=\det(\lambda I-A)$. $\blacksquare$
#
# Les normes, les angles, les valeurs singulières et le conditionnement ne sont *pas* dans cette liste : une matrice $P$ orthogonale les conserve tous, une autre en général non.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 — the matrix in the new bases
#
# Write `change_matrix(A, P, Q)`, which returns $Q^{-1}AP$ for $A$ of shape $(m,n)$, $P$ of shape $(n,n)$, $Q$ of shape $(m,m)$. One line, and no inverse.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 — la matrice dans les nouvelles bases
#
# Écrivez `change_matrix(A, P, Q)`, qui renvoie $Q^{-1}AP$ pour $A$ de forme $(m,n)$, $P$ de forme $(n,n)$, $Q$ de forme $(m,m)$. Une ligne, et pas d’inverse.

# %% key="ex2" tags=["exercise"]
def change_matrix(A, P, Q):
    # en: the matrix of the same map in the bases P (departure) and Q (arrival)
    # fr: la matrice de la même application dans les bases P (départ) et Q (arrivée)
    # BEGIN SOLUTION
    return np.linalg.solve(Q, A @ P)
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.linalg.solve(Q, M)` solves one system for each column of `M`: it returns $Q^{-1}M$.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.linalg.solve(Q, M)` résout un système par colonne de `M` : elle renvoie $Q^{-1}M$.
# </details>

# %% key="ex2-check"
check("d1_01.ex2", change_matrix)

# %% [markdown] key="invariants" lang="en"
# **What survives, measured.** A random endomorphism of dimension 6 and a random basis. Predict which of these four gaps are zero: trace, determinant, spectrum, spectral norm.

# %% [markdown] key="invariants" lang="fr"
# **Ce qui résiste, mesuré.** Un endomorphisme aléatoire en dimension 6 et une base aléatoire. Prévoyez lesquels de ces quatre écarts sont nuls : trace, déterminant, spectre, norme spectrale.

# %% key="invariants-run"
rng = np.random.default_rng(1)
A = rng.normal(size=(6, 6))
P = rng.normal(size=(6, 6))
similar = change_matrix(A, P, P)
spectra = [np.sort_complex(np.linalg.eigvals(M)) for M in (A, similar)]
expect("d1_01.trace", np.trace(similar), np.trace(A), rtol=1e-8)
expect("d1_01.det", np.linalg.det(similar), np.linalg.det(A), rtol=1e-8)
expect("d1_01.spectrum", np.abs(spectra[0] - spectra[1]).max(), 0.0, atol=1e-8)
expect("d1_01.norm_changes", np.linalg.norm(similar, 2) / np.linalg.norm(A, 2), at_least=1.05)

# %% [markdown] key="kernel" lang="en"
# ## 3. What a layer cannot see
#
# > **Theorem 2 (rank-nullity).** Let $f:E\to F$ be linear and $E$ of finite dimension. Then $\dim\ker f+\operatorname{rank}f=\dim E$.
#
# **Proof.** Complete a basis $(e_1,\dots,e_k)$ of $\ker f$ to a basis $(e_1,\dots,e_n)$ of $E$. The vectors $f(e_{k+1}),\dots,f(e_n)$ span the image; and if $\sum_{i>k}c_if(e_i)=0$, then $\sum_{i>k}c_ie_i\in\ker f$, hence $c_i=0$ for every $i$. So they are a basis of the image: $\operatorname{rank}f=n-k$. $\blacksquare$
#
# In a layer $x\mapsto\varphi(Wx+b)$ with $W\in\mathbb R^{m\times n}$ and $m<n$, the kernel of $W$ has dimension at least $n-m$: the inputs $x$ and $x+z$ with $z\in\ker W$ are *indistinguishable*, whatever follows and however long one trains the rest. This is not a numerical accident, it is a theorem; and it is exact even though $\varphi$ is not linear.

# %% [markdown] key="kernel" lang="fr"
# ## 3. Ce qu’une couche ne peut pas voir
#
# > **Théorème 2 (théorème du rang).** Soit $f:E\to F$ linéaire, $E$ étant de dimension finie. Alors $\dim\ker f+\operatorname{rg}f=\dim E$.
#
# **Démonstration.** On complète une base $(e_1,\dots,e_k)$ de $\ker f$ en une base $(e_1,\dots,e_n)$ de $E$. Les vecteurs $f(e_{k+1}),\dots,f(e_n)$ engendrent l’image ; et si $\sum_{i>k}c_if(e_i)=0$, alors $\sum_{i>k}c_ie_i\in\ker f$, donc $c_i=0$ pour tout $i$. Ils forment ainsi une base de l’image : $\operatorname{rg}f=n-k$. $\blacksquare$
#
# Dans une couche $x\mapsto\varphi(Wx+b)$ avec $W\in\mathbb R^{m\times n}$ et $m<n$, le noyau de $W$ est de dimension au moins $n-m$ : les entrées $x$ et $x+z$ avec $z\in\ker W$ sont *indiscernables*, quoi qu’il y ait ensuite et si longtemps qu’on entraîne le reste. Ce n’est pas un accident numérique, c’est un théorème ; et il est exact bien que $\varphi$ ne soit pas linéaire.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — a basis of the kernel
#
# Write `kernel_basis(W)`, which returns a matrix of shape $(n,\dim\ker W)$ whose columns are an **orthonormal** basis of $\ker W$. Use the SVD (notebook 3 proves why it works): with $W=U\Sigma V^\top$, the kernel is spanned by the $v_i$ without a singular value, or with a singular value that is zero up to rounding. Treat as zero what is below $10^{-12}\sigma_1$. The kernel may be $\{0\}$.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — une base du noyau
#
# Écrivez `kernel_basis(W)`, qui renvoie une matrice de forme $(n,\dim\ker W)$ dont les colonnes forment une base **orthonormée** de $\ker W$. Servez-vous de la SVD (le notebook 3 démontre pourquoi cela convient) : si $W=U\Sigma V^\top$, le noyau est engendré par les $v_i$ qui n’ont pas de valeur singulière, ou dont la valeur singulière est nulle aux arrondis près. Tenez pour nul ce qui est inférieur à $10^{-12}\sigma_1$. Le noyau peut être $\{0\}$.

# %% key="ex3" tags=["exercise"]
def kernel_basis(W):
    # en: orthonormal columns that span the kernel of W
    # fr: colonnes orthonormées qui engendrent le noyau de W
    # BEGIN SOLUTION
    _, values, rows = np.linalg.svd(W)
    rank = int(np.sum(values > 1e-12 * values[0]))
    return rows[rank:].T
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.linalg.svd(W)` gives *all* the $v_i$, as rows of a matrix $n\times n$; with `full_matrices=False` those of the kernel would be missing. Count the singular values that are not negligible: that is the rank.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.linalg.svd(W)` donne *tous* les $v_i$, comme lignes d’une matrice $n\times n$ ; avec `full_matrices=False`, ceux du noyau manqueraient. Comptez les valeurs singulières non négligeables : c’est le rang.
# </details>

# %% key="ex3-check"
check("d1_01.ex3", kernel_basis)

# %% [markdown] key="indistinguishable" lang="en"
# **Indistinguishable inputs.** A network $5\to3\to4$ with ReLU. Push an input very far — a thousand units — along a direction of the kernel of its first layer. **Prediction**: the kernel has dimension $5-3=2$, and the output does not move.

# %% [markdown] key="indistinguishable" lang="fr"
# **Des entrées indiscernables.** Un réseau $5\to3\to4$ avec ReLU. Poussons une entrée très loin — mille unités — dans une direction du noyau de sa première couche. **Prévision** : le noyau est de dimension $5-3=2$, et la sortie ne bouge pas.

# %% key="indistinguishable-run"
def relu(z):
    return np.maximum(z, 0)


W1, W2 = rng.normal(size=(3, 5)), rng.normal(size=(4, 3))
N = kernel_basis(W1)
x = rng.normal(size=5)
far = x + 1000 * N[:, 0]
expect("d1_01.kernel_dimension", N.shape[1], 5 - 3)
expect("d1_01.indistinguishable", np.abs(W2 @ relu(W1 @ far) - W2 @ relu(W1 @ x)).max(), 0.0, atol=1e-10)

# %% [markdown] key="covariance" lang="en"
# ## 4. Gradient descent sees the basis
#
# Parametrise $x=Py$, with $P$ invertible, and put $g(y)=f(Py)$: the same function, in other coordinates.
#
# > **Theorem 3.** If $f$ is differentiable, $\nabla g(y)=P^\top\nabla f(Py)$. Gradient descent on $g$ with step $\eta>0$ is, seen in $x=Py$,
# > $$x_{k+1}=x_k-\eta\,PP^\top\nabla f(x_k).$$
# > It is the same algorithm for every $f$ if and only if $PP^\top=I$.
#
# **Proof.** For every $h$, $\langle\nabla g(y),h\rangle=\langle\nabla f(Py),Ph\rangle=\langle P^\top\nabla f(Py),h\rangle$. Multiply $y_{k+1}=y_k-\eta\nabla g(y_k)$ by $P$. If both algorithms agree for every $f$, they do for $f(x)=\langle c,x\rangle$ with any $c$, so $PP^\top c=c$. $\blacksquare$
#
# Coordinates of points change by $P^{-1}$, gradients by $P^\top$: they are not the same kind of object. Subtracting one from the other, as gradient descent does, presupposes a scalar product. To change it is to *precondition*, which is what Newton's method, Adam and, in part, normalisation layers do (Day 2).

# %% [markdown] key="covariance" lang="fr"
# ## 4. La descente de gradient voit la base
#
# Paramétrons $x=Py$, avec $P$ inversible, et posons $g(y)=f(Py)$ : la même fonction, dans d’autres coordonnées.
#
# > **Théorème 3.** Si $f$ est différentiable, $\nabla g(y)=P^\top\nabla f(Py)$. La descente de gradient sur $g$ avec le pas $\eta>0$ s’écrit, vue en $x=Py$,
# > $$x_{k+1}=x_k-\eta\,PP^\top\nabla f(x_k).$$
# > C’est le même algorithme pour toute $f$ si et seulement si $PP^\top=I$.
#
# **Démonstration.** Pour tout $h$, $\langle\nabla g(y),h\rangle=\langle\nabla f(Py),Ph\rangle=\langle P^\top\nabla f(Py),h\rangle$. On multiplie $y_{k+1}=y_k-\eta\nabla g(y_k)$ par $P$. Si les deux algorithmes coïncident pour toute $f$, ils coïncident pour $f(x)=\langle c,x\rangle$ quel que soit $c$, donc $PP^\top c=c$. $\blacksquare$
#
# Les coordonnées des points se transforment par $P^{-1}$, les gradients par $P^\top$ : ce ne sont pas des objets de même nature. Retrancher les uns aux autres, comme le fait la descente de gradient, suppose un produit scalaire. En changer, c’est *préconditionner* : c’est ce que font la méthode de Newton, Adam et, en partie, les couches de normalisation (jour 2).

# %% [markdown] key="three-judges" lang="en"
# **Three judges.** Every derivative of this course is confronted with JAX, PyTorch and finite differences. Here $g(y)=f(My)$ with $f(x)=\ln\sum_ie^{x_i}$, whose gradient is the softmax of $x$.

# %% [markdown] key="three-judges" lang="fr"
# **Trois juges.** Dans ce cours, toute dérivée est confrontée à JAX, à PyTorch et aux différences finies. Ici $g(y)=f(My)$ avec $f(x)=\ln\sum_ie^{x_i}$, dont le gradient est le softmax de $x$.

# %% key="three-judges-run"
M = rng.normal(size=(4, 4))
y = rng.normal(size=4)
weights = np.exp(M @ y)
by_hand = M.T @ (weights / weights.sum())

by_jax = jax.grad(lambda v: jax.nn.logsumexp(M @ v))(y)
leaf = torch.tensor(y, requires_grad=True)
torch.logsumexp(torch.tensor(M) @ leaf, dim=0).backward()
by_differences = numerical_gradient(lambda v: np.log(np.exp(M @ v).sum()), y)

expect("d1_01.gradient_jax", np.abs(by_hand - by_jax).max(), 0.0, atol=1e-12)
expect("d1_01.gradient_torch", np.abs(by_hand - leaf.grad.numpy()).max(), 0.0, atol=1e-12)
expect("d1_01.gradient_differences", np.abs(by_hand - by_differences).max(), 0.0, atol=1e-8)

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 — descent in another basis
#
# Write `descend(gradient, P, y0, eta, steps)`: gradient descent on $g(y)=f(Py)$, where `gradient` computes $\nabla f$. Return all the iterates $y_0,\dots,y_{\text{steps}}$, one per row: shape $(\text{steps}+1,n)$. At most 6 lines.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 — descendre dans une autre base
#
# Écrivez `descend(gradient, P, y0, eta, steps)` : la descente de gradient sur $g(y)=f(Py)$, où `gradient` calcule $\nabla f$. Renvoyez tous les itérés $y_0,\dots,y_{\text{steps}}$, un par ligne : forme $(\text{steps}+1,n)$. Six lignes au plus.

# %% key="ex4" tags=["exercise"]
def descend(gradient, P, y0, eta, steps):
    # en: iterates of gradient descent on y -> f(P y), as rows
    # fr: itérés de la descente de gradient sur y -> f(P y), en lignes
    # BEGIN SOLUTION
    iterates = [y0]
    for _ in range(steps):
        current = iterates[-1]
        iterates.append(current - eta * P.T @ gradient(P @ current))
    return np.array(iterates)
    # END SOLUTION


# %% key="ex4-check"
check("d1_01.ex4", descend)

# %% [markdown] key="one-step" lang="en"
# **The best basis.** For $f(x)=\frac12x^\top Ax-b^\top x$ with $A$ symmetric positive definite, choose $P=A^{-1/2}$, so that $P^\top AP=I$. Then $g(y)=\frac12|y|^2-\langle P^\top b,y\rangle$: its level sets are spheres (in dimension 2, circles). **Prediction**: with $\eta=1$, *one* step reaches the minimum, whatever the condition number. In the basis where $A$ is given ($P=I$), with eigenvalues $50$ and $1$ and the best constant step $\eta=2/51$, the error satisfies $e_{k+1}=(I-\eta A)e_k$, and $I-\eta A$ has eigenvalues $-\frac{49}{51}$ and $\frac{49}{51}$: after 40 steps there remains $(49/51)^{40}\approx0.20$ of it.

# %% [markdown] key="one-step" lang="fr"
# **La meilleure base.** Pour $f(x)=\frac12x^\top Ax-b^\top x$ avec $A$ symétrique définie positive, choisissons $P=A^{-1/2}$, de sorte que $P^\top AP=I$. Alors $g(y)=\frac12|y|^2-\langle P^\top b,y\rangle$ : ses ensembles de niveau sont des sphères (en dimension 2, des cercles). **Prévision** : avec $\eta=1$, *un* pas atteint le minimum, quel que soit le conditionnement. Dans la base où $A$ est donnée ($P=I$), avec les valeurs propres $50$ et $1$ et le meilleur pas constant $\eta=2/51$, l’erreur vérifie $e_{k+1}=(I-\eta A)e_k$, et $I-\eta A$ a pour valeurs propres $-\frac{49}{51}$ et $\frac{49}{51}$ : après 40 pas il en reste $(49/51)^{40}\approx0{,}20$.

# %% key="one-step-run"
rotation = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])
steep = rotation @ np.diag([50.0, 1.0]) @ rotation.T
b = steep @ np.array([1.0, 1.0])
start = np.array([-0.6, 0.4])
root = rotation @ np.diag([50.0**-0.5, 1.0]) @ rotation.T
plain = descend(lambda x: steep @ x - b, np.eye(2), start, 2 / 51, 40)
whitened = descend(lambda x: steep @ x - b, root, np.linalg.solve(root, start), 1.0, 40) @ root.T
expect("d1_01.one_step", np.linalg.norm(whitened[1] - 1.0), 0.0, atol=1e-12)
left_over = np.linalg.norm(plain[40] - 1.0) / np.linalg.norm(start - 1.0)
expect("d1_01.many_steps", left_over, (49 / 51) ** 40, rtol=1e-9)

# %% key="descent-figure" tags=["figure"]
left_ax, right_ax = figures.axes(2, height=3.4)
u, v = np.meshgrid(np.linspace(-1, 2.2, 200), np.linspace(-0.4, 2.2, 200))
gaps = np.stack([u - 1, v - 1])
level = 0.5 * np.einsum("iab,ij,jab->ab", gaps, steep, gaps)
for ax, path, title in [
    (left_ax, plain, T("$P=I$: forty steps", "$P=I$ : quarante pas")),
    (right_ax, whitened, T("$P=A^{-1/2}$: one step", "$P=A^{-1/2}$ : un pas")),
]:
    ax.contour(u, v, level, levels=np.geomspace(0.05, 60, 8), colors=figures.GREY, linewidths=0.7)
    ax.plot(path[:, 0], path[:, 1], "o-", color=figures.BLUE, markersize=3, linewidth=0.8)
    ax.plot(1, 1, "k*", markersize=12)
    ax.set(title=title, aspect="equal")
    ax.grid(visible=False)

# %% [markdown] key="symmetry" lang="en"
# ## 5. The changes of basis that a network does not notice
#
# > **Proposition 4.** Let $M=\Pi D$ with $\Pi$ a permutation matrix and $D$ diagonal with positive entries. Then $(W_1,W_2)$ and $(MW_1,W_2M^{-1})$ define the same network $x\mapsto W_2\operatorname{relu}(W_1x)$. Conversely, an invertible $M$ such that $\operatorname{relu}(Mz)=M\operatorname{relu}(z)$ for every $z$ is of this form. For a *linear* network $x\mapsto W_2W_1x$ every invertible $M$ will do.
#
# **Proof.** $\operatorname{relu}(tz)=t\operatorname{relu}(z)$ for $t>0$, and relu acts coordinate by coordinate, so it commutes with permutations: $\operatorname{relu}(Mz)=M\operatorname{relu}(z)$. Conversely, take $z=e_j$: the entries of $M$ satisfy $m_{ij}=\max(m_{ij},0)\ge0$. Take $z=e_j-e_k$ with $j\ne k$: $\max(m_{ij}-m_{ik},0)=m_{ij}$, so that $m_{ij}>0$ forces $m_{ik}=0$. Each row has one positive entry at most; as $M$ is invertible, each row and each column has exactly one. $\blacksquare$
#
# The nonlinearity *chooses a basis* of the hidden space, up to order and scale of the neurons. That is why "neuron 17" can mean something, whereas "the seventeenth coordinate" of a linear map means nothing; and why two trained networks must never be averaged weight by weight before their neurons have been matched.

# %% [markdown] key="symmetry" lang="fr"
# ## 5. Les changements de base qu’un réseau ne remarque pas
#
# > **Proposition 4.** Soit $M=\Pi D$ avec $\Pi$ une matrice de permutation et $D$ diagonale à coefficients strictement positifs. Alors $(W_1,W_2)$ et $(MW_1,W_2M^{-1})$ définissent le même réseau $x\mapsto W_2\operatorname{relu}(W_1x)$. Réciproquement, une matrice inversible $M$ telle que $\operatorname{relu}(Mz)=M\operatorname{relu}(z)$ pour tout $z$ est de cette forme. Pour un réseau *linéaire* $x\mapsto W_2W_1x$, toute matrice inversible $M$ convient.
#
# **Démonstration.** $\operatorname{relu}(tz)=t\operatorname{relu}(z)$ pour $t>0$, et relu opère coordonnée par coordonnée, donc commute avec les permutations : $\operatorname{relu}(Mz)=M\operatorname{relu}(z)$. Réciproquement, avec $z=e_j$, les coefficients de $M$ vérifient $m_{ij}=\max(m_{ij},0)\ge0$. Avec $z=e_j-e_k$, où $j\ne k$, on obtient $\max(m_{ij}-m_{ik},0)=m_{ij}$, si bien que $m_{ij}>0$ impose $m_{ik}=0$. Chaque ligne a au plus un coefficient strictement positif ; comme $M$ est inversible, chaque ligne et chaque colonne en a exactement un. $\blacksquare$
#
# La non-linéarité *choisit une base* de l’espace caché, à l’ordre et à l’échelle des neurones près. C’est pourquoi « le neurone 17 » peut avoir un sens, alors que « la dix-septième coordonnée » n’en a aucun pour une application linéaire ; et pourquoi il ne faut jamais moyenner poids à poids deux réseaux entraînés sans avoir apparié leurs neurones.

# %% key="symmetry-run"
width = 512
layer1 = rng.normal(size=(width, 64)) / np.sqrt(64)
layer2 = rng.normal(size=(width, width)) / np.sqrt(width)
inputs = rng.normal(size=(64, 200))
outputs = layer2 @ relu(layer1 @ inputs)


def relative_change(M, activation):
    # en: how much the network changes when M is inserted between its layers
    # fr: de combien change le réseau quand on insère M entre ses couches
    before = layer2 @ activation(layer1 @ inputs)
    after = np.linalg.solve(M.T, layer2.T).T @ activation(M @ layer1 @ inputs)
    return np.linalg.norm(after - before) / np.linalg.norm(before)


order = rng.permutation(width)
scaled_permutation = np.eye(width)[order] * rng.uniform(0.5, 2.0, size=width)
expect("d1_01.symmetry", relative_change(scaled_permutation, relu), 0.0, atol=1e-12)

# %% [markdown] key="break-a" lang="en"
# ## 6. Break it
#
# ### (a) The same polynomials in three bases
#
# Interpolating at 25 points means solving $Vc=y$ with $V_{ij}=b_j(t_i)$. Monomials, Legendre and Chebyshev polynomials span the *same* space of degree at most 24. On paper nothing distinguishes the three systems. **Prediction** for the condition numbers. The constant polynomial $1$ is the first column, so $\|V\|_2\ge5$, and one witness $c$ is enough for a lower bound: $\operatorname{cond}V\ge5\,|c|/|Vc|$.
# - *Monomials*, at any 25 points of $[-1,1]$: let $c$ hold the coefficients of the Chebyshev polynomial $T_{24}$, which stays between $-1$ and $1$. Then $|Vc|\le5$ and $\operatorname{cond}V\ge|c|\approx3.37\cdot10^8$.
# - *Legendre*, at 25 equally spaced points: let $\ell$ equal $1$ at the middle point and $0$ at the 24 others, so that $|Vc|=1$. Half a step from the edge $|\ell(t)|=\prod_{i\ne12}|i-\frac12|/(12!)^2\approx1.347\cdot10^4$; and $|\ell(t)|\le5\,|c|$ by the Cauchy-Schwarz inequality, since $|P_j(t)|\le1$. Hence $\operatorname{cond}V\ge1.34\cdot10^4$.
# - *Chebyshev*, at the Chebyshev nodes: the columns are *orthogonal*, of squared norms $25$ (the first) and $25/2$ (the others), so the condition number is exactly $\sqrt2$.
#
# The number of decimal digits you lose is about $\log_{10}$ of it.

# %% [markdown] key="break-a" lang="fr"
# ## 6. Casser exprès
#
# ### (a) Les mêmes polynômes dans trois bases
#
# Interpoler en 25 points, c’est résoudre $Vc=y$ avec $V_{ij}=b_j(t_i)$. Les monômes, les polynômes de Legendre et ceux de Tchebychev engendrent le *même* espace, de degré au plus 24. Sur le papier, rien ne distingue les trois systèmes. **Prévision** pour les conditionnements. Le polynôme constant $1$ est la première colonne, donc $\|V\|_2\ge5$, et un seul témoin $c$ suffit pour une minoration : $\operatorname{cond}V\ge5\,|c|/|Vc|$.
# - *Monômes*, en 25 points quelconques de $[-1,1]$ : soit $c$ la colonne des coefficients du polynôme de Tchebychev $T_{24}$, qui reste compris entre $-1$ et $1$. Alors $|Vc|\le5$ et $\operatorname{cond}V\ge|c|\approx3{,}37\cdot10^8$.
# - *Legendre*, en 25 points équidistants : soit $\ell$ valant $1$ au point milieu et $0$ aux 24 autres, de sorte que $|Vc|=1$. À un demi-pas du bord, $|\ell(t)|=\prod_{i\ne12}|i-\frac12|/(12!)^2\approx1{,}347\cdot10^4$ ; et $|\ell(t)|\le5\,|c|$ d’après l’inégalité de Cauchy-Schwarz, puisque $|P_j(t)|\le1$. D’où $\operatorname{cond}V\ge1{,}34\cdot10^4$.
# - *Tchebychev*, aux points de Tchebychev : les colonnes sont *orthogonales*, de normes au carré $25$ (la première) et $25/2$ (les autres), donc le conditionnement vaut exactement $\sqrt2$.
#
# Le nombre de chiffres décimaux perdus est environ son $\log_{10}$.

# %% key="break-a-run" tags=["break"]
count = 25
equispaced = np.linspace(-1, 1, count)
nodes = np.cos((2 * np.arange(count) + 1) * np.pi / (2 * count))
conditions = {
    "monomials": np.linalg.cond(np.vander(equispaced, increasing=True)),
    "legendre": np.linalg.cond(np.polynomial.legendre.legvander(equispaced, count - 1)),
    "chebyshev": np.linalg.cond(np.polynomial.chebyshev.chebvander(nodes, count - 1)),
}
expect("d1_01.break_monomials", conditions["monomials"], at_least=3.3e8)
expect("d1_01.break_legendre", conditions["legendre"], at_least=1.34e4)
expect("d1_01.break_chebyshev", conditions["chebyshev"], np.sqrt(2), rtol=1e-10)

# %% key="conditions-figure" tags=["figure"]
ax = figures.axes(height=2.8)
names = [T("monomials", "monômes"), "Legendre", T("Chebyshev", "Tchebychev")]
figures.bars(ax, names, list(conditions.values()))
ax.set_yscale("log")
ax.set_title(T("Condition number: same space, three bases", "Conditionnement : même espace, trois bases"))
ax.set_ylabel(T("condition number", "conditionnement"));

# %% [markdown] key="break-b" lang="en"
# ### (b) A tiny residual, a wrong answer
#
# The Hilbert matrix $H_{ij}=1/(i+j-1)$ is the Gram matrix of the monomials on $[0,1]$: again the monomial basis. For $n=12$ its condition number is $1.7\cdot10^{16}$, about $1/u$ with $u=1.1\cdot10^{-16}$ the rounding unit. `solve` is backward stable: its answer solves exactly a system very close to ours. **Prediction**: the relative residual is of the order of $u$, yet the answer may be wrong at the first or second digit. A small residual proves nothing when the basis is bad.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Un résidu minuscule, une réponse fausse
#
# La matrice de Hilbert $H_{ij}=1/(i+j-1)$ est la matrice de Gram des monômes sur $[0,1]$ : encore la base des monômes. Pour $n=12$, son conditionnement vaut $1{,}7\cdot10^{16}$, environ $1/u$ où $u=1{,}1\cdot10^{-16}$ est l’unité d’arrondi. `solve` est stable au sens inverse : sa réponse résout exactement un système très proche du nôtre. **Prévision** : le résidu relatif est de l’ordre de $u$, et pourtant la réponse peut être fausse dès le premier ou le deuxième chiffre. Un petit résidu ne prouve rien quand la base est mauvaise.

# %% key="break-b-run" tags=["break"]
index = np.arange(1, 13)
hilbert = 1 / (index[:, None] + index - 1)
truth = np.ones(12)
target = hilbert @ truth
found = coords(hilbert, target)
expect("d1_01.break_residual", np.linalg.norm(hilbert @ found - target) / np.linalg.norm(target), at_most=1e-14)
expect("d1_01.break_error", np.linalg.norm(found - truth) / np.linalg.norm(truth), at_least=1e-3)

# %% [markdown] key="break-c" lang="en"
# ### (c) Rotate the hidden layer
#
# Insert between the two layers a random orthogonal matrix $Q$ in place of $M=\Pi D$. The linear network does not notice it. For the ReLU network, write $\operatorname{relu}(z)=\frac12(z+|z|)$ with $|z|$ taken coordinate by coordinate: the change of the hidden vector is $\frac12(Q^\top|Qz|-|z|)$. For a standard Gaussian $z\in\mathbb R^h$ the two terms have squared norm about $h$ and are nearly orthogonal when $Q$ is random, so the squared change is about $\frac14\cdot2h=h/2$; and $|\operatorname{relu}(z)|^2\approx h/2$ too. **Prediction**: a relative change of about $1$, that is, the output is *entirely* different, up to fluctuations of order $1/\sqrt h\approx0.04$.

# %% [markdown] key="break-c" lang="fr"
# ### (c) Tourner la couche cachée
#
# Insérons entre les deux couches une matrice orthogonale aléatoire $Q$ à la place de $M=\Pi D$. Le réseau linéaire ne s’en aperçoit pas. Pour le réseau ReLU, écrivons $\operatorname{relu}(z)=\frac12(z+|z|)$ où $|z|$ est pris coordonnée par coordonnée : le vecteur caché varie de $\frac12(Q^\top|Qz|-|z|)$. Pour $z\in\mathbb R^h$ gaussien centré réduit, les deux termes ont une norme au carré voisine de $h$ et sont presque orthogonaux quand $Q$ est aléatoire ; le carré de la variation vaut donc environ $\frac14\cdot2h=h/2$, et $|\operatorname{relu}(z)|^2\approx h/2$ également. **Prévision** : une variation relative d’environ $1$, autrement dit une sortie *entièrement* différente, aux fluctuations près, d’ordre $1/\sqrt h\approx0{,}04$.

# %% key="break-c-run" tags=["break"]
random_rotation = np.linalg.qr(rng.normal(size=(width, width)))[0]
expect("d1_01.break_linear", relative_change(random_rotation, lambda z: z), 0.0, atol=1e-12)
expect("d1_01.break_relu", relative_change(random_rotation, relu), 1.0, atol=0.2)

# %% [markdown] key="exit" lang="en"
# ## Exit ticket (no code, five minutes)
#
# 1. You multiply every input feature by $10$ and divide the first layer's weights by $10$: the network computes the same function. With the same learning rate, by what factor does the *function* now move faster or slower when those weights move? (Use Theorem 3.)
# 2. A colleague finds that coordinate 42 of the output of a *linear* layer "detects" proper names. The next operation is another linear layer. Give an invertible change of basis that destroys this interpretation without changing anything in the network. What must be between the two layers for the claim to make sense?
#
# **What to keep**: coordinates are not the vector; $x=Px'$ and $A'=Q^{-1}AP$; gradients change by $P^\top$, so the algorithm depends on the basis; a kernel is for ever; the nonlinearity is what gives neurons a meaning.

# %% [markdown] key="exit" lang="fr"
# ## Billet de sortie (sans code, cinq minutes)
#
# 1. Vous multipliez toutes les variables d’entrée par $10$ et divisez par $10$ les poids de la première couche : le réseau calcule la même fonction. À taux d’apprentissage égal, combien de fois plus vite ou plus lentement la *fonction* se déplace-t-elle désormais quand ces poids varient ? (Utilisez le théorème 3.)
# 2. Une collègue constate que la coordonnée 42 de la sortie d’une couche *linéaire* « détecte » les noms propres. L’opération suivante est une autre couche linéaire. Donnez un changement de base inversible qui ruine cette interprétation sans rien changer au réseau. Que doit-il y avoir entre les deux couches pour que l’affirmation ait un sens ?
#
# **À retenir** : les coordonnées ne sont pas le vecteur ; $x=Px'$ et $A'=Q^{-1}AP$ ; les gradients se transforment par $P^\top$, si bien que l’algorithme dépend de la base ; un noyau est définitif ; c’est la non-linéarité qui donne un sens aux neurones.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 0. (Discussion of section 1) An orthogonal map between the two spaces, estimated from words known to correspond (Procrustes: an SVD, notebook 3); only scalar products and distances can be compared without it. 1. With new weights $y$ and old weights $x=Py$, $P=10I$: $PP^\top=100I$, the function moves $100$ times faster per step; stable learning rates are divided by $100$. 2. Any $M$ mixing coordinate 42 with others, $(W_1,W_2)\to(MW_1,W_2M^{-1})$, for instance a rotation. Between the layers there must be a nonlinearity that acts coordinate by coordinate; then only permutations and positive scalings remain (Proposition 4).

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 0. (Discussion de la section 1) Une application orthogonale entre les deux espaces, estimée sur des mots dont on sait qu’ils se correspondent (problème de Procruste : une SVD, notebook 3) ; sans elle, on ne peut comparer que des produits scalaires et des distances. 1. Avec les nouveaux poids $y$ et les anciens $x=Py$, $P=10I$ : $PP^\top=100I$, la fonction se déplace $100$ fois plus vite à chaque pas ; les taux d’apprentissage stables sont divisés par $100$. 2. Toute matrice $M$ qui mélange la coordonnée 42 aux autres, $(W_1,W_2)\to(MW_1,W_2M^{-1})$, par exemple une rotation. Il faut entre les deux couches une non-linéarité qui opère coordonnée par coordonnée ; il ne reste alors que les permutations et les dilatations à facteurs strictement positifs (proposition 4).
