# %% [markdown] key="title" lang="en"
# # Curvature, distance distortion, intrinsic dimension
#
# **Day 4, notebook 3** — about 45 minutes (exercises 1 to 3), then 30 minutes for exercise 4 and *Break it*.
#
# Every map of the Earth lies, and so does every plane picture of a representation. D4-02 showed *that* embeddings break; this notebook computes *how much* one has to lie. Curvature is a number that a creature living inside a surface can measure; it gives a floor below which no algorithm brings the distortion. Random projections tell the opposite story: given enough dimensions, distances survive almost for free. Between the two stands the question of how many dimensions the data have, and distances to neighbours answer it, as long as there are neighbours.
#
# After this notebook you can
#
# 1. compute lengths from a metric alone, and a metric from any differentiable chart, such as a decoder;
# 2. compute a Gaussian curvature by automatic differentiation and measure it again from inside, with circles;
# 3. prove a lower bound on the distortion of every map of a curved surface, and one that no number of dimensions removes;
# 4. prove the lemma of Johnson and Lindenstrauss and say what it does not promise;
# 5. derive an estimator of intrinsic dimension, its standard error, and the data on which it fails.

# %% [markdown] key="title" lang="fr"
# # Courbure, distorsion des distances, dimension intrinsèque
#
# **Jour 4, notebook 3** — environ 45 minutes (exercices 1 à 3), puis 30 minutes pour l’exercice 4 et *Casser exprès*.
#
# Toute carte de la Terre ment, et toute image plane d’une représentation ment aussi. D4-02 a montré *que* les plongements se rompent ; ce notebook calcule *combien* il faut mentir. La courbure est un nombre que mesurerait un être vivant à l’intérieur d’une surface ; elle fixe un plancher sous lequel aucun algorithme ne fait descendre la distorsion. Les projections aléatoires racontent l’histoire inverse : avec assez de dimensions, les distances survivent presque gratuitement. Entre les deux se pose une question : combien de dimensions ont les données ? Les distances aux voisins y répondent, tant qu’il y a des voisins.
#
# À l’issue de ce notebook, vous saurez
#
# 1. calculer des longueurs à partir d’une métrique seule, et la métrique de toute carte dérivable, par exemple un décodeur ;
# 2. calculer une courbure de Gauss par différentiation automatique, et la mesurer de nouveau de l’intérieur, avec des cercles ;
# 3. démontrer un minorant de la distorsion de toute carte plane d’une surface courbe, et un autre qu’aucune dimension ne fait disparaître ;
# 4. démontrer le lemme de Johnson et Lindenstrauss, et dire ce qu’il ne promet pas ;
# 5. établir un estimateur de la dimension intrinsèque, son erreur type, et les données sur lesquelles il échoue.

# %% key="imports"
import numpy as np
from airina import check, expect, figures
from airina.derivatives import numerical_jvp
from scipy.spatial.distance import cdist

# en: another seed draws every sample of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0

# %% key="libraries"
import jax
import jax.numpy as jnp
import torch

# %% [markdown] key="metric" lang="en"
# ## 1. Lengths from inside
#
# Let $X:U\to\mathbb R^D$, with $U\subset\mathbb R^d$ open, be of class $C^2$, injective, with a Jacobian $J(u)$ of rank $d$ everywhere: a **chart** of the surface $X(U)$, or the decoder of a VAE. Its **induced metric** (*pullback metric*) is
#
# $$G(u)=J(u)^\top J(u)\in\mathbb R^{d\times d},$$
#
# symmetric positive definite. If $\gamma:[0,1]\to U$ is a $C^1$ curve, the chain rule gives $|(X\circ\gamma)'|^2=|J\gamma'|^2$, so the length of its image is
#
# $$\ell(\gamma)=\int_0^1\sqrt{\gamma'(t)^\top G(\gamma(t))\,\gamma'(t)}\;dt .$$
#
# The ambient space has disappeared: whoever knows $G$ computes lengths, angles, areas ($\sqrt{\det G}\,du$) and the **geodesic distance**, the infimum of the lengths of curves between two points, without leaving $U$. A map between surfaces is an **isometry** if it is bijective and keeps the length of every curve; in corresponding charts both surfaces then have the same $G$.

# %% [markdown] key="metric" lang="fr"
# ## 1. Les longueurs, vues de l’intérieur
#
# Soit $X:U\to\mathbb R^D$, avec $U\subset\mathbb R^d$ ouvert, de classe $C^2$, injective, de jacobienne $J(u)$ de rang $d$ partout : une **carte** de la surface $X(U)$, ou le décodeur d’un VAE. Sa **métrique induite** (*pullback metric*) est
#
# $$G(u)=J(u)^\top J(u)\in\mathbb R^{d\times d},$$
#
# symétrique définie positive. Si $\gamma:[0,1]\to U$ est une courbe de classe $C^1$, la règle de la chaîne donne $|(X\circ\gamma)'|^2=|J\gamma'|^2$, et la longueur de son image est donc
#
# $$\ell(\gamma)=\int_0^1\sqrt{\gamma'(t)^\top G(\gamma(t))\,\gamma'(t)}\;dt .$$
#
# L’espace ambiant a disparu : qui connaît $G$ calcule les longueurs, les angles, les aires ($\sqrt{\det G}\,du$) et la **distance géodésique**, borne inférieure des longueurs des courbes qui joignent deux points, sans sortir de $U$. Une application entre surfaces est une **isométrie** si elle est bijective et conserve la longueur de toute courbe ; dans des cartes qui se correspondent, les deux surfaces ont alors la même $G$.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 (8 minutes)
#
# Write `path_length(metric, path)`. `metric(u)` returns $G(u)$, `path` has shape $(n+1,d)$: successive points of the curve in $U$. Evaluate $G$ at the midpoint of each step.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 (8 minutes)
#
# Écrivez `path_length(metric, path)`. `metric(u)` renvoie $G(u)$, `path` est de forme $(n+1,d)$ : des points successifs de la courbe dans $U$. Évaluez $G$ au milieu de chaque pas.

# %% key="ex1" tags=["exercise"]
def path_length(metric, path):
    # en: length of the path, a step from p to q counted with G((p + q) / 2)
    # fr: longueur du chemin, un pas de p à q étant compté avec G((p + q) / 2)
    # BEGIN SOLUTION
    total = 0.0
    for start, end in zip(path[:-1], path[1:], strict=True):
        step = end - start
        total += np.sqrt(step @ metric((start + end) / 2) @ step)
    return total
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# A step $\delta=q-p$ stands for $\gamma'\,dt$: it contributes $\sqrt{\delta^\top G\,\delta}$, with the square root taken step by step.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Un pas $\delta=q-p$ tient lieu de $\gamma'\,dt$ : il contribue $\sqrt{\delta^\top G\,\delta}$, la racine étant prise à chaque pas.
# </details>

# %% key="ex1-check"
check("d4_03.ex1", path_length)

# %% [markdown] key="globe-text" lang="en"
# **A flight.** The chart $X(\theta,\varphi)=(\sin\theta\cos\varphi,\sin\theta\sin\varphi,\cos\theta)$ of the sphere has $G=\operatorname{diag}(1,\sin^2\theta)$. Two towns lie at latitude $60°$ ($\theta=\pi/6$), on opposite meridians. **Predict** the length of the flight along the parallel, and of the one over the pole. Both derivative libraries and difference quotients must first find the same $G$, here for the torus.

