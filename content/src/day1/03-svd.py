# %% [markdown] key="title" lang="en"
# # SVD: geometry, low-rank approximation, PCA as SVD
#
# **Day 1, notebook 3** — about 45 minutes, plus an optional part (section 5).
#
# After this notebook you can
# - read a linear map off its singular value decomposition: rank, kernel, image, norms, pseudo-inverse;
# - state and prove the theorem of Eckart, Young and Mirsky, and say *before* running what error a low-rank approximation makes;
# - compute a principal component analysis by SVD, and explain why nobody should compute it otherwise;
# - name three ways in which a correct formula gives a wrong answer: a squared condition number, data left uncentred, variables of unequal scale.
#
# **Conventions.** $\|A\|_2$ is the spectral norm, $\|A\|_F$ the Frobenius norm, $\langle A,B\rangle=\operatorname{tr}(A^\top B)$. Singular values are counted from $1$ and decrease: $\sigma_1\ge\sigma_2\ge\dots\ge 0$. Vectors are columns.

# %% [markdown] key="title" lang="fr"
# # SVD : géométrie, approximation de rang faible, l’ACP par la SVD
#
# **Jour 1, notebook 3** — environ 45 minutes, plus une partie facultative (section 5).
#
# À l’issue de ce notebook, vous saurez
# - lire une application linéaire dans sa décomposition en valeurs singulières : rang, noyau, image, normes, pseudo-inverse ;
# - énoncer et démontrer le théorème d’Eckart, Young et Mirsky, et dire *avant* tout calcul quelle erreur commet une approximation de rang faible ;
# - calculer une analyse en composantes principales (ACP) par la SVD, et expliquer pourquoi on ne devrait pas la calculer autrement ;
# - nommer trois façons dont une formule juste donne une réponse fausse : un conditionnement élevé au carré, des données non centrées, des variables d’échelles inégales.
#
# **Conventions.** $\|A\|_2$ est la norme spectrale, $\|A\|_F$ la norme de Frobenius, $\langle A,B\rangle=\operatorname{tr}(A^\top B)$. Les valeurs singulières sont numérotées à partir de $1$ et rangées par ordre décroissant : $\sigma_1\ge\sigma_2\ge\dots\ge 0$. Les vecteurs sont des colonnes.

# %% key="imports"
import numpy as np
from airina import check, expect, figures
from airina.data import digits

# %% [markdown] key="svd-theorem" lang="en"
# ## 1. What the SVD says
#
# > **Theorem 1 (singular value decomposition).** Let $A\in\mathbb R^{m\times n}$ have rank $r$. There are orthonormal vectors $u_1,\dots,u_r$ of $\mathbb R^m$, orthonormal vectors $v_1,\dots,v_r$ of $\mathbb R^n$ and numbers $\sigma_1\ge\dots\ge\sigma_r>0$ such that
# > $$A=\sum_{i=1}^{r}\sigma_i\,u_iv_i^\top .$$
# > The numbers $\sigma_i$ are unique: they are the square roots of the non-zero eigenvalues of $A^\top A$, counted with their multiplicities.
#
# In matrix form $A=U\Sigma V^\top$. Every linear map, without any hypothesis, is a rotation (or reflection), a stretch along orthogonal axes, then another rotation. The price compared with the spectral theorem: *two* orthonormal bases instead of one.

# %% [markdown] key="svd-theorem" lang="fr"
# ## 1. Ce que dit la SVD
#
# > **Théorème 1 (décomposition en valeurs singulières).** Soit $A\in\mathbb R^{m\times n}$ de rang $r$. Il existe une famille orthonormée $u_1,\dots,u_r$ de $\mathbb R^m$, une famille orthonormée $v_1,\dots,v_r$ de $\mathbb R^n$ et des réels $\sigma_1\ge\dots\ge\sigma_r>0$ tels que
# > $$A=\sum_{i=1}^{r}\sigma_i\,u_iv_i^\top .$$
# > Les nombres $\sigma_i$ sont uniques : ce sont les racines carrées des valeurs propres non nulles de $A^\top A$, comptées avec leur multiplicité.
#
# Sous forme matricielle, $A=U\Sigma V^\top$. Toute application linéaire, sans aucune hypothèse, est une rotation (ou une symétrie), suivie d’une dilatation selon des axes orthogonaux, puis d’une autre rotation. Le prix à payer par rapport au théorème spectral : *deux* bases orthonormées au lieu d’une.

# %% [markdown] key="svd-proof" lang="en"
# **Proof.** $A^\top A$ is symmetric and $x^\top A^\top Ax=|Ax|^2\ge 0$. The spectral theorem (notebook 2) gives an orthonormal basis $v_1,\dots,v_n$ with $A^\top Av_i=\lambda_iv_i$ and $\lambda_1\ge\dots\ge\lambda_n\ge 0$. Since $|Av_i|^2=\lambda_i$, the kernel of $A$ is spanned by the $v_i$ with $\lambda_i=0$, so by the rank-nullity theorem exactly $r$ of the $\lambda_i$ are positive. For $i\le r$ put $\sigma_i=\sqrt{\lambda_i}$ and $u_i=Av_i/\sigma_i$. These are orthonormal:
# $$\langle u_i,u_j\rangle=\frac{v_i^\top A^\top Av_j}{\sigma_i\sigma_j}=\frac{\lambda_j\langle v_i,v_j\rangle}{\sigma_i\sigma_j}=\delta_{ij}.$$
# The map $\sum_i\sigma_iu_iv_i^\top$ agrees with $A$ on the basis $(v_i)$, hence everywhere. Conversely any such decomposition gives $A^\top A=\sum_i\sigma_i^2v_iv_i^\top$, which fixes the $\sigma_i$. $\blacksquare$
#
# The proof uses $A^\top A$. Remember that it is a *proof*, not an algorithm: section 6 shows what happens to those who confuse the two.

