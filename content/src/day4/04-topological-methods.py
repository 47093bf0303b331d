# %% [markdown] key="title" lang="en"
# # An introduction to geometric and topological methods
#
# **Day 4, notebook 4** — about 45 minutes (exercises 1 to 3), then 30 minutes for exercise 4 and *Break it*. A bridge to AIRINA's programme on topological data analysis (TDA).
#
# D4-03 measured what bends and stretches. This notebook keeps what survives every bending: the number of pieces, of loops, of cavities. They are dimensions of vector spaces over a field of two elements, so that the linear algebra of Day 1 computes them; and, followed through all scales at once, they become a summary of data with a theorem on its stability. You write the whole machine, about thirty lines, and then measure what one outlier and a little noise in many dimensions do to it.
#
# After this notebook you can
#
# 1. compute homology by linear algebra, over two fields, and say what the field changes;
# 2. write the algorithm of persistent homology and prove that its answer does not depend on its choices;
# 3. predict the barcode of a regular polygon, and prove that a long bar survives a small perturbation;
# 4. recognise a minimum spanning tree in dimension 0 and a handwritten zero in dimension 1;
# 5. say when *not* to use it.

# %% [markdown] key="title" lang="fr"
# # Introduction aux méthodes géométriques et topologiques
#
# **Jour 4, notebook 4** — environ 45 minutes (exercices 1 à 3), puis 30 minutes pour l’exercice 4 et *Casser exprès*. Une passerelle vers le parcours d’AIRINA en analyse topologique des données (TDA).
#
# D4-03 a mesuré ce qui se courbe et s’étire. Ce notebook retient ce qui survit à toute déformation : le nombre de morceaux, de boucles, de cavités. Ce sont des dimensions d’espaces vectoriels sur un corps à deux éléments, et l’algèbre linéaire du jour 1 les calcule donc ; suivies à toutes les échelles à la fois, elles deviennent un résumé des données dont un théorème garantit la stabilité. Vous écrivez toute la machine, une trentaine de lignes, puis vous mesurez ce que lui font un point aberrant et un peu de bruit en grande dimension.
#
# À l’issue de ce notebook, vous saurez
#
# 1. calculer une homologie par l’algèbre linéaire, sur deux corps, et dire ce que change le corps ;
# 2. écrire l’algorithme de l’homologie persistante et démontrer que sa réponse ne dépend pas de ses choix ;
# 3. prévoir le code-barres d’un polygone régulier, et démontrer qu’une longue barre survit à une petite perturbation ;
# 4. reconnaître un arbre couvrant de poids minimal en degré 0, et un zéro manuscrit en degré 1 ;
# 5. dire quand *ne pas* s’en servir.

# %% key="imports"
import numpy as np
from airina import check, expect, figures
from airina.data import digits
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist

# en: another seed draws every sample of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0

# %% key="combinations"
# en: all subsets of a given size: combinations((0, 2, 5), 2) runs through (0, 2), (0, 5), (2, 5)
# fr: toutes les parties d’une taille donnée : combinations((0, 2, 5), 2) parcourt (0, 2), (0, 5), (2, 5)
from itertools import combinations

# %% [markdown] key="complexes" lang="en"
# ## 1. Complexes, chains, boundaries
#
# > **Definition.** A **simplicial complex** $K$ is a finite set of non-empty finite sets, its *simplices*, which contains with each simplex all its non-empty subsets (*faces*). A simplex of $k+1$ vertices has dimension $k$. The space of **chains** $C_k(K)$ is the vector space over $\mathbb F_2=\{0,1\}$ with the $k$-simplices as a basis. The **boundary operator** $\partial_k:C_k\to C_{k-1}$ is linear and maps a $k$-simplex, $k\ge1$, to the sum of its faces of dimension $k-1$; $\partial_0=0$.
#
# Over $\mathbb F_2$ a chain is simply a *set* of simplices of one dimension, and the sum of two chains is their symmetric difference, since $1+1=0$: in Python, `^` on sets.
#
# > **Proposition 1.** $\partial_{k}\circ\partial_{k+1}=0$.
#
# *Proof.* $\partial_0\circ\partial_1=0$ since $\partial_0=0$. For $\sigma$ of dimension at least 2, in $\partial\partial\sigma$, the face of $\sigma$ without the vertices $a$ and $b$ appears twice: $a$ removed before $b$, and $b$ before $a$. Twice is zero. $\blacksquare$

# %% [markdown] key="complexes" lang="fr"
# ## 1. Complexes, chaînes, bords
#
# > **Définition.** Un **complexe simplicial** $K$ est un ensemble fini d’ensembles finis non vides, ses *simplexes*, qui contient avec chaque simplexe toutes ses parties non vides (ses *faces*). Un simplexe à $k+1$ sommets est de dimension $k$. L’espace des **chaînes** $C_k(K)$ est l’espace vectoriel sur $\mathbb F_2=\{0,1\}$ qui a pour base les $k$-simplexes. L’**opérateur de bord** $\partial_k:C_k\to C_{k-1}$ est linéaire et envoie un $k$-simplexe, $k\ge1$, sur la somme de ses faces de dimension $k-1$ ; $\partial_0=0$.
#
# Sur $\mathbb F_2$, une chaîne est tout simplement un *ensemble* de simplexes d’une même dimension, et la somme de deux chaînes est leur différence symétrique, puisque $1+1=0$ : en Python, `^` entre ensembles.
#
# > **Proposition 1.** $\partial_{k}\circ\partial_{k+1}=0$.
#
# *Démonstration.* $\partial_0\circ\partial_1=0$ puisque $\partial_0=0$. Pour $\sigma$ de dimension au moins 2, dans $\partial\partial\sigma$, la face de $\sigma$ privée des sommets $a$ et $b$ apparaît deux fois : $a$ retiré avant $b$, et $b$ avant $a$. Deux fois, c’est zéro. $\blacksquare$

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 (6 minutes)
#
# A simplex is a tuple of vertices in increasing order, such as `(0, 2, 5)`; a chain is a set of such tuples. Write `boundary(chain)`, which returns a set.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 (6 minutes)
#
# Un simplexe est un *tuple* de sommets rangés par ordre croissant, comme `(0, 2, 5)` ; une chaîne est un ensemble de tels tuples. Écrivez `boundary(chain)`, qui renvoie un ensemble.

# %% key="ex1" tags=["exercise"]
def boundary(chain):
    # en: the sum, over F2, of the boundaries of the simplices of the chain
    # fr: la somme, sur F2, des bords des simplexes de la chaîne
    # BEGIN SOLUTION
    total = set()
    for simplex in chain:
        if len(simplex) > 1:
            total ^= set(combinations(simplex, len(simplex) - 1))
    return total
    # END SOLUTION


# %% key="ex1-check"
check("d4_04.ex1", boundary)

