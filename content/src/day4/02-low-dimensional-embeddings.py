# %% [markdown] key="title" lang="en"
# # Low-dimensional embeddings: t-SNE, UMAP, Isomap, and how they break
#
# **Day 4, notebook 2** — about 45 minutes (exercises 1 to 4), then 30 minutes for *Break it* and exercise 5 (optional).
#
# Hardly an article on representations goes without a coloured map in the plane. Each of these maps minimises an objective, and this objective decides what the map may show: which distances were an input, which were thrown away before the optimisation began, which were invented to fill the plane. This notebook derives four objectives, implements them, and predicts from their formulas the lies that the maps tell.
#
# After this notebook you can
#
# 1. recover points from their distances (classical MDS), and say when it is impossible;
# 2. bound the error of Isomap, and predict the number of neighbours at which it collapses;
# 3. calibrate a perplexity, derive the gradient of t-SNE and descend it;
# 4. say which features of a t-SNE or UMAP map cannot be information, and prove it.

# %% [markdown] key="title" lang="fr"
# # Plongements en petite dimension : t-SNE, UMAP, Isomap, et ce qui les met en défaut
#
# **Jour 4, notebook 2** — environ 45 minutes (exercices 1 à 4), puis 30 minutes pour *Casser exprès* et l’exercice 5 (facultatif).
#
# Il n’est guère d’article sur les représentations sans une carte en couleurs dans le plan. Chacune de ces cartes minimise une fonction objectif, et c’est cette fonction qui décide de ce que la carte peut montrer : quelles distances y sont entrées, lesquelles ont été jetées avant même d’optimiser, lesquelles ont été inventées pour remplir le plan. Ce notebook établit quatre de ces fonctions, les met en œuvre, et déduit de leurs formules les mensonges que les cartes racontent.
#
# À l’issue de ce notebook, vous saurez
#
# 1. retrouver des points à partir de leurs distances (MDS classique), et dire quand c’est impossible ;
# 2. borner l’erreur d’Isomap, et prévoir le nombre de voisins à partir duquel il s’effondre ;
# 3. calibrer une perplexité, établir le gradient de t-SNE et en mener la descente ;
# 4. dire ce qui, dans une carte t-SNE ou UMAP, ne peut pas être une information, et le démontrer.

# %% key="imports"
import jax
import jax.numpy as jnp
import numpy as np
import torch
from airina import check, expect, figures
from airina.data import digits
from airina.derivatives import numerical_gradient
from sklearn.cluster import KMeans
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_score

# en: another seed draws every sample of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0

# %% key="libraries"
from scipy.sparse.csgraph import shortest_path
from scipy.spatial.distance import pdist, squareform

# %% [markdown] key="mds" lang="en"
# ## 1. From distances to points: classical MDS
#
# Let $\Delta=(d_{ij}^2)$ be a symmetric $n\times n$ matrix of squared dissimilarities, zero on its diagonal, and $J=I-\frac1n\mathbf 1\mathbf 1^\top$ the projector that subtracts the mean.
#
# > **Theorem 1 (Schoenberg; Young and Householder).** There are points $y_1,\dots,y_n$ of some $\mathbb R^k$ with $|y_i-y_j|=d_{ij}$ if and only if $B=-\frac12J\Delta J$ is positive semi-definite. The smallest $k$ is then the rank of $B$, and if $B=Q\Lambda Q^\top$, the rows of $Q_k\Lambda_k^{1/2}$ are such points.
#
# *Proof.* If $Y$ has the rows $y_i$ and $s_i=|y_i|^2$, then $\Delta=s\mathbf 1^\top+\mathbf 1s^\top-2YY^\top$; since $J\mathbf 1=0$, $B=(JY)(JY)^\top\succeq0$, of rank at most $k$. Conversely let $B=YY^\top$. With $m_i$ the mean of row $i$ of $\Delta$ and $m$ the mean of all, $B_{ij}=-\frac12(d_{ij}^2-m_i-m_j+m)$, hence $|y_i-y_j|^2=B_{ii}+B_{jj}-2B_{ij}=d_{ij}^2$. $\blacksquare$
#
# Keeping the $k$ largest eigenvalues, if they are non-negative, minimises $\|B-YY^\top\|_F$ (a variant of Eckart-Young): the best approximation of the *scalar products*, not of the distances. For Euclidean distances $B$ is the Gram matrix of the centred data: classical MDS **is** PCA (D1-03).

# %% [markdown] key="mds" lang="fr"
# ## 1. Des distances aux points : le MDS classique
#
# Soit $\Delta=(d_{ij}^2)$ une matrice $n\times n$ symétrique de carrés de dissimilarités, nulle sur la diagonale, et $J=I-\frac1n\mathbf 1\mathbf 1^\top$ le projecteur qui retranche la moyenne.
#
# > **Théorème 1 (Schoenberg ; Young et Householder).** Il existe des points $y_1,\dots,y_n$ d’un $\mathbb R^k$ tels que $|y_i-y_j|=d_{ij}$ si et seulement si $B=-\frac12J\Delta J$ est semi-définie positive. Le plus petit $k$ est alors le rang de $B$ et, si $B=Q\Lambda Q^\top$, les lignes de $Q_k\Lambda_k^{1/2}$ sont de tels points.
#
# *Démonstration.* Si $Y$ a pour lignes les $y_i$ et si $s_i=|y_i|^2$, alors $\Delta=s\mathbf 1^\top+\mathbf 1s^\top-2YY^\top$ ; comme $J\mathbf 1=0$, $B=(JY)(JY)^\top\succeq0$, de rang au plus $k$. Réciproquement, soit $B=YY^\top$. Si $m_i$ est la moyenne de la ligne $i$ de $\Delta$ et $m$ la moyenne de tous ses termes, $B_{ij}=-\frac12(d_{ij}^2-m_i-m_j+m)$, donc $|y_i-y_j|^2=B_{ii}+B_{jj}-2B_{ij}=d_{ij}^2$. $\blacksquare$
#
# Garder les $k$ plus grandes valeurs propres, si elles sont positives ou nulles, minimise $\|B-YY^\top\|_F$ (variante d’Eckart-Young) : c’est la meilleure approximation des *produits scalaires*, et non des distances. Pour des distances euclidiennes, $B$ est la matrice de Gram des données centrées : le positionnement multidimensionnel (MDS) classique **est** l’ACP (D1-03).

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1: classical MDS (8 minutes)
#
# Write `classical_mds(squared, k)`, where `squared` is $\Delta$: return the $n\times k$ array of points, one per row, and **all** $n$ eigenvalues of $B$ in decreasing order, with their signs. The first $k$ are strictly positive.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 : le MDS classique (8 minutes)
#
# Écrivez `classical_mds(squared, k)`, où `squared` est $\Delta$ : renvoyez le tableau $n\times k$ des points, un par ligne, et les $n$ valeurs propres de $B$, **toutes**, dans l’ordre décroissant, avec leurs signes. Les $k$ premières sont strictement positives.

