# %% [markdown] key="title" lang="en"
# # The manifold hypothesis: claim, evidence, overstatement
#
# **Day 4, notebook 1** — about 45 minutes (exercises 1, 3 and 4), then 30 minutes for exercise 2 and *Break it*.
#
# "Images lie on a low-dimensional manifold" is quoted in hundreds of papers, often as a fact, rarely with a scale, an error bar or a rival. This notebook turns the sentence into a statement that can fail: which dimension, at which scale, compared with what? Then it puts the statement to the test on handwritten digits, against three populations that nobody would call a manifold.
#
# After this notebook you can
#
# 1. say why learning in dimension 64 needs *some* structure, and state the hypothesis with its three lengths: noise, scale, reach;
# 2. find a tangent space by local PCA, and predict the radii at which it fails;
# 3. tell the dimension of a curve from the dimension of the space that the curve fills;
# 4. measure a dimension *at a scale* and judge it against null models.

# %% [markdown] key="title" lang="fr"
# # L’hypothèse de la variété : ce qu’elle affirme, ce qui l’appuie, ce qu’on exagère
#
# **Jour 4, notebook 1** — environ 45 minutes (exercices 1, 3 et 4), puis 30 minutes pour l’exercice 2 et *Casser exprès*.
#
# « Les images se trouvent sur une variété de petite dimension » : des centaines d’articles citent cette phrase, souvent comme un fait, rarement avec une échelle, une barre d’erreur ou une rivale. Ce notebook en fait un énoncé qui peut être faux : quelle dimension, à quelle échelle, par rapport à quoi ? Puis il met cet énoncé à l’épreuve sur des chiffres manuscrits, face à trois populations que personne n’appellerait une variété.
#
# À l’issue de ce notebook, vous saurez
#
# 1. dire pourquoi, en dimension 64, on n’apprend rien sans *une* structure, et énoncer l’hypothèse avec ses trois longueurs : le bruit, l’échelle, la portée ;
# 2. trouver un espace tangent par une ACP locale, et prévoir les rayons où elle échoue ;
# 3. distinguer la dimension d’une courbe de celle de l’espace que cette courbe remplit ;
# 4. mesurer une dimension *à une échelle* et la juger face à des modèles nuls.

# %% key="imports"
import numpy as np
from airina import check, expect, figures
from airina.data import digits
from scipy.stats import chi2

# en: another seed draws every sample of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0

# %% key="libraries"
from scipy.spatial.distance import pdist

# %% [markdown] key="concentration" lang="en"
# ## 1. Without structure, nothing is near
#
# To have a neighbour at distance $\varepsilon$ of every point of the cube $[0,1]^D$ takes at least $\varepsilon^{-D}/\omega_D$ points, $\omega_D$ being the volume of the unit ball. And in the simplest law of all, distances stop telling points apart.
#
# > **Proposition 1.** Let $X,X'$ be independent, of law $\mathcal N(0,I_D)$, and $R=|X-X'|$. Then $R^2/2$ has the law $\chi^2_D$, and the relative spread of distances is $\operatorname{sd}(R)/\mathbb E R\sim1/\sqrt{2D}$ as $D\to\infty$.
#
# *Proof.* $X-X'$ has $D$ independent coordinates of law $\mathcal N(0,2)$, hence the first claim, and $R^2=2D(1+\xi)$ with $\mathbb E\xi=0$, $\operatorname{Var}\xi=2/D$, $\mathbb E\xi^4=O(D^{-2})$. For $\xi\ge-1$ one has $|\sqrt{1+\xi}-1-\xi/2|\le\xi^2/2$. So $R=\sqrt{2D}\,(1+\xi/2+\rho)$ with $\mathbb E\rho^2=O(D^{-2})$: the mean is $\sqrt{2D}\,(1+O(1/D))$ and the standard deviation $\sqrt{2D}\cdot\frac12\sqrt{2/D}\,(1+O(D^{-1/2}))$. $\blacksquare$
#
# **Predict** the relative spread of the distances between 500 points in dimension 100, then 1000.

# %% [markdown] key="concentration" lang="fr"
# ## 1. Sans structure, rien n’est proche
#
# Pour que tout point du cube $[0,1]^D$ ait un voisin à distance $\varepsilon$, il faut au moins $\varepsilon^{-D}/\omega_D$ points, où $\omega_D$ est le volume de la boule unité. Et pour la loi la plus simple qui soit, les distances ne distinguent plus les points.
#
# > **Proposition 1.** Soient $X,X'$ indépendantes, de loi $\mathcal N(0,I_D)$, et $R=|X-X'|$. Alors $R^2/2$ suit la loi $\chi^2_D$, et la dispersion relative des distances vérifie $\operatorname{sd}(R)/\mathbb E R\sim1/\sqrt{2D}$ quand $D\to\infty$.
#
# *Démonstration.* $X-X'$ a $D$ coordonnées indépendantes de loi $\mathcal N(0,2)$, d’où le premier point, et $R^2=2D(1+\xi)$ avec $\mathbb E\xi=0$, $\operatorname{Var}\xi=2/D$, $\mathbb E\xi^4=O(D^{-2})$. Pour $\xi\ge-1$, on a $|\sqrt{1+\xi}-1-\xi/2|\le\xi^2/2$. Donc $R=\sqrt{2D}\,(1+\xi/2+\rho)$ avec $\mathbb E\rho^2=O(D^{-2})$ : la moyenne est $\sqrt{2D}\,(1+O(1/D))$ et l’écart type $\sqrt{2D}\cdot\frac12\sqrt{2/D}\,(1+O(D^{-1/2}))$. $\blacksquare$
#
# **Prévoyez** la dispersion relative des distances entre 500 points en dimension 100, puis 1000.

# %% key="concentration-run"
rng = np.random.default_rng(SEED)
for D in (100, 1000):
    apart = pdist(rng.standard_normal((500, D)))
    expect(f"d4_01.spread_{D}", apart.std() / apart.mean(), 1 / np.sqrt(2 * D), rtol=0.1)

# %% [markdown] key="concentration-read" lang="en"
# In dimension 1000 the distances are 44.7 with a standard deviation of 1: everybody is equally far from everybody. Whoever learns from 64 or from 150,528 numbers per image is therefore betting on a structure. The manifold hypothesis is the most popular bet; it is not the only one (sparsity, symmetry and compositionality are others).

# %% [markdown] key="concentration-read" lang="fr"
# En dimension 1000, les distances valent 44,7, avec un écart type de 1 : chacun est également loin de tous. Apprendre à partir de 64 nombres par image, ou de 150 528, c’est donc parier sur une structure. L’hypothèse de la variété est le pari le plus répandu ; ce n’est pas le seul (parcimonie, symétries, composition en sont d’autres).