# %% [markdown] key="globe-text" lang="fr"
# **Un vol.** La carte $X(\theta,\varphi)=(\sin\theta\cos\varphi,\sin\theta\sin\varphi,\cos\theta)$ de la sphère a pour métrique $G=\operatorname{diag}(1,\sin^2\theta)$. Deux villes se trouvent à la latitude $60°$ ($\theta=\pi/6$), sur des méridiens opposés. **Prévoyez** la longueur du vol le long du parallèle, et de celui qui passe par le pôle. Les deux bibliothèques de dérivation et les taux d’accroissement doivent d’abord trouver la même $G$, ici pour le tore.

# %% key="globe"
def sphere(u, xp):
    return xp.stack([xp.sin(u[0]) * xp.cos(u[1]), xp.sin(u[0]) * xp.sin(u[1]), xp.cos(u[0])])


def torus(u, xp):
    ring = 2 + xp.cos(u[0])
    return xp.stack([ring * xp.cos(u[1]), ring * xp.sin(u[1]), xp.sin(u[0])])


place = np.array([0.7, 0.4])
by_jax = np.asarray(jax.jit(jax.jacfwd(lambda u: torus(u, jnp)))(place))
by_torch = torch.func.jacrev(lambda u: torus(u, torch))(torch.tensor(place)).numpy()
quotients = np.stack([numerical_jvp(lambda u: torus(u, np), place, e) for e in np.eye(2)], axis=1)
exact = np.diag([1, (2 + np.cos(0.7)) ** 2])
expect("d4_03.metric_jax", np.abs(by_jax.T @ by_jax - exact).max(), at_most=1e-12)
expect("d4_03.metric_torch", np.abs(by_torch.T @ by_torch - exact).max(), at_most=1e-12)
expect("d4_03.metric_differences", np.abs(quotients.T @ quotients - exact).max(), at_most=1e-8)


def globe(u):
    return np.diag([1.0, np.sin(u[0]) ** 2])


steps = np.linspace(0, 1, 1001)[:, None]
parallel = path_length(globe, np.hstack([np.pi / 6 + 0 * steps, np.pi * steps]))
over_the_pole = path_length(globe, np.hstack([np.pi / 6 * (2 * steps - 1), 0 * steps]))
expect("d4_03.parallel", parallel, np.pi / 2, rtol=1e-9)
expect("d4_03.pole", over_the_pole, np.pi / 3, rtol=1e-9)

# %% [markdown] key="curvature" lang="en"
# ## 2. Curvature
#
# Now $d=2$, $D=3$, $X$ of class $C^3$. Let $n$ be a unit normal and $\mathrm{II}_{ij}=\langle n,\partial_i\partial_jX\rangle$: how the surface leaves its tangent plane. The **Gaussian curvature** is
#
# $$K=\frac{\det\mathrm{II}}{\det G}.$$
#
# The sign of $n$ does not matter (two factors change sign), nor does the chart: with $u=\psi(v)$ and $M=D\psi$, both matrices become $M^\top(\cdot)M$, because the new second derivatives only add tangent vectors. A sphere of radius $R$ has $K=1/R^2$, a saddle has $K<0$, a cylinder $K=0$.
#
# > **Theorem 1 (Gauss, *Theorema Egregium*).** $K$ depends on $G$ and its derivatives only. Hence isometric surfaces have the same curvature at corresponding points.
#
# We admit it in general, and use one case: if $G=\operatorname{diag}(1,s(r,\varphi)^2)$ with $s>0$, then $K=-\partial_r^2s/s$. So **no piece of a sphere is isometric to a piece of the plane**, whatever the map; a swiss roll is, and Isomap may hope to unroll it.

# %% [markdown] key="curvature" lang="fr"
# ## 2. La courbure
#
# Désormais $d=2$, $D=3$, et $X$ est de classe $C^3$. Soit $n$ un vecteur normal unitaire, et $\mathrm{II}_{ij}=\langle n,\partial_i\partial_jX\rangle$ : la façon dont la surface quitte son plan tangent. La **courbure de Gauss** est
#
# $$K=\frac{\det\mathrm{II}}{\det G}.$$
#
# Le signe de $n$ n’importe pas (deux facteurs changent de signe), la carte non plus : si $u=\psi(v)$ et $M=D\psi$, les deux matrices deviennent $M^\top(\cdot)M$, car les nouvelles dérivées secondes n’ajoutent que des vecteurs tangents. Une sphère de rayon $R$ a pour courbure $K=1/R^2$, une selle $K<0$, un cylindre $K=0$.
#
# > **Théorème 1 (Gauss, *Theorema Egregium*).** $K$ ne dépend que de $G$ et de ses dérivées. Deux surfaces isométriques ont donc la même courbure aux points qui se correspondent.
#
# Nous l’admettons en général, et employons un cas : si $G=\operatorname{diag}(1,s(r,\varphi)^2)$ avec $s>0$, alors $K=-\partial_r^2s/s$. Ainsi, **aucun morceau de sphère n’est isométrique à un morceau de plan**, quelle que soit l’application ; un rouleau suisse l’est, et Isomap peut espérer le dérouler.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 (10 minutes)
#
# Write `gaussian_curvature(J, H)` from the derivatives of a chart at a point: `J[:, i]` is $\partial_iX$ and `H[:, i, j]` is $\partial_i\partial_jX$; their shapes are $(3,2)$ and $(3,2,2)$.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 (10 minutes)
#
# Écrivez `gaussian_curvature(J, H)` à partir des dérivées d’une carte en un point : `J[:, i]` est $\partial_iX$ et `H[:, i, j]` est $\partial_i\partial_jX$ ; leurs formes sont $(3,2)$ et $(3,2,2)$.

# %% key="ex2" tags=["exercise"]
def gaussian_curvature(J, H):
    # en: K at the point where the chart has first derivatives J, second derivatives H
    # fr: K au point où la carte a pour dérivées premières J, pour dérivées secondes H
    # BEGIN SOLUTION
    normal = np.cross(J[:, 0], J[:, 1])
    normal = normal / np.linalg.norm(normal)
    second = np.einsum("a,aij->ij", normal, H)
    return np.linalg.det(second) / np.linalg.det(J.T @ J)
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.cross` gives a normal, not yet of length 1. Try the graph of $u_1^2+u_2^2$ at the origin on paper: $\mathrm{II}=2I$, $G=I$, $K=4$.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.cross` donne un vecteur normal, pas encore de longueur 1. Essayez sur le papier le graphe de $u_1^2+u_2^2$ à l’origine : $\mathrm{II}=2I$, $G=I$, $K=4$.
# </details>

# %% key="ex2-check"
check("d4_03.ex2", gaussian_curvature)

# %% [markdown] key="torus-text" lang="en"
# **The torus**, with radii 2 and 1: with $\theta$ the angle around the tube, $K=\cos\theta/(2+\cos\theta)$: $\frac13$ on the outer circle, $-1$ on the inner one. What is $\int K\,dA$ over the whole torus? The area element is $(2+\cos\theta)\,d\theta\,d\varphi$, so the integral is zero. By the theorem of Gauss and Bonnet it equals $2\pi\chi$ on every closed surface, where $\chi$ is an integer that knows nothing of metrics: D4-04 counts it with triangles.