# %% [markdown] key="homology" lang="en"
# ## 2. Homology
#
# > **Definition.** $Z_k=\ker\partial_k$ are the **cycles**, $B_k=\operatorname{im}\partial_{k+1}$ the **boundaries**. By Proposition 1, $B_k\subset Z_k$. The **homology group** is $H_k=Z_k/B_k$, the **Betti number** $\beta_k=\dim H_k=\dim\ker\partial_k-\operatorname{rank}\partial_{k+1}$.
#
# A cycle has no boundary; it counts only if it bounds nothing. $\beta_0$ is the number of connected components (two vertices differ by a boundary if and only if a path of edges joins them), $\beta_1$ the number of independent loops, $\beta_2$ of cavities.
#
# > **Theorem 2 (Euler-Poincaré).** Let $c_k$ be the number of $k$-simplices. Then $\chi(K)=\sum_k(-1)^kc_k=\sum_k(-1)^k\beta_k$.
#
# *Proof.* Rank-nullity: $c_k=\dim Z_k+\operatorname{rank}\partial_k$. So $c_k=\beta_k+\operatorname{rank}\partial_{k+1}+\operatorname{rank}\partial_k$, and in the alternating sum every rank appears once with each sign. $\blacksquare$
#
# This $\chi$ is the integer of D4-03: for a closed surface, the integral of the curvature is $2\pi\chi$.

# %% [markdown] key="homology" lang="fr"
# ## 2. L’homologie
#
# > **Définition.** $Z_k=\ker\partial_k$ est l’espace des **cycles**, $B_k=\operatorname{im}\partial_{k+1}$ celui des **bords**. D’après la proposition 1, $B_k\subset Z_k$. Le **groupe d’homologie** est $H_k=Z_k/B_k$, et le **nombre de Betti** $\beta_k=\dim H_k=\dim\ker\partial_k-\operatorname{rg}\partial_{k+1}$.
#
# Un cycle n’a pas de bord ; il ne compte que s’il ne borde rien. $\beta_0$ est le nombre de composantes connexes (deux sommets diffèrent d’un bord si et seulement si un chemin d’arêtes les joint), $\beta_1$ celui des boucles indépendantes, $\beta_2$ celui des cavités.
#
# > **Théorème 2 (Euler-Poincaré).** Soit $c_k$ le nombre de $k$-simplexes. Alors $\chi(K)=\sum_k(-1)^kc_k=\sum_k(-1)^k\beta_k$.
#
# *Démonstration.* Théorème du rang : $c_k=\dim Z_k+\operatorname{rg}\partial_k$. Donc $c_k=\beta_k+\operatorname{rg}\partial_{k+1}+\operatorname{rg}\partial_k$ et, dans la somme alternée, chaque rang apparaît une fois avec chaque signe. $\blacksquare$
#
# Ce $\chi$ est l’entier de D4-03 : pour une surface fermée, l’intégrale de la courbure vaut $2\pi\chi$.

# %% [markdown] key="reduction" lang="en"
# ## 3. One simplex at a time
#
# Order the simplices $\sigma_1,\dots,\sigma_N$ so that every face comes before what it is a face of: all $K_j=\{\sigma_1,\dots,\sigma_j\}$ are complexes, a **filtration**. Write $\partial\sigma_j$ as the set of the *positions* of its faces, and call $\operatorname{low}$ of a non-empty set its largest element. **Reduce**: for $j=1,\dots,N$, as long as the column $R_j$ (at first $\partial\sigma_j$) is not empty and has the same low as an earlier reduced column, add that column to it.
#
# By hand, for a triangle whose edges come before its face, $a,b,c,ab,bc,ac,abc$ in positions 1 to 7: $R_4=\{1,2\}$, $R_5=\{2,3\}$; $\{1,3\}$ has low 3, add $R_5$: $\{1,2\}$, add $R_4$: empty, so $ac$ closes a loop. $R_7=\{4,5,6\}$ has low 6: the face fills the loop that $ac$ closed. Pairs: $(2,4),(3,5),(6,7)$; 1 stays alone, the one component.

# %% [markdown] key="reduction" lang="fr"
# ## 3. Un simplexe à la fois
#
# Rangeons les simplexes $\sigma_1,\dots,\sigma_N$ de sorte que toute face vienne avant ce dont elle est une face : tous les $K_j=\{\sigma_1,\dots,\sigma_j\}$ sont des complexes, on a une **filtration**. Écrivons $\partial\sigma_j$ comme l’ensemble des *positions* de ses faces, et notons $\operatorname{low}$ d’un ensemble non vide son plus grand élément, le *pivot*. **Réduction** : pour $j=1,\dots,N$, tant que la colonne $R_j$ (au départ $\partial\sigma_j$) n’est pas vide et a le même pivot qu’une colonne réduite précédente, on lui ajoute cette colonne.
#
# À la main, pour un triangle dont les arêtes viennent avant la face, $a,b,c,ab,bc,ac,abc$ aux positions 1 à 7 : $R_4=\{1,2\}$, $R_5=\{2,3\}$ ; $\{1,3\}$ a pour pivot 3, on ajoute $R_5$ : $\{1,2\}$, on ajoute $R_4$ : vide, et $ac$ ferme donc une boucle. $R_7=\{4,5,6\}$ a pour pivot 6 : la face remplit la boucle que $ac$ a fermée. Paires : $(2,4),(3,5),(6,7)$ ; 1 reste seul, c’est l’unique composante.

# %% [markdown] key="pairing" lang="en"
# > **Theorem 3.** If $R_j=\emptyset$, adding $\sigma_j$ (of dimension $k$) creates a class: $\beta_k$ grows by 1. If not, it kills one: $\beta_{k-1}$ falls by 1, and the class killed was born with $\sigma_i$, $i=\operatorname{low}R_j$. Each $i$ is the low of at most one $j$.
#
# *Proof.* Reduced columns have distinct lows, hence are linearly independent, and $R_l$, $l<j$, span the boundaries of $K_{j-1}$. A sum of them has as low the largest of theirs. So the reduction ends with $R_j=\emptyset$ if and only if $\partial\sigma_j$ is a boundary in $K_{j-1}$. In that case $\partial\sigma_j=\partial c$, and $\sigma_j+c$ is a new cycle; if not, the cycle $\partial\sigma_j$, homologous to $R_j$, was no boundary and becomes one. As the ranks change by 1, so do the Betti numbers.
#
# *Birth.* The cycle $R_j$ lies in $K_i$, $i=\operatorname{low}R_j$. Were it homologous in $K_{j-1}$ to a cycle $z$ of $K_{i-1}$, then $R_j+z$ would be a boundary of low $i$, so that some $R_l$, $l<j$, would have low $i$: impossible. $\blacksquare$
#
# "Born at $i$, dies at $j$" are statements about the spaces $H_k(K_m)$, not about the algorithm: whoever reduces in another order finds the same pairs. The $R_j$, with one cycle for each class that never dies, are a basis of all cycles (their lows are distinct), so the rank of $H_k(K_a)\to H_k(K_b)$ is the number of classes born up to $a$ and alive at $b$. With a value $v_j$ (non-decreasing) for each simplex, a pair is the **bar** $[v_i,v_j[$, if $v_i<v_j$; an $i$ without partner is a bar $[v_i,\infty[$. This is **persistent homology**.