# %% [markdown] key="svd-proof" lang="fr"
# **Démonstration.** $A^\top A$ est symétrique et $x^\top A^\top Ax=|Ax|^2\ge 0$. Le théorème spectral (notebook 2) fournit une base orthonormée $v_1,\dots,v_n$ telle que $A^\top Av_i=\lambda_iv_i$ avec $\lambda_1\ge\dots\ge\lambda_n\ge 0$. Comme $|Av_i|^2=\lambda_i$, le noyau de $A$ est engendré par les $v_i$ pour lesquels $\lambda_i=0$ ; d’après le théorème du rang, exactement $r$ des $\lambda_i$ sont donc strictement positifs. Pour $i\le r$, on pose $\sigma_i=\sqrt{\lambda_i}$ et $u_i=Av_i/\sigma_i$. Ces vecteurs sont orthonormés :
# $$\langle u_i,u_j\rangle=\frac{v_i^\top A^\top Av_j}{\sigma_i\sigma_j}=\frac{\lambda_j\langle v_i,v_j\rangle}{\sigma_i\sigma_j}=\delta_{ij}.$$
# L’application $\sum_i\sigma_iu_iv_i^\top$ coïncide avec $A$ sur la base $(v_i)$, donc partout. Réciproquement, toute décomposition de ce type donne $A^\top A=\sum_i\sigma_i^2v_iv_i^\top$, ce qui détermine les $\sigma_i$. $\blacksquare$
#
# La démonstration passe par $A^\top A$. Retenez que c’est une *démonstration*, non un algorithme : la section 6 montre ce qui arrive à qui confond les deux.

# %% [markdown] key="ellipse-intro" lang="en"
# **Geometry.** If $A$ is square and invertible, the image of the unit circle is the ellipse with semi-axes $\sigma_iu_i$. So $\|A\|_2=\max_{|x|=1}|Ax|=\sigma_1$, reached at $x=v_1$, and the *smallest* stretch is $\sigma_n$. The condition number $\sigma_1/\sigma_n$ is the ratio of the axes of that ellipse.

# %% [markdown] key="ellipse-intro" lang="fr"
# **Géométrie.** Si $A$ est carrée et inversible, l’image du cercle unité est l’ellipse de demi-axes $\sigma_iu_i$. Ainsi $\|A\|_2=\max_{|x|=1}|Ax|=\sigma_1$, atteint en $x=v_1$, et la *plus petite* dilatation vaut $\sigma_n$. Le conditionnement $\sigma_1/\sigma_n$ est le rapport des axes de cette ellipse.

# %% key="ellipse-figure" tags=["figure"]
A = np.array([[2.0, 1.0], [0.3, 1.2]])
U, sigma, Vt = np.linalg.svd(A)
angle = np.linspace(0, 2 * np.pi, 721)
circle = np.stack([np.cos(angle), np.sin(angle)])

before, after = figures.axes(2, height=3.6)
before.plot(*circle, color=figures.GREY)
after.plot(*(A @ circle), color=figures.GREY)
for i, (colour, line) in enumerate([(figures.BLUE, "-"), (figures.VERMILION, "--")]):
    style = {"color": colour, "linestyle": line, "marker": "o", "markevery": [1]}
    before.plot([0, Vt[i, 0]], [0, Vt[i, 1]], label=f"$v_{i + 1}$", **style)
    after.plot(*zip([0, 0], sigma[i] * U[:, i]), label=rf"$\sigma_{i + 1}u_{i + 1}$", **style)
before.set_title(T("Unit circle and right singular vectors", "Cercle unité et vecteurs singuliers à droite"))
after.set_title(T("Its image: an ellipse", "Son image : une ellipse"))
for ax in (before, after):
    ax.set_aspect("equal")
    ax.legend(loc="lower right")

# %% [markdown] key="ellipse-read" lang="en"
# Two perpendicular arrows go to two perpendicular arrows. Almost no other pair has this property: that is what singles out $v_1,v_2$. Before you run the next cell: what is the largest value of $|Ax|$ over the points of the circle, and what is the product of the extreme values?

# %% [markdown] key="ellipse-read" lang="fr"
# Deux flèches perpendiculaires vont sur deux flèches perpendiculaires. Presque aucun autre couple n’a cette propriété : c’est elle qui distingue $v_1,v_2$. Avant d’exécuter la cellule suivante : quelle est la plus grande valeur de $|Ax|$ sur les points du cercle, et que vaut le produit des deux valeurs extrêmes ?

# %% key="ellipse-expect"
stretch = np.linalg.norm(A @ circle, axis=0)
# en: the largest stretch is sigma_1; the product of the extremes is |det A|
# fr: la plus grande dilatation est sigma_1 ; le produit des extrêmes est |det A|
expect("d1_03.stretch", stretch.max(), sigma[0], rtol=1e-4)
expect("d1_03.area", stretch.max() * stretch.min(), abs(np.linalg.det(A)), rtol=1e-4)

# %% [markdown] key="pinv" lang="en"
# **What else can be read.** $\ker A=\operatorname{span}(v_{r+1},\dots,v_n)$ and $\operatorname{range}A=\operatorname{span}(u_1,\dots,u_r)$; also $\|A\|_F^2=\sum_i\sigma_i^2$.
#
# > **Definition.** The *pseudo-inverse* is $A^+=\sum_{i\le r}\sigma_i^{-1}v_iu_i^\top$. Then $AA^+=\sum_{i\le r}u_iu_i^\top$ is the orthogonal projector onto the image of $A$, and $x=A^+b$ is, among the minimisers of $|Ax-b|$, the one of least norm.
#
# The number $\sigma_i^{-1}$ is the reason for much trouble: a direction that $A$ hardly sees is amplified enormously. Numerically, "$\sigma_i>0$" must be replaced by "$\sigma_i>\tau\sigma_1$", and the choice of $\tau$ (`rcond` in NumPy) is a *modelling* decision.

# %% [markdown] key="pinv" lang="fr"
# **Ce qu’on y lit encore.** $\ker A=\operatorname{Vect}(v_{r+1},\dots,v_n)$ et $\operatorname{Im}A=\operatorname{Vect}(u_1,\dots,u_r)$ ; de plus $\|A\|_F^2=\sum_i\sigma_i^2$.
#
# > **Définition.** La *pseudo-inverse* est $A^+=\sum_{i\le r}\sigma_i^{-1}v_iu_i^\top$. Alors $AA^+=\sum_{i\le r}u_iu_i^\top$ est le projecteur orthogonal sur l’image de $A$, et $x=A^+b$ est, parmi les minimiseurs de $|Ax-b|$, celui de norme minimale.
#
# Le nombre $\sigma_i^{-1}$ est à l’origine de bien des ennuis : une direction que $A$ ne voit presque pas est énormément amplifiée. En calcul numérique, il faut remplacer « $\sigma_i>0$ » par « $\sigma_i>\tau\sigma_1$ », et le choix de $\tau$ (`rcond` dans NumPy) est une décision de *modélisation*.

# %% [markdown] key="network-eyes" lang="en"
# **With a network's eyes.** For a layer $x\mapsto Wx$, $\sigma_1(W)$ is its Lipschitz constant: two inputs at distance $\delta$ leave at a distance of at most $\sigma_1\delta$. For a network of $L$ layers with $1$-Lipschitz activations (ReLU, tanh), the product $\prod_l\sigma_1(W_l)$ bounds the sensitivity of the whole; it is an upper bound only, reached when the leading directions of successive layers line up. Inputs that differ along a $v_i$ with $\sigma_i\approx0$ can hardly be told apart by anything that comes after: what the layer forgets, no later layer can recover. *Discuss in pairs, two minutes*: a residual layer $x\mapsto x+Wx$ with $\|W\|_2<1$ — between which two numbers do all its singular values lie, and why does that help training?