# %% [markdown] key="torus-text" lang="fr"
# **Le tore**, de rayons 2 et 1 : si $\theta$ est l’angle autour du tube, $K=\cos\theta/(2+\cos\theta)$ : $\frac13$ sur le cercle extérieur, $-1$ sur le cercle intérieur. Que vaut $\int K\,dA$ sur le tore entier ? L’élément d’aire est $(2+\cos\theta)\,d\theta\,d\varphi$, et l’intégrale est donc nulle. D’après le théorème de Gauss et Bonnet, elle vaut $2\pi\chi$ sur toute surface fermée, où $\chi$ est un entier qui ignore tout des métriques : D4-04 le comptera avec des triangles.

# %% key="curvature-run"
def roll(u, xp):
    return xp.stack([u[0] * xp.cos(u[0]), u[1], u[0] * xp.sin(u[0])])


def curvatures(chart, places):
    first = torch.func.jacrev(lambda u: chart(u, torch))
    points = torch.tensor(places)
    J, H = (torch.func.vmap(f)(points).numpy() for f in (first, torch.func.jacfwd(first)))
    return np.array([gaussian_curvature(*pair) for pair in zip(J, H, strict=True)])


expect("d4_03.sphere", curvatures(sphere, np.array([[0.9, 0.2]]))[0], 1.0, atol=1e-10)
expect("d4_03.roll", curvatures(roll, np.array([[7.0, 3.0]]))[0], 0.0, atol=1e-10)
outer, inner = curvatures(torus, np.array([[0.0, 1.0], [np.pi, 1.0]]))
expect("d4_03.outer", outer, 1 / 3, atol=1e-10)
expect("d4_03.inner", inner, -1.0, atol=1e-10)
second_by_jax = np.asarray(jax.jit(jax.hessian(lambda u: torus(u, jnp)))(place))
predicted = np.cos(0.7) / (2 + np.cos(0.7))
expect("d4_03.by_torch", curvatures(torus, place[None])[0], predicted, atol=1e-10)
expect("d4_03.by_jax", gaussian_curvature(by_jax, second_by_jax), predicted, atol=1e-10)

# %% key="torus-figure" tags=["figure"]
turns = np.linspace(0, 2 * np.pi, 49)
around, along = np.meshgrid(turns, turns, indexing="ij")
places = np.stack([around.ravel(), along.ravel()], axis=1)
K = curvatures(torus, places).reshape(around.shape)
inside = (K * (2 + np.cos(around)))[:-1, :-1]
expect("d4_03.gauss_bonnet", inside.sum() * (2 * np.pi / 48) ** 2, 0.0, atol=1e-10)

ax = figures.axes(height=3.6, subplot_kw={"projection": "3d"})
shades = figures.mpl.cm.ScalarMappable(figures.mpl.colors.Normalize(-1, 1 / 3), "cividis")
ax.plot_surface(*torus(np.stack([around, along]), np), facecolors=shades.to_rgba(K), rstride=1, cstride=1, shade=False)
ax.plot(*torus(np.stack([0 * turns + np.pi / 2, turns]), np), "-", color=figures.VERMILION, zorder=5, label="$K=0$")
ax.set_aspect("equal")
ax.set_box_aspect(ax.get_box_aspect(), zoom=1.4)
ax.legend(loc="upper left")
ax.view_init(50, 20)
ax.set_axis_off()
ax.figure.colorbar(shades, ax=ax, shrink=0.7, label=T("curvature $K$", "courbure $K$"));

# %% [markdown] key="circles" lang="en"
# ## 3. Measuring it from inside
#
# > **Theorem 2 (Bertrand, Diguet, Puiseux).** On a smooth surface let $C(r)$ be the length of the geodesic circle of radius $r$ about $p$. Then $K(p)=\lim_{r\to0}\dfrac{3\,(2\pi r-C(r))}{\pi r^3}.$
#
# *Proof.* In geodesic polar coordinates about $p$ the metric is $\operatorname{diag}(1,s(r,\varphi)^2)$ (Gauss' lemma), with $s\to0$ and $\partial_rs\to1$ as $r\to0$. Since $\partial_r^2s=-Ks$ and $K$ is continuous, $s=r-K(p)\,r^3/6+o(r^3)$, uniformly in $\varphi$. Integrate over $\varphi$: $C(r)=2\pi r-\pi K(p)\,r^3/3+o(r^3)$. $\blacksquare$
#
# No normal, no ambient space: a rope is enough. Below, three metrics $\operatorname{diag}(1,s(r)^2)$ with $s=\sin r$, $r$ and $\sinh r$. The last, the **hyperbolic plane**, is no surface of $\mathbb R^3$ as a whole (Hilbert), and `path_length` does not mind. **Predict** the three estimates at $r=0.05$, up to $r^2/20$.

# %% [markdown] key="circles" lang="fr"
# ## 3. La mesurer de l’intérieur
#
# > **Théorème 2 (Bertrand, Diguet, Puiseux).** Sur une surface lisse, soit $C(r)$ la longueur du cercle géodésique de centre $p$ et de rayon $r$. Alors $K(p)=\lim_{r\to0}\dfrac{3\,(2\pi r-C(r))}{\pi r^3}.$
#
# *Démonstration.* En coordonnées polaires géodésiques de centre $p$, la métrique est $\operatorname{diag}(1,s(r,\varphi)^2)$ (lemme de Gauss), avec $s\to0$ et $\partial_rs\to1$ quand $r\to0$. Comme $\partial_r^2s=-Ks$ et que $K$ est continue, $s=r-K(p)\,r^3/6+o(r^3)$, uniformément en $\varphi$. On intègre en $\varphi$ : $C(r)=2\pi r-\pi K(p)\,r^3/3+o(r^3)$. $\blacksquare$
#
# Ni vecteur normal, ni espace ambiant : une corde suffit. Ci-dessous, trois métriques $\operatorname{diag}(1,s(r)^2)$ avec $s=\sin r$, $r$ et $\sinh r$. La dernière, le **plan hyperbolique**, n’est dans son entier aucune surface de $\mathbb R^3$ (Hilbert), et `path_length` ne s’en soucie pas. **Prévoyez** les trois estimations en $r=0{,}05$, à $r^2/20$ près.

# %% key="circles-run"
radius = 0.05
circle = np.hstack([radius + 0 * steps, 2 * np.pi * steps])
for name, s, predicted in (("ball", np.sin, 1.0), ("plane", np.positive, 0.0), ("hyperbolic", np.sinh, -1.0)):
    around = path_length(lambda u: np.diag([1.0, s(u[0]) ** 2]), circle)
    expect(f"d4_03.circle_{name}", 3 * (2 * np.pi * radius - around) / (np.pi * radius**3), predicted, atol=2e-4)

# %% [markdown] key="distortion" lang="en"
# ## 4. The price of a plane picture
#
# Let $f:(M,d)\to(N,d')$ be injective. Its **distortion** is
#
# $$\operatorname{dist}(f)=\sup_{x\ne y}\frac{d'(f(x),f(y))}{d(x,y)}\ \cdot\ \sup_{x\ne y}\frac{d(x,y)}{d'(f(x),f(y))}\ \ge1,$$
#
# equal to 1 if and only if $f$ multiplies all distances by one constant. The unit of length in the picture does not matter.
#
# > **Theorem 3 (after Milnor).** Let $C_\alpha$ be a cap of geodesic radius $\alpha<\pi$ on the unit sphere, with its geodesic distance. Every injective $f:C_\alpha\to\mathbb R^2$ has $\operatorname{dist}(f)\ge\dfrac{\alpha}{\sin\alpha}$.
#
# So a plane picture of a hemisphere has distortion at least $\pi/2$; one of a cap 700 km across, the length of Benin ($\alpha=0.055$), at least $1.0005$; one of a cap of radius 4,000 km, about the size of Africa, at least $1.068$. To second order the floor is $1+K\alpha^2/6$: small pieces are nearly flat, and that is all that local methods ask for.