# %% [markdown] key="claim" lang="en"
# ## 2. The claim
#
# > **Definition.** A closed set $M\subset\mathbb R^D$ is a *submanifold of dimension $d$*, of class $C^2$, if near each of its points $x$ it is, after a rotation, the graph of a $C^2$ map from an open set of $\mathbb R^d$ to $\mathbb R^{D-d}$. The graph of its derivative at $x$ is the *tangent space* $T_xM$. The *reach* $\tau$ of $M$ is the largest number such that no open ball of radius $\tau$ tangent to $M$ (centre $x+\tau u$, with $u\perp T_xM$ of norm 1) contains a point of $M$.
#
# Equivalently, $\tau$ is the largest number such that every point at distance less than $\tau$ from $M$ has only one nearest point in $M$. A circle has its radius for reach; two parallel lines, half of their distance. The reach thus bounds the curvature *and* keeps distant parts of $M$ from coming close.
#
# > **Theorem 2 (Federer).** For all $x,y\in M$, the distance from $y-x$ to $T_xM$ is at most $|y-x|^2/(2\tau)$.
#
# *Proof.* Let $h$ be this distance, $h>0$, and $u$ the unit vector, orthogonal to $T_xM$, with $\langle y-x,u\rangle=h$. For $t\le\tau$ finite, the ball of centre $x+tu$ and radius $t$ is tangent to $M$ at $x$ and contained in the one of radius $\tau$, so $y$ is not inside: $|y-x-tu|^2\ge t^2$, that is $|y-x|^2\ge2th$. Take $t=\tau$ (or $t\to\infty$). $\blacksquare$

# %% [markdown] key="claim" lang="fr"
# ## 2. Ce qu’affirme l’hypothèse
#
# > **Définition.** Une partie fermée $M\subset\mathbb R^D$ est une *sous-variété de dimension $d$*, de classe $C^2$, si au voisinage de chacun de ses points $x$ elle est, à une rotation près, le graphe d’une application $C^2$ d’un ouvert de $\mathbb R^d$ dans $\mathbb R^{D-d}$. Le graphe de la différentielle en $x$ est l’*espace tangent* $T_xM$. La *portée* $\tau$ de $M$ est le plus grand nombre tel qu’aucune boule ouverte de rayon $\tau$ tangente à $M$ (de centre $x+\tau u$, avec $u\perp T_xM$ de norme 1) ne contienne de point de $M$.
#
# De façon équivalente, $\tau$ est le plus grand nombre tel que tout point à distance strictement inférieure à $\tau$ de $M$ ait un seul point le plus proche dans $M$. La portée d’un cercle est son rayon ; celle de deux droites parallèles, la moitié de leur distance. La portée borne donc la courbure *et* empêche deux parties éloignées de $M$ de se frôler.
#
# > **Théorème 2 (Federer).** Pour tous $x,y\in M$, la distance de $y-x$ à $T_xM$ est au plus $|y-x|^2/(2\tau)$.
#
# *Démonstration.* Soit $h$ cette distance, $h>0$, et $u$ le vecteur unitaire, orthogonal à $T_xM$, tel que $\langle y-x,u\rangle=h$. Pour $t\le\tau$ fini, la boule de centre $x+tu$ et de rayon $t$ est tangente à $M$ en $x$ et contenue dans celle de rayon $\tau$ : $y$ n’est donc pas à l’intérieur, $|y-x-tu|^2\ge t^2$, c’est-à-dire $|y-x|^2\ge2th$. On prend $t=\tau$ (ou $t\to\infty$). $\blacksquare$

# %% [markdown] key="hypothesis" lang="en"
# > **The hypothesis.** The data are $Y+\text{noise}$, where $Y\in M$, $\dim M=d\ll D$, the noise has standard deviation $\sigma$ in each of the $D$ directions, and there are scales $r$ between the two lengths
# >
# > $$\sigma\sqrt D\;\ll\;r\;\ll\;\tau.$$
#
# Three lengths, not one number. Without the left one the claim is false (section 5); without the right one it is empty:
#
# > **Proposition 3.** Every set of $n$ distinct points of $\mathbb R^D$, $D\ge2$, lies on a $C^\infty$ curve without self-intersection.
#
# *Proof.* Only finitely many hyperplanes are orthogonal to a difference of two points; a unit vector $u$ outside all of them has $s_i=\langle x_i,u\rangle$ all distinct. Let $p$ be the polynomial with values in $u^\perp$ that interpolates $x_i-s_iu$ at $s_i$. The curve $s\mapsto su+p(s)$ is a graph. $\blacksquare$
#
# "My 60,000 images lie on a manifold of dimension 1" is a theorem, and worth nothing: the reach of that curve is absurdly small.

# %% [markdown] key="hypothesis" lang="fr"
# > **L’hypothèse.** Les données sont $Y+\text{bruit}$, où $Y\in M$, $\dim M=d\ll D$, le bruit a pour écart type $\sigma$ dans chacune des $D$ directions, et il existe des échelles $r$ entre les deux longueurs
# >
# > $$\sigma\sqrt D\;\ll\;r\;\ll\;\tau.$$
#
# Trois longueurs, et non un nombre. Sans celle de gauche, l’affirmation est fausse (section 5) ; sans celle de droite, elle est vide :
#
# > **Proposition 3.** Tout ensemble de $n$ points distincts de $\mathbb R^D$, $D\ge2$, est contenu dans une courbe $C^\infty$ sans point double.
#
# *Démonstration.* Il n’y a qu’un nombre fini d’hyperplans orthogonaux à une différence de deux points ; pour un vecteur unitaire $u$ hors de ces hyperplans, les $s_i=\langle x_i,u\rangle$ sont deux à deux distincts. Soit $p$ le polynôme à valeurs dans $u^\perp$ qui interpole $x_i-s_iu$ en $s_i$. La courbe $s\mapsto su+p(s)$ est un graphe. $\blacksquare$
#
# « Mes 60 000 images sont sur une variété de dimension 1 » est un théorème, et ne vaut rien : la portée de cette courbe est dérisoire.

# %% [markdown] key="local" lang="en"
# ## 3. Tangent spaces from data: local PCA
#
# > **Proposition 4.** Let $Y=x+t+h(t)$ with $t$ uniform in the ball of radius $r$ of $T_xM$ and $h(t)\perp T_xM$, such that $Y\in M$ and $|Y-x|\le\rho$. Let $\lambda_1\ge\dots\ge\lambda_D$ be the eigenvalues of the covariance of $Y+\sigma g$, where $g\sim\mathcal N(0,I_D)$ is independent of $Y$. Then
# >
# > $$\lambda_d\ge\frac{r^2}{d+2}+\sigma^2,\qquad \lambda_{d+1}\le\frac{\rho^4}{4\tau^2}+\sigma^2.$$
#
# *Proof.* In polar coordinates $\mathbb E|t|^2=\int_0^rs^{d+1}ds\big/\int_0^rs^{d-1}ds=\frac d{d+2}r^2$; by symmetry the covariance of $t$ is $\frac{r^2}{d+2}I_d$. So the variance of $Y$ is $\frac{r^2}{d+2}$ in every direction of $T_xM$, and by Theorem 2 at most $\mathbb E|h|^2\le\rho^4/(4\tau^2)$ in every direction orthogonal to it. Courant and Fischer's min-max formula turns the two statements into the two inequalities; the noise adds $\sigma^2I_D$. $\blacksquare$
#
# Tangent variances grow like $r^2$, normal ones like $r^4$. For the paraboloid $z=|t|^2/2$ over $\mathbb R^2$, seen from its apex, $|t|^2$ is uniform on $[0,r^2]$: tangent variances $r^2/4$, normal variance $\operatorname{Var}(|t|^2)/4=r^4/48$.