# %% [markdown] key="network-eyes" lang="fr"
# **Vu par un réseau.** Pour une couche $x\mapsto Wx$, $\sigma_1(W)$ est la constante de Lipschitz : deux entrées à distance $\delta$ ressortent à distance au plus $\sigma_1\delta$. Pour un réseau de $L$ couches dont les activations sont $1$-lipschitziennes (ReLU, tanh), le produit $\prod_l\sigma_1(W_l)$ majore la sensibilité de l’ensemble ; ce n’est qu’une borne, atteinte quand les directions dominantes des couches successives s’alignent. Deux entrées qui diffèrent selon un $v_i$ avec $\sigma_i\approx0$ ne peuvent guère être distinguées par la suite : ce que la couche oublie, aucune couche ultérieure ne le retrouve. *À discuter à deux, deux minutes* : pour une couche résiduelle $x\mapsto x+Wx$ avec $\|W\|_2<1$, entre quels nombres se trouvent toutes les valeurs singulières, et pourquoi cela aide-t-il l’entraînement ?

# %% [markdown] key="eym" lang="en"
# ## 2. Low-rank approximation
#
# > **Theorem 2 (Eckart-Young-Mirsky).** Let $A_k=\sum_{i\le k}\sigma_iu_iv_i^\top$ with $1\le k<r$. Then
# > $$\min_{\operatorname{rank}B\le k}\|A-B\|_2=\sigma_{k+1},\qquad \min_{\operatorname{rank}B\le k}\|A-B\|_F=\Bigl(\sum_{i>k}\sigma_i^2\Bigr)^{1/2},$$
# > and $A_k$ attains both minima. For the Frobenius norm it is the only minimiser if and only if $\sigma_k>\sigma_{k+1}$.
#
# The set of matrices of rank at most $k$ is neither convex nor a subspace. That a non-convex problem has a closed solution is the small miracle on which compression, PCA, latent factors and LoRA all stand.

# %% [markdown] key="eym" lang="fr"
# ## 2. Approximation de rang faible
#
# > **Théorème 2 (Eckart-Young-Mirsky).** Soit $A_k=\sum_{i\le k}\sigma_iu_iv_i^\top$ avec $1\le k<r$. Alors
# > $$\min_{\operatorname{rg}B\le k}\|A-B\|_2=\sigma_{k+1},\qquad \min_{\operatorname{rg}B\le k}\|A-B\|_F=\Bigl(\sum_{i>k}\sigma_i^2\Bigr)^{1/2},$$
# > et $A_k$ réalise les deux minimums. Pour la norme de Frobenius, c’est le seul minimiseur si et seulement si $\sigma_k>\sigma_{k+1}$.
#
# L’ensemble des matrices de rang au plus $k$ n’est ni convexe ni un sous-espace vectoriel. Qu’un problème non convexe ait une solution explicite est le petit miracle sur lequel reposent la compression, l’ACP, les facteurs latents et LoRA.

# %% [markdown] key="eym-proof" lang="en"
# **Proof, spectral norm.** $A-A_k=\sum_{i>k}\sigma_iu_iv_i^\top$ has norm $\sigma_{k+1}$. Now let $B$ have rank at most $k$: $\dim\ker B\ge n-k$, and $\dim\operatorname{span}(v_1,\dots,v_{k+1})=k+1$. Since $(n-k)+(k+1)>n$, there is a unit vector $x$ in both. Then
# $$\|A-B\|_2^2\ge|(A-B)x|^2=|Ax|^2=\sum_{i\le k+1}\sigma_i^2\langle v_i,x\rangle^2\ge\sigma_{k+1}^2 .$$
#
# **Frobenius norm.** Weyl's inequality for singular values, $\sigma_{i+j-1}(X+Y)\le\sigma_i(X)+\sigma_j(Y)$, with $X=A-B$, $Y=B$ and $j=k+1$ gives $\sigma_{i+k}(A)\le\sigma_i(A-B)+\sigma_{k+1}(B)=\sigma_i(A-B)$. Square and sum over $i$: $\|A-B\|_F^2\ge\sum_{i>k}\sigma_i^2$. (Weyl's inequality itself follows from the first part: take $X_{i-1}+Y_{j-1}$, of rank at most $i+j-2$, as competitor.) We admit the uniqueness; that it needs $\sigma_k>\sigma_{k+1}$ is seen below. $\blacksquare$

# %% [markdown] key="eym-proof" lang="fr"
# **Démonstration, norme spectrale.** $A-A_k=\sum_{i>k}\sigma_iu_iv_i^\top$ est de norme $\sigma_{k+1}$. Soit maintenant $B$ de rang au plus $k$ : $\dim\ker B\ge n-k$ et $\dim\operatorname{Vect}(v_1,\dots,v_{k+1})=k+1$. Comme $(n-k)+(k+1)>n$, il existe un vecteur unitaire $x$ dans leur intersection. Alors
# $$\|A-B\|_2^2\ge|(A-B)x|^2=|Ax|^2=\sum_{i\le k+1}\sigma_i^2\langle v_i,x\rangle^2\ge\sigma_{k+1}^2 .$$
#
# **Norme de Frobenius.** L’inégalité de Weyl pour les valeurs singulières, $\sigma_{i+j-1}(X+Y)\le\sigma_i(X)+\sigma_j(Y)$, appliquée à $X=A-B$, $Y=B$ et $j=k+1$, donne $\sigma_{i+k}(A)\le\sigma_i(A-B)+\sigma_{k+1}(B)=\sigma_i(A-B)$. On élève au carré et on somme sur $i$ : $\|A-B\|_F^2\ge\sum_{i>k}\sigma_i^2$. (L’inégalité de Weyl se déduit elle-même de la première partie : prendre pour concurrente $X_{i-1}+Y_{j-1}$, de rang au plus $i+j-2$.) On admet l’unicité ; qu’il y faille $\sigma_k>\sigma_{k+1}$, on le voit plus bas. $\blacksquare$

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 — the best approximation of rank $k$
#
# Write `best_rank_k(A, k)`: it takes a matrix of any shape and $0\le k\le\min(m,n)$, and returns $A_k$, a matrix of the same shape. At most 3 lines. Do not build $\Sigma$ as a full diagonal matrix: scale columns instead, which costs $mk$ products and not $m^2k$.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 — la meilleure approximation de rang $k$
#
# Écrivez `best_rank_k(A, k)` : elle reçoit une matrice de forme quelconque et $0\le k\le\min(m,n)$, et renvoie $A_k$, de même forme. Trois lignes au plus. Ne formez pas $\Sigma$ comme une matrice diagonale pleine : multipliez plutôt les colonnes, ce qui coûte $mk$ produits au lieu de $m^2k$.