# %% [markdown] key="pairing" lang="fr"
# > **Théorème 3.** Si $R_j=\emptyset$, l’ajout de $\sigma_j$ (de dimension $k$) crée une classe : $\beta_k$ augmente de 1. Sinon, il en tue une : $\beta_{k-1}$ diminue de 1, et la classe tuée était née avec $\sigma_i$, $i=\operatorname{low}R_j$. Chaque $i$ est le pivot d’un $j$ au plus.
#
# *Démonstration.* Les colonnes réduites ont des pivots distincts, elles sont donc linéairement indépendantes, et les $R_l$, $l<j$, engendrent les bords de $K_{j-1}$. Une somme d’entre elles a pour pivot le plus grand des leurs. La réduction s’achève donc par $R_j=\emptyset$ si et seulement si $\partial\sigma_j$ est un bord dans $K_{j-1}$. Dans ce cas $\partial\sigma_j=\partial c$, et $\sigma_j+c$ est un nouveau cycle ; sinon, le cycle $\partial\sigma_j$, homologue à $R_j$, n’était pas un bord et le devient. Les rangs changeant de 1, les nombres de Betti aussi.
#
# *Naissance.* Le cycle $R_j$ est dans $K_i$, $i=\operatorname{low}R_j$. S’il était homologue dans $K_{j-1}$ à un cycle $z$ de $K_{i-1}$, alors $R_j+z$ serait un bord de pivot $i$, et un $R_l$, $l<j$, aurait donc pour pivot $i$ : impossible. $\blacksquare$
#
# « Née en $i$, morte en $j$ » : ces énoncés portent sur les espaces $H_k(K_m)$, et non sur l’algorithme ; qui réduit dans un autre ordre trouve les mêmes paires. Les $R_j$, avec un cycle pour chaque classe qui ne meurt pas, forment une base de tous les cycles (leurs pivots sont distincts) ; le rang de $H_k(K_a)\to H_k(K_b)$ est donc le nombre de classes nées jusqu’en $a$ et vivantes en $b$. Si chaque simplexe reçoit une valeur $v_j$ (croissante au sens large), une paire est la **barre** $[v_i,v_j[$, lorsque $v_i<v_j$ ; un $i$ sans partenaire est une barre $[v_i,\infty[$. C’est l’**homologie persistante**.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 (12 minutes)
#
# Write `persistence_pairs(simplices)`. The list is a filtration; count positions from 0, as Python does. Return the list, in any order, of the pairs `(i, j)`, and of `(i, None)` for every class that never dies.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 (12 minutes)
#
# Écrivez `persistence_pairs(simplices)`. La liste est une filtration ; comptez les positions à partir de 0, comme Python. Renvoyez la liste, dans un ordre quelconque, des paires `(i, j)`, et de `(i, None)` pour toute classe qui ne meurt pas.

# %% key="ex2" tags=["exercise"]
def persistence_pairs(simplices):
    # en: who is born at i and dies at j, by reduction of the boundary matrix over F2
    # fr: qui naît en i et meurt en j, par réduction de la matrice de bord sur F2
    # BEGIN SOLUTION
    position = {simplex: i for i, simplex in enumerate(simplices)}
    reduced, alive = {}, {}
    for j, simplex in enumerate(simplices):
        column = {position[face] for face in boundary({simplex})}
        while column and max(column) in reduced:
            column ^= reduced[max(column)]
        if column:
            reduced[max(column)] = column
            alive[max(column)] = j
        else:
            alive[j] = None
    return list(alive.items())
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# A dictionary from low to reduced column finds the column to add at once. `max(column)` is the low, `^=` the sum. A position is a birth if its own column became empty.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Un dictionnaire, du pivot vers la colonne réduite, donne aussitôt la colonne à ajouter. `max(column)` est le pivot, `^=` la somme. Une position est une naissance si sa propre colonne est devenue vide.
# </details>

# %% key="ex2-check"
check("d4_04.ex2", persistence_pairs)

# %% [markdown] key="surfaces-text" lang="en"
# ### Four spaces, from their triangles
#
# The classes that never die are the homology of the whole complex. **Predict** $\beta$ and $\chi$ for the hollow triangle (a circle), the hollow tetrahedron (a sphere), the torus with 7 vertices. The fourth is the projective plane: a disc whose opposite rim points are glued, with 6 vertices.

# %% [markdown] key="surfaces-text" lang="fr"
# ### Quatre espaces, donnés par leurs triangles
#
# Les classes qui ne meurent pas sont l’homologie du complexe entier. **Prévoyez** $\beta$ et $\chi$ pour le triangle creux (un cercle), le tétraèdre creux (une sphère), le tore à 7 sommets. Le quatrième est le plan projectif : un disque dont on a recollé les points opposés du bord, avec 6 sommets.

# %% key="surfaces"
def closure(tops):
    faces = {face for top in tops for size in range(1, len(top) + 1) for face in combinations(sorted(top), size)}
    return sorted(faces, key=lambda face: (len(face), face))


projective = ["012", "023", "034", "045", "015", "124", "135", "134", "235", "245"]
spaces = {
    "circle": closure([(0, 1), (1, 2), (0, 2)]),
    "sphere": closure(combinations(range(4), 3)),
    "torus": closure([(i, (i + a) % 7, (i + 3) % 7) for i in range(7) for a in (1, 2)]),
    "projective": closure([tuple(map(int, top)) for top in projective]),
}
betti = {}
for name, predicted in (("circle", (1, 1, 0)), ("sphere", (1, 0, 1)), ("torus", (1, 2, 1)), ("projective", (1, 1, 1))):
    K = spaces[name]
    forever = [len(K[i]) - 1 for i, j in persistence_pairs(K) if j is None]
    betti[name] = np.bincount(forever, minlength=3)
    counts = np.bincount([len(simplex) - 1 for simplex in K], minlength=3)
    expect(f"d4_04.betti_{name}", np.abs(betti[name] - predicted).sum(), 0)
    expect(f"d4_04.euler_{name}", counts @ [1, -1, 1], predicted[0] - predicted[1] + predicted[2])

# %% [markdown] key="hodge" lang="en"
# ### The same over the real numbers, from eigenvalues
#
# Over $\mathbb R$ signs are needed for $\partial\partial=0$: $\partial(v_0,\dots,v_k)=\sum_i(-1)^i(v_0,\dots,\widehat{v_i},\dots,v_k)$. With their matrices put $L_k=\partial_k^\top\partial_k+\partial_{k+1}\partial_{k+1}^\top$, the **Hodge Laplacian**; $L_0$ is the graph Laplacian of D1-02.
#
# > **Proposition 4.** Over $\mathbb R$, $\dim\ker L_k=\beta_k$.
#
# *Proof.* $x^\top L_kx=|\partial_kx|^2+|\partial_{k+1}^\top x|^2$, so $\ker L_k=\ker\partial_k\cap(\operatorname{im}\partial_{k+1})^\perp$. Since $\operatorname{im}\partial_{k+1}\subset\ker\partial_k$, the dimension is $\dim\ker\partial_k-\operatorname{rank}\partial_{k+1}$. $\blacksquare$
#
# Homology has become a number of zero eigenvalues. It may depend on the field: in the projective plane the loop $z$ which generates $H_1$ bounds when walked *twice*, $2z=\partial c$. Over $\mathbb R$, $z=\partial(c/2)$; over $\mathbb F_2$, $2z=0$ says nothing. **Predict** the real Betti numbers, knowing that $\chi=1$.