# %% [markdown] key="local" lang="fr"
# ## 3. Des espaces tangents à partir des données : l’ACP locale
#
# > **Proposition 4.** Soit $Y=x+t+h(t)$, avec $t$ uniforme dans la boule de rayon $r$ de $T_xM$ et $h(t)\perp T_xM$, tel que $Y\in M$ et $|Y-x|\le\rho$. Soient $\lambda_1\ge\dots\ge\lambda_D$ les valeurs propres de la covariance de $Y+\sigma g$, où $g\sim\mathcal N(0,I_D)$ est indépendant de $Y$. Alors
# >
# > $$\lambda_d\ge\frac{r^2}{d+2}+\sigma^2,\qquad \lambda_{d+1}\le\frac{\rho^4}{4\tau^2}+\sigma^2.$$
#
# *Démonstration.* En coordonnées polaires, $\mathbb E|t|^2=\int_0^rs^{d+1}ds\big/\int_0^rs^{d-1}ds=\frac d{d+2}r^2$ ; par symétrie, la covariance de $t$ est $\frac{r^2}{d+2}I_d$. La variance de $Y$ est donc $\frac{r^2}{d+2}$ dans toute direction de $T_xM$ et, d’après le théorème 2, au plus $\mathbb E|h|^2\le\rho^4/(4\tau^2)$ dans toute direction orthogonale. La formule du min-max de Courant et Fischer en tire les deux inégalités ; le bruit ajoute $\sigma^2I_D$. $\blacksquare$
#
# Les variances tangentes croissent comme $r^2$, les variances normales comme $r^4$. Pour le paraboloïde $z=|t|^2/2$ au-dessus de $\mathbb R^2$, vu de son sommet, $|t|^2$ est uniforme sur $[0,r^2]$ : variances tangentes $r^2/4$, variance normale $\operatorname{Var}(|t|^2)/4=r^4/48$.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1: local PCA (10 minutes)
#
# Write `local_pca(X, x, r)`: keep the rows of `X` at distance less than `r` from `x`, and return their $D$ variances, in decreasing order, with the axes as the rows of a $(D,D)$ array. Centre at the *mean* of the rows kept, and divide by their number: a covariance under the uniform law. At least $D+1$ rows are kept.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 : l’ACP locale (10 minutes)
#
# Écrivez `local_pca(X, x, r)` : gardez les lignes de `X` à distance strictement inférieure à `r` de `x`, et renvoyez leurs $D$ variances, en ordre décroissant, et les axes, lignes d’un tableau de forme $(D,D)$. Centrez sur la *moyenne* des lignes gardées et divisez par leur nombre : c’est la covariance sous la loi uniforme. On garde au moins $D+1$ lignes.

# %% key="ex1" tags=["exercise"]
def local_pca(X, x, r):
    # en: return (variances, decreasing; axes, one per row)
    # fr: renvoyer (variances décroissantes ; axes, un par ligne)
    # BEGIN SOLUTION
    near = X[np.linalg.norm(X - x, axis=1) < r]
    _, s, axes = np.linalg.svd(near - near.mean(axis=0), full_matrices=False)
    return s**2 / len(near), axes
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# Select first, centre afterwards, then the SVD of D1-03. The mean of the neighbours is not `x`: on a curved surface it is pulled to the inner side.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Sélectionnez, puis centrez, puis la SVD de D1-03. La moyenne des voisins n’est pas `x` : sur une surface courbe, elle est tirée du côté intérieur.
# </details>

# %% key="ex1-check"
check("d4_01.ex1", local_pca)

# %% [markdown] key="slopes-text" lang="en"
# **Predict** the slopes of $\ln\lambda$ against $\ln r$ on the noiseless paraboloid in $\mathbb R^3$: for $\lambda_1,\lambda_2$, and for $\lambda_3$. Then put the paraboloid into $\mathbb R^{20}$ with noise $\sigma=0.01$: below which radius will local PCA find *nobody*, and above which one does curvature overtake the noise ($r^4/48=\sigma^2$)?

# %% [markdown] key="slopes-text" lang="fr"
# **Prévoyez** les pentes de $\ln\lambda$ en fonction de $\ln r$ sur le paraboloïde sans bruit de $\mathbb R^3$ : pour $\lambda_1,\lambda_2$, et pour $\lambda_3$. Puis plongeons le paraboloïde dans $\mathbb R^{20}$, avec un bruit $\sigma=0{,}01$ : sous quel rayon l’ACP locale ne trouvera-t-elle *personne*, et au-delà duquel la courbure l’emporte-t-elle sur le bruit ($r^4/48=\sigma^2$) ?

# %% key="slopes"
rng = np.random.default_rng(SEED + 1)


def paraboloid(count, half_side, dimension, sigma):
    t = rng.uniform(-half_side, half_side, (count, 2))
    surface = np.column_stack([t, np.sum(t**2, axis=1) / 2, np.zeros((count, dimension - 3))])
    return surface + sigma * rng.standard_normal(surface.shape)


radii = np.geomspace(0.05, 0.3, 8)
surface = paraboloid(60_000, 0.3, 3, 0.0)
spectra = np.array([local_pca(surface, np.zeros(3), r)[0] for r in radii])
tangent = np.polyfit(np.log(radii), np.log(spectra[:, :2].mean(axis=1)), 1)[0]
normal = np.polyfit(np.log(radii), np.log(spectra[:, 2]), 1)[0]
expect("d4_01.tangent", tangent, 2, atol=0.1)
expect("d4_01.normal", normal, 4, atol=0.3)

# %% key="window" tags=["figure"]
sigma, apex = 0.01, np.zeros(20)
noisy = paraboloid(40_000, 1.1, 20, sigma)
radii = np.geomspace(0.055, 1, 14)
spectra = np.array([local_pca(noisy, apex, r)[0][:4] for r in radii])
grid = np.geomspace(0.0425, 1, 200)

ax = figures.axes(height=3.8)
disc = np.maximum(grid**2 - 18 * sigma**2, 0)
ax.loglog(grid, disc / 4 + sigma**2, "-", color=figures.BLUE, label=T("$(r^2-18\\sigma^2)/4+\\sigma^2$: tangent", "$(r^2-18\\sigma^2)/4+\\sigma^2$ : tangentes"))
ax.loglog(grid, grid**4 / 48 + sigma**2, "--", color=figures.VERMILION, label=T("$r^4/48+\\sigma^2$: curvature", "$r^4/48+\\sigma^2$ : courbure"))
ax.axhline(sigma**2, color=figures.GREY, linestyle=":", label=T("$\\sigma^2$: noise", "$\\sigma^2$ : bruit"))
for column, marker in enumerate(("o", "s", "^", "D")):
    ax.loglog(radii, spectra[:, column], marker, color=figures.BLACK, markersize=4, label=f"$\\lambda_{column + 1}$")
ax.axvspan(0.03, sigma * np.sqrt(18), color="0.85")
ax.set_xlim(0.035, 1.05)
ax.set_xlabel(T("radius $r$", "rayon $r$"))
ax.set_ylabel(T("variance", "variance"))
ax.legend(fontsize="small", ncols=2);