# %% key="ex1" tags=["exercise"]
def best_rank_k(A, k):
    # en: the best approximation of A by a matrix of rank at most k
    # fr: la meilleure approximation de A par une matrice de rang au plus k
    # BEGIN SOLUTION
    left, values, right = np.linalg.svd(A, full_matrices=False)
    return (left[:, :k] * values[:k]) @ right[:k]
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.linalg.svd(A, full_matrices=False)` returns three things; the third is $V^\top$, whose *rows* are the $v_i^\top$. For a matrix `U` and a vector `s`, the product `U * s` multiplies column $i$ of `U` by `s[i]`.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.linalg.svd(A, full_matrices=False)` renvoie trois objets ; le troisième est $V^\top$, dont les *lignes* sont les $v_i^\top$. Pour une matrice `U` et un vecteur `s`, le produit `U * s` multiplie la colonne $i$ de `U` par `s[i]`.
# </details>

# %% key="ex1-check"
check("d1_03.ex1", best_rank_k)

# %% [markdown] key="tail-text" lang="en"
# **Predict, then run.** Take a matrix $60\times 40$ with singular values $2^{-1},2^{-2},\dots,2^{-40}$ and $k=5$. The theorem gives, before any computation,
# $$\|A-A_5\|_2=2^{-6}=0.015625,\qquad \|A-A_5\|_F^2=\sum_{i=6}^{40}4^{-i}=\frac{4^{-5}-4^{-40}}{3}\approx 3.2552\cdot10^{-4}.$$

# %% [markdown] key="tail-text" lang="fr"
# **Prévoir, puis exécuter.** Prenons une matrice $60\times 40$ de valeurs singulières $2^{-1},2^{-2},\dots,2^{-40}$ et $k=5$. Le théorème donne, avant tout calcul,
# $$\|A-A_5\|_2=2^{-6}=0{,}015625,\qquad \|A-A_5\|_F^2=\sum_{i=6}^{40}4^{-i}=\frac{4^{-5}-4^{-40}}{3}\approx 3{,}2552\cdot10^{-4}.$$

# %% key="tail-run"
rng = np.random.default_rng(3)
left_basis = np.linalg.qr(rng.normal(size=(60, 40)))[0]
right_basis = np.linalg.qr(rng.normal(size=(40, 40)))[0]
decaying = (left_basis * 0.5 ** np.arange(1, 41)) @ right_basis.T
gap = decaying - best_rank_k(decaying, 5)
expect("d1_03.tail_spectral", np.linalg.norm(gap, 2), 2**-6, rtol=1e-10)
expect("d1_03.tail_frobenius", np.linalg.norm(gap, "fro") ** 2, (4**-5 - 4**-40) / 3, rtol=1e-10)

# %% [markdown] key="unique-text" lang="en"
# **Not unique when $\sigma_k=\sigma_{k+1}$.** For $A=I_3$ and $k=1$, every $B=xx^\top$ with $|x|=1$ is at distance $\sqrt2$ in Frobenius norm: a whole sphere of minimisers. The library returns one of them; nothing in the problem prefers it. Never interpret a direction inside a group of equal (or nearly equal) singular values: only the subspace they span means something.

# %% [markdown] key="unique-text" lang="fr"
# **Pas d’unicité quand $\sigma_k=\sigma_{k+1}$.** Pour $A=I_3$ et $k=1$, toute matrice $B=xx^\top$ avec $|x|=1$ est à distance $\sqrt2$ en norme de Frobenius : toute une sphère de minimiseurs. La bibliothèque en renvoie un ; rien dans le problème ne le distingue. N’interprétez jamais une direction à l’intérieur d’un groupe de valeurs singulières égales (ou presque) : seul le sous-espace qu’elles engendrent a un sens.

# %% key="unique-run"
x = rng.normal(size=3)
x /= np.linalg.norm(x)
expect("d1_03.not_unique", np.linalg.norm(np.eye(3) - np.outer(x, x)), np.sqrt(2), rtol=1e-12)

# %% [markdown] key="cost" lang="en"
# **What it costs.** A full SVD of an $m\times n$ matrix with $m\ge n$ takes a number of operations proportional to $mn^2$; storing $A_k$ as two factors takes $k(m+n)$ numbers instead of $mn$, and multiplying by it $k(m+n)$ products instead of $mn$. For very large matrices nobody computes the whole SVD: a random projection onto slightly more than $k$ directions, then a small exact SVD, gives $A_k$ almost as well as long as the singular values decay. When they do not decay, no method will compress the matrix: the theorem is a *lower* bound, for every method at once.

# %% [markdown] key="cost" lang="fr"
# **Ce que cela coûte.** La SVD complète d’une matrice $m\times n$ avec $m\ge n$ demande un nombre d’opérations proportionnel à $mn^2$ ; stocker $A_k$ sous forme de deux facteurs demande $k(m+n)$ nombres au lieu de $mn$, et multiplier par elle $k(m+n)$ produits au lieu de $mn$. Pour de très grandes matrices, personne ne calcule la SVD entière : une projection aléatoire sur un peu plus de $k$ directions, puis une petite SVD exacte, donnent $A_k$ presque aussi bien, pourvu que les valeurs singulières décroissent. Si elles ne décroissent pas, aucune méthode ne comprimera la matrice : le théorème est une *minoration*, valable pour toutes les méthodes à la fois.

# %% [markdown] key="pca" lang="en"
# ## 3. Principal component analysis is an SVD
#
# The rows of $X\in\mathbb R^{N\times d}$ are observations, $\bar x$ is their mean and $X_c$ has rows $x_i-\bar x$. The empirical covariance is $C=\frac1{N-1}X_c^\top X_c$. PCA asks for the subspace of dimension $k$ on which the projected data keep the largest variance.
#
# > **Theorem 3.** Let $X_c=U\Sigma V^\top$. For every $k$, $\operatorname{span}(v_1,\dots,v_k)$ maximises $\operatorname{tr}(W^\top CW)$ over the matrices $W\in\mathbb R^{d\times k}$ with $W^\top W=I_k$, and the variance along $v_i$ is $\sigma_i^2/(N-1)$.
#
# **Proof.** $C=V\frac{\Sigma^\top\Sigma}{N-1}V^\top$, so the $v_i$ are the eigenvectors of $C$. For $k=1$, Lagrange's condition for $w^\top Cw$ under $|w|^2=1$ is $Cw=\lambda w$, and the value is then $\lambda$: the maximum is the largest eigenvalue. For any $k$: if $P=WW^\top$, then $\|X_c-X_cP\|_F^2=\|X_c\|_F^2-(N-1)\operatorname{tr}(W^\top CW)$ by Pythagoras, so maximising the variance kept *is* minimising the error of an approximation of rank at most $k$; by Theorem 2 the best possible is $X_c^{(k)}=X_cV_kV_k^\top$. $\blacksquare$