# %% [markdown] key="distortion" lang="fr"
# ## 4. Le prix d’une image plane
#
# Soit $f:(M,d)\to(N,d')$ injective. Sa **distorsion** est
#
# $$\operatorname{dist}(f)=\sup_{x\ne y}\frac{d'(f(x),f(y))}{d(x,y)}\ \cdot\ \sup_{x\ne y}\frac{d(x,y)}{d'(f(x),f(y))}\ \ge1,$$
#
# égale à 1 si et seulement si $f$ multiplie toutes les distances par une même constante. L’unité de longueur de l’image n’importe pas.
#
# > **Théorème 3 (d’après Milnor).** Soit $C_\alpha$ une calotte de rayon géodésique $\alpha<\pi$ de la sphère unité, munie de sa distance géodésique. Toute application injective $f:C_\alpha\to\mathbb R^2$ vérifie $\operatorname{dist}(f)\ge\dfrac{\alpha}{\sin\alpha}$.
#
# Une image plane d’un hémisphère a donc une distorsion d’au moins $\pi/2$ ; celle d’une calotte de 700 km de diamètre, la longueur du Bénin ($\alpha=0{,}055$), d’au moins $1{,}0005$ ; celle d’une calotte de 4 000 km de rayon, à peu près la taille de l’Afrique, d’au moins $1{,}068$. Au second ordre, le plancher est $1+K\alpha^2/6$ : les petits morceaux sont presque plats, et les méthodes locales n’en demandent pas plus.

# %% [markdown] key="distortion-proof" lang="en"
# ### Proof
#
# Let $A=\sup d'/d$ and $B=\sup d/d'$, both finite, else there is nothing to show; $f$ is then a homeomorphism onto its image. Let $o$ be the centre of the cap and $\partial C_\alpha$ its rim, of length $2\pi\sin\alpha$, at distance $\alpha$ from $o$.
#
# By invariance of domain $f$ maps the interior of the cap onto an open set. A half-line from $f(o)$ leaves the compact set $f(C_\alpha)$ for the last time at a point which is not interior, hence in $f(\partial C_\alpha)$, at distance at least $\alpha/B$ from $f(o)$. Project the plane onto the closed disc of centre $f(o)$ and radius $\alpha/B$ (nearest point): the projection lengthens nothing, and by what precedes the image of $f(\partial C_\alpha)$ is the whole circle. Since $f$ multiplies lengths by at most $A$,
#
# $$2\pi\,\frac\alpha B\le\ell\big(f(\partial C_\alpha)\big)\le A\cdot2\pi\sin\alpha .\qquad\blacksquare$$

# %% [markdown] key="distortion-proof" lang="fr"
# ### Démonstration
#
# Soient $A=\sup d'/d$ et $B=\sup d/d'$, tous deux finis, sans quoi il n’y a rien à montrer ; $f$ est alors un homéomorphisme sur son image. Soit $o$ le centre de la calotte et $\partial C_\alpha$ son bord, de longueur $2\pi\sin\alpha$, à distance $\alpha$ de $o$.
#
# D’après le théorème d’invariance du domaine, $f$ envoie l’intérieur de la calotte sur un ouvert. Une demi-droite issue de $f(o)$ quitte pour la dernière fois le compact $f(C_\alpha)$ en un point qui ne lui est pas intérieur, donc en un point de $f(\partial C_\alpha)$, à distance au moins $\alpha/B$ de $f(o)$. Projetons le plan sur le disque fermé de centre $f(o)$ et de rayon $\alpha/B$ (point le plus proche) : la projection n’allonge rien et, d’après ce qui précède, l’image de $f(\partial C_\alpha)$ est le cercle entier. Comme $f$ multiplie les longueurs par $A$ au plus,
#
# $$2\pi\,\frac\alpha B\le\ell\big(f(\partial C_\alpha)\big)\le A\cdot2\pi\sin\alpha .\qquad\blacksquare$$

# %% [markdown] key="charts" lang="en"
# ### Three maps of a hemisphere
#
# The map $(\theta,\varphi)\mapsto\rho(\theta)(\cos\varphi,\sin\varphi)$ stretches by $\rho'(\theta)$ along meridians and by $\rho(\theta)/\sin\theta$ along parallels: the singular values of its differential. The hemisphere and its image are convex, so the suprema of $d'/d$ and $d/d'$ are those of the singular values and of their inverses (follow the shortest path of one side on the other).
#
# | map | $\rho$ | stretches | distortion |
# |---|---|---|---|
# | equidistant | $\theta$ | $1,\ \theta/\sin\theta$ | $\pi/2$, the floor |
# | stereographic | $2\tan(\theta/2)$ | both $1/\cos^2(\theta/2)$ | ? |
# | equal-area | $2\sin(\theta/2)$ | $\cos(\theta/2),\ 1/\cos(\theta/2)$ | ? |
# | shadow (PCA) | $\sin\theta$ | $\cos\theta,\ 1$ | ? |
#
# **Predict** the last three.

# %% [markdown] key="charts" lang="fr"
# ### Trois cartes d’un hémisphère
#
# L’application $(\theta,\varphi)\mapsto\rho(\theta)(\cos\varphi,\sin\varphi)$ dilate de $\rho'(\theta)$ le long des méridiens et de $\rho(\theta)/\sin\theta$ le long des parallèles : ce sont les valeurs singulières de sa différentielle. L’hémisphère et son image sont convexes, et les bornes supérieures de $d'/d$ et de $d/d'$ sont donc celles des valeurs singulières et de leurs inverses (on suit d’un côté le plus court chemin de l’autre).
#
# | carte | $\rho$ | dilatations | distorsion |
# |---|---|---|---|
# | équidistante | $\theta$ | $1,\ \theta/\sin\theta$ | $\pi/2$, le plancher |
# | stéréographique | $2\tan(\theta/2)$ | toutes deux $1/\cos^2(\theta/2)$ | ? |
# | équivalente (aires conservées) | $2\sin(\theta/2)$ | $\cos(\theta/2),\ 1/\cos(\theta/2)$ | ? |
# | ombre (ACP) | $\sin\theta$ | $\cos\theta,\ 1$ | ? |
#
# **Prévoyez** les trois dernières.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 (6 minutes)
#
# Write `distortion(D, E)`: `D[i, j]` is the distance of $x_i$ and $x_j$, `E[i, j]` the one of their images; off the diagonal both are positive.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 (6 minutes)
#
# Écrivez `distortion(D, E)` : `D[i, j]` est la distance de $x_i$ à $x_j$, `E[i, j]` celle de leurs images ; hors de la diagonale, toutes sont strictement positives.

# %% key="ex3" tags=["exercise"]
def distortion(D, E):
    # en: largest expansion times largest contraction, over all pairs
    # fr: plus grande dilatation fois plus grande contraction, sur toutes les paires
    # BEGIN SOLUTION
    pairs = np.triu_indices(len(D), 1)
    ratio = E[pairs] / D[pairs]
    return ratio.max() / ratio.min()
    # END SOLUTION


# %% key="ex3-check"
check("d4_03.ex3", distortion)