# %% key="ex1" tags=["exercise"]
def classical_mds(squared, k):
    # en: return (points, one per row; eigenvalues of B, decreasing)
    # fr: renvoyer (points, un par ligne ; valeurs propres de B, décroissantes)
    # BEGIN SOLUTION
    J = np.eye(len(squared)) - 1 / len(squared)
    values, vectors = np.linalg.eigh(-J @ squared @ J / 2)
    values, vectors = values[::-1], vectors[:, ::-1]
    return vectors[:, :k] * np.sqrt(values[:k]), values
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# `numpy.linalg.eigh` sorts in increasing order. An SVD would hide the signs, and a negative eigenvalue is the sign that the distances are not Euclidean.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `numpy.linalg.eigh` range en ordre croissant. Une SVD cacherait les signes, or une valeur propre strictement négative est la marque de distances non euclidiennes.
# </details>

# %% key="ex1-check"
check("d4_02.ex1", classical_mds)

# %% key="mds-run"
rng = np.random.default_rng(SEED)
X, y = digits()
chosen = rng.permutation(len(X))[:500]
X, y = X[chosen], y[chosen]
squared = squareform(pdist(X, "sqeuclidean"))
flat, spectrum = classical_mds(squared, 2)
variances = np.linalg.eigvalsh(np.cov(X.T, ddof=0))[::-1]
expect("d4_02.mds_is_pca", np.abs(spectrum[:64] - 500 * variances).max(), at_most=1e-8)
expect("d4_02.mds_trust", trustworthiness(X, flat, n_neighbors=5), at_most=0.88)

# %% [markdown] key="isomap" lang="en"
# The *trustworthiness*, at most 1, punishes points that are neighbours on the map without being neighbours in the data; for PCA it is $0.83$.
#
# ## 2. Isomap: MDS of geodesic distances
#
# Isomap replaces $|x_i-x_j|$ by the length $d_G$ of the shortest path in a **neighbourhood graph** whose edges have their Euclidean lengths, then applies MDS. Let the data lie on $M$, a closed set of reach $\tau$ (D4-01), with its geodesic distance $d_M$.
#
# > **Theorem 2.** Between two data points: (a) if every edge is at most $\varepsilon<2\tau$ long, then $d_G\ge\frac{u}{\arcsin u}\,d_M$ with $u=\frac\varepsilon{2\tau}$. (b) If all pairs at distance at most $\varepsilon$ are edges, and if every point of $M$ is at geodesic distance at most $\delta<\varepsilon/2$ from a data point, then $d_G\le\frac{\varepsilon}{\varepsilon-2\delta}\,d_M$.
#
# *Proof.* (a) In a set of reach $\tau$, $d_M(x,y)\le2\tau\arcsin\frac{|x-y|}{2\tau}$ if $|x-y|<2\tau$ (Boissonnat, Lieutier and Wintraecken: a circle of radius $\tau$ is the worst case). As $u\mapsto\arcsin(u)/u$ increases, each edge $e$ satisfies $d_M\le|e|\arcsin(u)/u$; sum along the path. (b) Cut a geodesic of length $L$ into $m=\lceil L/(\varepsilon-2\delta)\rceil$ equal arcs and replace each inner cut by a data point at most $\delta$ away. Neighbours in this chain are at most $\varepsilon$ apart, hence joined, and $d_G\le L+2\delta(m-1)\le L+\frac{2\delta L}{\varepsilon-2\delta}$. $\blacksquare$
#
# The radius $\varepsilon$ must be large for (b), less than $2\tau$ for (a): the window of D4-01 again.

# %% [markdown] key="isomap" lang="fr"
# La *fiabilité* (*trustworthiness*), au plus 1, pénalise les points voisins sur la carte qui ne le sont pas dans les données ; pour l’ACP, elle vaut $0{,}83$.
#
# ## 2. Isomap : le MDS des distances géodésiques
#
# Isomap remplace $|x_i-x_j|$ par la longueur $d_G$ du plus court chemin dans un **graphe de voisinage**, dont les arêtes ont pour longueur la distance euclidienne, puis applique le MDS. Supposons les données sur $M$, fermé de portée $\tau$ (D4-01), dont $d_M$ est la distance géodésique.
#
# > **Théorème 2.** Entre deux données : (a) si toute arête est de longueur au plus $\varepsilon<2\tau$, alors $d_G\ge\frac{u}{\arcsin u}\,d_M$ avec $u=\frac\varepsilon{2\tau}$. (b) Si tous les couples à distance au plus $\varepsilon$ sont des arêtes, et si tout point de $M$ est à distance géodésique au plus $\delta<\varepsilon/2$ d’une donnée, alors $d_G\le\frac{\varepsilon}{\varepsilon-2\delta}\,d_M$.
#
# *Démonstration.* (a) Dans un ensemble de portée $\tau$, $d_M(x,y)\le2\tau\arcsin\frac{|x-y|}{2\tau}$ si $|x-y|<2\tau$ (Boissonnat, Lieutier et Wintraecken : le cercle de rayon $\tau$ est le pire des cas). Comme $u\mapsto\arcsin(u)/u$ est croissante, chaque arête $e$ vérifie $d_M\le|e|\arcsin(u)/u$ ; on somme le long du chemin. (b) Coupons une géodésique de longueur $L$ en $m=\lceil L/(\varepsilon-2\delta)\rceil$ arcs égaux et remplaçons chaque coupure intérieure par une donnée à distance au plus $\delta$. Deux voisins de cette chaîne sont à distance au plus $\varepsilon$, donc joints, et $d_G\le L+2\delta(m-1)\le L+\frac{2\delta L}{\varepsilon-2\delta}$. $\blacksquare$
#
# Il faut $\varepsilon$ grand pour (b), inférieur à $2\tau$ pour (a) : c’est encore la fenêtre de D4-01.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2: geodesics of a graph (10 minutes)
#
# Write `graph_distances(X, k)`: join each row of `X` to its `k` nearest **other** rows, an edge being usable in both directions as soon as one of its ends chose the other; return the $n\times n$ array of the lengths of shortest paths, `np.inf` between two components.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 : les géodésiques d’un graphe (10 minutes)
#
# Écrivez `graph_distances(X, k)` : joignez chaque ligne de `X` à ses `k` plus proches **autres** lignes, une arête servant dans les deux sens dès que l’une de ses extrémités a choisi l’autre ; renvoyez le tableau $n\times n$ des longueurs des plus courts chemins, `np.inf` entre deux composantes.

# %% key="ex2" tags=["exercise"]
def graph_distances(X, k):
    # en: return the lengths of shortest paths in the graph of k nearest neighbours
    # fr: renvoyer les longueurs des plus courts chemins dans le graphe des k plus proches voisins
    # BEGIN SOLUTION
    lengths = squareform(pdist(X))
    graph = np.full_like(lengths, np.inf)
    neighbours = np.argsort(lengths + np.diag(np.full(len(X), -1.0)), axis=1)[:, 1 : k + 1]
    rows = np.arange(len(X))[:, None]
    graph[rows, neighbours] = lengths[rows, neighbours]
    return shortest_path(np.minimum(graph, graph.T), method="D")
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# `shortest_path(graph, method="D")` takes a dense matrix in which `np.inf` says "no edge". Three traps: every point is its own nearest neighbour; $i$ may choose $j$ without being chosen; an edge has a length, it does not count for 1.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `shortest_path(graph, method="D")` reçoit une matrice pleine où `np.inf` veut dire « pas d’arête ». Trois pièges : chaque point est son propre plus proche voisin ; $i$ peut choisir $j$ sans en être choisi ; une arête a une longueur, elle ne compte pas pour 1.
# </details>