# %% [markdown] key="window-read" lang="en"
# Grey: the noise alone moves a point off the surface by $\sigma\sqrt{18}\approx0.042$, so smaller balls are empty, and a ball of radius $r$ keeps a disc of squared radius $r^2-18\sigma^2$. Two eigenvalues leave the floor at once; the third, curvature, at about $r=0.26$; the fourth never. Between $0.1$ and $0.5$ one reads "dimension 2" with a clear gap. At $r=1$ the same cloud, read with a threshold at 5 % of $\lambda_1$, has dimension 3. The picture *is* the hypothesis: a dimension with the interval of scales where it holds.

# %% [markdown] key="window-read" lang="fr"
# En gris : à lui seul, le bruit écarte un point de la surface de $\sigma\sqrt{18}\approx0{,}042$, si bien que les boules plus petites sont vides et qu’une boule de rayon $r$ garde un disque dont le carré du rayon est $r^2-18\sigma^2$. Deux valeurs propres quittent aussitôt le plancher ; la troisième, la courbure, vers $r=0{,}26$ ; la quatrième jamais. Entre $0{,}1$ et $0{,}5$, on lit « dimension 2 » avec un écart net. En $r=1$, le même nuage, lu avec un seuil à 5 % de $\lambda_1$, est de dimension 3. Cette figure *est* l’hypothèse : une dimension, avec l’intervalle d’échelles où elle vaut.

# %% [markdown] key="shifts" lang="en"
# ## 4. A curve that fills a large space
#
# "PCA keeps 95 % of the variance with 56 components, so the data have dimension 56." Take one bump $\varphi\in\mathbb R^n$ on a circle of $n$ pixels and all its shifts: $n$ points of a *closed curve*.
#
# > **Proposition 5.** The covariance of the $n$ circular shifts of $\varphi$ (divided by $n$) has the eigenvalues $|\hat\varphi_k|^2/n$ for $k=1,\dots,n-1$, and $0$, where $\hat\varphi_k=\sum_j\varphi_je^{-2i\pi jk/n}$.
#
# *Proof.* Put $f_k=n^{-1/2}(e^{2i\pi jk/n})_j$, an orthonormal basis of $\mathbb C^n$. The shift of $\varphi$ by $s$ has the coordinates $e^{-2i\pi sk/n}\hat\varphi_k/\sqrt n$. Over $s$ they have mean zero for $k\neq0$ and are constant for $k=0$; and $\sum_se^{-2i\pi s(k-l)/n}=0$ for $k\ne l$. The covariance is diagonal in this basis. $\blacksquare$
#
# A Gaussian bump of width $w$ ($1\ll w\ll n$) has $|\hat\varphi_k|^2\propto e^{-(2\pi kw/n)^2}$, a Gaussian in $k$ of standard deviation $n/(2\sqrt2\,\pi w)$. So 95 % of the variance takes about $2\times1.96\,n/(2\sqrt2\,\pi w)=0.441\,n/w$ components. The narrower the bump, the larger the linear dimension of the *same* one-parameter family.

# %% [markdown] key="shifts" lang="fr"
# ## 4. Une courbe qui remplit un grand espace
#
# « L’ACP garde 95 % de la variance avec 56 composantes, donc les données sont de dimension 56. » Prenons une bosse $\varphi\in\mathbb R^n$ sur un cercle de $n$ pixels et toutes ses translatées : $n$ points d’une *courbe fermée*.
#
# > **Proposition 5.** La covariance des $n$ translatées circulaires de $\varphi$ (divisée par $n$) a pour valeurs propres les $|\hat\varphi_k|^2/n$, $k=1,\dots,n-1$, et $0$, où $\hat\varphi_k=\sum_j\varphi_je^{-2i\pi jk/n}$.
#
# *Démonstration.* Posons $f_k=n^{-1/2}(e^{2i\pi jk/n})_j$, base orthonormée de $\mathbb C^n$. La translatée de $\varphi$ par $s$ a pour coordonnées $e^{-2i\pi sk/n}\hat\varphi_k/\sqrt n$. Quand $s$ varie, elles sont de moyenne nulle pour $k\neq0$, constantes pour $k=0$ ; et $\sum_se^{-2i\pi s(k-l)/n}=0$ pour $k\ne l$. La covariance est diagonale dans cette base. $\blacksquare$
#
# Une bosse gaussienne de largeur $w$ ($1\ll w\ll n$) vérifie $|\hat\varphi_k|^2\propto e^{-(2\pi kw/n)^2}$, gaussienne en $k$ d’écart type $n/(2\sqrt2\,\pi w)$. Il faut donc environ $2\times1{,}96\,n/(2\sqrt2\,\pi w)=0{,}441\,n/w$ composantes pour 95 % de la variance. Plus la bosse est étroite, plus la dimension linéaire de la *même* famille à un paramètre est grande.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2: the spectrum of all shifts (8 minutes)
#
# Write `shift_spectrum(template)`: the $n$ variances of Proposition 5, in decreasing order, for any real `template` of length $n$.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 : le spectre de toutes les translatées (8 minutes)
#
# Écrivez `shift_spectrum(template)` : les $n$ variances de la proposition 5, en ordre décroissant, pour tout vecteur réel `template` de longueur $n$.

# %% key="ex2" tags=["exercise"]
def shift_spectrum(template):
    # en: return the n variances, decreasing
    # fr: renvoyer les n variances, décroissantes
    # BEGIN SOLUTION
    power = np.abs(np.fft.fft(template)) ** 2 / len(template)
    power[0] = 0
    return np.sort(power)[::-1]
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.fft.fft` computes all the $\hat\varphi_k$ in $O(n\log n)$ operations, $\hat\varphi_0$ first. Building the $n$ shifts and diagonalising is correct too, in $O(n^3)$.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.fft.fft` calcule tous les $\hat\varphi_k$ en $O(n\log n)$ opérations, $\hat\varphi_0$ en premier. Construire les $n$ translatées et diagonaliser est juste aussi, en $O(n^3)$.
# </details>

# %% key="ex2-check"
check("d4_01.ex2", shift_spectrum)

# %% key="shifts-figure" tags=["figure"]
pixels = 128
distance_to_0 = np.minimum(np.arange(pixels), pixels - np.arange(pixels))
left, right = figures.axes(2)
for width, line, marker in zip((1, 2, 4, 16), figures.LINES, figures.MARKERS):
    bump = np.exp(-(distance_to_0**2) / (2 * width**2))
    explained = np.cumsum(shift_spectrum(bump)) / np.sum(shift_spectrum(bump))
    needed = 1 + np.argmax(explained >= 0.95)
    expect(f"d4_01.shifts_{width}", needed, 1.96 * pixels / (np.sqrt(2) * np.pi * width), atol=1.0)
    left.plot(np.roll(bump, 64), linestyle=line, label=f"$w={width}$")
    right.plot(np.arange(1, 129), explained, linestyle=line, marker=marker, markevery=[needed - 1], label=str(needed))