# %% [markdown] key="hodge" lang="fr"
# ### La même chose sur les réels, par des valeurs propres
#
# Sur $\mathbb R$, il faut des signes pour que $\partial\partial=0$ : $\partial(v_0,\dots,v_k)=\sum_i(-1)^i(v_0,\dots,\widehat{v_i},\dots,v_k)$. Avec leurs matrices, on pose $L_k=\partial_k^\top\partial_k+\partial_{k+1}\partial_{k+1}^\top$, le **laplacien de Hodge** ; $L_0$ est le laplacien de graphe de D1-02.
#
# > **Proposition 4.** Sur $\mathbb R$, $\dim\ker L_k=\beta_k$.
#
# *Démonstration.* $x^\top L_kx=|\partial_kx|^2+|\partial_{k+1}^\top x|^2$, donc $\ker L_k=\ker\partial_k\cap(\operatorname{im}\partial_{k+1})^\perp$. Comme $\operatorname{im}\partial_{k+1}\subset\ker\partial_k$, la dimension est $\dim\ker\partial_k-\operatorname{rg}\partial_{k+1}$. $\blacksquare$
#
# L’homologie est devenue un nombre de valeurs propres nulles. Elle peut dépendre du corps : dans le plan projectif, la boucle $z$ qui engendre $H_1$ est un bord lorsqu’on la parcourt *deux fois*, $2z=\partial c$. Sur $\mathbb R$, $z=\partial(c/2)$ ; sur $\mathbb F_2$, $2z=0$ ne dit rien. **Prévoyez** les nombres de Betti réels, sachant que $\chi=1$.

# %% key="hodge-run"
def matrix(K, k, sign=-1):
    rows = {face: i for i, face in enumerate(simplex for simplex in K if len(simplex) == k)}
    columns = [simplex for simplex in K if len(simplex) == k + 1]
    M = np.zeros((len(rows), len(columns)))
    for j, simplex in enumerate(columns):
        for face in boundary({simplex}):
            (missing,) = set(simplex) - set(face)
            M[rows[face], j] = float(sign) ** simplex.index(missing)
    return M


def zero_eigenvalues(K, k, sign=-1):
    below, above = matrix(K, k, sign), matrix(K, k + 1, sign)
    return int(np.sum(np.abs(np.linalg.eigvalsh(below.T @ below + above @ above.T)) < 1e-9))


for name, predicted in (("torus", (1, 2, 1)), ("projective", (1, 0, 0))):
    K = spaces[name]
    expect(f"d4_04.boundary_twice_{name}", np.abs(matrix(K, 1) @ matrix(K, 2)).max(), 0.0)
    for k in range(3):
        expect(f"d4_04.real_{name}_{k}", zero_eigenvalues(K, k), predicted[k])

# %% [markdown] key="rips" lang="en"
# ## 4. From points to a filtration
#
# > **Definition.** For a finite set $X$ with a distance and $r\ge0$, the **Vietoris-Rips complex** $\mathrm{VR}_r(X)$ has as simplices the non-empty subsets of diameter at most $r$.
#
# It grows with $r$: each simplex enters at the value of its diameter, its longest edge. Nothing but distances is used, so that cells, texts or borrowers will do. For $H_0$ and $H_1$ one needs simplices of dimension at most 2.

# %% [markdown] key="rips" lang="fr"
# ## 4. Des points à une filtration
#
# > **Définition.** Pour un ensemble fini $X$ muni d’une distance et $r\ge0$, le **complexe de Vietoris-Rips** $\mathrm{VR}_r(X)$ a pour simplexes les parties non vides de diamètre au plus $r$.
#
# Il croît avec $r$ : chaque simplexe entre à la valeur de son diamètre, sa plus longue arête. On n’emploie rien d’autre que des distances ; des cellules, des textes ou des emprunteurs conviennent donc aussi. Pour $H_0$ et $H_1$, il suffit des simplexes de dimension 2 au plus.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 (10 minutes)
#
# Write `rips(D, top)` for a matrix of distances. Return two lists of the same length: all simplices of dimension at most 2 and of diameter at most `top`, in the order of a filtration with non-decreasing values, and their values.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 (10 minutes)
#
# Écrivez `rips(D, top)` pour une matrice de distances. Renvoyez deux listes de même longueur : tous les simplexes de dimension au plus 2 et de diamètre au plus `top`, dans l’ordre d’une filtration à valeurs croissantes au sens large, et leurs valeurs.

# %% key="ex3" tags=["exercise"]
def rips(D, top):
    # en: return (simplices, values); vertices enter at 0
    # fr: renvoyer (simplexes, valeurs) ; les sommets entrent en 0
    # BEGIN SOLUTION
    found = []
    for size in (1, 2, 3):
        for simplex in combinations(range(len(D)), size):
            value = max((D[pair] for pair in combinations(simplex, 2)), default=0.0)
            if value <= top:
                found.append((value, size, simplex))
    found.sort()
    return [simplex for _, _, simplex in found], [value for value, _, _ in found]
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# An edge and the triangle whose longest side it is have the *same* value: sort by value, then by dimension. `sorted` compares tuples entry by entry.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Une arête et le triangle dont elle est le plus long côté ont la *même* valeur : triez par valeur, puis par dimension. `sorted` compare les tuples terme à terme.
# </details>

# %% key="ex3-check"
check("d4_04.ex3", rips)

# %% [markdown] key="polygon" lang="en"
# ### A barcode known in advance
#
# > **Theorem 5.** Let $X$ be the vertices of a regular $n$-gon of radius 1, $n\ge4$. Its barcode in degree 1 is one bar, $\Big[\,2\sin\frac\pi n,\ 2\sin\frac{\pi\lceil n/3\rceil}n\Big[$.
#
# *Proof.* A chord of $s\le n/2$ steps has length $2\sin(\pi s/n)$, which grows with $s$. Let all chords of at most $s$ steps be present, $s\ge1$, and let $\gamma$ be the sum of the $n$ sides.
#
# (i) A chord from $p$ to $p+s$ is the sum of $s$ sides, up to the boundary of the fan of triangles $\{p,p+t,p+t+1\}$, $1\le t<s$, all present. So every cycle is homologous to a sum of sides, that is to $0$ or $\gamma$: $\beta_1\le1$.
#
# (ii) Let $s<n/3$, and fix a point of the circle between two vertices. Let $c(e)=1$ if the short arc over the chord $e$ contains it, else 0. The three arcs of a triangle make fewer than $n$ steps in total, hence do not go round, and pass the point an even number of times: $c(\partial\tau)=0$ for every triangle $\tau$. But $c(\gamma)=1$. So $\gamma$ is no boundary, and $\beta_1=1$.
#
# (iii) Let $s\ge n/3$. Write $n=s_1+s_2+s_3$ with $1\le s_i\le s$: the triangle with these steps and the three fans of (i) have the sum $\gamma$ as boundary, and $\beta_1=0$. $\blacksquare$
#
# For a fine sampling of the circle the death tends to $\sqrt3$, the side of the inscribed equilateral triangle.