# %% key="charts-run"
rng = np.random.default_rng(SEED)
theta, phi = np.arccos(1 - rng.random(1000)), 2 * np.pi * rng.random(1000)
ball = sphere(np.stack([theta, phi]), np).T
geodesic = 2 * np.arcsin(np.clip(cdist(ball, ball) / 2, 0, 1))
charts = {
    "equidistant": (theta, np.pi / 2),
    "stereographic": (2 * np.tan(theta / 2), 2.0),
    "equal_area": (2 * np.sin(theta / 2), 2.0),
}
for name, (rho, predicted) in charts.items():
    flat = np.stack([rho * np.cos(phi), rho * np.sin(phi)], axis=1)
    expect(f"d4_03.{name}", distortion(geodesic, cdist(flat, flat)), at_least=0.95 * predicted, at_most=predicted)
shadow = distortion(geodesic, cdist(ball[:, :2], ball[:, :2]))
expect("d4_03.shadow", shadow, at_least=10.0)

# %% key="charts-figure" tags=["figure"]
angle = np.linspace(0, 2 * np.pi, 60)
names = [
    T("equidistant", "équidistante"),
    T("stereographic", "stéréographique"),
    T("equal-area", "équivalente"),
]
radii = (lambda t: t, lambda t: 2 * np.tan(t / 2), lambda t: 2 * np.sin(t / 2))
for ax, name, rho in zip(figures.axes(3, height=2.9), names, radii, strict=True):
    ax.plot(rho(np.pi / 2) * np.cos(angle), rho(np.pi / 2) * np.sin(angle), color=figures.GREY)
    for t, count in ((0.01, 1), (0.5, 6), (1.0, 12), (1.5, 12)):
        for p in np.arange(count) * 2 * np.pi / count:
            radial = (rho(t + 1e-4) - rho(t - 1e-4)) / 2e-4 * np.cos(angle)
            tangential = rho(t) / np.sin(t) * np.sin(angle)
            x, y = rho(t) + 0.12 * radial, 0.12 * tangential
            ax.plot(x * np.cos(p) - y * np.sin(p), x * np.sin(p) + y * np.cos(p), "-", color=figures.BLUE, lw=1)
    ax.set_title(name, loc="center")
    ax.set_aspect("equal")
    ax.axis("off")

# %% [markdown] key="charts-read" lang="en"
# Each ellipse is the image of a small circle, of the same size everywhere on the sphere. One map keeps the circles round, another keeps their areas, the first keeps distances to the centre; no map keeps all three. A thousand points see a little less than the supremum. The shadow, which is the best linear projection in the sense of PCA, has infinite distortion on the whole hemisphere: near the rim it crushes meridians.

# %% [markdown] key="charts-read" lang="fr"
# Chaque ellipse est l’image d’un petit cercle, de même taille partout sur la sphère. Une carte garde les cercles ronds, une autre garde leurs aires, la première garde les distances au centre ; aucune ne garde les trois. Mille points voient un peu moins que la borne supérieure. L’ombre, qui est la meilleure projection linéaire au sens de l’ACP, est de distorsion infinie sur l’hémisphère entier : près du bord, elle écrase les méridiens.

# %% [markdown] key="jl" lang="en"
# ## 5. What more dimensions cure
#
# > **Theorem 4 (Johnson-Lindenstrauss; Dasgupta-Gupta).** Let $0<\varepsilon<1$, $x_1,\dots,x_n\in\mathbb R^D$ with $n\ge2$, $k\ge4\ln n\big/\big(\frac{\varepsilon^2}2-\frac{\varepsilon^3}3\big)$, and let $P\in\mathbb R^{k\times D}$ have independent entries $\mathcal N(0,1/k)$. With probability at least $1/n$, all pairs satisfy $(1-\varepsilon)|x_i-x_j|^2\le|Px_i-Px_j|^2\le(1+\varepsilon)|x_i-x_j|^2$.
#
# *Proof.* For $v\ne0$, $Z=k|Pv|^2/|v|^2$ has the law $\chi^2_k$, and $\mathbb E\,e^{tZ}=(1-2t)^{-k/2}$ for $t<\frac12$. Markov's inequality for $e^{tZ}$ with $t=\frac{\varepsilon}{2(1+\varepsilon)}$ gives
#
# $$\mathbb P\big(Z\ge(1+\varepsilon)k\big)\le\big((1+\varepsilon)e^{-\varepsilon}\big)^{k/2}\le e^{-\frac k2\left(\frac{\varepsilon^2}2-\frac{\varepsilon^3}3\right)}\le n^{-2},$$
#
# since $\ln(1+\varepsilon)\le\varepsilon-\frac{\varepsilon^2}2+\frac{\varepsilon^3}3$. In the same way $\mathbb P(Z\le(1-\varepsilon)k)\le\big((1-\varepsilon)e^{\varepsilon}\big)^{k/2}\le e^{-k\varepsilon^2/4}\le n^{-2}$. Two events for each of the $n(n-1)/2$ pairs: the probability that one of them occurs is at most $(n-1)/n$. $\blacksquare$
#
# Neither $D$ nor any geometry of the data appears. For $n=200$ and $\varepsilon=0.3$: $k=589$ instead of $D=5000$. In a plane ($k=2$) the theorem promises nothing: $\ln n/\varepsilon^2$ is the price, and it does not fall below.

# %% [markdown] key="jl" lang="fr"
# ## 5. Ce que guérissent des dimensions supplémentaires
#
# > **Théorème 4 (Johnson-Lindenstrauss ; Dasgupta-Gupta).** Soient $0<\varepsilon<1$, $x_1,\dots,x_n\in\mathbb R^D$ avec $n\ge2$, $k\ge4\ln n\big/\big(\frac{\varepsilon^2}2-\frac{\varepsilon^3}3\big)$, et $P\in\mathbb R^{k\times D}$ à coefficients indépendants de loi $\mathcal N(0,1/k)$. Avec une probabilité d’au moins $1/n$, toutes les paires vérifient $(1-\varepsilon)|x_i-x_j|^2\le|Px_i-Px_j|^2\le(1+\varepsilon)|x_i-x_j|^2$.
#
# *Démonstration.* Pour $v\ne0$, $Z=k|Pv|^2/|v|^2$ suit la loi $\chi^2_k$, et $\mathbb E\,e^{tZ}=(1-2t)^{-k/2}$ pour $t<\frac12$. L’inégalité de Markov pour $e^{tZ}$, avec $t=\frac{\varepsilon}{2(1+\varepsilon)}$, donne
#
# $$\mathbb P\big(Z\ge(1+\varepsilon)k\big)\le\big((1+\varepsilon)e^{-\varepsilon}\big)^{k/2}\le e^{-\frac k2\left(\frac{\varepsilon^2}2-\frac{\varepsilon^3}3\right)}\le n^{-2},$$
#
# car $\ln(1+\varepsilon)\le\varepsilon-\frac{\varepsilon^2}2+\frac{\varepsilon^3}3$. De même, $\mathbb P(Z\le(1-\varepsilon)k)\le\big((1-\varepsilon)e^{\varepsilon}\big)^{k/2}\le e^{-k\varepsilon^2/4}\le n^{-2}$. Deux événements pour chacune des $n(n-1)/2$ paires : la probabilité que l’un d’eux se produise est au plus $(n-1)/n$. $\blacksquare$
#
# Ni $D$, ni aucune géométrie des données n’apparaît. Pour $n=200$ et $\varepsilon=0{,}3$ : $k=589$ au lieu de $D=5000$. Dans un plan ($k=2$), le théorème ne promet rien : le prix est $\ln n/\varepsilon^2$, et il ne se négocie pas.