# %% key="ex2-check"
check("d4_02.ex2", graph_distances)

# %% [markdown] key="roll-text" lang="en"
# **The Swiss roll**: $(t\cos t,h,t\sin t)$ with $t\in[1.5\pi,4.5\pi]$ and $h\in[0,21]$. It is a rectangle, rolled up without stretching: with the arc length $s(t)=\frac12(t\sqrt{1+t^2}+\operatorname{arsinh}t)$, the geodesic distance is the Euclidean distance of the points $(s,h)$. Its reach is $\tau=3.11$, half of the gap between two turns. Draw one point in each of the $65\times15$ cells of the rectangle, so that there is no hole. **Predict** how well $d_G$, with $k=10$, and plain distances correlate with $d_M$.

# %% [markdown] key="roll-text" lang="fr"
# **Le rouleau suisse** : $(t\cos t,h,t\sin t)$ avec $t\in[1{,}5\pi,4{,}5\pi]$ et $h\in[0,21]$. C’est un rectangle, enroulé sans être étiré : avec l’abscisse curviligne $s(t)=\frac12(t\sqrt{1+t^2}+\operatorname{arsinh}t)$, la distance géodésique est la distance euclidienne des points $(s,h)$. Sa portée est $\tau=3{,}11$, la moitié de l’écart entre deux tours. On tire un point dans chacune des $65\times15$ cases du rectangle, pour ne laisser aucun trou. **Prévoyez** la corrélation de $d_M$ avec $d_G$, pour $k=10$, puis avec les distances ordinaires.

# %% key="roll"
rng = np.random.default_rng(SEED + 1)
turns = np.linspace(1.5 * np.pi, 4.5 * np.pi, 2000)
arc = (turns * np.sqrt(1 + turns**2) + np.arcsinh(turns)) / 2
cells = np.stack(np.meshgrid(np.arange(65), np.arange(15)), axis=-1).reshape(-1, 2)
unit = (cells + rng.uniform(size=cells.shape)) / [65, 15]
unrolled = np.column_stack([arc[0] + (arc[-1] - arc[0]) * unit[:, 0], 21 * unit[:, 1]])
t = np.interp(unrolled[:, 0], arc, turns)
roll = np.column_stack([t * np.cos(t), unrolled[:, 1], t * np.sin(t)])
true = pdist(unrolled)
pairs = np.triu_indices(len(roll), 1)

along = graph_distances(roll, 10)
furthest_edge = np.sort(squareform(pdist(roll)), axis=1)[:, 10].max()
u = furthest_edge / (2 * 3.11)
expect("d4_02.geodesic", np.corrcoef(along[pairs], true)[0, 1], at_least=0.99)
expect("d4_02.plain", np.corrcoef(pdist(roll), true)[0, 1], at_most=0.4)
expect("d4_02.theorem_2a", np.min(along[pairs] / true), at_least=u / np.arcsin(u))
isomap, spectrum = classical_mds(along**2, 2)
expect("d4_02.isomap", np.corrcoef(pdist(isomap), true)[0, 1], at_least=0.99)

# %% [markdown] key="sne" lang="en"
# ## 3. t-SNE: match laws instead of distances
#
# In the plane at most three points can be at equal distances; in $\mathbb R^{64}$, 65 can. No map keeps all distances, and t-SNE keeps *neighbours*. Each point $i$ has a law over the others, $p_{j\mid i}\propto e^{-\beta_ia_j}$ with $a_j=|x_i-x_j|^2$; then $p_{ij}=\frac{p_{j\mid i}+p_{i\mid j}}{2n}$. The precision $\beta_i=1/(2\sigma_i^2)$ is such that the **perplexity** $e^{H(p_{\cdot\mid i})}$ of D3-02 has a prescribed value $K$: an effective number of neighbours.
#
# > **Proposition 3.** If the $a_j$ ($j\ne i$) are not all equal, the entropy $H$ of $p_j\propto e^{-\beta a_j}$ is strictly decreasing in $\beta>0$, from $\ln(n-1)$ to $\ln m$, $m$ being the number of nearest points. Each $K\in(m,n-1)$ is reached for exactly one $\beta$.
#
# *Proof.* With $Z=\sum_je^{-\beta a_j}$ one has $H=\ln Z+\beta\,\mathbb E_pa$, $\frac{d}{d\beta}\ln Z=-\mathbb E_pa$ and $\frac d{d\beta}\mathbb E_pa=-\operatorname{Var}_pa$. So $\frac{dH}{d\beta}=-\beta\operatorname{Var}_pa<0$. $\blacksquare$

# %% [markdown] key="sne" lang="fr"
# ## 3. t-SNE : ajuster des lois et non des distances
#
# Dans le plan, trois points au plus peuvent être deux à deux équidistants ; dans $\mathbb R^{64}$, 65 le peuvent. Aucune carte ne garde toutes les distances, et t-SNE garde les *voisins*. À chaque point $i$ on associe une loi sur les autres, $p_{j\mid i}\propto e^{-\beta_ia_j}$ avec $a_j=|x_i-x_j|^2$ ; puis $p_{ij}=\frac{p_{j\mid i}+p_{i\mid j}}{2n}$. La précision $\beta_i=1/(2\sigma_i^2)$ est telle que la **perplexité** $e^{H(p_{\cdot\mid i})}$ de D3-02 ait une valeur imposée $K$ : un nombre effectif de voisins.
#
# > **Proposition 3.** Si les $a_j$ ($j\ne i$) ne sont pas tous égaux, l’entropie $H$ de $p_j\propto e^{-\beta a_j}$ est strictement décroissante en $\beta>0$, de $\ln(n-1)$ à $\ln m$, où $m$ est le nombre de points les plus proches. Chaque $K\in(m,n-1)$ est atteint pour un $\beta$ et un seul.
#
# *Démonstration.* Avec $Z=\sum_je^{-\beta a_j}$, on a $H=\ln Z+\beta\,\mathbb E_pa$, $\frac{d}{d\beta}\ln Z=-\mathbb E_pa$ et $\frac d{d\beta}\mathbb E_pa=-\operatorname{Var}_pa$. Donc $\frac{dH}{d\beta}=-\beta\operatorname{Var}_pa<0$. $\blacksquare$

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3: calibrate a perplexity (10 minutes)
#
# Write `calibrate(squared, perplexity)`: from the $a_j$ of one point (itself excluded), the law $p$ of that perplexity, with a relative precision of $10^{-6}$. The $a_j$ may be of any size, from $10^{-8}$ to $10^{8}$.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 : calibrer une perplexité (10 minutes)
#
# Écrivez `calibrate(squared, perplexity)` : à partir des $a_j$ d’un point (lui-même exclu), la loi $p$ qui a cette perplexité, à une précision relative de $10^{-6}$. Les $a_j$ peuvent être de toute taille, de $10^{-8}$ à $10^{8}$.