left.set_xlabel(T("pixel", "pixel"))
left.legend()
right.set_xlabel(T("number of components", "nombre de composantes"))
right.set_ylabel(T("share of the variance", "part de la variance"))
right.legend(title=T("for 95 %", "pour 95 %"))
right.set_xlim(0, 70);

# %% [markdown] key="shifts-read" lang="en"
# The dimension of a linear hull and the dimension of a set are two different things; here 56 and 1. The converse error is as common: a low-dimensional PCA plot does not show a manifold either, as section 6 will prove.

# %% [markdown] key="shifts-read" lang="fr"
# La dimension de l’enveloppe linéaire et celle de l’ensemble sont deux choses différentes ; ici 56 et 1. L’erreur inverse est tout aussi courante : une ACP de petite dimension ne révèle pas non plus une variété, comme le montrera la section 6.

# %% [markdown] key="scale" lang="en"
# ## 5. A dimension is a function of scale
#
# A law on a $d$-dimensional set puts about $r^d$ of its mass in a ball of radius $r$. Let $X,X'$ be independent of the same law, and $C(r)=\mathbb P(|X-X'|<r)$.
#
# > **Proposition 6.** Let $M$ be a compact $C^2$ submanifold of dimension $d$ and $f$ a continuous density on $M$. Then $C(r)\sim\omega_d\big(\int_Mf^2\big)\,r^d$ as $r\to0$. If one adds to $X$ and $X'$ independent noises $\mathcal N(0,\sigma^2I_D)$, $\sigma>0$, then $C(r)\sim c\,r^D$ with $c>0$.
#
# *Proof.* By Theorem 2, for $r$ small the projection to $T_xM$ maps $M\cap B(x,r)$ onto a domain between the discs of radius $r-O(r^2)$ and $r$, and changes volumes by a factor $1+O(r)$, uniformly in $x$. So $\mathbb P(|X'-x|<r)/(\omega_dr^d)\to f(x)$ uniformly; integrate against $f$. The noisy law has a bounded, continuous, positive density on $\mathbb R^D$: the same argument with dominated convergence gives $r^D$. $\blacksquare$
#
# So for noisy data the limit $r\to0$ always answers $D$: the hypothesis speaks of a *range* of $r$. From $N$ points, let $r_q$ be the quantile of order $q$ of their $N(N-1)/2$ distances. The **dimension between the quantiles** $q<q'$ is the slope
#
# $$\hat d=\frac{\ln(q'/q)}{\ln(r_{q'}/r_q)}.$$

# %% [markdown] key="scale" lang="fr"
# ## 5. Une dimension est une fonction de l’échelle
#
# Une loi sur un ensemble de dimension $d$ met une masse de l’ordre de $r^d$ dans une boule de rayon $r$. Soient $X,X'$ indépendantes de même loi, et $C(r)=\mathbb P(|X-X'|<r)$.
#
# > **Proposition 6.** Soit $M$ une sous-variété compacte $C^2$ de dimension $d$ et $f$ une densité continue sur $M$. Alors $C(r)\sim\omega_d\big(\int_Mf^2\big)\,r^d$ quand $r\to0$. Si l’on ajoute à $X$ et à $X'$ des bruits indépendants $\mathcal N(0,\sigma^2I_D)$, $\sigma>0$, alors $C(r)\sim c\,r^D$ avec $c>0$.
#
# *Démonstration.* D’après le théorème 2, pour $r$ petit, la projection sur $T_xM$ envoie $M\cap B(x,r)$ sur un domaine compris entre les disques de rayons $r-O(r^2)$ et $r$, et change les volumes d’un facteur $1+O(r)$, uniformément en $x$. Donc $\mathbb P(|X'-x|<r)/(\omega_dr^d)\to f(x)$ uniformément ; on intègre contre $f$. La loi bruitée a une densité bornée, continue et strictement positive sur $\mathbb R^D$ : le même argument, par convergence dominée, donne $r^D$. $\blacksquare$
#
# Pour des données bruitées, la limite $r\to0$ répond donc toujours $D$ : l’hypothèse parle d’un *intervalle* de valeurs de $r$. À partir de $N$ points, soit $r_q$ le quantile d’ordre $q$ de leurs $N(N-1)/2$ distances. La **dimension entre les quantiles** $q<q'$ est la pente
#
# $$\hat d=\frac{\ln(q'/q)}{\ln(r_{q'}/r_q)}.$$

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3: dimension at a scale (8 minutes)
#
# Write `dimension(X, low, high)`: the slope $\hat d$ of the rows of `X` between the quantiles `low` and `high`. For the quantile, NumPy's is good enough.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 : la dimension à une échelle (8 minutes)
#
# Écrivez `dimension(X, low, high)` : la pente $\hat d$ des lignes de `X` entre les quantiles `low` et `high`. Le quantile de NumPy convient.

# %% key="ex3" tags=["exercise"]
def dimension(X, low, high):
    # en: return the slope of ln C between the two quantiles
    # fr: renvoyer la pente de ln C entre les deux quantiles
    # BEGIN SOLUTION
    near, far = np.quantile(pdist(X), [low, high])
    return np.log(high / low) / np.log(far / near)
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# `pdist(X)` gives each distance once, without the zeros of the diagonal. Which of the two logarithms is multiplied by $d$ when $C(r)=c\,r^d$?
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `pdist(X)` donne chaque distance une fois, sans les zéros de la diagonale. Lequel des deux logarithmes est multiplié par $d$ quand $C(r)=c\,r^d$ ?
# </details>

# %% key="ex3-check"
check("d4_01.ex3", dimension)

# %% [markdown] key="circle-text" lang="en"
# **A case with a known answer at every scale.** A uniform point of the unit circle in $\mathbb R^{20}$, plus noise $\mathcal N(0,\sigma^2I)$. Two points at arc $a$ differ by a chord $2\sin(a/2)$ along the circle and, across it, by 19 Gaussian coordinates of variance $2\sigma^2$. With $W$ of law $\chi^2_{19}$, and $\sigma$ small,
#
# $$C(r)\approx\frac2\pi\,\mathbb E\arcsin\Big(\tfrac12\sqrt{(r^2-2\sigma^2W)_+}\Big),$$
#
# which goes from $r^{20}$ for $r\ll\sigma$ to $r/\pi$ for $r\gg\sigma\sqrt{40}$. **Predict** the dimension of *this* circle, $\sigma=10^{-3}$, seen by 3,000 points between the quantiles $10^{-4}$ and $10^{-3}$, then between $10^{-2}$ and $10^{-1}$.

# %% [markdown] key="circle-text" lang="fr"
# **Un cas où la réponse est connue à toute échelle.** Un point uniforme du cercle unité dans $\mathbb R^{20}$, plus un bruit $\mathcal N(0,\sigma^2I)$. Deux points séparés d’un arc $a$ diffèrent d’une corde $2\sin(a/2)$ le long du cercle et, en travers, de 19 coordonnées gaussiennes de variance $2\sigma^2$. Avec $W$ de loi $\chi^2_{19}$, et $\sigma$ petit,
#
# $$C(r)\approx\frac2\pi\,\mathbb E\arcsin\Big(\tfrac12\sqrt{(r^2-2\sigma^2W)_+}\Big),$$
#
# qui passe de $r^{20}$ pour $r\ll\sigma$ à $r/\pi$ pour $r\gg\sigma\sqrt{40}$. **Prévoyez** la dimension de *ce* cercle, $\sigma=10^{-3}$, vu par 3000 points entre les quantiles $10^{-4}$ et $10^{-3}$, puis entre $10^{-2}$ et $10^{-1}$.