# %% key="jl-run"
n, D, eps = 200, 5000, 0.3
k = int(np.ceil(4 * np.log(n) / (eps**2 / 2 - eps**3 / 3)))
expect("d4_03.jl_dimension", k, 589)
rng = np.random.default_rng(SEED + 1)
points = rng.normal(size=(n, D))
apart = cdist(points, points)
for name, rows in (("enough", k), ("plane", 2)):
    below = points @ rng.normal(size=(D, rows)) / np.sqrt(rows)
    found = distortion(apart, cdist(below, below))
    if rows == k:
        expect("d4_03.jl_enough", found, at_most=np.sqrt((1 + eps) / (1 - eps)))
    else:
        expect("d4_03.jl_plane", found, at_least=20.0)

# %% [markdown] key="trees" lang="en"
# ## 6. What no dimension cures
#
# > **Proposition 5.** Let $K_{1,m}$ be the star (a centre, $m\ge2$ leaves at distance 1 from it and 2 from one another) and $C_4$ the cycle of four points with steps of 1. In every $\mathbb R^k$, whatever $k$, distortion is at least $\sqrt{2(m-1)/m}$ for $K_{1,m}$, and at least $\sqrt2$ for $C_4$. Both bounds are reached.
#
# *Proof.* Scale the image so that $d\le d'\le A\,d$. Star: let $y_i$ be the leaves, $c$ the centre, $\bar y$ the mean. Then
#
# $$mA^2\ge\sum_i|y_i-c|^2\ge\sum_i|y_i-\bar y|^2=\frac1m\sum_{i<j}|y_i-y_j|^2\ge\frac1m\cdot\frac{m(m-1)}2\cdot4 .$$
#
# Cycle: in Euclidean space the squares of the four sides sum to at least those of the two diagonals, as $|a-b+c-d|^2\ge0$ shows, so $4A^2\ge2\cdot2^2$. A regular simplex with its centre, and a square, reach the bounds. $\blacksquare$
#
# Every tree with a branch contains $K_{1,3}$: floor $2/\sqrt3\approx1.155$. For full binary trees the floor even grows without bound with the depth (Bourgain), while the hyperbolic plane holds every finite tree with distortion as near to 1 as one likes: the idea of hyperbolic embeddings. To the algorithm of D4-02 these metrics show as *negative eigenvalues* of $B=-\frac12JD^{\circ2}J$, with $J=I-\frac1n\mathbf 1\mathbf 1^\top$ and $D^{\circ2}$ the matrix of the squared distances. That of $C_4$ is circulant, with first row $(0,1,4,1)$: **predict** the spectrum of $B$ with the roots of unity.

# %% [markdown] key="trees" lang="fr"
# ## 6. Ce qu’aucune dimension ne guérit
#
# > **Proposition 5.** Soit $K_{1,m}$ l’étoile (un centre, $m\ge2$ feuilles à distance 1 de lui et 2 l’une de l’autre) et $C_4$ le cycle de quatre points de pas 1. Dans tout $\mathbb R^k$, quel que soit $k$, la distorsion est au moins $\sqrt{2(m-1)/m}$ pour $K_{1,m}$, et au moins $\sqrt2$ pour $C_4$. Les deux bornes sont atteintes.
#
# *Démonstration.* On choisit l’échelle de l’image de sorte que $d\le d'\le A\,d$. Étoile : soient $y_i$ les feuilles, $c$ le centre, $\bar y$ la moyenne. Alors
#
# $$mA^2\ge\sum_i|y_i-c|^2\ge\sum_i|y_i-\bar y|^2=\frac1m\sum_{i<j}|y_i-y_j|^2\ge\frac1m\cdot\frac{m(m-1)}2\cdot4 .$$
#
# Cycle : dans un espace euclidien, la somme des carrés des quatre côtés est au moins celle des deux diagonales, car $|a-b+c-d|^2\ge0$, et donc $4A^2\ge2\cdot2^2$. Un simplexe régulier avec son centre, et un carré, atteignent les bornes. $\blacksquare$
#
# Tout arbre qui se ramifie contient $K_{1,3}$ : plancher $2/\sqrt3\approx1{,}155$. Pour les arbres binaires complets, le plancher croît même sans borne avec la profondeur (Bourgain), tandis que le plan hyperbolique accueille tout arbre fini avec une distorsion aussi proche de 1 qu’on le veut : c’est l’idée des plongements hyperboliques. À l’algorithme de D4-02, ces métriques se montrent par des *valeurs propres strictement négatives* de $B=-\frac12JD^{\circ2}J$, où $J=I-\frac1n\mathbf 1\mathbf 1^\top$ et $D^{\circ2}$ est la matrice des carrés des distances. Celle de $C_4$ est circulante, de première ligne $(0,1,4,1)$ : **prévoyez** le spectre de $B$ avec les racines de l’unité.

# %% key="trees-run"
cycle = np.array([[0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0]], dtype=float)
star = np.array([[0, 1, 1, 1], [1, 0, 2, 2], [1, 2, 0, 2], [1, 2, 2, 0]], dtype=float)
square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
triangle = np.array([[0, 0], [1, 0], [-0.5, np.sqrt(0.75)], [-0.5, -np.sqrt(0.75)]])
expect("d4_03.cycle", distortion(cycle, cdist(square, square)), np.sqrt(2), atol=1e-12)
expect("d4_03.star", distortion(star, cdist(triangle, triangle)), 2 / np.sqrt(3), atol=1e-12)
J = np.eye(4) - 1 / 4
for name, metric, spectrum in (("cycle", cycle, [-1, 0, 2, 2]), ("star", star, [-1 / 4, 0, 2, 2])):
    found = np.linalg.eigvalsh(-J @ metric**2 @ J / 2)
    expect(f"d4_03.spectrum_{name}", np.abs(found - spectrum).max(), 0.0, atol=1e-12)

# %% [markdown] key="dimension" lang="en"
# ## 7. How many dimensions do the data have?
#
# > **Theorem 6.** Let $T_1<\dots<T_k$ be the distances from a point of a homogeneous Poisson process of $\mathbb R^d$ to its $k$ nearest neighbours in it. The ratios $(T_j/T_k)^d$, $j<k$, are $k-1$ independent uniform variables on $[0,1]$, sorted. Hence the $\ln(T_k/T_j)$ are, in some order, independent exponentials of rate $d$; for $k=2$, $\mathbb P(T_2/T_1>t)=t^{-d}$.
#
# *Proof.* Seen from a point of the process, the others are again a Poisson process (Slivnyak), so the volumes $\omega_dT_j^d$ of the balls are the successive times of a Poisson process of constant intensity on $[0,\infty[$. Given the $k$-th time, the $k-1$ earlier ones are uniform before it, independent, sorted. And $-\frac1d\ln V$ is exponential of rate $d$ for uniform $V$. $\blacksquare$
#
# The intensity has cancelled: for data on a $d$-dimensional submanifold it need only be nearly constant, and the submanifold nearly flat, *within the distance $T_k$*. If the $m=N(k-1)$ logarithms of $N$ points were independent, their sum $S$ would have the law $\Gamma(m,d)$, with $\mathbb E[1/S]=d/(m-1)$:
#
# $$\hat d=\frac{m-1}{\sum_{i}\sum_{j<k}\ln(T_{i,k}/T_{i,j})},\qquad\mathbb E\,\hat d=d,\qquad\text{standard error}\ \frac d{\sqrt{m-2}} .$$
#
# With $k=2$ this is TwoNN; with larger $k$ the noise falls and the bias grows. D4-01 chose a scale and counted pairs; here the neighbours choose the scale, and it shrinks as $N$ grows. (Neighbours are shared, so the independence is approximate.)