# %% key="ex3" tags=["exercise"]
def calibrate(squared, perplexity):
    # en: return the law p_j proportional to exp(-beta a_j) of this perplexity
    # fr: renvoyer la loi p_j proportionnelle à exp(-beta a_j) qui a cette perplexité
    # BEGIN SOLUTION
    gaps = squared - squared.min()
    low, high = 1e-15 / gaps.mean(), 1e15 / gaps.mean()
    for _ in range(80):
        beta = np.sqrt(low * high)
        p = np.exp(-beta * gaps)
        entropy = np.log(p.sum()) + beta * (p @ gaps) / p.sum()
        low, high = (beta, high) if entropy > np.log(perplexity) else (low, beta)
    return p / p.sum()
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# $H$ is monotone: bisect, on a logarithmic scale, with bounds proportional to $1/\bar a$. Subtracting $\min_ja_j$ changes no probability and prevents $0/0$. The formula $H=\ln Z+\beta\,\mathbb E_pa$ never takes the logarithm of a probability that has become 0.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# $H$ est monotone : procédez par dichotomie, sur une échelle logarithmique, entre des bornes proportionnelles à $1/\bar a$. Retrancher $\min_ja_j$ ne change aucune probabilité et évite $0/0$. La formule $H=\ln Z+\beta\,\mathbb E_pa$ ne prend jamais le logarithme d’une probabilité devenue nulle.
# </details>

# %% key="ex3-check"
check("d4_02.ex3", calibrate)

# %% key="affinities"
def affinities(X, perplexity):
    # en: the joint law p_ij of t-SNE
    # fr: la loi jointe p_ij de t-SNE
    squared = squareform(pdist(X, "sqeuclidean"))
    P = np.zeros_like(squared)
    for i, row in enumerate(squared):
        others = np.arange(len(X)) != i
        P[i, others] = calibrate(row[others], perplexity)
    return (P + P.T) / (2 * len(X))


P = affinities(X, 30)
law = calibrate(squared[0, 1:], 30)
expect("d4_02.perplexity", np.exp(-law @ np.log(law)), 30, rtol=1e-6)

# %% [markdown] key="gradient" lang="en"
# On the map, $q_{ij}=w_{ij}/Z$ with $w_{ij}=(1+|y_i-y_j|^2)^{-1}$ and $Z=\sum_{i\ne j}w_{ij}$. The tail of this law is heavy (Student): a moderate distance in the data may become a large one on the map, which makes room. The cost is the divergence $C=\mathrm{KL}(P\,\|\,Q)$ over ordered pairs: dear when neighbours are torn apart, almost free when strangers are put side by side (D3-02).
#
# > **Theorem 4.** $\displaystyle\frac{\partial C}{\partial y_i}=4\sum_{j\ne i}(p_{ij}-q_{ij})\,w_{ij}\,(y_i-y_j).$
#
# *Proof.* As $\sum p_{ij}=1$, $C=-H(P)+\sum_{i\ne j}p_{ij}\ln(1+|y_i-y_j|^2)+\ln Z$. Each unordered pair stands twice in each sum. The gradient in $y_i$ of $\ln(1+|y_i-y_j|^2)$ is $2w_{ij}(y_i-y_j)$, that of $w_{ij}$ is $-2w_{ij}^2(y_i-y_j)$. So the second term gives $4\sum_jp_{ij}w_{ij}(y_i-y_j)$ and the third $-\frac4Z\sum_jw_{ij}^2(y_i-y_j)$, where $w_{ij}/Z=q_{ij}$. $\blacksquare$
#
# ### Exercise 4: cost and gradient (10 minutes)
#
# Write `tsne_cost(P, Y)`: return $C$, in nats, and the gradient, of the shape of `Y`. Some $p_{ij}$ are 0; the diagonal of `P` is.

# %% [markdown] key="gradient" lang="fr"
# Sur la carte, $q_{ij}=w_{ij}/Z$ avec $w_{ij}=(1+|y_i-y_j|^2)^{-1}$ et $Z=\sum_{i\ne j}w_{ij}$. Cette loi est à queue lourde (Student) : une distance moyenne dans les données peut devenir grande sur la carte, ce qui fait de la place. Le coût est la divergence $C=\mathrm{KL}(P\,\|\,Q)$ sur les couples ordonnés : il est élevé quand on sépare des voisins, presque nul quand on rapproche des points étrangers l’un à l’autre (D3-02).
#
# > **Théorème 4.** $\displaystyle\frac{\partial C}{\partial y_i}=4\sum_{j\ne i}(p_{ij}-q_{ij})\,w_{ij}\,(y_i-y_j).$
#
# *Démonstration.* Comme $\sum p_{ij}=1$, $C=-H(P)+\sum_{i\ne j}p_{ij}\ln(1+|y_i-y_j|^2)+\ln Z$. Chaque paire figure deux fois dans chaque somme. Le gradient en $y_i$ de $\ln(1+|y_i-y_j|^2)$ est $2w_{ij}(y_i-y_j)$, celui de $w_{ij}$ est $-2w_{ij}^2(y_i-y_j)$. Le deuxième terme donne donc $4\sum_jp_{ij}w_{ij}(y_i-y_j)$ et le troisième $-\frac4Z\sum_jw_{ij}^2(y_i-y_j)$, où $w_{ij}/Z=q_{ij}$. $\blacksquare$
#
# ### Exercice 4 : coût et gradient (10 minutes)
#
# Écrivez `tsne_cost(P, Y)` : renvoyez $C$, en nats, et le gradient, de la forme de `Y`. Certains $p_{ij}$ sont nuls ; la diagonale de `P` l’est aussi.

# %% key="ex4" tags=["exercise"]
def tsne_cost(P, Y):
    # en: return (KL(P || Q) in nats, gradient of the shape of Y)
    # fr: renvoyer (KL(P || Q) en nats, gradient de la forme de Y)
    # BEGIN SOLUTION
    w = 1 / (1 + squareform(pdist(Y, "sqeuclidean")))
    np.fill_diagonal(w, 0)
    Q = w / w.sum()
    seen = P > 0
    cost = np.sum(P[seen] * np.log(P[seen] / Q[seen]))
    pull = (P - Q) * w
    return cost, 4 * (pull.sum(axis=1)[:, None] * Y - pull @ Y)
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# With $F_{ij}=(p_{ij}-q_{ij})\,w_{ij}$, the sum $\sum_jF_{ij}(y_i-y_j)$ is (row sums of $F$) times $Y$, minus $FY$: no loop. Put $w_{ii}=0$ before you sum $Z$.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Avec $F_{ij}=(p_{ij}-q_{ij})\,w_{ij}$, la somme $\sum_jF_{ij}(y_i-y_j)$ est (sommes des lignes de $F$) fois $Y$, moins $FY$ : aucune boucle. Mettez $w_{ii}=0$ avant de sommer $Z$.
# </details>

# %% key="ex4-check"
check("d4_02.ex4", tsne_cost)

# %% key="autodiff"
rng = np.random.default_rng(SEED + 2)
small, Y = affinities(rng.normal(size=(12, 5)), 4), rng.normal(size=(12, 2))
off = ~np.eye(12, dtype=bool)
p = small[off]


def same_cost(Y, exact):
    # en: the same divergence, for jax or torch; |y_i - y_j| is 0 on the diagonal only
    # fr: la même divergence, pour jax ou torch ; |y_i - y_j| n’est nul que sur la diagonale
    w = (1 / (1 + ((Y[:, None] - Y[None]) ** 2).sum(-1)))[off]
    return (exact.asarray(p) * (exact.log(exact.asarray(p)) - exact.log(w / w.sum()))).sum()