# %% [markdown] key="pca" lang="fr"
# ## 3. L’analyse en composantes principales est une SVD
#
# Les lignes de $X\in\mathbb R^{N\times d}$ sont des observations, $\bar x$ est leur moyenne et $X_c$ a pour lignes $x_i-\bar x$. La covariance empirique est $C=\frac1{N-1}X_c^\top X_c$. L’ACP cherche le sous-espace de dimension $k$ sur lequel les données projetées conservent la plus grande variance.
#
# > **Théorème 3.** Soit $X_c=U\Sigma V^\top$. Pour tout $k$, $\operatorname{Vect}(v_1,\dots,v_k)$ maximise $\operatorname{tr}(W^\top CW)$ parmi les matrices $W\in\mathbb R^{d\times k}$ telles que $W^\top W=I_k$, et la variance selon $v_i$ vaut $\sigma_i^2/(N-1)$.
#
# **Démonstration.** $C=V\frac{\Sigma^\top\Sigma}{N-1}V^\top$ : les $v_i$ sont donc les vecteurs propres de $C$. Pour $k=1$, la condition de Lagrange pour $w^\top Cw$ sous la contrainte $|w|^2=1$ s’écrit $Cw=\lambda w$, et la valeur est alors $\lambda$ : le maximum est la plus grande valeur propre. Pour $k$ quelconque : si $P=WW^\top$, alors $\|X_c-X_cP\|_F^2=\|X_c\|_F^2-(N-1)\operatorname{tr}(W^\top CW)$ d’après Pythagore ; maximiser la variance conservée *revient* donc à minimiser l’erreur d’une approximation de rang au plus $k$, et d’après le théorème 2 la meilleure possible est $X_c^{(k)}=X_cV_kV_k^\top$. $\blacksquare$

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 — PCA without ever forming the covariance
#
# Write `pca(X)`, which returns two arrays: `axes`, whose **rows** are $v_1^\top,v_2^\top,\dots$ (shape $\min(N,d)\times d$), and `variances`, the variances along them, in decreasing order. The mean must be removed, `X` must not be modified, and $X^\top X$ must not appear. The signs of the axes are free: the check compares subspaces.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 — l’ACP sans jamais former la covariance
#
# Écrivez `pca(X)`, qui renvoie deux tableaux : `axes`, dont les **lignes** sont $v_1^\top,v_2^\top,\dots$ (forme $\min(N,d)\times d$), et `variances`, les variances correspondantes, par ordre décroissant. Il faut retirer la moyenne, ne pas modifier `X`, et ne pas faire apparaître $X^\top X$. Les signes des axes sont libres : la vérification compare des sous-espaces.

# %% key="ex2" tags=["exercise"]
def pca(X):
    # en: rows = principal axes; variances in decreasing order
    # fr: lignes = axes principaux ; variances par ordre décroissant
    # BEGIN SOLUTION
    centred = X - X.mean(axis=0)
    _, values, axes = np.linalg.svd(centred, full_matrices=False)
    variances = values**2 / (len(X) - 1)
    # END SOLUTION
    return axes, variances


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# `X.mean(axis=0)` is the mean of each column. The variances are $\sigma_i^2/(N-1)$: the square matters, and so does $N-1$.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `X.mean(axis=0)` est la moyenne de chaque colonne. Les variances sont $\sigma_i^2/(N-1)$ : le carré compte, et $N-1$ aussi.
# </details>

# %% key="ex2-check"
check("d1_03.ex2", pca)

# %% [markdown] key="digits-text" lang="en"
# **On real data.** 1797 handwritten digits of 8 × 8 pixels, hence $d=64$. Three pixels at the edges are white on every picture: can the rank of $X_c$ be 64? And how many axes keep 90, 95, 99 % of the variance? Write your guesses down before you run the cell.

# %% [markdown] key="digits-text" lang="fr"
# **Sur des données réelles.** 1797 chiffres manuscrits de 8 × 8 pixels, donc $d=64$. Trois pixels du bord sont blancs sur toutes les images : le rang de $X_c$ peut-il valoir 64 ? Et combien d’axes conservent 90, 95, 99 % de la variance ? Notez vos estimations avant d’exécuter la cellule.

# %% key="digits-run"
X, labels = digits()
principal, variances = pca(X)
kept = np.cumsum(variances) / variances.sum()
expect("d1_03.rank", np.sum(variances > 1e-12 * variances[0]), 61)
for share, count in [(0.90, 21), (0.95, 29), (0.99, 41)]:
    expect(f"d1_03.axes_{share:.0%}", np.argmax(kept >= share) + 1, count)

# %% key="scree-figure" tags=["figure"]
left_ax, right_ax = figures.axes(2)
left_ax.semilogy(np.arange(1, 62), variances[:61], marker=".")
left_ax.set_xlabel(T("axis $i$", "axe $i$"))
left_ax.set_ylabel(T("variance along $v_i$", "variance selon $v_i$"))
left_ax.set_title(T("Scree of the variances", "Éboulis des variances"))
right_ax.plot(np.arange(1, 65), kept)
for share, mark in [(0.90, "o"), (0.95, "s"), (0.99, "^")]:
    percent, count = round(100 * share), np.argmax(kept >= share) + 1
    right_ax.plot(count, kept[count - 1], mark, color=figures.VERMILION, label=T(f"{percent}%: $k={count}$", f"{percent} % : $k={count}$"))
right_ax.set_xlabel(T("number of axes $k$", "nombre d’axes $k$"))
right_ax.legend()
right_ax.set_title(T("Share of the variance that is kept", "Part de la variance conservée"));

# %% [markdown] key="reconstruct-text" lang="en"
# A picture is rebuilt from $k$ coordinates as $\bar x+\sum_{i\le k}\langle x-\bar x,v_i\rangle v_i$. By Pythagoras, the relative error over the whole data set satisfies $\text{error}^2=1-\text{share kept}$. With 21 axes 90 % of the variance is kept: what relative error do you expect? (Not 10 %.)