# %% key="circle-figure" tags=["figure"]
rng = np.random.default_rng(SEED + 2)
angle = rng.uniform(0, 2 * np.pi, 3000)
circle = np.column_stack([np.cos(angle), np.sin(angle), np.zeros((3000, 18))])
noise = rng.standard_normal(circle.shape)
decades = 10.0 ** np.array([-4, -3, -2, -1])
r = np.geomspace(1e-4, 1.9, 1200)
share = (np.arange(1000) + 0.5) / 1000
relative_gaps = []

ax = figures.axes(height=3.8)
for sigma, line, marker in zip((1e-3, 1e-2, 5e-2), figures.LINES, figures.MARKERS):
    # en: the expectation over W, by the midpoint rule up to where the root vanishes
    # fr: l’espérance en W, par la règle du point milieu jusqu’où la racine s’annule
    top = np.minimum(r**2 / (2 * sigma**2), 90)[:, None]
    chord = np.sqrt(np.maximum(r[:, None] ** 2 - 2 * sigma**2 * top * share, 0))
    C = 2 / np.pi * np.mean(np.arcsin(chord / 2) * chi2.pdf(top * share, 19) * top, axis=1)
    seen = C > 1e-7
    ax.semilogx(r[seen], np.gradient(np.log(C[seen]), np.log(r[seen])), linestyle=line, label=rf"$\sigma={sigma:g}$")
    for q in decades[:3]:
        near, middle, far = np.exp(np.interp(np.log(q * np.array([1, 10**0.5, 10])), np.log(C[seen]), np.log(r[seen])))
        found = dimension(circle + sigma * noise, q, 10 * q)
        ax.plot(middle, found, marker, color=figures.BLACK)
        relative_gaps.append(abs(found * np.log(far / near) / np.log(10) - 1))
ax.set_ylim(0, 20)
ax.set_xlabel(T("radius $r$", "rayon $r$"))
ax.set_ylabel(T("slope of $\\ln C$", "pente de $\\ln C$"))
ax.legend()
expect("d4_01.circle", max(relative_gaps), at_most=0.15)

# %% [markdown] key="circle-read" lang="en"
# Lines are the theory, marks the measurements. With $\sigma=10^{-3}$, a noise that no eye would see, the circle has dimension 7 among its nearest pairs and 1 further away. With $\sigma=0.05$ no decade of radii is left in which it looks like a curve. An estimator that looks at nearest neighbours (TwoNN, D4-03) sees the left end of these curves; and since more data bring nearer neighbours, it answers *more* when it is given more points.

# %% [markdown] key="circle-read" lang="fr"
# Les lignes sont la théorie, les marques les mesures. Pour $\sigma=10^{-3}$, un bruit qu’aucun œil ne verrait, le cercle est de dimension 7 entre ses points les plus proches, de dimension 1 plus loin. Pour $\sigma=0{,}05$, il ne reste pas une décade de rayons où il ressemble à une courbe. Un estimateur qui regarde les plus proches voisins (TwoNN, D4-03) voit l’extrémité gauche de ces courbes ; et comme davantage de données apportent des voisins plus proches, il répond *plus* quand on lui donne plus de points.

# %% [markdown] key="nulls" lang="en"
# ## 6. Evidence: compared with what?
#
# The dimension of the 1,797 digits ($D=64$) between the quantiles $10^{-3}$ and $10^{-2}$ is $6.33$. Alone, this number proves nothing. A **null model** is a population made from the data that keeps some of their statistics and, by construction, has no curved structure:
#
# - *shuffled*: each pixel permuted among the images, independently of the others. Keeps the law of every pixel;
# - *Gaussian*: same mean, same covariance. Keeps all that PCA sees;
# - *one Gaussian per class*: also keeps the ten clusters.
#
# ### Exercise 4: the Gaussian twin (10 minutes)
#
# Write `gaussian_null(X, rng)`: as many rows as `X`, independent, from the Gaussian law that has the mean of `X` and its covariance (divisor $N-1$ or $N$, as you like), drawn with `rng`. Some columns of `X` may be constant or depend on others.

# %% [markdown] key="nulls" lang="fr"
# ## 6. Ce qui appuie l’hypothèse : par rapport à quoi ?
#
# La dimension des 1797 chiffres ($D=64$) entre les quantiles $10^{-3}$ et $10^{-2}$ est $6{,}33$. À lui seul, ce nombre ne prouve rien. Un **modèle nul** est une population tirée des données, qui garde certaines de leurs statistiques et qui, par construction, n’a aucune structure courbe :
#
# - *mélangée* : chaque pixel est permuté entre les images, indépendamment des autres. Garde la loi de chaque pixel ;
# - *gaussienne* : même moyenne, même covariance. Garde tout ce que voit l’ACP ;
# - *une gaussienne par classe* : garde aussi les dix amas.
#
# ### Exercice 4 : la jumelle gaussienne (10 minutes)
#
# Écrivez `gaussian_null(X, rng)` : autant de lignes que `X`, indépendantes, de loi gaussienne ayant la moyenne de `X` et sa covariance (diviseur $N-1$ ou $N$, à votre choix), tirées avec `rng`. Certaines colonnes de `X` peuvent être constantes ou dépendre d’autres colonnes.

# %% key="ex4" tags=["exercise"]
def gaussian_null(X, rng):
    # en: return an array of the shape of X
    # fr: renvoyer un tableau de la forme de X
    # BEGIN SOLUTION
    mean = X.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(X.T))
    scaled_normals = rng.standard_normal(X.shape) * np.sqrt(values.clip(0))
    return mean + scaled_normals @ vectors.T
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# If $g\sim\mathcal N(0,I)$, the covariance of $Ag$ is $AA^\top$. Cholesky refuses a singular covariance; the spectral theorem does not, but rounding may leave eigenvalues of $-10^{-17}$.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Si $g\sim\mathcal N(0,I)$, la covariance de $Ag$ est $AA^\top$. Cholesky refuse une covariance singulière ; le théorème spectral l’accepte, mais l’arrondi peut laisser des valeurs propres de $-10^{-17}$.
# </details>

# %% key="ex4-check"
check("d4_01.ex4", gaussian_null)

# %% [markdown] key="nulls-predict" lang="en"
# **Predict** the order of the four dimensions. Which two populations need (almost) the same number of principal components for 95 % of the variance? And what would it mean if the third null had the dimension of the digits?

# %% [markdown] key="nulls-predict" lang="fr"
# **Prévoyez** l’ordre des quatre dimensions. Quelles sont les deux populations auxquelles il faut (presque) le même nombre de composantes principales pour 95 % de la variance ? Et que faudrait-il conclure si la troisième population nulle avait la dimension des chiffres ?