gradient = tsne_cost(small, Y)[1]
leaf = torch.tensor(Y, requires_grad=True)
same_cost(leaf, torch).backward()
quotients = numerical_gradient(lambda Z: tsne_cost(small, Z)[0], Y)
expect("d4_02.jax", np.abs(gradient - jax.grad(same_cost)(jnp.asarray(Y), jnp)).max(), at_most=1e-10)
expect("d4_02.torch", np.abs(gradient - leaf.grad.numpy()).max(), at_most=1e-10)
expect("d4_02.differences", np.abs(gradient - quotients).max(), at_most=1e-8)

# %% [markdown] key="descent-text" lang="en"
# **Descent.** $C$ is not convex in $Y$. Three customs help: inertia (D2-02), a step per coordinate, and *early exaggeration*, $12P$ instead of $P$ at first, which draws groups together before they get in each other's way. **Predict**: will the neighbours of 500 digits be better kept than by PCA ($0.83$)?

# %% [markdown] key="descent-text" lang="fr"
# **Descente.** $C$ n’est pas convexe en $Y$. Trois recettes aident : l’inertie (D2-02), un pas par coordonnée, et l’*exagération initiale*, $12P$ au lieu de $P$ au début, qui rassemble les groupes avant qu’ils ne se gênent. **Prévoyez** : les voisins de 500 chiffres seront-ils mieux gardés que par l’ACP ($0{,}83$) ?

# %% key="descent"
def tsne(P, rng, steps=300):
    Y = 0.01 * rng.standard_normal((len(P), 2))
    speed, gains = np.zeros_like(Y), np.ones_like(Y)
    for step in range(steps):
        early = step < 125
        slope = tsne_cost(12 * P if early else P, Y)[1]
        gains = np.where(slope * speed < 0, gains + 0.2, np.maximum(0.8 * gains, 0.01))
        speed = (0.5 if early else 0.8) * speed - len(P) / 12 * gains * slope
        Y = Y + speed
    return Y


Y = tsne(P, np.random.default_rng(SEED + 3))
expect("d4_02.tsne_cost", tsne_cost(P, Y)[0], at_most=0.55)
expect("d4_02.tsne_trust", trustworthiness(X, Y, n_neighbors=5), at_least=0.95)
maps = {T("PCA", "ACP"): flat, T("t-SNE", "t-SNE"): Y}

# %% [markdown] key="umap" lang="en"
# ## 4. UMAP: no normaliser
#
# UMAP gives each point $i$ the weights $v_{j\mid i}=e^{-(d_{ij}-\rho_i)/\sigma_i}$ to its $k$ nearest neighbours, where $\rho_i$ is the distance to the nearest one and $\sigma_i$ is such that the weights add up to $\log_2k$. The two directions are united like independent events, $v_{ij}=v_{j\mid i}+v_{i\mid j}-v_{j\mid i}v_{i\mid j}$. The stated cost is a sum of binary cross-entropies, $L=-\sum_{i<j}\big[v_{ij}\ln w_{ij}+(1-v_{ij})\ln(1-w_{ij})\big]$, here with the $w_{ij}$ of t-SNE.
#
# > **Proposition 5.** $\displaystyle\frac{\partial L}{\partial y_i}=2\sum_{j\ne i}\Big[v_{ij}-\frac{1-v_{ij}}{|y_i-y_j|^2}\Big]w_{ij}\,(y_i-y_j).$
#
# *Proof* (for distinct $y_i$). $-\ln w=\ln(1+s)$ and $-\ln(1-w)=\ln(1+s)-\ln s$ with $s=|y_i-y_j|^2$; their derivatives in $s$ are $w$ and $w-\frac1s=-\frac ws$. $\blacksquare$
#
# Attraction and repulsion are separate sums, so one may *sample* them: the usual program draws each ordered edge $(i,j)$ with probability $v_{ij}$ and repels $i$ from $m=5$ points $l$, uniform among the $n$. With $d_i=\sum_jv_{ij}$, the sum of the terms drawn has the expectation
#
# $$\sum_{i,j}v_{ij}\Big[-\ln w_{ij}-\frac mn\sum_l\ln(1-w_{il})\Big]=-2\sum_{i<j}\big[v_{ij}\ln w_{ij}+r_{ij}\ln(1-w_{ij})\big],\qquad r_{ij}=m\,\frac{d_i+d_j}{2n}$$
#
# ($l=i$ left out): $1-v_{ij}$ has become $r_{ij}$ (Damrich and Hamprecht, 2021), for our 500 digits 16 times less repulsion than stated. The program even moves only the end $i$ of a repelled pair: the mean force on $y_i$ has weight $\frac{md_i}{2n}$, half of that on average, and is not a gradient. We descend the second cost.

# %% [markdown] key="umap" lang="fr"
# ## 4. UMAP : sans normalisation
#
# UMAP donne à chaque point $i$ les poids $v_{j\mid i}=e^{-(d_{ij}-\rho_i)/\sigma_i}$ vers ses $k$ plus proches voisins, où $\rho_i$ est la distance au plus proche et où $\sigma_i$ est tel que la somme des poids soit $\log_2k$. Les deux sens sont réunis comme des événements indépendants, $v_{ij}=v_{j\mid i}+v_{i\mid j}-v_{j\mid i}v_{i\mid j}$. Le coût annoncé est une somme d’entropies croisées binaires, $L=-\sum_{i<j}\big[v_{ij}\ln w_{ij}+(1-v_{ij})\ln(1-w_{ij})\big]$, ici avec les $w_{ij}$ de t-SNE.
#
# > **Proposition 5.** $\displaystyle\frac{\partial L}{\partial y_i}=2\sum_{j\ne i}\Big[v_{ij}-\frac{1-v_{ij}}{|y_i-y_j|^2}\Big]w_{ij}\,(y_i-y_j).$
#
# *Démonstration* (pour des $y_i$ distincts). $-\ln w=\ln(1+s)$ et $-\ln(1-w)=\ln(1+s)-\ln s$ avec $s=|y_i-y_j|^2$ ; leurs dérivées en $s$ sont $w$ et $w-\frac1s=-\frac ws$. $\blacksquare$
#
# Attraction et répulsion sont deux sommes séparées, que l’on peut donc *échantillonner* : le programme usuel tire chaque arête ordonnée $(i,j)$ avec probabilité $v_{ij}$ et éloigne $i$ de $m=5$ points $l$, de loi uniforme sur les $n$ points. Si $d_i=\sum_jv_{ij}$, la somme des termes tirés a pour espérance
#
# $$\sum_{i,j}v_{ij}\Big[-\ln w_{ij}-\frac mn\sum_l\ln(1-w_{il})\Big]=-2\sum_{i<j}\big[v_{ij}\ln w_{ij}+r_{ij}\ln(1-w_{ij})\big],\qquad r_{ij}=m\,\frac{d_i+d_j}{2n}$$
#
# (sans les $l=i$) : $1-v_{ij}$ est devenu $r_{ij}$ (Damrich et Hamprecht, 2021), soit, pour nos 500 chiffres, 16 fois moins de répulsion qu’annoncé. Le programme ne déplace même que l’extrémité $i$ d’un couple qui se repousse : la force moyenne sur $y_i$ a le poids $\frac{md_i}{2n}$, deux fois moindre en moyenne, et n’est pas un gradient. On descend ici le second coût.