# %% [markdown] key="dimension" lang="fr"
# ## 7. Combien de dimensions ont les données ?
#
# > **Théorème 6.** Soient $T_1<\dots<T_k$ les distances d’un point d’un processus de Poisson homogène de $\mathbb R^d$ à ses $k$ plus proches voisins. Les rapports $(T_j/T_k)^d$, $j<k$, sont $k-1$ variables uniformes sur $[0,1]$, indépendantes, rangées par ordre croissant. Les $\ln(T_k/T_j)$ sont donc, à l’ordre près, des variables exponentielles indépendantes de paramètre $d$ ; pour $k=2$, $\mathbb P(T_2/T_1>t)=t^{-d}$.
#
# *Démonstration.* Vus d’un point du processus, les autres forment encore un processus de Poisson (Slivnyak), et les volumes $\omega_dT_j^d$ des boules sont donc les instants successifs d’un processus de Poisson d’intensité constante sur $[0,\infty[$. Sachant le $k$-ième instant, les $k-1$ précédents sont uniformes avant lui, indépendants, rangés. Et $-\frac1d\ln V$ suit la loi exponentielle de paramètre $d$ si $V$ est uniforme. $\blacksquare$
#
# L’intensité a disparu : pour des données sur une sous-variété de dimension $d$, il suffit qu’elle soit presque constante, et la sous-variété presque plate, *à l’échelle de la distance $T_k$*. Si les $m=N(k-1)$ logarithmes de $N$ points étaient indépendants, leur somme $S$ suivrait la loi $\Gamma(m,d)$, avec $\mathbb E[1/S]=d/(m-1)$ :
#
# $$\hat d=\frac{m-1}{\sum_{i}\sum_{j<k}\ln(T_{i,k}/T_{i,j})},\qquad\mathbb E\,\hat d=d,\qquad\text{erreur type}\ \frac d{\sqrt{m-2}} .$$
#
# Pour $k=2$, c’est TwoNN ; avec un $k$ plus grand, le bruit diminue et le biais augmente. D4-01 choisissait une échelle et comptait des paires ; ici, les voisins choisissent l’échelle, et elle se resserre quand $N$ croît. (Les voisins sont partagés, et l’indépendance n’est donc qu’approchée.)

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 (10 minutes)
#
# Write `neighbour_dimension(D, k)`: the estimate $\hat d$ from the matrix of distances of $N$ distinct points.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 (10 minutes)
#
# Écrivez `neighbour_dimension(D, k)` : l’estimation $\hat d$ à partir de la matrice des distances de $N$ points distincts.

# %% key="ex4" tags=["exercise"]
def neighbour_dimension(D, k):
    # en: estimate from the k nearest neighbours of each point, k >= 2
    # fr: estimation à partir des k plus proches voisins de chaque point, k >= 2
    # BEGIN SOLUTION
    near = np.sort(D, axis=1)[:, 1 : k + 1]
    total = np.sum(np.log(near[:, -1:] / near[:, :-1]))
    return (len(D) * (k - 1) - 1) / total
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# Sorted, a row of `D` begins with 0, the distance of the point to itself: it is not a neighbour.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Rangée par ordre croissant, une ligne de `D` commence par 0, la distance du point à lui-même : il n’est pas son voisin.
# </details>

# %% key="ex4-check"
check("d4_03.ex4", neighbour_dimension)

# %% key="dimension-figure" tags=["figure"]
rng = np.random.default_rng(SEED + 2)
N = 2000
turn = 1.5 * np.pi * (1 + 2 * rng.random(N))
gauss = [rng.normal(size=(N, columns)) for columns in (3, 6)]
clouds = {
    "sphere": (2, gauss[0] / np.linalg.norm(gauss[0], axis=1, keepdims=True)),
    "roll": (2, roll(np.stack([turn, 21 * rng.random(N)]), np).T),
    "five": (5, gauss[1] / np.linalg.norm(gauss[1], axis=1, keepdims=True)),
}
names = {"sphere": T("sphere $S^2$", "sphère $S^2$"), "roll": T("swiss roll", "rouleau suisse"), "five": T("sphere $S^5$", "sphère $S^5$")}
ax = figures.axes(height=3.4)
for (name, (d, cloud)), marker in zip(clouds.items(), figures.MARKERS, strict=False):
    D = cdist(cloud, cloud)
    estimates = [neighbour_dimension(D, k) for k in (2, 5, 50)]
    print(names[name], np.round(estimates, 2))
    expect(f"d4_03.dimension_{name}", estimates[1], d, atol=0.3)
    near = np.sort(D, axis=1)
    log_ratio = np.sort(np.log(near[:, 2] / near[:, 1]))
    ax.plot(log_ratio[:-1:40], -np.log(1 - np.arange(1, N) / N)[::40], marker, ms=4, label=names[name])
for slope in (2, 5):
    ax.plot([0, 7 / slope], [0, 7], "-", color=figures.GREY, lw=1)
ax.set_xlabel(r"$\ln(T_2/T_1)$")
ax.set_ylabel(r"$-\ln(1-F)$")
ax.set_xlim(0, 3.2)
ax.legend();

# %% [markdown] key="dimension-read" lang="en"
# $F$ is the proportion of points whose ratio is smaller. By Theorem 6 the points lie, up to noise, on a line through the origin of slope $d$ (grey: 2 and 5): a test that you can look at, before any number. The estimate with $k=50$ is the steadiest and the most biased: on $S^5$ it reads balls so large that the sphere is no longer flat.

# %% [markdown] key="dimension-read" lang="fr"
# $F$ est la proportion des points dont le rapport est plus petit. D’après le théorème 6, les points se rangent, au bruit près, sur une droite passant par l’origine, de pente $d$ (en gris : 2 et 5) : un test que l’on peut regarder, avant tout nombre. L’estimation avec $k=50$ est la plus stable et la plus biaisée : sur $S^5$, elle lit des boules si grandes que la sphère n’y est plus plate.

# %% [markdown] key="break" lang="en"
# ## 8. Break it
#
# ### (a) No neighbours
#
# Draw $N=2000$ points uniformly in the cube $[0,1]^d$. Two given points are nearer than $\frac12$ with probability at most $\omega_d2^{-d}$, where $\omega_d=\pi^{d/2}/\Gamma(1+d/2)$ is the volume of the unit ball. For $d=20$, the expected number of such pairs is at most $\frac{N^2}2\cdot2.46\cdot10^{-8}<0.05$. So with probability above 95 %, **no point has a neighbour nearer than half the side of the cube**: the "neighbourhoods" are the whole cube, cut off by its faces, and neither hypothesis of Theorem 6 holds. A cut-off ball grows more slowly than $r^d$, so the estimate must be too *small*: below the interval of five standard errors. To see a neighbour within $\frac12$ of a typical point takes $N\approx2^d/\omega_d$: 402 points for $d=10$, 41 million for $d=20$.