# %% key="nulls-run"
rng = np.random.default_rng(SEED + 3)
X, y = digits()
twins = [gaussian_null(X[y == label], rng) for label in range(10)]
populations = {
    T("digits", "chiffres"): X,
    T("shuffled", "mélangée"): rng.permuted(X, axis=0),
    T("Gaussian", "gaussienne"): gaussian_null(X, rng),
    T("per class", "par classe"): np.concatenate(twins),
}
found = [dimension(Z, 1e-3, 1e-2) for Z in populations.values()]
for name, Z, d in zip(populations, populations.values(), found, strict=True):
    spectrum = np.cumsum(np.linalg.svd(Z - Z.mean(axis=0), compute_uv=False) ** 2)
    needed = 1 + np.argmax(spectrum >= 0.95 * spectrum[-1])
    print(f"{name:10s} | {d:5.2f} | {needed}")

own = np.array([dimension(X[y == label], 1e-2, 1e-1) for label in range(10)])
twin = np.array([dimension(Z, 1e-2, 1e-1) for Z in twins])
expect("d4_01.below_gaussian", found[0] / found[2], at_most=0.6)
expect("d4_01.below_classes", found[0] / found[3], at_most=0.85)
expect("d4_01.every_class", np.max(own / twin), at_most=1.0)

# %% key="nulls-figure" tags=["figure"]
left, right = figures.axes(2)
figures.bars(left, list(populations), found)
left.set_ylabel(T("dimension of all", "dimension de l’ensemble"))
right.plot(range(10), own, "o", color=figures.BLUE, label=T("digits", "chiffres"))
right.plot(range(10), twin, "s", color=figures.VERMILION, label=T("Gaussian twin", "jumelle gaussienne"))
right.set_ylim(0, 13)
right.set_xticks(range(10))
right.set_xlabel(T("class", "classe"))
right.set_ylabel(T("dimension inside the class", "dimension dans la classe"))
right.legend(loc="lower right");

# %% [markdown] key="nulls-read" lang="en"
# The first three bars, 6.3 against 21 and 16, are what articles show. Digits and Gaussian need 29 and 28 components: PCA sees no difference. But the fourth bar, 9.0, shows that almost three quarters of the gap between digits and Gaussian come from ten *clusters*, not from any manifold. What is left, 6.3 against 9.0, is the evidence for curved structure *inside* the classes. On the right it appears in each of the ten, 6.7 against 10.2 on average. Real, repeated, and more modest than announced.

# %% [markdown] key="nulls-read" lang="fr"
# Les trois premières barres, 6,3 contre 21 et 16, sont celles que montrent les articles. Aux chiffres et à la gaussienne, il faut 29 et 28 composantes : l’ACP ne voit pas la différence. Mais la quatrième barre, 9,0, montre que près des trois quarts de l’écart entre chiffres et gaussienne viennent de dix *amas*, et d’aucune variété. Ce qui reste, 6,3 contre 9,0, est ce qui témoigne d’une structure courbe *à l’intérieur* des classes. À droite, on le retrouve dans chacune des dix, 6,7 contre 10,2 en moyenne. C’est réel, c’est répété, et c’est plus modeste qu’annoncé.

# %% [markdown] key="overstated" lang="en"
# ## 7. What is overstated
#
# - *"The data lie on a manifold."* Near one, between two scales: a noisy law has a density on all of $\mathbb R^D$.
# - *"Its dimension is $d$."* At which radii?
#
# > **Proposition 7.** From $N$ points, a slope measured between radii of ratio $\kappa$ is at most $\ln(N^2/2)/\ln\kappa$.
#
# *Proof.* $q\ge2/(N(N-1))$ if $r_q$ is one of the distances, and $q'\le1$. $\blacksquare$
#
# Over one decade ($\kappa=10$), 1,797 points cannot show more than $6.2$, and dimension 64 would take $10^{32}$ points. Our $6.33$ was measured between $r=1.03$ and $1.48$, a factor of $1.44$.
#
# - *"One manifold."* Ten classes have ten dimensions, from 4.4 (the ones) to 8.2 (the zeros).
# - *"A few principal components, therefore a manifold"*, or the converse: section 4 and the Gaussian null refute both.
# - *"This is why deep learning works."* A small $d$ is not enough: covering $M$ at precision $\varepsilon$ still takes $\varepsilon^{-d}$ points, and guarantees also involve $\tau$, the volume of $M$ and the regularity of what is learnt.

# %% [markdown] key="overstated" lang="fr"
# ## 7. Ce qu’on exagère
#
# - *« Les données sont sur une variété. »* Près d’une variété, entre deux échelles : une loi bruitée a une densité sur tout $\mathbb R^D$.
# - *« Sa dimension est $d$. »* À quels rayons ?
#
# > **Proposition 7.** À partir de $N$ points, une pente mesurée entre des rayons de rapport $\kappa$ est au plus $\ln(N^2/2)/\ln\kappa$.
#
# *Démonstration.* $q\ge2/(N(N-1))$ si $r_q$ est l’une des distances, et $q'\le1$. $\blacksquare$
#
# Sur une décade ($\kappa=10$), 1797 points ne peuvent montrer plus de $6{,}2$, et la dimension 64 demanderait $10^{32}$ points. Notre $6{,}33$ a été mesuré entre $r=1{,}03$ et $1{,}48$, soit un facteur $1{,}44$.
#
# - *« Une variété. »* Dix classes ont dix dimensions, de 4,4 (les uns) à 8,2 (les zéros).
# - *« Peu de composantes principales, donc une variété »*, ou la réciproque : la section 4 et la jumelle gaussienne réfutent les deux.
# - *« Voilà pourquoi l’apprentissage profond fonctionne. »* Une petite dimension $d$ ne suffit pas : recouvrir $M$ à la précision $\varepsilon$ demande encore $\varepsilon^{-d}$ points, et les garanties font aussi intervenir $\tau$, le volume de $M$ et la régularité de ce que l’on apprend.

# %% [markdown] key="break-a" lang="en"
# ## 8. Break it
#
# ### (a) A low dimension where there is none
#
# 1,797 points of $\mathcal N(0,I_{64})$: no structure, no scale, dimension 64. By Proposition 1, $r_q=\sqrt{2F^{-1}(q)}$ with $F$ the distribution function of $\chi^2_{64}$. **Prediction**: between $10^{-3}$ and $10^{-2}$ the estimator answers $\ln10\big/\ln(r_{10^{-2}}/r_{10^{-3}})=28.8$. It can only look where there are pairs, far from $r\to0$. "29 dimensions out of 64, hence structure": false, and the null model says so.

# %% [markdown] key="break-a" lang="fr"
# ## 8. Casser exprès
#
# ### (a) Une petite dimension là où il n’y en a pas
#
# 1797 points de loi $\mathcal N(0,I_{64})$ : aucune structure, aucune échelle, dimension 64. D’après la proposition 1, $r_q=\sqrt{2F^{-1}(q)}$, où $F$ est la fonction de répartition de $\chi^2_{64}$. **Prévision** : entre $10^{-3}$ et $10^{-2}$, l’estimateur répond $\ln10\big/\ln(r_{10^{-2}}/r_{10^{-3}})=28{,}8$. Il ne peut regarder que là où il y a des couples, loin de $r\to0$. « 29 dimensions sur 64, donc une structure » : c’est faux, et le modèle nul le dit.