# %% [markdown] key="polygon" lang="fr"
# ### Un code-barres connu d’avance
#
# > **Théorème 5.** Soit $X$ l’ensemble des sommets d’un polygone régulier à $n$ côtés, de rayon 1, avec $n\ge4$. Son code-barres en degré 1 est formé d’une seule barre, $\Big[\,2\sin\frac\pi n,\ 2\sin\frac{\pi\lceil n/3\rceil}n\Big[$.
#
# *Démonstration.* Une corde de $s\le n/2$ pas est de longueur $2\sin(\pi s/n)$, croissante en $s$. Supposons présentes toutes les cordes d’au plus $s$ pas, $s\ge1$, et soit $\gamma$ la somme des $n$ côtés.
#
# (i) Une corde de $p$ à $p+s$ est la somme de $s$ côtés, au bord près de l’éventail des triangles $\{p,p+t,p+t+1\}$, $1\le t<s$, tous présents. Tout cycle est donc homologue à une somme de côtés, c’est-à-dire à $0$ ou à $\gamma$ : $\beta_1\le1$.
#
# (ii) Soit $s<n/3$, et fixons un point du cercle entre deux sommets. Posons $c(e)=1$ si l’arc court au-dessus de la corde $e$ le contient, et 0 sinon. Les trois arcs d’un triangle font en tout moins de $n$ pas ; ils ne font donc pas le tour et passent par ce point un nombre pair de fois : $c(\partial\tau)=0$ pour tout triangle $\tau$. Or $c(\gamma)=1$. Donc $\gamma$ n’est pas un bord, et $\beta_1=1$.
#
# (iii) Soit $s\ge n/3$. Écrivons $n=s_1+s_2+s_3$ avec $1\le s_i\le s$ : le triangle qui fait ces pas et les trois éventails de (i) ont pour bord, en somme, $\gamma$, et $\beta_1=0$. $\blacksquare$
#
# Pour un échantillonnage fin du cercle, la mort tend vers $\sqrt3$, le côté du triangle équilatéral inscrit.

# %% key="polygon-run"
def bars(simplices, values, degree):
    # en: the bars of one degree as rows (birth, death), the longest first
    # fr: les barres d’un degré, en lignes (naissance, mort), la plus longue d’abord
    found = [(i, j) for i, j in persistence_pairs(simplices) if len(simplices[i]) == degree + 1]
    ends = np.array([(values[i], np.inf if j is None else values[j]) for i, j in found]).reshape(-1, 2)
    ends = ends[ends[:, 1] > ends[:, 0]]
    return ends[np.argsort(ends[:, 0] - ends[:, 1])]


def polygon(n):
    angle = 2 * np.pi * np.arange(n) / n
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def loops(points, top=np.inf):
    return bars(*rips(cdist(points, points), top), 1)


for n in (12, 25):
    found = loops(polygon(n))
    expect(f"d4_04.polygon_count_{n}", len(found), 1)
    expect(f"d4_04.polygon_birth_{n}", found[0, 0], 2 * np.sin(np.pi / n), atol=1e-9)
    expect(f"d4_04.polygon_death_{n}", found[0, 1], 2 * np.sin(np.pi * np.ceil(n / 3) / n), atol=1e-9)

# %% key="growing" tags=["figure"]
rng = np.random.default_rng(SEED)
angle = 2 * np.pi * rng.random(60)
noisy = np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.05 * rng.normal(size=(60, 2))
for ax, r in zip(figures.axes(3, height=2.9), (0.2, 0.6, 1.7), strict=True):
    present = rips(cdist(noisy, noisy), r)[0]
    edges, triangles = (noisy[[simplex for simplex in present if len(simplex) == size]] for size in (2, 3))
    ax.add_collection(figures.mpl.collections.PolyCollection(triangles, color=figures.SKY, alpha=0.3, lw=0))
    ax.add_collection(figures.mpl.collections.LineCollection(edges, color=figures.BLUE, lw=0.4))
    ax.plot(*noisy.T, "o", color=figures.BLACK, ms=3)
    ax.set_title(T(f"$r={r}$", f"$r={r}$"), loc="center")
    ax.set_aspect("equal")
    ax.axis("off")

# %% [markdown] key="mst" lang="en"
# ## 5. Degree 0 is a spanning tree
#
# > **Proposition 6.** The finite deaths in degree 0 of the filtration $\mathrm{VR}_r(X)$ are the lengths of the edges of a minimum spanning tree of $X$.
#
# *Proof.* By Theorem 3 the edge $\{a,b\}$ kills a class if and only if $\partial\{a,b\}$ is not yet a boundary, that is if $a$ and $b$ lie in different components. Taking edges in increasing order and keeping those that join two components is Kruskal's algorithm. $\blacksquare$
#
# It is also what statisticians call single-linkage clustering: you have met persistent homology before.

# %% [markdown] key="mst" lang="fr"
# ## 5. Le degré 0 est un arbre couvrant
#
# > **Proposition 6.** Les morts finies, en degré 0, de la filtration $\mathrm{VR}_r(X)$ sont les longueurs des arêtes d’un arbre couvrant de poids minimal de $X$.
#
# *Démonstration.* D’après le théorème 3, l’arête $\{a,b\}$ tue une classe si et seulement si $\partial\{a,b\}$ n’est pas encore un bord, c’est-à-dire si $a$ et $b$ sont dans des composantes différentes. Prendre les arêtes par longueurs croissantes et garder celles qui joignent deux composantes, c’est l’algorithme de Kruskal. $\blacksquare$
#
# C’est aussi ce que les statisticiens appellent la classification par saut minimal (*single linkage*) : vous aviez déjà rencontré l’homologie persistante.

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 (10 minutes)
#
# Write `merge_heights(D)`: the $n-1$ deaths in degree 0, sorted, as an array, *without* matrices of boundaries. A label for each point says which component it is in.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 (10 minutes)
#
# Écrivez `merge_heights(D)` : les $n-1$ morts en degré 0, triées, dans un tableau, *sans* matrices de bord. Une étiquette par point dit dans quelle composante il se trouve.