# %% [markdown] key="reconstruct-text" lang="fr"
# Une image se reconstruit à partir de $k$ coordonnées par $\bar x+\sum_{i\le k}\langle x-\bar x,v_i\rangle v_i$. D’après Pythagore, l’erreur relative sur l’ensemble des données vérifie $\text{erreur}^2=1-\text{part conservée}$. Avec 21 axes, on conserve 90 % de la variance : quelle erreur relative attendez-vous ? (Pas 10 %.)

# %% key="reconstruct-run"
mean = X.mean(axis=0)
errors = {}
for count in (2, 10, 20, 30):
    rebuilt = mean + (X - mean) @ principal[:count].T @ principal[:count]
    errors[count] = np.linalg.norm(X - rebuilt) / np.linalg.norm(X - mean)
    expect(f"d1_03.rebuilt_{count}", errors[count], np.sqrt(1 - kept[count - 1]), rtol=1e-9)

# %% key="reconstruct-figure" tags=["figure"]
grid = figures.axes(5, rows=2, height=1.7)
for row, index in zip(grid, [3, 8]):
    figures.image(row[0], X[index].reshape(8, 8), T("original", "original"))
    for ax, count in zip(row[1:], errors):
        coordinates = (X[index] - mean) @ principal[:count].T
        picture = mean + coordinates @ principal[:count]
        figures.image(ax, picture.reshape(8, 8), f"$k={count}$")

# %% [markdown] key="reconstruct-read" lang="en"
# With 10 numbers in place of 64 the digit can be read, although the error is 51 %: variance is not legibility. PCA keeps what *varies*, not what *matters for a task*; a small variance can carry the whole label. Keep this in mind on Day 4.

# %% [markdown] key="reconstruct-read" lang="fr"
# Avec 10 nombres au lieu de 64, le chiffre se lit, bien que l’erreur soit de 51 % : variance n’est pas lisibilité. L’ACP conserve ce qui *varie*, non ce qui *compte pour une tâche* ; une petite variance peut porter toute l’étiquette. Souvenez-vous-en au jour 4.

# %% [markdown] key="projector" lang="en"
# ## 4. Projecting onto a column space
#
# > **Definition.** An orthogonal projector is a matrix $P$ such that $P^2=P$ and $P^\top=P$.
#
# > **Proposition 4.** If the columns of $A\in\mathbb R^{m\times n}$ are linearly independent and $A=QR$ with $Q^\top Q=I_n$ and $R$ invertible, then $P=QQ^\top$ is the orthogonal projector onto the image of $A$, and $QQ^\top=A(A^\top A)^{-1}A^\top=AA^+$.
#
# **Proof.** $Q=AR^{-1}$ has the same image as $A$; $P$ is symmetric, $P^2=QQ^\top QQ^\top=P$, and $PQ=Q$. Substituting $A=QR$ gives $A(A^\top A)^{-1}A^\top=QR(R^\top R)^{-1}R^\top Q^\top=QQ^\top$. $\blacksquare$
#
# The three formulas are equal on paper. In floating point the one with $(A^\top A)^{-1}$ loses twice as many digits: $\operatorname{cond}(A^\top A)=\operatorname{cond}(A)^2$.

# %% [markdown] key="projector" lang="fr"
# ## 4. Projeter sur un espace de colonnes
#
# > **Définition.** Un projecteur orthogonal est une matrice $P$ telle que $P^2=P$ et $P^\top=P$.
#
# > **Proposition 4.** Si les colonnes de $A\in\mathbb R^{m\times n}$ forment une famille libre et si $A=QR$ avec $Q^\top Q=I_n$ et $R$ inversible, alors $P=QQ^\top$ est le projecteur orthogonal sur l’image de $A$, et $QQ^\top=A(A^\top A)^{-1}A^\top=AA^+$.
#
# **Démonstration.** $Q=AR^{-1}$ a la même image que $A$ ; $P$ est symétrique, $P^2=QQ^\top QQ^\top=P$, et $PQ=Q$. En remplaçant $A=QR$, il vient $A(A^\top A)^{-1}A^\top=QR(R^\top R)^{-1}R^\top Q^\top=QQ^\top$. $\blacksquare$
#
# Les trois formules sont égales sur le papier. En virgule flottante, celle qui contient $(A^\top A)^{-1}$ perd deux fois plus de chiffres : $\operatorname{cond}(A^\top A)=\operatorname{cond}(A)^2$.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 — the projector
#
# Write `projector(A)` for a matrix with linearly independent columns. One of the test matrices has condition number $10^{7}$: choose your formula accordingly.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 — le projecteur
#
# Écrivez `projector(A)` pour une matrice dont les colonnes forment une famille libre. L’une des matrices d’essai a un conditionnement de $10^{7}$ : choisissez votre formule en conséquence.

# %% key="ex3" tags=["exercise"]
def projector(A):
    # en: the orthogonal projector onto the column space of A
    # fr: le projecteur orthogonal sur l’espace des colonnes de A
    # BEGIN SOLUTION
    orthonormal, _ = np.linalg.qr(A)
    return orthonormal @ orthonormal.T
    # END SOLUTION


# %% key="ex3-check"
check("d1_03.ex3", projector)

# %% [markdown] key="lora" lang="en"
# ## 5. Optional — LoRA, seen from here
#
# Fine-tuning moves a weight matrix from $W_0$ to $W_0+\Delta$. LoRA writes $\Delta=BA$ with $B\in\mathbb R^{m\times r}$, $A\in\mathbb R^{r\times n}$: $r(m+n)$ numbers instead of $mn$, a gain as soon as $r<mn/(m+n)$. For $m=n=4096$ and $r=8$ that is $65\,536$ numbers instead of $16\,777\,216$, a factor 256.
#
# Theorem 2 says what is given up: if the ideal move is $\Delta^\star$, the best adapter leaves $\|\Delta^\star-BA\|_F^2=\sum_{i>r}\sigma_i(\Delta^\star)^2$. The factors themselves are not unique ($BA=(BM)(M^{-1}A)$); a sensible choice is *balanced*, $B^\top B=AA^\top$, so that gradient steps act on both factors alike.
#
# ### Exercise 4 — the best balanced adapter
#
# Write `adapter(D, r)`, which returns $B$ and $A$ such that $BA$ is the best approximation of $D$ of rank at most $r$ and $B^\top B=AA^\top$.