# %% key="break-a-run" tags=["break"]
rng = np.random.default_rng(SEED + 4)
nearest_scale = np.sqrt(2 * chi2.ppf([1e-3, 1e-2], 64))
answered = dimension(rng.standard_normal((1797, 64)), 1e-3, 1e-2)
expect("d4_01.break_noise", answered, np.log(10) / np.diff(np.log(nearest_scale))[0], atol=3)

# %% [markdown] key="break-b" lang="en"
# ### (b) A minority decides
#
# 2,700 points uniform in a cube $[0,1]^5$ and 300 on a unit circle far away. Only 1 % of the pairs are on the circle, and 81 % in the cube:
#
# $$C(r)\approx0.01\,\frac r\pi+0.81\,\omega_5\,r^5,\qquad\omega_5=5.26.$$
#
# The two terms are equal at $r=0.17$, where $C\approx10^{-3}$. **Prediction**: slope 1 between the quantiles $10^{-5}$ and $10^{-4}$, although nine points out of ten live in dimension 5; and between $10^{-2}$ and $10^{-1}$ the cube, a little below 5 because of its faces. At small scales the *smallest* dimension wins, whatever its share.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Une minorité décide
#
# 2700 points uniformes dans un cube $[0,1]^5$ et 300 sur un cercle unité, loin de là. Seuls 1 % des couples sont sur le cercle, et 81 % dans le cube :
#
# $$C(r)\approx0{,}01\,\frac r\pi+0{,}81\,\omega_5\,r^5,\qquad\omega_5=5{,}26.$$
#
# Les deux termes sont égaux en $r=0{,}17$, où $C\approx10^{-3}$. **Prévision** : pente 1 entre les quantiles $10^{-5}$ et $10^{-4}$, bien que neuf points sur dix vivent en dimension 5 ; et, entre $10^{-2}$ et $10^{-1}$, le cube, un peu au-dessous de 5 à cause de ses faces. Aux petites échelles, la *plus petite* dimension l’emporte, quelle que soit sa part.

# %% key="break-b-run" tags=["break"]
rng = np.random.default_rng(SEED + 5)
union = np.zeros((3000, 5))
angle = rng.uniform(0, 2 * np.pi, 300)
union[:300, 0], union[:300, 1] = 10 + np.cos(angle), np.sin(angle)
union[300:] = rng.uniform(size=(2700, 5))
expect("d4_01.break_minority", dimension(union, 1e-5, 1e-4), 1.0, atol=0.4)
expect("d4_01.break_cube", dimension(union, 1e-2, 1e-1), at_least=3.5, at_most=5)

# %% [markdown] key="break-c" lang="en"
# ### (c) No noise, no curvature, and still wrong
#
# Two parallel planes at distance $\delta=0.1$: flat, but of reach $\delta/2$. Local PCA at a point of the first, with $r=0.3>\tau$, also sees a disc of the second, of squared radius $r^2-\delta^2$, hence a share $p=\frac{r^2-\delta^2}{2r^2-\delta^2}=\frac8{17}$ of the neighbours. **Prediction**: $\lambda_3=\delta^2p(1-p)=0.00249$, a ninth of $\lambda_1$: a third dimension that does not exist. Reach is not only curvature.

# %% [markdown] key="break-c" lang="fr"
# ### (c) Ni bruit, ni courbure, et pourtant faux
#
# Deux plans parallèles à distance $\delta=0{,}1$ : plats, mais de portée $\delta/2$. L’ACP locale en un point du premier, avec $r=0{,}3>\tau$, voit aussi un disque du second, dont le carré du rayon est $r^2-\delta^2$, d’où une part $p=\frac{r^2-\delta^2}{2r^2-\delta^2}=\frac8{17}$ des voisins. **Prévision** : $\lambda_3=\delta^2p(1-p)=0{,}00249$, un neuvième de $\lambda_1$ : une troisième dimension qui n’existe pas. La portée n’est pas que la courbure.

# %% key="break-c-run" tags=["break"]
rng = np.random.default_rng(SEED + 6)
sheets = rng.uniform(-0.5, 0.5, (40_000, 3))
sheets[:, 2] = 0.1 * rng.integers(2, size=40_000)
variances = local_pca(sheets, np.zeros(3), 0.3)[0]
expect("d4_01.break_sheets", variances[2], 0.1**2 * 8 / 17 * 9 / 17, rtol=0.02)
print(variances[0] / variances[2])

# %% [markdown] key="exit" lang="en"
# ## Exit ticket (no code, five minutes)
#
# 1. An article announces "intrinsic dimension 26" for 50,000 images of 3,072 numbers. Over which ratio of radii can this have been measured at most? ($\ln(N^2/2)=20.9$.) Which two null models do you ask for in your review?
# 2. Two principal components explain at least 98 % of the variance of a data set. Give two laws with this property, one of dimension 64 at every small enough scale, one of dimension 1.
#
# **What to keep**: a dimension comes with a range of scales and a rival; noise bounds the range on the left, reach on the right; linear dimension and intrinsic dimension bound each other in one direction only; clusters can pass for a manifold.

# %% [markdown] key="exit" lang="fr"
# ## Billet de sortie (sans code, cinq minutes)
#
# 1. Un article annonce « dimension intrinsèque 26 » pour 50 000 images de 3072 nombres. Sur quel rapport de rayons, au plus, cela a-t-il pu être mesuré ? ($\ln(N^2/2)=20{,}9$.) Quels sont les deux modèles nuls que vous demandez dans votre rapport ?
# 2. Deux composantes principales expliquent au moins 98 % de la variance d’un jeu de données. Donnez deux lois qui ont cette propriété, l’une de dimension 64 à toute échelle assez petite, l’autre de dimension 1.
#
# **À retenir** : une dimension s’annonce avec un intervalle d’échelles et une rivale ; le bruit borne cet intervalle à gauche, la portée à droite ; dimension linéaire et dimension intrinsèque ne se bornent que dans un sens ; des amas peuvent passer pour une variété.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. $\ln\kappa\le20.9/26=0.80$, so $\kappa\le2.2$. The Gaussian with the same covariance, and one Gaussian per class (or per cluster). 2. $\mathcal N(0,\operatorname{diag}(1,1,\epsilon,\dots,\epsilon))$ in dimension 64, with $62\epsilon\le0.04$; the uniform law on a circle. A set contained in a $k$-dimensional subspace has dimension at most $k$; nothing bounds the linear dimension by the intrinsic one.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. $\ln\kappa\le20{,}9/26=0{,}80$, donc $\kappa\le2{,}2$. La gaussienne de même covariance, et une gaussienne par classe (ou par amas). 2. $\mathcal N(0,\operatorname{diag}(1,1,\epsilon,\dots,\epsilon))$ en dimension 64, avec $62\epsilon\le0{,}04$ ; la loi uniforme sur un cercle. Un ensemble contenu dans un sous-espace de dimension $k$ est de dimension au plus $k$ ; rien ne borne la dimension linéaire par la dimension intrinsèque.