# %% key="ex4" tags=["exercise"]
def merge_heights(D):
    # en: the values at which two components merge, in increasing order
    # fr: les valeurs auxquelles deux composantes se rejoignent, en ordre croissant
    # BEGIN SOLUTION
    label = np.arange(len(D))
    heights = []
    for i, j in sorted(combinations(range(len(D)), 2), key=lambda pair: D[pair]):
        if label[i] != label[j]:
            heights.append(D[i, j])
            label[label == label[j]] = label[i]
    return np.array(heights)
    # END SOLUTION


# %% key="ex4-check"
check("d4_04.ex4", merge_heights)

# %% key="mst-run"
D = cdist(noisy, noisy)
components = bars(*rips(D, 0.8), 0)
deaths = np.sort(components[np.isfinite(components[:, 1]), 1])
tree = np.sort(minimum_spanning_tree(D).data)
expect("d4_04.components", np.sum(~np.isfinite(components[:, 1])), 1)
expect("d4_04.kruskal", np.abs(merge_heights(D) - tree).max(), 0.0)
expect("d4_04.degree_zero", np.abs(deaths - tree).max(), 0.0)

# %% [markdown] key="stability" lang="en"
# ## 6. Stability
#
# > **Theorem 7.** Let $X=\{x_1,\dots,x_n\}$ and $Y=\{y_1,\dots,y_n\}$ with $|x_i-y_i|\le\varepsilon$ for all $i$. If $X$ has a bar $[b,d[$ in degree $k$ with $d-b>4\varepsilon$, then $Y$ has a bar in degree $k$ that contains $[b+2\varepsilon,d-2\varepsilon[$.
#
# *Proof.* Distances differ by at most $2\varepsilon$, so, points of the same index being identified, $\mathrm{VR}_r(X)\subset\mathrm{VR}_{r+2\varepsilon}(Y)\subset\mathrm{VR}_{r+4\varepsilon}(X)$. Let $b+2\varepsilon\le t<d-2\varepsilon$. The composition of the maps induced by inclusions
#
# $$H_k(\mathrm{VR}_b(X))\to H_k(\mathrm{VR}_{b+2\varepsilon}(Y))\to H_k(\mathrm{VR}_t(Y))\to H_k(\mathrm{VR}_{t+2\varepsilon}(X))$$
#
# is the map of $X$ from $b$ to $t+2\varepsilon<d$, which is not zero, since a bar contains both. So the middle map is not zero, and some bar of $Y$ contains $b+2\varepsilon$ and $t$. There are finitely many bars; let $t$ tend to $d-2\varepsilon$. $\blacksquare$
#
# The full theorem (Chazal, de Silva, Oudot) matches *all* bars: matched ends move by at most $2\varepsilon$, and what stays unmatched is no longer than $4\varepsilon$. This is $d_B\le2\varepsilon$ for the **bottleneck distance**. Long bars are to be trusted as far as points are moved; and it says nothing about points that are *added*.

# %% [markdown] key="stability" lang="fr"
# ## 6. La stabilité
#
# > **Théorème 7.** Soient $X=\{x_1,\dots,x_n\}$ et $Y=\{y_1,\dots,y_n\}$ avec $|x_i-y_i|\le\varepsilon$ pour tout $i$. Si $X$ a une barre $[b,d[$ en degré $k$ avec $d-b>4\varepsilon$, alors $Y$ a une barre en degré $k$ qui contient $[b+2\varepsilon,d-2\varepsilon[$.
#
# *Démonstration.* Les distances diffèrent d’au plus $2\varepsilon$ ; en identifiant les points de même indice, on a donc $\mathrm{VR}_r(X)\subset\mathrm{VR}_{r+2\varepsilon}(Y)\subset\mathrm{VR}_{r+4\varepsilon}(X)$. Soit $b+2\varepsilon\le t<d-2\varepsilon$. La composée des applications induites par les inclusions
#
# $$H_k(\mathrm{VR}_b(X))\to H_k(\mathrm{VR}_{b+2\varepsilon}(Y))\to H_k(\mathrm{VR}_t(Y))\to H_k(\mathrm{VR}_{t+2\varepsilon}(X))$$
#
# est l’application de $X$ de $b$ à $t+2\varepsilon<d$, qui n’est pas nulle, puisqu’une barre contient les deux. L’application du milieu n’est donc pas nulle, et une barre de $Y$ contient $b+2\varepsilon$ et $t$. Les barres sont en nombre fini ; on fait tendre $t$ vers $d-2\varepsilon$. $\blacksquare$
#
# Le théorème complet (Chazal, de Silva, Oudot) apparie *toutes* les barres : les extrémités appariées se déplacent d’au plus $2\varepsilon$, et ce qui reste sans partenaire ne dépasse pas $4\varepsilon$. C’est l’inégalité $d_B\le2\varepsilon$ pour la **distance bottleneck (goulot)**. On peut se fier aux longues barres tant que l’on déplace des points ; et le théorème ne dit rien de points que l’on *ajoute*.

# %% key="stability-run"
rng = np.random.default_rng(SEED + 1)
steady = loops(polygon(30))[0]
for hundredths in (1, 5, 10):
    eps = hundredths / 100
    push = rng.normal(size=(30, 2))
    moved = loops(polygon(30) + eps * push / np.linalg.norm(push, axis=1, keepdims=True))[0]
    expect(f"d4_04.stable_{hundredths}", np.abs(moved - steady).max(), at_most=2 * eps)
circle_bars = loops(noisy)
blob = rng.normal(size=(60, 2)) / np.sqrt(2)
blob_bars = loops(blob)
expect("d4_04.circle_bar", circle_bars[0] @ [-1, 1], at_least=0.5)
expect("d4_04.blob_bar", blob_bars[0] @ [-1, 1], at_most=0.5)

# %% key="diagram" tags=["figure"]
left, right = figures.axes(2, height=3.6)
for row, (birth, death) in enumerate(components[np.argsort(components[:, 1])]):
    left.plot([birth, min(death, 2.0)], [row, row], "-", color=figures.BLUE, lw=1)
for row, (birth, death) in enumerate(circle_bars, start=len(components) + 2):
    left.plot([birth, death], [row, row], "-", color=figures.VERMILION, lw=2.5)
left.plot([], [], "-", color=figures.BLUE, lw=1, label="$H_0$")
left.plot([], [], "-", color=figures.VERMILION, lw=2.5, label="$H_1$")
left.set_xlabel("$r$")
left.set_yticks([])
left.legend(loc="center right")
right.plot(*circle_bars.T, "o", color=figures.VERMILION, label=T("circle", "cercle"))
right.plot(*blob_bars.T, "s", color=figures.BLUE, mfc="none", label=T("blob", "nuage"))
right.plot([0, 2], [0, 2], "-", color=figures.GREY, lw=1)
right.fill_between([0, 2], [0, 2], [0.4, 2.4], color=figures.GREY, alpha=0.2, lw=0)
right.set(xlim=(0, 2), ylim=(0, 2))
right.set_xlabel(T("birth", "naissance"))
right.set_ylabel(T("death", "mort"))
right.legend(loc="lower right");