# %% [markdown] key="break" lang="fr"
# ## 8. Casser exprès
#
# ### (a) Aucun voisin
#
# Tirons $N=2000$ points uniformément dans le cube $[0,1]^d$. Deux points donnés sont à une distance inférieure à $\frac12$ avec une probabilité d’au plus $\omega_d2^{-d}$, où $\omega_d=\pi^{d/2}/\Gamma(1+d/2)$ est le volume de la boule unité. Pour $d=20$, l’espérance du nombre de telles paires est au plus $\frac{N^2}2\cdot2{,}46\cdot10^{-8}<0{,}05$. Avec une probabilité de plus de 95 %, **aucun point n’a donc de voisin à moins de la moitié du côté du cube** : les « voisinages » sont le cube entier, coupé par ses faces, et aucune des deux hypothèses du théorème 6 n’est satisfaite. Une boule coupée croît moins vite que $r^d$, et l’estimation est donc trop *petite* : au-dessous de l’intervalle de cinq erreurs types. Pour voir un voisin à moins de $\frac12$ d’un point typique, il faut $N\approx2^d/\omega_d$ : 402 points pour $d=10$, 41 millions pour $d=20$.

# %% key="break-cube" tags=["break"]
rng = np.random.default_rng(SEED + 3)
for d, errors in ((2, 5), (10, -5), (20, -5)):
    cube = rng.random((N, d))
    D = cdist(cube, cube)
    expect(f"d4_03.break_cube_{d}", neighbour_dimension(D, 5), at_most=d * (1 + errors / np.sqrt(4 * N - 2)))
expect("d4_03.break_nearest", np.min(D + 2 * np.eye(N)), at_least=0.5)

# %% [markdown] key="break-grid" lang="en"
# ### (b) Rounded data
#
# Now $d=5$ and every coordinate is rounded to a multiple of $\frac14$. A cell of the grid has probability $p_j=8^{-j}4^{-(5-j)}$ when $j$ of its five coordinates are 0 or 1 (half cells), and there are $\binom5j2^j3^{5-j}$ such cells. The expected number of *distinct* points left is
#
# $$\sum_{j=0}^5\binom5j2^j3^{5-j}\big(1-(1-p_j)^{N}\big)=1316.$$
#
# And among distinct points of a grid most have their first and second neighbours at the same distance $\frac14$: $\ln1=0$ adds nothing to the sum, and $\hat d$ explodes. **Predict** whether it may exceed 5, the dimension of the space itself.

# %% [markdown] key="break-grid" lang="fr"
# ### (b) Des données arrondies
#
# Désormais $d=5$, et chaque coordonnée est arrondie à un multiple de $\frac14$. Une case de la grille a pour probabilité $p_j=8^{-j}4^{-(5-j)}$ si $j$ de ses cinq coordonnées valent 0 ou 1 (demi-cases), et il y a $\binom5j2^j3^{5-j}$ cases de cette sorte. L’espérance du nombre de points *distincts* qui restent est
#
# $$\sum_{j=0}^5\binom5j2^j3^{5-j}\big(1-(1-p_j)^{N}\big)=1316.$$
#
# Et parmi les points distincts d’une grille, la plupart ont leurs deux premiers voisins à la même distance $\frac14$ : $\ln1=0$ n’ajoute rien à la somme, et $\hat d$ explose. **Prévoyez** s’il peut dépasser 5, la dimension de l’espace lui-même.

# %% key="break-grid-run" tags=["break"]
fine = rng.random((N, 5))
grid = np.unique(np.round(4 * fine) / 4, axis=0)
j = np.arange(6)
cells = np.array([1, 5, 10, 10, 5, 1]) * 2.0**j * 3.0 ** (5 - j)
distinct = np.sum(cells * (1 - (1 - 8.0**-j * 4.0 ** (j - 5)) ** N))
expect("d4_03.break_distinct", len(grid), distinct, atol=90)
before, after = (neighbour_dimension(cdist(cloud, cloud), 2) for cloud in (fine, grid))
print(f"{before:.2f} {after:.1f}")
expect("d4_03.break_rounded", after, at_least=15.0)

# %% [markdown] key="exit" lang="en"
# A dimension of more than 15 inside a space of dimension 5. Pixels with few grey levels, counts, amounts rounded to 1,000 francs: look for ties before you estimate.

# %% [markdown] key="exit" lang="fr"
# Une dimension de plus de 15 dans un espace de dimension 5. Pixels à peu de niveaux de gris, effectifs, montants arrondis à 1 000 francs : cherchez les ex æquo avant d’estimer.

# %% [markdown] key="exit-ticket" lang="en"
# ## Exit ticket (no code)
#
# 1. A colleague says: "Our embeddings lie on a sphere, so their plane picture must be wrong; let us draw them in dimension 10 instead." Which part is a theorem, and how large is the damage on a cluster of geodesic radius $0.2$?
# 2. TwoNN returns 12 on 500 customer profiles with 40 variables, most of them whole numbers. Name two reasons to distrust the figure, one that makes it too small and one that makes it too large, and a test for each.

# %% [markdown] key="exit-ticket" lang="fr"
# ## Billet de sortie (sans code)
#
# 1. Un collègue dit : « Nos représentations sont sur une sphère, leur image plane est donc fausse ; dessinons-les plutôt en dimension 10. » Quelle partie est un théorème, et quel est le dommage sur un groupe de rayon géodésique $0{,}2$ ?
# 2. TwoNN renvoie 12 sur 500 profils de clients à 40 variables, entières pour la plupart. Donnez deux raisons de se méfier de ce chiffre, l’une qui le rend trop petit, l’autre trop grand, et un test pour chacune.

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. If the data fill a cap of $S^2$, Theorem 3: distortion at least $\alpha/\sin\alpha$, which for $\alpha=0.2$ is $1.0067$, less than one percent. A theorem, and negligible. Dimension 10 is no cure: with chords in $\mathbb R^3$ the distortion is $\alpha/\sin\alpha$ again (pairs at distance $2\alpha$, for $\alpha\le\pi/2$), and no dimension makes it 1, since geodesics would become segments and a triangle would keep its excess of angles. If the sphere is $S^9$, the plane has better reasons to fail than curvature. 2. Too small: 500 points in a dimension of 12 or more have no near neighbours (faces cut the balls); estimate on halves and quarters of the data: an estimate that grows with $N$ is not finished. Too large: whole numbers tie; count equal rows and equal first and second distances, or add noise of one half unit and compare.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. Si les données remplissent une calotte de $S^2$, le théorème 3 : distorsion d’au moins $\alpha/\sin\alpha$, soit $1{,}0067$ pour $\alpha=0{,}2$, moins d’un pour cent. C’est un théorème, et c’est négligeable. La dimension 10 n’y remédie pas : avec les cordes, dans $\mathbb R^3$, la distorsion est encore $\alpha/\sin\alpha$ (paires à distance $2\alpha$, si $\alpha\le\pi/2$), et aucune dimension ne la ramène à 1, car les géodésiques deviendraient des segments et un triangle garderait son excès d’angles. Si la sphère est $S^9$, le plan a de meilleures raisons d’échouer que la courbure. 2. Trop petit : 500 points en dimension 12 ou davantage n’ont pas de proches voisins (les faces coupent les boules) ; estimez sur des moitiés et des quarts des données : une estimation qui croît avec $N$ n’est pas arrivée. Trop grand : les nombres entiers donnent des ex æquo ; comptez les lignes égales et les deux premières distances égales, ou ajoutez un bruit d’une demi-unité et comparez.