# %% [markdown] key="lora" lang="fr"
# ## 5. Facultatif — LoRA, vu d’ici
#
# L’ajustement fin (*fine-tuning*) déplace une matrice de poids de $W_0$ à $W_0+\Delta$. LoRA pose $\Delta=BA$ avec $B\in\mathbb R^{m\times r}$, $A\in\mathbb R^{r\times n}$ : $r(m+n)$ nombres au lieu de $mn$, un gain dès que $r<mn/(m+n)$. Pour $m=n=4096$ et $r=8$, cela fait $65\,536$ nombres au lieu de $16\,777\,216$, un facteur 256.
#
# Le théorème 2 dit à quoi l’on renonce : si le déplacement idéal est $\Delta^\star$, le meilleur adaptateur laisse $\|\Delta^\star-BA\|_F^2=\sum_{i>r}\sigma_i(\Delta^\star)^2$. Les facteurs eux-mêmes ne sont pas uniques ($BA=(BM)(M^{-1}A)$) ; un choix raisonnable est *équilibré*, $B^\top B=AA^\top$, de sorte que les pas de gradient agissent de la même façon sur les deux facteurs.
#
# ### Exercice 4 — le meilleur adaptateur équilibré
#
# Écrivez `adapter(D, r)`, qui renvoie $B$ et $A$ tels que $BA$ soit la meilleure approximation de $D$ de rang au plus $r$ et que $B^\top B=AA^\top$.

# %% key="ex4" tags=["exercise"]
def adapter(D, r):
    # en: B of shape (m, r) and A of shape (r, n)
    # fr: B de forme (m, r) et A de forme (r, n)
    # BEGIN SOLUTION
    left, values, right = np.linalg.svd(D, full_matrices=False)
    root = np.sqrt(values[:r])
    return left[:, :r] * root, root[:, None] * right[:r]
    # END SOLUTION


# %% key="ex4-check"
check("d1_03.ex4", adapter)

# %% [markdown] key="break-a" lang="en"
# ## 6. Break it
#
# ### (a) A proof is not an algorithm
#
# Läuchli's matrix, with $\varepsilon=10^{-8}$:
# $$A=\begin{pmatrix}1&1\\\varepsilon&0\\0&\varepsilon\end{pmatrix},\qquad A^\top A=\begin{pmatrix}1+\varepsilon^2&1\\1&1+\varepsilon^2\end{pmatrix},\qquad \sigma_1=\sqrt{2+\varepsilon^2},\quad \sigma_2=\varepsilon .$$
# In float64 the spacing of numbers near $1$ is $2.2\cdot10^{-16}$, and $\varepsilon^2=10^{-16}$ is less than half of it. So $1+\varepsilon^2$ is stored as $1$, and the matrix $A^\top A$ that the machine sees is singular. **Prediction**: $\sigma_2=10^{-8}$ by SVD of $A$, and $0$ through $A^\top A$. All 8 digits of the information are lost before the eigenvalue solver starts; no better solver can bring them back.

# %% [markdown] key="break-a" lang="fr"
# ## 6. Casser exprès
#
# ### (a) Une démonstration n’est pas un algorithme
#
# La matrice de Läuchli, avec $\varepsilon=10^{-8}$ :
# $$A=\begin{pmatrix}1&1\\\varepsilon&0\\0&\varepsilon\end{pmatrix},\qquad A^\top A=\begin{pmatrix}1+\varepsilon^2&1\\1&1+\varepsilon^2\end{pmatrix},\qquad \sigma_1=\sqrt{2+\varepsilon^2},\quad \sigma_2=\varepsilon .$$
# En float64, l’écart entre deux nombres voisins de $1$ est $2{,}2\cdot10^{-16}$, et $\varepsilon^2=10^{-16}$ en est moins de la moitié. Donc $1+\varepsilon^2$ est arrondi à $1$, et la matrice $A^\top A$ que voit la machine est singulière. **Prévision** : $\sigma_2=10^{-8}$ par la SVD de $A$, et $0$ en passant par $A^\top A$. Les 8 chiffres d’information sont perdus avant même que le calcul des valeurs propres ne commence ; aucun meilleur algorithme ne les ramènera.

# %% key="break-a-run" tags=["break"]
epsilon = 1e-8
lauchli = np.array([[1, 1], [epsilon, 0], [0, epsilon]])
by_svd = np.linalg.svd(lauchli, compute_uv=False)[1]
through_gram = np.sqrt(max(np.linalg.eigvalsh(lauchli.T @ lauchli)[0], 0))
expect("d1_03.break_svd", by_svd, 1e-8, rtol=1e-6)
expect("d1_03.break_gram", through_gram, 0.0)

# %% [markdown] key="break-b" lang="en"
# ### (b) Forget to centre
#
# Without centring, $X^\top X=(N-1)C+N\bar x\bar x^\top$. Here $N|\bar x|^2$ is about two thirds of $\|X\|_F^2$, much more than any variance. The largest eigenvalue of $X^\top X$ is at least the Rayleigh quotient at $\bar x$, hence at least $N|\bar x|^2$; at $v_1$ it is at most $(N-1)\lambda_1(C)+N|\bar x|^2\cos^2(v_1,\bar x)$. **Prediction**: $\cos^2(v_1,\bar x)\ge1-\frac{N-1}N\lambda_1(C)/|\bar x|^2\approx0.93$, so that the first "axis" is, or nearly is, the direction of the mean; it says nothing about how the digits differ. Since the true first axis is nearly orthogonal to $\bar x$, it is found again in *second* place.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Oublier de centrer
#
# Sans centrage, $X^\top X=(N-1)C+N\bar x\bar x^\top$. Ici, $N|\bar x|^2$ représente environ les deux tiers de $\|X\|_F^2$, bien plus que n’importe quelle variance. La plus grande valeur propre de $X^\top X$ est minorée par le quotient de Rayleigh en $\bar x$, donc par $N|\bar x|^2$ ; lue en $v_1$, elle est majorée par $(N-1)\lambda_1(C)+N|\bar x|^2\cos^2(v_1,\bar x)$. **Prévision** : $\cos^2(v_1,\bar x)\ge1-\frac{N-1}N\lambda_1(C)/|\bar x|^2\approx0{,}93$, si bien que le premier « axe » est, ou peu s’en faut, la direction de la moyenne ; il ne dit rien de ce qui distingue les chiffres. Comme le véritable premier axe est presque orthogonal à $\bar x$, on le retrouve en *deuxième* position.

# %% key="break-b-run" tags=["break"]
uncentred = np.linalg.svd(X, full_matrices=False)[2]
cosine_with_mean = abs(uncentred[0] @ mean) / np.linalg.norm(mean)
cosine_with_axis = abs(uncentred[1] @ principal[0])
expect("d1_03.break_mean", cosine_with_mean**2, at_least=1 - (len(X) - 1) / len(X) * variances[0] / (mean @ mean))
expect("d1_03.break_second", cosine_with_axis, at_least=0.9999)