# %% [markdown] key="diagram-read" lang="en"
# On the left each segment is a bar, from birth to death; one component lives for ever. On the right, in the **persistence diagram**, a bar is a point and its length the height above the diagonal. Moving every point by at most $\varepsilon=0.1$ may create or destroy points in the grey band, of height $4\varepsilon$, and nowhere else. A blob of as many points has small loops too: length decides, not existence.

# %% [markdown] key="diagram-read" lang="fr"
# À gauche, chaque segment est une barre, de la naissance à la mort ; une composante vit toujours. À droite, dans le **diagramme de persistance**, une barre est un point, et sa longueur la hauteur au-dessus de la diagonale. Déplacer chaque point d’au plus $\varepsilon=0{,}1$ peut créer ou détruire des points dans la bande grise, de hauteur $4\varepsilon$, et nulle part ailleurs. Un nuage d’autant de points a aussi de petites boucles : c’est la longueur qui décide, et non l’existence.

# %% [markdown] key="holes" lang="en"
# ## 7. A hole is a feature
#
# The machine eats any filtration. An image: its vertices are pixels, entering at $1-\text{ink}$ (dark first); neighbouring pixels, also diagonally, make edges and triangles, each entering with the last of its pixels. A bar in degree 1 is a spot of paper surrounded by ink, and its length the contrast. **Predict** the digits whose images have one bar longer than $0.3$, none, two.

# %% [markdown] key="holes" lang="fr"
# ## 7. Un trou est une caractéristique
#
# La machine accepte toute filtration. Une image : ses sommets sont les pixels, qui entrent à la valeur $1-\text{encre}$ (les sombres d’abord) ; des pixels voisins, en diagonale aussi, forment des arêtes et des triangles, qui entrent chacun avec le dernier de ses pixels. Une barre en degré 1 est une tache de papier entourée d’encre, et sa longueur est le contraste. **Prévoyez** les chiffres dont l’image a une barre plus longue que $0{,}3$, aucune, deux.

# %% key="holes-run"
images, labels = digits()
images, labels = images[:500], labels[:500]
place = np.indices((8, 8)).reshape(2, 64).T
pixels = rips(cdist(place, place, "chebyshev"), 1.0)[0]


def holes(image):
    entry = [max(1 - image[list(simplex)]) for simplex in pixels]
    order = sorted(range(len(pixels)), key=lambda i: (entry[i], len(pixels[i])))
    found = bars([pixels[i] for i in order], [entry[i] for i in order], 1)
    return int(np.sum(found[:, 1] - found[:, 0] > 0.3))


counted = np.array([holes(image) for image in images])
expect("d4_04.zeros", np.mean(counted[labels == 0] == 1), at_least=0.95)
expect("d4_04.ones", np.mean(counted[labels == 1] == 0), at_least=0.95)

# %% key="holes-figure" tags=["figure"]
one, two = ([np.mean(counted[labels == digit] >= least) for digit in range(10)] for least in (1, 2))
ax = figures.axes(height=3.0)
ax.bar(range(10), one, color="white", edgecolor=figures.BLUE, label=T("at least one hole", "au moins un trou"))
ax.bar(range(10), two, color="white", edgecolor=figures.VERMILION, hatch="///", label=T("two holes", "deux trous"))
ax.set_xticks(range(10))
ax.set_xlabel(T("digit", "chiffre"))
ax.set_ylabel(T("proportion of images", "proportion d’images"))
ax.legend(loc="upper center");

# %% [markdown] key="holes-read" lang="en"
# Nobody trained anything: zeros and ones are told apart by an integer that survives every rotation and stretching of the pen. And the limits show at once: on 8 × 8 pixels half of the 8s have lost a hole, many 4s have closed theirs, and 1, 3, 5 and 7 are one and the same to topology. A Betti number is a feature among others, not a classifier.

# %% [markdown] key="holes-read" lang="fr"
# Personne n’a rien entraîné : zéros et uns se distinguent par un entier qui survit à toute rotation et à tout étirement du trait. Et les limites se voient aussitôt : sur 8 × 8 pixels, la moitié des 8 ont perdu un trou, beaucoup de 4 ont fermé le leur, et 1, 3, 5 et 7 sont une seule et même chose pour la topologie. Un nombre de Betti est une caractéristique parmi d’autres, et non un classifieur.

# %% [markdown] key="break" lang="en"
# ## 8. Break it
#
# ### (a) One point
#
# Add the centre to the regular 12-gon. For $r<1$ it is isolated and the loop is as before. For $r\ge1$ it is joined to everything: with each simplex $\sigma$, $\sigma\cup\{\text{centre}\}$ is also one, a *cone*, and in a cone every cycle $z$ is the boundary of the chain of the $\sigma\cup\{\text{centre}\}$, for the $\sigma\in z$ that do not contain the centre (in degree $k\ge1$). So the death falls from $\sqrt3$ to exactly 1, persistence from 1.214 to 0.482: one point in thirteen.
#
# ### (b) A little noise in many dimensions
#
# Put the 12-gon into $\mathbb R^D$, $D=10^5$, and add $\mathcal N(0,\sigma^2)$ to every coordinate, $\sigma=0.01$. By the concentration of D4-01 each squared distance grows by $2D\sigma^2=20$, up to a standard deviation of about 0.09. Here $\varepsilon\approx\sigma\sqrt D\approx3.2$: Theorem 7 is silent. **Predict** the bar.

# %% [markdown] key="break" lang="fr"
# ## 8. Casser exprès
#
# ### (a) Un point
#
# Ajoutons le centre au dodécagone régulier. Pour $r<1$, il est isolé et la boucle est comme avant. Pour $r\ge1$, il est joint à tout : avec chaque simplexe $\sigma$, $\sigma\cup\{\text{centre}\}$ en est un aussi, on a un *cône*, et dans un cône tout cycle $z$ est le bord de la chaîne des $\sigma\cup\{\text{centre}\}$, pour les $\sigma\in z$ qui ne contiennent pas le centre (en degré $k\ge1$). La mort passe donc de $\sqrt3$ à 1 exactement, la persistance de 1,214 à 0,482 : pour un point sur treize.
#
# ### (b) Un peu de bruit en grande dimension
#
# Plaçons le dodécagone dans $\mathbb R^D$, $D=10^5$, et ajoutons $\mathcal N(0,\sigma^2)$ à chaque coordonnée, $\sigma=0{,}01$. Par la concentration de D4-01, le carré de chaque distance augmente de $2D\sigma^2=20$, à un écart type d’environ 0,09 près. Ici $\varepsilon\approx\sigma\sqrt D\approx3{,}2$ : le théorème 7 se tait. **Prévoyez** la barre.

# %% key="break-run" tags=["break"]
with_centre = loops(np.vstack([polygon(12), np.zeros(2)]))
expect("d4_04.break_death", with_centre[0, 1], 1.0, atol=1e-9)
expect("d4_04.break_persistence", with_centre[0] @ [-1, 1], 1 - 2 * np.sin(np.pi / 12), atol=1e-9)