# %% [markdown] key="ex5-text" lang="en"
# ### Exercise 5, optional: the weights of UMAP (12 minutes)
#
# Write `fuzzy_weights(distances, k)`: from the $n\times n$ distances (two distinct points are at a positive distance), the symmetric array of the $v_{ij}$, zero on the diagonal. For each point the $k\ge3$ weights before the union must add up to $\log_2k$ to $10^{-6}$; fewer than $\log_2k$ neighbours tie for the nearest. If you leave this exercise out, skip the cells about UMAP.

# %% [markdown] key="ex5-text" lang="fr"
# ### Exercice 5, facultatif : les poids d’UMAP (12 minutes)
#
# Écrivez `fuzzy_weights(distances, k)` : à partir des $n\times n$ distances (strictement positives entre deux points distincts), le tableau symétrique des $v_{ij}$, nul sur la diagonale. Pour chaque point, la somme des $k\ge3$ poids d’avant la réunion doit être $\log_2k$ à $10^{-6}$ près ; moins de $\log_2k$ voisins sont ex æquo à la plus petite distance. Si vous laissez cet exercice, sautez les cellules sur UMAP.

# %% key="ex5" tags=["exercise"]
def fuzzy_weights(distances, k):
    # en: return the array of the v_ij
    # fr: renvoyer le tableau des v_ij
    # BEGIN SOLUTION
    V = np.zeros_like(distances)
    for i, row in enumerate(distances):
        nearest = np.argsort(np.where(np.arange(len(row)) == i, np.inf, row))[:k]
        excess = row[nearest] - row[nearest].min()
        small, large = 1e-12 * excess.max(), 1e12 * excess.max()
        for _ in range(80):
            sigma = np.sqrt(small * large)
            total = np.exp(-excess / sigma).sum()
            small, large = (small, sigma) if total > np.log2(k) else (sigma, large)
        V[i, nearest] = np.exp(-excess / sigma)
    return V + V.T - V * V.T
    # END SOLUTION


# %% [markdown] key="ex5-hint" lang="en"
# <details><summary>Hint</summary>
#
# The sum of the weights increases with $\sigma$, from the number of nearest neighbours to $k$. Unlike a perplexity it is not an entropy: no logarithm is needed. Unite at the end, once all rows are calibrated.
# </details>

# %% [markdown] key="ex5-hint" lang="fr"
# <details><summary>Indice</summary>
#
# La somme des poids croît avec $\sigma$, du nombre de plus proches voisins à $k$. À la différence d’une perplexité, ce n’est pas une entropie : aucun logarithme n’est nécessaire. Réunissez à la fin, quand toutes les lignes sont calibrées.
# </details>

# %% key="ex5-check"
check("d4_02.ex5", fuzzy_weights)

# %% key="umap-run"
def umap(V, repulsion, steps=200):
    # en: from the Laplacian's eigenvectors, descend Proposition 5 with clipped steps
    # fr: à partir des vecteurs propres du laplacien, descente selon la proposition 5, à pas bornés
    degree = V.sum(axis=1)
    laplacian = np.eye(len(V)) - V / np.sqrt(np.outer(degree, degree))
    Y = np.linalg.eigh(laplacian)[1][:, 1:3]
    Y = 3 * Y / Y.std()
    for step in range(steps):
        s = squareform(pdist(Y, "sqeuclidean")) + np.diag(np.full(len(V), np.inf))
        force = 2 / (1 + s) * (V - repulsion / (s + 1e-3))
        slope = force.sum(axis=1)[:, None] * Y - force @ Y
        Y = Y - 0.5 * (1 - step / steps) * np.clip(slope, -4, 4)
    return Y


V = fuzzy_weights(squareform(pdist(X)), 15)
degree = V.sum(axis=1)
sampled = 5 * (degree[:, None] + degree) / (2 * len(V))
run = umap(V, sampled)
maps[T("UMAP, stated cost", "UMAP, coût annoncé")] = umap(V, 1 - V)
maps[T("UMAP, sampled cost", "UMAP, coût échantillonné")] = run
expect("d4_02.repulsion", np.sum(1 - V) / np.sum(sampled), 16, rtol=0.1)
expect("d4_02.umap_trust", trustworthiness(X, run, n_neighbors=5), at_least=0.95)

# %% key="maps" tags=["figure"]
panels = figures.axes(len(maps), height=2.6)
for ax, (name, Z) in zip(panels, maps.items(), strict=True):
    for digit in range(10):
        colour = figures.COLOURS[digit % 7]
        ax.plot(*Z[y == digit].T, linestyle="", marker=f"${digit}$", markersize=4, color=colour)
    ax.set_title(f"{name}\n{trustworthiness(X, Z, n_neighbors=5):.3f}", fontsize="small")
    ax.set(xticks=[], yticks=[])

# %% [markdown] key="maps-read" lang="en"
# Above each map, its trustworthiness. Three of the four keep the neighbours well, and they do not look alike: sizes, gaps, arrangement of the groups differ. What differs between maps of equal quality proves nothing about the data. The next proposition says exactly what the objectives never see.
#
# > **Proposition 6.** (a) $P$ and $V$ do not change when, for some $i$, all distances from $i$ are multiplied by a constant $c_i>0$ in the calibration of row $i$. (b) Let $K>1$ and let the data be clusters without ties between distances, each of more than $K+1$ points (for UMAP: more than $k$), at mutual distances tending to infinity. Then $P$ and $V$ tend to limits, zero between clusters, which depend neither on these mutual distances nor on the scale of each cluster.
#
# *Proof.* (a) $\beta_i$ is divided by $c_i^2$, and $\rho_i,\sigma_i$ multiplied by $c_i$: exponents are unchanged, and each solution is unique. (b) Within the cluster of $i$, Proposition 3 gives a $\beta$ of perplexity $K$; with it the mass outside vanishes in the limit, so the calibrated law tends to it. UMAP only looks at $k$ neighbours, all within the cluster. Then apply (a). $\blacksquare$

# %% [markdown] key="maps-read" lang="fr"
# Au-dessus de chaque carte, sa fiabilité. Trois des quatre gardent bien les voisins, et ne se ressemblent pas : tailles, vides, disposition des groupes y diffèrent. Ce qui diffère entre des cartes de même qualité ne prouve rien sur les données. La proposition suivante dit exactement ce que les fonctions objectifs ne voient jamais.
#
# > **Proposition 6.** (a) $P$ et $V$ ne changent pas si, pour un $i$, on multiplie toutes les distances à $i$ par une constante $c_i>0$ dans la calibration de la ligne $i$. (b) Soit $K>1$. Supposons les données formées d’amas sans distances égales, chacun de plus de $K+1$ points (pour UMAP : de plus de $k$), dont les distances mutuelles tendent vers l’infini. Alors $P$ et $V$ tendent vers des limites, nulles entre les amas, qui ne dépendent ni de ces distances mutuelles ni de l’échelle de chaque amas.
#
# *Démonstration.* (a) $\beta_i$ est divisé par $c_i^2$, et $\rho_i,\sigma_i$ sont multipliés par $c_i$ : les exposants sont inchangés, et chaque solution est unique. (b) À l’intérieur de l’amas de $i$, la proposition 3 donne un $\beta$ de perplexité $K$ ; avec lui, la masse extérieure s’annule à la limite, et la loi calibrée tend vers celle-là. UMAP ne regarde que $k$ voisins, tous dans l’amas. On applique ensuite (a). $\blacksquare$