# %% [markdown] key="break-c" lang="en"
# ### (c) Change one unit
#
# Multiply pixel 20 by 100, as if one column of a table were in francs instead of hundreds of francs. Its variance $0.149$ becomes $1489$, while all the others together stay at $4.55$. The Rayleigh quotient of $C$ at the basis vector of that pixel bounds the first eigenvalue from below; hence **prediction**: the first axis explains *at least* $1489/(1489+4.55)\approx0.997$, and it is that pixel. PCA is invariant under rotations, **not** under changes of units: whether to standardise is a decision to be argued for, not a default.

# %% [markdown] key="break-c" lang="fr"
# ### (c) Changer une unité
#
# Multiplions le pixel 20 par 100, comme si une colonne d’un tableau était en francs plutôt qu’en centaines de francs. Sa variance $0{,}149$ devient $1489$, tandis que toutes les autres réunies restent à $4{,}55$. Le quotient de Rayleigh de $C$ au vecteur de base de ce pixel minore la première valeur propre ; d’où la **prévision** : le premier axe explique *au moins* $1489/(1489+4{,}55)\approx0{,}997$, et c’est ce pixel. L’ACP est invariante par rotation, **pas** par changement d’unités : réduire ou non les variables est une décision à défendre, non un réglage par défaut.

# %% key="break-c-run" tags=["break"]
scaled = X.copy()
scaled[:, 20] *= 100
wrong_axes, wrong_variances = pca(scaled)
rayleigh = scaled[:, 20].var(ddof=1)
others = np.delete(X, 20, axis=1).var(axis=0, ddof=1).sum()
share = wrong_variances[0] / wrong_variances.sum()
expect("d1_03.break_share", share, at_least=rayleigh / (rayleigh + others))
expect("d1_03.break_pixel", abs(wrong_axes[0, 20]), 1.0, atol=2e-4)

# %% key="break-figure" tags=["figure"]
panels = figures.axes(4, height=2.2)
names = [T("mean", "moyenne"), T("true $v_1$", "vrai $v_1$"), T("uncentred", "non centré"), T("one unit changed", "une unité changée")]
for ax, name, vector in zip(panels, names, [mean, principal[0], uncentred[0], wrong_axes[0]]):
    figures.image(ax, np.abs(vector).reshape(8, 8), name)

# %% [markdown] key="break-read" lang="en"
# The third picture is the first one; the fourth is a single pixel. Neither figure, nor any error message, says that something is wrong: the arithmetic is perfect, the *question* is not the one you meant to ask.

# %% [markdown] key="break-read" lang="fr"
# La troisième image est la première ; la quatrième se réduit à un pixel. Aucune figure, aucun message d’erreur ne signale quoi que ce soit : l’arithmétique est parfaite, c’est la *question* qui n’est pas celle que vous vouliez poser.

# %% [markdown] key="exit" lang="en"
# ## Exit ticket (no code, five minutes)
#
# 1. A layer $W\in\mathbb R^{512\times512}$ has singular values $\sigma_i=1/i$. You replace it by $W_{16}$. Give the relative error in spectral norm exactly, and bracket the one in Frobenius norm with $\sum_{i>16}i^{-2}\in\left[\tfrac1{17}-\tfrac1{513},\tfrac1{16}\right]$.
# 2. Somebody shows a PCA whose first axis explains 99.9 % of the variance and concludes "our data live in dimension one". Give two computations, one line each, that would decide whether to believe it.
#
# **What to keep**: every matrix is a sum of orthogonal pieces of rank one, in order of importance; truncating is optimal, and its error is known in advance; work on $A$, never on $A^\top A$; centre, and argue for your units.

# %% [markdown] key="exit" lang="fr"
# ## Billet de sortie (sans code, cinq minutes)
#
# 1. Une couche $W\in\mathbb R^{512\times512}$ a pour valeurs singulières $\sigma_i=1/i$. Vous la remplacez par $W_{16}$. Donnez exactement l’erreur relative en norme spectrale, et encadrez celle en norme de Frobenius à l’aide de $\sum_{i>16}i^{-2}\in\left[\tfrac1{17}-\tfrac1{513},\tfrac1{16}\right]$.
# 2. Quelqu’un présente une ACP dont le premier axe explique 99,9 % de la variance et conclut : « nos données vivent en dimension un ». Proposez deux calculs, d’une ligne chacun, qui permettraient de décider s’il faut le croire.
#
# **À retenir** : toute matrice est une somme de morceaux orthogonaux de rang un, rangés par importance ; tronquer est optimal, et l’erreur est connue d’avance ; travaillez sur $A$, jamais sur $A^\top A$ ; centrez, et défendez vos unités.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 0. (Discussion of section 1) $(1-\|W\|_2)|x|\le|x+Wx|\le(1+\|W\|_2)|x|$: all singular values are in $[1-\|W\|_2,1+\|W\|_2]$, so that neither signals nor gradients vanish in one layer. 1. $\|W-W_{16}\|_2/\|W\|_2=\sigma_{17}/\sigma_1=1/17\approx5.9\cdot10^{-2}$. The squared Frobenius error lies in $[0.0569,0.0625]$ and $\|W\|_F^2=\sum_{i\le512}i^{-2}\approx1.643$, hence a relative error between $0.186$ and $0.196$: slow decay of singular values, poor compression. 2. Compare with the centred data ($|\cos(v_1,\bar x)|$ near 1 betrays a forgotten mean), and with standardised variables, or look at the largest coordinate of $v_1$ (near 1 betrays one large unit).

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 0. (Discussion de la section 1) $(1-\|W\|_2)|x|\le|x+Wx|\le(1+\|W\|_2)|x|$ : toutes les valeurs singulières sont dans $[1-\|W\|_2,1+\|W\|_2]$, de sorte que ni le signal ni le gradient ne s’éteignent en une couche. 1. $\|W-W_{16}\|_2/\|W\|_2=\sigma_{17}/\sigma_1=1/17\approx5{,}9\cdot10^{-2}$. Le carré de l’erreur de Frobenius est dans $[0{,}0569,0{,}0625]$ et $\|W\|_F^2=\sum_{i\le512}i^{-2}\approx1{,}643$, d’où une erreur relative comprise entre $0{,}186$ et $0{,}196$ : décroissance lente des valeurs singulières, compression médiocre. 2. Comparer avec les données centrées ($|\cos(v_1,\bar x)|$ proche de 1 trahit une moyenne oubliée), et avec des variables réduites, ou regarder la plus grande coordonnée de $v_1$ (proche de 1, elle trahit une grande unité).