rng = np.random.default_rng(SEED + 2)
wide = 0.01 * rng.normal(size=(12, 100_000))
wide[:, :2] += polygon(12)
far = loops(wide)[0]
expect("d4_04.break_wide_birth", far[0], np.sqrt(20 + 4 * np.sin(np.pi / 12) ** 2), atol=0.07)
expect("d4_04.break_wide_death", far[1], np.sqrt(20 + 3), atol=0.07)
U, size, _ = np.linalg.svd(wide - wide.mean(axis=0), full_matrices=False)
back = loops(U[:, :2] * size[:2])[0]
expect("d4_04.break_pca", back[1] / back[0], at_least=2.5)

# %% [markdown] key="break-wide" lang="en"
# A bar of 1.21 has become one of 0.29, at $r\approx4.6$: the loop is there, and every distance looks alike. Remedies are geometric: reduce the dimension first (PCA, D1-03, brings back a ratio of death to birth near 3 instead of $1.06$; the polygon itself has $3.35$), and count only points in dense regions.
#
# ### (c) Signs forgotten
#
# Over $\mathbb R$ without signs, $\partial_1$ is the matrix of 0s and 1s. A vector $y$ on the vertices is orthogonal to its image if and only if $y_a+y_b=0$ on each edge: one needs to colour the vertices with two signs, opposite along edges. So "$\beta_0$" becomes the number of *bipartite* components. **Predict** it for the hollow triangle and for the square; and the largest entry of $\partial_1\partial_2$.

# %% [markdown] key="break-wide" lang="fr"
# Une barre de 1,21 est devenue une barre de 0,29, vers $r\approx4{,}6$ : la boucle est bien là, et toutes les distances se ressemblent. Les remèdes sont géométriques : d’abord réduire la dimension (l’ACP, D1-03, rend un rapport de la mort à la naissance voisin de 3 au lieu de $1{,}06$ ; le polygone lui-même a $3{,}35$), et ne compter que les points des régions denses.
#
# ### (c) Des signes oubliés
#
# Sur $\mathbb R$ et sans signes, $\partial_1$ est la matrice de 0 et de 1. Un vecteur $y$ sur les sommets est orthogonal à son image si et seulement si $y_a+y_b=0$ sur chaque arête : il faut colorier les sommets de deux signes, opposés le long des arêtes. Ainsi, « $\beta_0$ » devient le nombre de composantes *biparties*. **Prévoyez**-le pour le triangle creux et pour le carré, ainsi que le plus grand coefficient de $\partial_1\partial_2$.

# %% key="break-signs" tags=["break"]
square = closure([(0, 1), (1, 2), (2, 3), (0, 3)])
for name, K, predicted in (("triangle", spaces["circle"], 0), ("square", square, 1)):
    expect(f"d4_04.break_signs_{name}", zero_eigenvalues(K, 0, sign=1), predicted)
torus = spaces["torus"]
expect("d4_04.break_twice", np.abs(matrix(torus, 1, 1) @ matrix(torus, 2, 1)).max(), 2.0)

# %% [markdown] key="leads" lang="en"
# A triangle with no component at all. The code ran, the matrices had the right shapes.
#
# ## 9. Where this leads
#
# A thousand points have $\binom{1000}3=166\,167\,000$ triangles: your thirty lines stop near a hundred points. AIRINA's TDA programme starts where this notebook stops. The questions are open before you: complexes and algorithms for real sizes; filtrations that outliers do not break; diagrams as vectors for learning, and the statistics of diagrams. **Before you use it**, ask: does my question concern connection, loops, cavities? Is the distance meaningful at the scale of the bars? Would a histogram of distances, or PCA, answer as well?

# %% [markdown] key="leads" lang="fr"
# Un triangle sans aucune composante. Le code a tourné, les matrices avaient les bonnes formes.
#
# ## 9. Où cela mène
#
# Mille points ont $\binom{1000}3=166\,167\,000$ triangles : vos trente lignes s’arrêtent vers cent points. Le parcours TDA d’AIRINA commence où ce notebook s’arrête. Les questions sont devant vous : des complexes et des algorithmes pour les tailles réelles ; des filtrations que des points aberrants ne cassent pas ; des diagrammes changés en vecteurs pour l’apprentissage, et la statistique de ces diagrammes. **Avant de vous en servir**, demandez-vous : ma question porte-t-elle sur des morceaux, des boucles, des cavités ? La distance a-t-elle un sens à l’échelle des barres ? Un histogramme des distances, ou une ACP, répondrait-il aussi bien ?

# %% [markdown] key="exit-ticket" lang="en"
# ## Exit ticket (no code)
#
# 1. A paper reports "a loop in the activations of layer 7" from one bar of length 0.3, born at 4.4, on 500 points of $\mathbb R^{768}$. Which two experiments do you ask for?
# 2. You remove ten points out of a thousand and the longest bar in degree 1 doubles. Does this contradict Theorem 7? What does it suggest?

# %% [markdown] key="exit-ticket" lang="fr"
# ## Billet de sortie (sans code)
#
# 1. Un article annonce « une boucle dans les activations de la couche 7 », d’après une barre de longueur 0,3, née en 4,4, sur 500 points de $\mathbb R^{768}$. Quelles deux expériences demandez-vous ?
# 2. Vous retirez dix points sur mille et la plus longue barre en degré 1 double. Est-ce contraire au théorème 7 ? Qu’est-ce que cela suggère ?

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. A null model: 500 points with the same covariance, or with columns shuffled (D4-01), and the law of their longest bar; a bar of 0.3 at scale 4.4 is 7 percent. And a projection to a few principal components, of the data *and* of the null model: for a real loop in noise the ratio of death to birth rises there to nearly that of the loop (section 8b), 3 for the 12-gon; for an accident it rises too, but no further than in the null model (near 1.4 for a Gaussian cloud of 60 points of $\mathbb R^{768}$). (A third: another random half of the points.) 2. No: the theorem moves points, it neither adds nor removes them; one point at the centre more than halved a bar. It suggests that the ten points lie inside a loop: outliers, or a second population, to be looked at before they are removed.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. Un modèle nul : 500 points de même covariance, ou à colonnes mélangées (D4-01), et la loi de leur plus longue barre ; une barre de 0,3 à l’échelle 4,4, c’est 7 pour cent. Et une projection sur quelques composantes principales, des données *et* du modèle nul : pour une vraie boucle dans du bruit, le rapport de la mort à la naissance y remonte presque à celui de la boucle (section 8b), 3 pour le dodécagone ; pour un accident il remonte aussi, mais pas plus haut que dans le modèle nul (vers 1,4 pour un nuage gaussien de 60 points de $\mathbb R^{768}$). (Une troisième : une autre moitié des points, tirée au sort.) 2. Non : le théorème déplace des points, il n’en ajoute ni n’en retire ; un point au centre a plus que réduit une barre de moitié. Cela suggère que les dix points sont à l’intérieur d’une boucle : des points aberrants, ou une seconde population, à regarder avant de les retirer.