# %% [markdown] key="break-a" lang="en"
# ## 5. Break it
#
# ### (a) One edge too many
#
# Theorem 2(a) needs edges shorter than $2\tau=6.2$. The roll has $975/(89.4\times21)=0.52$ points per unit of area; in a *corner*, the disc that holds the $k$ nearest is a quarter disc. Beyond $k=0.52\cdot\frac\pi4\cdot6.2^2\approx16$, it reaches the next turn. **Prediction**: excellent at $k=12$, ruined at $k=25$, by edges that one can count on one's fingers at first. More neighbours, a *better connected* graph, a worse result.

# %% [markdown] key="break-a" lang="fr"
# ## 5. Casser exprès
#
# ### (a) Une arête de trop
#
# Le théorème 2(a) demande des arêtes plus courtes que $2\tau=6{,}2$. Le rouleau a $975/(89{,}4\times21)=0{,}52$ point par unité d’aire ; dans un *coin*, le disque qui contient les $k$ plus proches est un quart de disque. Au-delà de $k=0{,}52\cdot\frac\pi4\cdot6{,}2^2\approx16$, il atteint le tour suivant. **Prévision** : excellent pour $k=12$, ruiné pour $k=25$, par des arêtes qu’on compte d’abord sur les doigts. Plus de voisins, un graphe *mieux* connecté, un résultat pire.

# %% key="break-a-run" tags=["break", "figure"]
numbers = np.array([8, 10, 12, 14, 16, 18, 20, 25, 30])
quality = [np.corrcoef(graph_distances(roll, k)[pairs], true)[0, 1] for k in numbers]
expect("d4_02.break_before", quality[2], at_least=0.99)
expect("d4_02.break_after", quality[7], at_most=0.85)

left, right = figures.axes(2, height=3.4)
plain = squareform(pdist(roll))
left.plot(roll[:, 0], roll[:, 2], ".", color="0.75", markersize=3)
for i in range(len(roll)):
    for j in np.argsort(plain[i])[1:26]:
        if abs(t[i] - t[j]) > np.pi:
            left.plot(roll[[i, j], 0], roll[[i, j], 2], "-", color=figures.VERMILION, linewidth=1)
left.set_aspect("equal")
left.set_title(T("shortcuts, $k=25$", "raccourcis, $k=25$"))
right.plot(numbers, quality, "o-", color=figures.BLUE)
right.axvline(16, color=figures.GREY, linestyle=":", label=T("predicted", "prévu"))
right.set_xlabel(T("number of neighbours $k$", "nombre de voisins $k$"))
right.set_ylabel(T("correlation of $d_G$ with $d_M$", "corrélation de $d_G$ et $d_M$"))
right.legend();

# %% [markdown] key="break-b" lang="en"
# ### (b) Sizes and distances
#
# Three copies of the same cloud of 70 points in $\mathbb R^{10}$: the first as it is, the second **ten times larger**, at distance $10^3$, the third at distance $10^5$. **Prediction** from Proposition 6: $P$ equals, to rounding, the one of three equal and equidistant copies; so on the t-SNE map sizes are in ratio 1, not 10, and distances in ratio 1, not 100. For UMAP, $V$ is the same too.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Tailles et distances
#
# Trois copies d’un même nuage de 70 points de $\mathbb R^{10}$ : la première telle quelle, la deuxième **dix fois plus grande**, à distance $10^3$, la troisième à distance $10^5$. **Prévision**, d’après la proposition 6 : $P$ est, aux arrondis près, celle de trois copies égales et équidistantes ; sur la carte t-SNE, les tailles sont donc dans le rapport 1, et non 10, les distances dans le rapport 1, et non 100. Pour UMAP, $V$ aussi est la même.

# %% key="break-b-run" tags=["break"]
rng = np.random.default_rng(SEED + 4)
cloud, axes = rng.standard_normal((70, 10)), np.eye(10)
copies = np.concatenate([cloud, 10 * cloud + 1e3 * axes[0], cloud + 1e5 * axes[1]])
equal = np.concatenate([cloud, cloud + 1e4 * axes[0], cloud + 1e4 * axes[1]])
P3 = affinities(copies, 20)
expect("d4_02.break_blind", np.abs(P3 - affinities(equal, 20)).max(), at_most=1e-12)

Y3 = tsne(P3, rng)
groups = Y3.reshape(3, 70, 2)
middles = groups.mean(axis=1)
sizes = np.sqrt(np.mean(np.sum((groups - middles[:, None]) ** 2, axis=2), axis=1))
gaps = np.linalg.norm(middles[1:] - middles[0], axis=1)
expect("d4_02.break_size", sizes[1] / sizes[0], 1.0, atol=0.1)
expect("d4_02.break_distance", gaps[1] / gaps[0], 1.0, atol=0.25)

# %% key="break-b-umap" tags=["break"]
V3, V_equal = (fuzzy_weights(squareform(pdist(Z)), 15) for Z in (copies, equal))
expect("d4_02.break_umap", np.abs(V3 - V_equal).max(), at_most=1e-6)

# %% [markdown] key="break-c" lang="en"
# ### (c) A promise of 30 neighbours
#
# Ten points far away from 200 others, perplexity $K=30$: each of the ten has only 9 companions. If $\theta$ is the mass that it gives to the 200, the law with the largest entropy is uniform in both groups, so
#
# $$\ln30\le h(\theta)+(1-\theta)\ln9+\theta\ln200,\qquad h(\theta)=-\theta\ln\theta-(1-\theta)\ln(1-\theta),$$
#
# which forces $\theta\ge0.2188$, *whatever the distance*. When the groups are far apart and small in comparison, the two laws are almost uniform. **Prediction**: $\theta=0.2188$, at distance $10^5$ as at any larger one. The map is told that a fifth of their neighbours are in the crowd.

# %% [markdown] key="break-c" lang="fr"
# ### (c) La promesse de 30 voisins
#
# Dix points loin de 200 autres, perplexité $K=30$ : chacun des dix n’a que 9 compagnons. Si $\theta$ est la masse qu’il donne aux 200, la loi de plus grande entropie est uniforme dans chacun des groupes, d’où
#
# $$\ln30\le h(\theta)+(1-\theta)\ln9+\theta\ln200,\qquad h(\theta)=-\theta\ln\theta-(1-\theta)\ln(1-\theta),$$
#
# ce qui impose $\theta\ge0{,}2188$, *quelle que soit la distance*. Quand les groupes sont éloignés et petits en comparaison, les deux lois sont presque uniformes. **Prévision** : $\theta=0{,}2188$, à distance $10^5$ comme à toute distance plus grande. On dit à la carte qu’un cinquième de leurs voisins sont dans la foule.

# %% key="break-c-run" tags=["break"]
rng = np.random.default_rng(SEED + 5)
crowd = rng.standard_normal((210, 10))
crowd[10:, 0] += 1e5
outside = []
for i in range(10):
    others = np.arange(210) != i
    law = calibrate(np.sum((crowd[others] - crowd[i]) ** 2, axis=1), 30)
    outside.append(law[9:].sum())
expect("d4_02.break_promise", np.mean(outside), 0.2188, atol=1e-3)
Y10 = tsne(affinities(crowd, 30), rng)

# %% [markdown] key="break-d" lang="en"
# ### (d) Islands of noise, and a bad judge
#
# 400 points of $\mathcal N(0,I_{50})$, perplexity 2. There is no cluster. 20-means on the map finds islands with a *silhouette* (from $-1$ to 1) of about 0.4; the same labels have a silhouette of about 0 in the data. A proof that t-SNE invents clusters? **Ask for the null model** (D4-01) first: predict the silhouette of 20-means on 400 uniform points of a square, without any t-SNE. Regular hexagons that tile the whole plane have $0.33$ (two integrals over a hexagon).

# %% [markdown] key="break-d" lang="fr"
# ### (d) Des îles de bruit, et un mauvais juge
#
# 400 points de loi $\mathcal N(0,I_{50})$, perplexité 2. Il n’y a aucun amas. Les 20-moyennes trouvent sur la carte des îles dont l’indice de *silhouette* (entre $-1$ et 1) est voisin de 0,4 ; les mêmes étiquettes ont, dans les données, une silhouette d’environ 0. La preuve que t-SNE invente des amas ? **Demandez d’abord le modèle nul** (D4-01) : prévoyez la silhouette des 20-moyennes sur 400 points uniformes d’un carré, sans aucun t-SNE. Celle des hexagones réguliers qui pavent le plan entier est $0{,}33$ (deux intégrales sur un hexagone).

# %% key="break-d-run" tags=["break"]
rng = np.random.default_rng(SEED + 6)
noise, square = rng.standard_normal((400, 50)), rng.uniform(size=(400, 2))
islands = tsne(affinities(noise, 2), rng)


def silhouettes(Z, data):
    labels = KMeans(20, n_init=2, random_state=0).fit_predict(Z)
    return silhouette_score(Z, labels), silhouette_score(data, labels)


on_map, in_data = silhouettes(islands, noise)
expect("d4_02.break_map", on_map, at_least=0.3)
expect("d4_02.break_data", in_data, at_most=0.05)
expect("d4_02.break_null", silhouettes(square, square)[0], at_least=0.28)

# %% key="lies" tags=["figure"]
panels = figures.axes(3, height=2.8)
for start, marker, colour in zip((0, 70, 140), figures.MARKERS, figures.COLOURS):
    panels[0].plot(*Y3[start : start + 70].T, marker, color=colour, markersize=3)
panels[0].set_title(T("(b) sizes 1, 10, 1,\ndistances 1, 100", "(b) tailles 1, 10, 1,\ndistances 1, 100"))
panels[1].plot(*Y10[10:].T, ".", color="0.6", markersize=4)
panels[1].plot(*Y10[:10].T, "s", color=figures.VERMILION, markersize=4)
panels[1].set_title(T("(c) ten points,\nvery far away", "(c) dix points,\ntrès loin"))
panels[2].plot(*islands.T, ".", color=figures.BLUE, markersize=4)
panels[2].set_title(T("(d) pure noise", "(d) du bruit pur"))
for ax in panels:
    ax.set(xticks=[], yticks=[], aspect="equal")

# %% [markdown] key="lies-read" lang="en"
# In (d) the null model gives 0.37, almost as much (and more than 0.33: at the border cells have fewer neighbours): $k$-means cuts any plane into compact pieces, and the silhouette of these pieces measures $k$-means. The islands on the picture are real *on the map*; that number did not show it. A map is a hypothesis; test it in the data, with a number whose value under the null you know.

# %% [markdown] key="lies-read" lang="fr"
# En (d), le modèle nul donne 0,37, presque autant (et plus que 0,33 : au bord, les cellules ont moins de voisines) : les $k$-moyennes découpent n’importe quel plan en morceaux compacts, et la silhouette de ces morceaux mesure les $k$-moyennes. Les îles de la figure existent bien *sur la carte* ; ce nombre ne le montrait pas. Une carte est une hypothèse ; mettez-la à l’épreuve sur les données, avec un nombre dont vous connaissez la valeur sous le modèle nul.

# %% [markdown] key="exit" lang="en"
# ## Exit ticket (no code, five minutes)
#
# 1. On a t-SNE map (perplexity 30) a cluster of rare cases is small, and near the cluster of fraud. An analyst concludes that they are homogeneous and resemble fraud. Which proposition refutes each half of the conclusion? What would you compute instead?
# 2. A neighbourhood graph has $k=10$, and noise moves some points by more than $\tau$. Which part of Theorem 2 fails, and why does one bad point suffice?
#
# **What to keep**: MDS shows scalar products, Isomap the lengths of paths, t-SNE and UMAP the identity of neighbours; each is blind to the rest. Shortcuts are few and fatal. Change the perplexity and the seed, and check on the data.

# %% [markdown] key="exit" lang="fr"
# ## Billet de sortie (sans code, cinq minutes)
#
# 1. Sur une carte t-SNE (perplexité 30), un amas de cas rares est petit, et voisin de l’amas des fraudes. Un analyste conclut que ces cas sont homogènes et ressemblent à des fraudes. Quelle proposition réfute chaque moitié de la conclusion ? Que calculer à la place ?
# 2. Dans un graphe de voisinage, $k=10$, et le bruit déplace certains points de plus de $\tau$. Quelle partie du théorème 2 tombe en défaut, et pourquoi un seul mauvais point suffit-il ?
#
# **À retenir** : le MDS montre des produits scalaires, Isomap des longueurs de chemins, t-SNE et UMAP l’identité des voisins ; chacun est aveugle au reste. Les raccourcis sont rares et fatals. Changez de perplexité et de graine, et vérifiez sur les données.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. Size: Proposition 6(a), each neighbourhood is rescaled. Nearness: 6(b) between far clusters; and if the rare cases are fewer than 30, break (c): the perplexity forces mass on whatever cluster is next. Compute in the data: spread of the rare cases, distances to frauds against distances to other classes, with a null (random groups of the same size). 2. Part (a): the data must lie on $M$. A point half-way between two sheets is at about $\tau$ from both: two edges shorter than $2\tau$ join them. Many shortest paths between the sheets then use these edges: a positive fraction of all pairs is wrong.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. La taille : proposition 6(a), chaque voisinage est ramené à la même échelle. La proximité : 6(b) entre amas éloignés ; et si les cas rares sont moins de 30, (c) de *Casser exprès* : la perplexité impose une masse sur l’amas suivant, quel qu’il soit. À calculer dans les données : la dispersion des cas rares, leurs distances aux fraudes comparées à leurs distances aux autres classes, avec un modèle nul (groupes au hasard de même effectif). 2. La partie (a) : les données doivent être sur $M$. Un point à mi-chemin de deux feuillets est à environ $\tau$ de chacun : deux arêtes plus courtes que $2\tau$ les joignent. Beaucoup de plus courts chemins entre ces feuillets les empruntent alors : une fraction non négligeable des couples est fausse.
