# %% [markdown] key="title" lang="en"
# # Random variables: joint laws, conditioning, expectation in practice
#
# **Day 3, notebook 1** — about 45 minutes (exercises 1 to 3), then 30 minutes for exercise 4 and *Break it*.
#
# A training loss is an expectation. A regression network estimates a conditional expectation. The gradient of a mini-batch is a Monte Carlo estimate, and the likelihood of a normalising flow is a change of variables. On real data none of these expectations can be computed: we replace them by averages, and the question of this notebook is what such an average knows, and how well.
#
# After this notebook you can
#
# 1. compute conditional laws and moments from a joint table, and split a variance into the part that a variable explains and the part that it cannot;
# 2. say which function minimises a squared loss, prove it, and give the floor below which no model goes;
# 3. estimate an expectation and its standard error in one pass over data that do not fit in memory, and recognise the laws for which this standard error lies;
# 4. condition a Gaussian vector, transport a density through an invertible map, and check both against independent computations.

# %% [markdown] key="title" lang="fr"
# # Variables aléatoires : lois jointes, conditionnement, l’espérance en pratique
#
# **Jour 3, notebook 1** — environ 45 minutes (exercices 1 à 3), puis 30 minutes pour l’exercice 4 et *Casser exprès*.
#
# Une fonction de perte est une espérance. Un réseau de régression estime une espérance conditionnelle. Le gradient d’un mini-lot est une estimation de Monte-Carlo, et la vraisemblance d’un flot normalisant, un changement de variable. Sur des données réelles, aucune de ces espérances ne se calcule : on les remplace par des moyennes. Que sait une telle moyenne, et avec quelle précision ? C’est la question de ce notebook.
#
# À l’issue de ce notebook, vous saurez
#
# 1. calculer des lois et des moments conditionnels à partir d’une table, et décomposer une variance en ce qu’une variable explique et ce qu’elle ne peut pas expliquer ;
# 2. dire quelle fonction minimise une perte quadratique, le démontrer, et donner le plancher sous lequel aucun modèle ne descend ;
# 3. estimer une espérance et son erreur type en une seule lecture de données qui ne tiennent pas en mémoire, et reconnaître les lois pour lesquelles cette erreur type ment ;
# 4. conditionner un vecteur gaussien, transporter une densité par une application inversible, et vérifier l’un et l’autre par des calculs indépendants.

# %% key="imports"
import jax
import jax.numpy as jnp
import numpy as np
import torch
from airina import check, expect, figures
from airina.derivatives import numerical_jvp

# en: another seed draws every sample of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0

# %% [markdown] key="joint" lang="en"
# ## 1. Joint, marginal, conditional
#
# Let $X$ and $Y$ take finitely many values. Their **joint law** is the table $p(x,y)=\mathbb P(X=x,\,Y=y)$: non-negative entries of sum 1. The **marginal** laws are its row and column sums, and wherever $p(x)>0$ the **conditional law** of $Y$ given $X=x$ is the row divided by its sum:
#
# $$p(x)=\sum_y p(x,y),\qquad p(y\mid x)=\frac{p(x,y)}{p(x)},\qquad p(x\mid y)=\frac{p(y\mid x)\,p(x)}{p(y)}\ \text{(Bayes)}.$$
#
# With densities the sums become integrals and nothing else changes.
#
# A microfinance institution records, for the borrowers of one quarter, the line of work $X$ and the number $Y$ of late instalments, from 0 to 4. The table below is its joint law. Before you run the cell, look at the last two columns: which line of work fills them?

# %% [markdown] key="joint" lang="fr"
# ## 1. Loi jointe, lois marginales, lois conditionnelles
#
# Soient $X$ et $Y$ deux variables qui prennent un nombre fini de valeurs. Leur **loi jointe** est la table $p(x,y)=\mathbb P(X=x,\,Y=y)$, à termes positifs ou nuls et de somme 1. Les lois **marginales** en sont les sommes par ligne et par colonne et, dès que $p(x)>0$, la **loi conditionnelle** de $Y$ sachant $X=x$ est la ligne divisée par sa somme :
#
# $$p(x)=\sum_y p(x,y),\qquad p(y\mid x)=\frac{p(x,y)}{p(x)},\qquad p(x\mid y)=\frac{p(y\mid x)\,p(x)}{p(y)}\ \text{(Bayes)}.$$
#
# Avec des densités, les sommes deviennent des intégrales et rien d’autre ne change.
#
# Une institution de microfinance relève, pour les emprunteurs d’un trimestre, l’activité $X$ et le nombre $Y$ d’échéances payées en retard, de 0 à 4. La table ci-dessous en est la loi jointe. Avant d’exécuter la cellule, regardez les deux dernières colonnes : quelle activité les remplit ?

# %% key="joint-table"
values = np.arange(5)
work = [
    T("trade", "commerce"),
    T("farming", "agriculture"),
    T("craft", "artisanat"),
    T("salaried", "salariat"),
]
joint = np.array(
    [
        [0.24, 0.09, 0.04, 0.02, 0.01],
        [0.08, 0.06, 0.05, 0.04, 0.02],
        [0.11, 0.05, 0.02, 0.01, 0.01],
        [0.12, 0.02, 0.01, 0.00, 0.00],
    ]
)
severe = joint[:, 3:].sum(axis=1)
given_severe = severe / severe.sum()
print(T("line of work | p(x) | p(x | Y >= 3)", "activité | p(x) | p(x | Y >= 3)"))
for name, p, q in zip(work, joint.sum(axis=1), given_severe, strict=True):
    print(f"{name:12s} | {p:.3f} | {q:.3f}")

# %% [markdown] key="joint-read" lang="en"
# One borrower in four farms, and farmers are six in eleven of those with three late instalments or more. Conditioning in this direction is Bayes' formula; nothing was modelled, only divided.

# %% [markdown] key="joint-read" lang="fr"
# Un emprunteur sur quatre vit de l’agriculture ; parmi les emprunteurs qui comptent au moins trois retards, les agriculteurs sont six sur onze. Conditionner dans ce sens, c’est la formule de Bayes : rien n’a été modélisé, on a seulement divisé.

# %% [markdown] key="conditional" lang="en"
# ## 2. Conditional expectation
#
# > **Definition.** Let $Y$ be integrable. The conditional expectation $\mathbb E[Y\mid X]$ is the *random variable* $m(X)$, where $m(x)=\sum_y y\,p(y\mid x)$. If $\mathbb E[Y^2]<\infty$, in the same way $\operatorname{Var}(Y\mid X)=v(X)$, where $v(x)$ is the variance of the law $p(\cdot\mid x)$. Both are functions of $X$: once $X$ is known, they are numbers.
# >
# > **Theorem 1.** If $Y$ is integrable, $\mathbb E[Y]=\mathbb E\big[\mathbb E[Y\mid X]\big]$ (tower property). If moreover $\mathbb E[Y^2]<\infty$,
# >
# > $$\operatorname{Var}Y=\mathbb E\big[\operatorname{Var}(Y\mid X)\big] +\operatorname{Var}\big(\mathbb E[Y\mid X]\big).$$
#
# *Proof, finite case.* $\sum_x p(x)\sum_y y\,p(y\mid x)=\sum_{x,y}y\,p(x,y)=\mathbb E[Y]$. Apply this to $Y^2$, whose conditional expectation is $v(X)+m(X)^2$: $\mathbb E[Y^2]=\mathbb E[v(X)]+\mathbb E[m(X)^2]$. Subtract $(\mathbb E[Y])^2=(\mathbb E[m(X)])^2$. $\blacksquare$
#
# With densities $m(x)=\int y\,p(y\mid x)\,dy$, and the proof is the same with integrals. The first term is what remains unknown once $X$ is known, the second is what $X$ explains.

# %% [markdown] key="conditional" lang="fr"
# ## 2. Espérance conditionnelle
#
# > **Définition.** Soit $Y$ intégrable. L’espérance conditionnelle $\mathbb E[Y\mid X]$ est la *variable aléatoire* $m(X)$, où $m(x)=\sum_y y\,p(y\mid x)$. Si $\mathbb E[Y^2]<\infty$, de même, $\operatorname{Var}(Y\mid X)=v(X)$, où $v(x)$ est la variance de la loi $p(\cdot\mid x)$. Toutes deux sont des fonctions de $X$ : dès que $X$ est connue, ce sont des nombres.
# >
# > **Théorème 1.** Si $Y$ est intégrable, $\mathbb E[Y]=\mathbb E\big[\mathbb E[Y\mid X]\big]$ (formule de l’espérance totale). Si de plus $\mathbb E[Y^2]<\infty$,
# >
# > $$\operatorname{Var}Y=\mathbb E\big[\operatorname{Var}(Y\mid X)\big] +\operatorname{Var}\big(\mathbb E[Y\mid X]\big).$$
#
# *Démonstration, cas fini.* $\sum_x p(x)\sum_y y\,p(y\mid x)=\sum_{x,y}y\,p(x,y)=\mathbb E[Y]$. On applique cette égalité à $Y^2$, dont l’espérance conditionnelle est $v(X)+m(X)^2$ : $\mathbb E[Y^2]=\mathbb E[v(X)]+\mathbb E[m(X)^2]$. On retranche $(\mathbb E[Y])^2=(\mathbb E[m(X)])^2$. $\blacksquare$
#
# Avec des densités, $m(x)=\int y\,p(y\mid x)\,dy$, et la démonstration est la même avec des intégrales. Le premier terme est ce qui reste inconnu une fois $X$ connue, le second ce que $X$ explique.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1: moments given a line of work (8 minutes)
#
# Write `conditional_moments(joint, values)`. The entry `joint[i, j]` is $p(x_i,y_j)$ and `values[j]` is the number $y_j$; every row has a positive sum. Return three things: the vector of the $m(x_i)$, the number $\mathbb E[\operatorname{Var}(Y\mid X)]$ and the number $\operatorname{Var}(\mathbb E[Y\mid X])$.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 : les moments, sachant l’activité (8 minutes)
#
# Écrivez `conditional_moments(joint, values)`. Le terme `joint[i, j]` est $p(x_i,y_j)$ et `values[j]` le nombre $y_j$ ; chaque ligne est de somme strictement positive. Renvoyez trois choses : le vecteur des $m(x_i)$, le nombre $\mathbb E[\operatorname{Var}(Y\mid X)]$ et le nombre $\operatorname{Var}(\mathbb E[Y\mid X])$.

# %% key="ex1" tags=["exercise"]
def conditional_moments(joint, values):
    # en: return (m, mean of the conditional variances, variance of the conditional means)
    # fr: renvoyer (m, moyenne des variances conditionnelles, variance des moyennes conditionnelles)
    # BEGIN SOLUTION
    p_x = joint.sum(axis=1)
    p_given_x = joint / p_x[:, None]
    m = p_given_x @ values
    v = p_given_x @ values**2 - m**2
    return m, p_x @ v, p_x @ m**2 - (p_x @ m) ** 2
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# Two averages must not be confused: inside a row one averages with the conditional law, and from one row to the next with the marginal law of $X$. Check your function on a table of two rows.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Deux moyennes sont à ne pas confondre : à l’intérieur d’une ligne, on moyenne selon la loi conditionnelle ; d’une ligne à l’autre, selon la loi marginale de $X$. Essayez votre fonction sur une table de deux lignes.
# </details>

# %% key="ex1-check"
check("d3_01.ex1", conditional_moments)

# %% key="ex1-use"
late, within, between = conditional_moments(joint, values)
for name, m in zip(work, late, strict=True):
    print(f"{name:12s} | E[Y | X = x] = {m:.3f}")
expect("d3_01.tower", joint.sum(axis=1) @ late, joint.sum(axis=0) @ values, atol=1e-12)
expect("d3_01.explained", between / (within + between), 0.11741, rtol=1e-4)

# %% [markdown] key="best" lang="en"
# The line of work explains 11.7 % of the variance of $Y$. The next theorem turns this remark into a limit for every model, of any size, trained on this input alone.

# %% [markdown] key="best" lang="fr"
# L’activité explique 11,7 % de la variance de $Y$. Le théorème suivant fait de cette remarque une limite pour tout modèle, quelle que soit sa taille, qui ne dispose que de cette entrée.

# %% [markdown] key="best-theorem" lang="en"
# ## 3. The best predictor of a squared loss
#
# > **Theorem 2.** Let $\mathbb E[Y^2]<\infty$ and $m(X)=\mathbb E[Y\mid X]$. For every measurable $g$ with $\mathbb E[g(X)^2]<\infty$,
# >
# > $$\mathbb E\big[(Y-g(X))^2\big]=\underbrace{\mathbb E\big[\operatorname{Var}(Y\mid X)\big]}_{\text{floor}} +\mathbb E\big[(m(X)-g(X))^2\big].$$
# >
# > Hence $m$ is the minimiser, unique up to a set of values of $X$ of probability 0. (If $\mathbb E[g(X)^2]=\infty$, the left side is infinite, so nothing is lost.)
#
# *Proof.* Write $Y-g(X)=(Y-m(X))+h(X)$ with $h=m-g$, and expand the square. Since $v(X)=\mathbb E[Y^2\mid X]-m(X)^2\ge0$, $m(X)$ and $h(X)$ are square-integrable and the cross term $(Y-m(X))\,h(X)$ is integrable. By the tower property,
#
# $$\mathbb E\big[(Y-m(X))\,h(X)\big]=\mathbb E\big[\mathbb E[Y-m(X)\mid X]\,h(X)\big]=0.\qquad\blacksquare$$
#
# Three consequences for daily work. A regression network trained on squared loss aims at $m$, a *mean*: where $Y$ has two modes it answers between them. The share of variance explained, $R^2$, cannot exceed $\operatorname{Var}(\mathbb E[Y\mid X])/\operatorname{Var}Y$, here 0.117. And when the loss sits on the floor, a larger network gains nothing: only another input does.
#
# **A case where everything is known.** Let $X,Z\sim\mathcal N(0,1)$ be independent and $Y=\rho X+\sqrt{1-\rho^2}\,Z$. Then $\mathbb E[Y\mid X]=\rho X$ and the floor is $1-\rho^2$. For $\rho=0.8$: **predict** the test error of the best line, then that of the best cubic.

# %% [markdown] key="best-theorem" lang="fr"
# ## 3. Le meilleur prédicteur pour une perte quadratique
#
# > **Théorème 2.** Soit $\mathbb E[Y^2]<\infty$ et $m(X)=\mathbb E[Y\mid X]$. Pour toute fonction mesurable $g$ telle que $\mathbb E[g(X)^2]<\infty$,
# >
# > $$\mathbb E\big[(Y-g(X))^2\big]=\underbrace{\mathbb E\big[\operatorname{Var}(Y\mid X)\big]}_{\text{plancher}} +\mathbb E\big[(m(X)-g(X))^2\big].$$
# >
# > Le minimum est donc atteint en $m$, unique à un ensemble de valeurs de $X$ de probabilité nulle près. (Si $\mathbb E[g(X)^2]=\infty$, le membre de gauche est infini : on ne perd rien.)
#
# *Démonstration.* On écrit $Y-g(X)=(Y-m(X))+h(X)$ avec $h=m-g$, et l’on développe le carré. Comme $v(X)=\mathbb E[Y^2\mid X]-m(X)^2\ge0$, $m(X)$ et $h(X)$ sont de carré intégrable et le double produit $(Y-m(X))\,h(X)$ est intégrable. D’après la formule de l’espérance totale,
#
# $$\mathbb E\big[(Y-m(X))\,h(X)\big]=\mathbb E\big[\mathbb E[Y-m(X)\mid X]\,h(X)\big]=0.\qquad\blacksquare$$
#
# Trois conséquences pour le travail quotidien. Un réseau de régression entraîné sur la perte quadratique vise $m$, une *moyenne* : là où $Y$ a deux modes, il répond entre les deux. La part de variance expliquée, $R^2$, ne peut dépasser $\operatorname{Var}(\mathbb E[Y\mid X])/\operatorname{Var}Y$, ici 0,117. Et lorsque la perte a atteint le plancher, un réseau plus grand ne gagne rien ; seule une autre entrée apporte quelque chose.
#
# **Un cas où tout est connu.** Soient $X,Z\sim\mathcal N(0,1)$ indépendantes et $Y=\rho X+\sqrt{1-\rho^2}\,Z$. Alors $\mathbb E[Y\mid X]=\rho X$ et le plancher vaut $1-\rho^2$. Pour $\rho=0{,}8$, **prévoyez** l’erreur de test de la meilleure droite, puis celle de la meilleure cubique.

# %% key="best-gaussian"
rng = np.random.default_rng(SEED + 1)
rho, n = 0.8, 400_000
x, noise = rng.standard_normal((2, n))
y = rho * x + np.sqrt(1 - rho**2) * noise
train, test = slice(0, n // 4), slice(n // 4, n)
mse = {}
for degree in (1, 3):
    fitted = np.polyval(np.polyfit(x[train], y[train], degree), x[test])
    mse[degree] = np.mean((y[test] - fitted) ** 2)
expect("d3_01.floor", mse[1], 1 - rho**2, atol=5e-3)
expect("d3_01.cubic", mse[1] - mse[3], at_most=1e-3)

# %% [markdown] key="curve-text" lang="en"
# For a Gaussian pair the conditional mean happens to be a line. In general it is a curve, and averaging $Y$ over narrow bins of $X$ estimates it: this is what the definition of $m$ says, read literally. In the next figure $Y=\sin 2X+(0.2+0.3\,|X|)\,Z$ with $X$ uniform on $[-3,3]$.

# %% [markdown] key="curve-text" lang="fr"
# Pour un couple gaussien, l’espérance conditionnelle se trouve être affine. En général, c’est une courbe, que l’on estime en moyennant $Y$ sur d’étroites tranches de $X$ : c’est la définition de $m$, lue à la lettre. Dans la figure suivante, $Y=\sin 2X+(0{,}2+0{,}3\,|X|)\,Z$, avec $X$ uniforme sur $[-3,3]$.

# %% key="curve" tags=["figure"]
rng = np.random.default_rng(SEED + 2)
x = rng.uniform(-3, 3, 20_000)
spread = 0.2 + 0.3 * np.abs(x)
y = np.sin(2 * x) + spread * rng.standard_normal(x.size)
edges = np.linspace(-3, 3, 41)
middle = (edges[1:] + edges[:-1]) / 2
place = np.digitize(x, edges[1:-1])
slope, intercept = np.polyfit(x, y, 1)
line = slope * x + intercept

ax = figures.axes()
ax.plot(x[:1500], y[:1500], ".", color="0.8", markersize=3)
ax.plot(middle, np.bincount(place, y) / np.bincount(place), "o", color=figures.BLUE, label=T("mean of each bin", "moyenne de chaque tranche"))
ax.plot(middle, np.sin(2 * middle), "-", color=figures.BLACK, label="$m(x)$")
ax.plot(edges, slope * edges + intercept, "--", color=figures.VERMILION, label=T("best line", "meilleure droite"))
ax.set_xlabel("$x$")
ax.set_ylabel("$y$")
ax.legend()
errors = [np.mean((y - np.sin(2 * x)) ** 2), np.mean(spread**2), np.mean((y - line) ** 2)]
print(np.round(errors, 3))

# %% [markdown] key="jensen" lang="en"
# The three printed numbers are the error of $m$, the floor, and the error of the best line. The first two agree; the third is larger by $\mathbb E[(m(X)-g(X))^2]$, as Theorem 2 requires.
#
# > **Jensen's inequality.** Let $\varphi$ be convex on an interval that contains $X$ almost surely, with $X$ and $\varphi(X)$ integrable. Then $\varphi(\mathbb E X)\le\mathbb E\,\varphi(X)$.
#
# *Proof.* At $\mu=\mathbb E X$ a convex function has a supporting line: $\varphi(x)\ge\varphi(\mu)+a(x-\mu)$ for all $x$. Take expectations. $\blacksquare$ (If $\mu$ is an end of the interval, then $X=\mu$ almost surely.) The conditional version, $\varphi(\mathbb E[X\mid Z])\le\mathbb E[\varphi(X)\mid Z]$, is proved in the same way. For the concave logarithm the inequality turns: $\mathbb E\ln X\le\ln\mathbb E X$. Each of the next three notebooks rests on that line.

# %% [markdown] key="jensen" lang="fr"
# Les trois nombres affichés sont l’erreur de $m$, le plancher et l’erreur de la meilleure droite. Les deux premiers concordent ; le troisième les dépasse de $\mathbb E[(m(X)-g(X))^2]$, comme l’exige le théorème 2.
#
# > **Inégalité de Jensen.** Soit $\varphi$ convexe sur un intervalle qui contient $X$ presque sûrement, avec $X$ et $\varphi(X)$ intégrables. Alors $\varphi(\mathbb E X)\le\mathbb E\,\varphi(X)$.
#
# *Démonstration.* En $\mu=\mathbb E X$, une fonction convexe admet une droite d’appui : $\varphi(x)\ge\varphi(\mu)+a(x-\mu)$ pour tout $x$. On prend l’espérance. $\blacksquare$ (Si $\mu$ est une extrémité de l’intervalle, $X=\mu$ presque sûrement.) La version conditionnelle, $\varphi(\mathbb E[X\mid Z])\le\mathbb E[\varphi(X)\mid Z]$, se démontre de même. Pour le logarithme, concave, l’inégalité se renverse : $\mathbb E\ln X\le\ln\mathbb E X$. Chacun des trois notebooks suivants repose sur cette ligne.

# %% [markdown] key="monte-carlo" lang="en"
# ## 4. Expectation in practice: Monte Carlo
#
# Let $X_1,X_2,\dots$ be independent with the law of $X$, and $\bar X_n=\frac1n\sum_{i\le n}X_i$.
#
# - *Law of large numbers*: if $\mathbb E|X|<\infty$, then $\bar X_n\to\mathbb E X$ almost surely.
# - *Central limit theorem*: if $0<\operatorname{Var}X=\sigma^2<\infty$, then $\sqrt n\,(\bar X_n-\mathbb E X)/\sigma$ converges in law to $\mathcal N(0,1)$.
#
# Independence gives $\operatorname{Var}\bar X_n=\sigma^2/n$. Replacing $\sigma^2$ by $s^2=\frac1{n-1}\sum_i(X_i-\bar X_n)^2$, whose expectation is $\sigma^2$, one reports the **standard error** $s/\sqrt n$: four times as many draws for half the error, in every dimension.

# %% [markdown] key="monte-carlo" lang="fr"
# ## 4. L’espérance en pratique : Monte-Carlo
#
# Soient $X_1,X_2,\dots$ des variables indépendantes, de même loi que $X$, et $\bar X_n=\frac1n\sum_{i\le n}X_i$.
#
# - *Loi des grands nombres* : si $\mathbb E|X|<\infty$, alors $\bar X_n\to\mathbb E X$ presque sûrement.
# - *Théorème central limite* : si $0<\operatorname{Var}X=\sigma^2<\infty$, alors $\sqrt n\,(\bar X_n-\mathbb E X)/\sigma$ converge en loi vers $\mathcal N(0,1)$.
#
# L’indépendance donne $\operatorname{Var}\bar X_n=\sigma^2/n$. En remplaçant $\sigma^2$ par $s^2=\frac1{n-1}\sum_i(X_i-\bar X_n)^2$, dont l’espérance est $\sigma^2$, on annonce l’**erreur type** $s/\sqrt n$ : quatre fois plus de tirages pour une erreur deux fois moindre, en toute dimension.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2: mean and standard error in one pass (12 minutes)
#
# A data loader hands over batches of unequal sizes and reuses its memory: a batch is gone when the next one comes. Keep three numbers only, the count $n$, the mean $\bar x$ and the sum of squared deviations $M=\sum_i(x_i-\bar x)^2$. When $k$ new values of mean $\bar b$ and squared deviations $M_b$ arrive, Theorem 1 says what to do. Draw one of the $n+k$ values at random and let $X$ be the indicator that it is a new one: the variance inside the two groups and the variance between them add up to
#
# $$M\leftarrow M+M_b+\frac{n\,k}{n+k}\,(\bar b-\bar x)^2,\qquad \bar x\leftarrow\bar x+\frac{k}{n+k}\,(\bar b-\bar x),\qquad n\leftarrow n+k.$$
#
# Check the factor $nk/(n+k)$ on paper, then write `running_mean(batches)`, which returns the mean and its standard error $s/\sqrt n$. There are at least two values in all.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 : moyenne et erreur type en une seule lecture (12 minutes)
#
# Un lecteur de données livre des lots de tailles inégales et réutilise sa mémoire : un lot disparaît quand arrive le suivant. Ne gardez que trois nombres, l’effectif $n$, la moyenne $\bar x$ et la somme des carrés des écarts $M=\sum_i(x_i-\bar x)^2$. Lorsqu’arrivent $k$ nouvelles valeurs, de moyenne $\bar b$ et de carrés d’écarts $M_b$, le théorème 1 dit quoi faire. Tirons au hasard l’une des $n+k$ valeurs, et soit $X$ l’indicatrice de ce qu’elle est nouvelle : la variance à l’intérieur des deux groupes et la variance entre les groupes s’ajoutent, ce qui donne
#
# $$M\leftarrow M+M_b+\frac{n\,k}{n+k}\,(\bar b-\bar x)^2,\qquad \bar x\leftarrow\bar x+\frac{k}{n+k}\,(\bar b-\bar x),\qquad n\leftarrow n+k.$$
#
# Vérifiez le facteur $nk/(n+k)$ sur le papier, puis écrivez `running_mean(batches)`, qui renvoie la moyenne et son erreur type $s/\sqrt n$. Il y a en tout au moins deux valeurs.

# %% key="ex2" tags=["exercise"]
def running_mean(batches):
    # en: read the batches once; return (mean, standard error)
    # fr: lire les lots une seule fois ; renvoyer (moyenne, erreur type)
    # BEGIN SOLUTION
    n, mean, spread = 0, 0.0, 0.0
    for batch in batches:
        k, gap = len(batch), np.mean(batch) - mean
        spread += np.sum((batch - np.mean(batch)) ** 2) + gap**2 * n * k / (n + k)
        mean += gap * k / (n + k)
        n += k
    return mean, np.sqrt(spread / (n - 1) / n)
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# The tempting shortcut $\overline{x^2}-\bar x^2$ subtracts two huge and nearly equal numbers when the mean is far larger than the spread: try it on values around $10^8$ with a standard deviation of $1$.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Le raccourci tentant $\overline{x^2}-\bar x^2$ soustrait deux nombres énormes et presque égaux dès que la moyenne dépasse de loin la dispersion : essayez-le sur des valeurs proches de $10^8$, d’écart type $1$.
# </details>

# %% key="ex2-check"
check("d3_01.ex2", running_mean)

# %% [markdown] key="slope-text" lang="en"
# **Prediction.** For $X\sim\mathcal N(0,1)$, $\mathbb E\cos X=e^{-1/2}$. Repeat the estimate 400 times for each $n$ from 10 to 10,000 and plot the root mean squared error on log-log axes. Which slope? And how often does the interval $\bar X_n\pm1.96\,s/\sqrt n$ contain the truth, for $n=1000$?

# %% [markdown] key="slope-text" lang="fr"
# **Prévision.** Pour $X\sim\mathcal N(0,1)$, $\mathbb E\cos X=e^{-1/2}$. On répète 400 fois l’estimation pour chaque $n$ de 10 à 10 000 et l’on trace la racine de l’erreur quadratique moyenne en échelles logarithmiques. Quelle pente ? Et, pour $n=1000$, dans quelle proportion des cas l’intervalle $\bar X_n\pm1{,}96\,s/\sqrt n$ contient-il la vraie valeur ?

# %% key="slope"
rng = np.random.default_rng(SEED + 3)
truth, repeats = np.exp(-0.5), 400
sizes = np.array([10, 30, 100, 300, 1000, 3000, 10_000])
rmse = []
for n in sizes:
    draws = np.cos(rng.standard_normal((repeats, n)))
    error = draws.mean(axis=1) - truth
    rmse.append(np.sqrt(np.mean(error**2)))
    if n == 1000:
        inside = np.mean(np.abs(error) < 1.96 * draws.std(axis=1, ddof=1) / np.sqrt(n))
slope = np.polyfit(np.log(sizes), np.log(rmse), 1)[0]
expect("d3_01.slope", slope, -0.5, atol=0.05)
expect("d3_01.coverage", inside, 0.95, atol=0.06)

# %% [markdown] key="gauss" lang="en"
# ## 5. Conditioning a Gaussian vector
#
# > **Theorem 3.** Let $(a,b)$ be a Gaussian vector, with mean $(\mu_a,\mu_b)$ and covariance blocks $\Sigma_{aa},\Sigma_{ab},\Sigma_{ba}=\Sigma_{ab}^\top,\Sigma_{bb}$, where $\Sigma_{bb}$ is invertible. Given $b=\beta$, the vector $a$ is Gaussian, with
# >
# > $$\mu_{a\mid b}=\mu_a+\Sigma_{ab}\Sigma_{bb}^{-1}(\beta-\mu_b),\qquad \Sigma_{a\mid b}=\Sigma_{aa}-\Sigma_{ab}\Sigma_{bb}^{-1}\Sigma_{ba}.$$
# >
# > If $\Sigma$ is invertible and $\Lambda=\Sigma^{-1}$, then also $\Sigma_{a\mid b}=(\Lambda_{aa})^{-1}$.
#
# *Proof.* Take away from $a$ what $b$ explains linearly: $r=a-\Sigma_{ab}\Sigma_{bb}^{-1}b$. Then $\operatorname{Cov}(r,b)=\Sigma_{ab}-\Sigma_{ab}\Sigma_{bb}^{-1}\Sigma_{bb}=0$. The vector $(r,b)$ is an affine image of a Gaussian vector, hence Gaussian, and for Gaussian vectors uncorrelated means independent. So given $b=\beta$ the law of $a=r+\Sigma_{ab}\Sigma_{bb}^{-1}b$ is that of $r+\Sigma_{ab}\Sigma_{bb}^{-1}\beta$: take its mean, and $\operatorname{Cov}(r)=\Sigma_{aa}-\Sigma_{ab}\Sigma_{bb}^{-1}\Sigma_{ba}$. Last, with $b$ fixed the logarithm of the joint density is $-\frac12(a-\mu_a)^\top\Lambda_{aa}(a-\mu_a)$ plus terms affine in $a$, and the matrix of this quadratic form is the inverse of the conditional covariance. $\blacksquare$
#
# Two things to notice: the conditional mean is affine in $\beta$, so that by Theorem 2 linear regression is optimal for Gaussian data; and the conditional covariance does not depend on $\beta$.

# %% [markdown] key="gauss" lang="fr"
# ## 5. Conditionner un vecteur gaussien
#
# > **Théorème 3.** Soit $(a,b)$ un vecteur gaussien de moyenne $(\mu_a,\mu_b)$ et de covariance par blocs $\Sigma_{aa},\Sigma_{ab},\Sigma_{ba}=\Sigma_{ab}^\top,\Sigma_{bb}$, où $\Sigma_{bb}$ est inversible. Sachant $b=\beta$, le vecteur $a$ est gaussien, avec
# >
# > $$\mu_{a\mid b}=\mu_a+\Sigma_{ab}\Sigma_{bb}^{-1}(\beta-\mu_b),\qquad \Sigma_{a\mid b}=\Sigma_{aa}-\Sigma_{ab}\Sigma_{bb}^{-1}\Sigma_{ba}.$$
# >
# > Si $\Sigma$ est inversible et $\Lambda=\Sigma^{-1}$, on a aussi $\Sigma_{a\mid b}=(\Lambda_{aa})^{-1}$.
#
# *Démonstration.* Retirons à $a$ ce que $b$ en explique linéairement : $r=a-\Sigma_{ab}\Sigma_{bb}^{-1}b$. Alors $\operatorname{Cov}(r,b)=\Sigma_{ab}-\Sigma_{ab}\Sigma_{bb}^{-1}\Sigma_{bb}=0$. Le vecteur $(r,b)$, image affine d’un vecteur gaussien, est gaussien, et deux composantes non corrélées d’un vecteur gaussien sont indépendantes. Sachant $b=\beta$, la loi de $a=r+\Sigma_{ab}\Sigma_{bb}^{-1}b$ est donc celle de $r+\Sigma_{ab}\Sigma_{bb}^{-1}\beta$ : on en prend la moyenne, et $\operatorname{Cov}(r)=\Sigma_{aa}-\Sigma_{ab}\Sigma_{bb}^{-1}\Sigma_{ba}$. Enfin, à $b$ fixé, le logarithme de la densité jointe est $-\frac12(a-\mu_a)^\top\Lambda_{aa}(a-\mu_a)$ plus des termes affines en $a$, et la matrice de cette forme quadratique est l’inverse de la covariance conditionnelle. $\blacksquare$
#
# Deux faits à remarquer : l’espérance conditionnelle est affine en $\beta$, si bien que, d’après le théorème 2, la régression linéaire est optimale pour des données gaussiennes ; et la covariance conditionnelle ne dépend pas de $\beta$.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 (10 minutes)
#
# Write `condition(mean, cov, k, value)`: $a$ is made of the first $k$ coordinates and $b$ of the others, observed at `value`. Return the conditional mean and covariance. Solve linear systems; do not invert.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 (10 minutes)
#
# Écrivez `condition(mean, cov, k, value)` : $a$ est formé des $k$ premières coordonnées, $b$ des autres, observées en `value`. Renvoyez la moyenne et la covariance conditionnelles. Résolvez des systèmes linéaires, n’inversez pas.

# %% key="ex3" tags=["exercise"]
def condition(mean, cov, k, value):
    # en: return the mean (k,) and the covariance (k, k) of the first k coordinates given the others
    # fr: renvoyer la moyenne (k,) et la covariance (k, k) des k premières coordonnées sachant les autres
    # BEGIN SOLUTION
    gain = np.linalg.solve(cov[k:, k:], cov[k:, :k]).T
    return mean[:k] + gain @ (value - mean[k:]), cov[:k, :k] - gain @ cov[k:, :k]
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# Let $K=\Sigma_{ab}\Sigma_{bb}^{-1}$: its transpose solves $\Sigma_{bb}K^\top=\Sigma_{ba}$. With $K$ at hand, both answers are one line each.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Soit $K=\Sigma_{ab}\Sigma_{bb}^{-1}$ : sa transposée est solution de $\Sigma_{bb}K^\top=\Sigma_{ba}$. Avec $K$, chacune des deux réponses tient en une ligne.
# </details>

# %% key="ex3-check"
check("d3_01.ex3", condition)

# %% [markdown] key="gp-text" lang="en"
# Your function already is Gaussian process regression. Take the values of an unknown function at 200 points as $a$, its values at five observed points as $b$, and the covariance $\exp(-(s-t)^2/2)$ between the values at $s$ and $t$.

# %% [markdown] key="gp-text" lang="fr"
# Votre fonction est déjà une régression par processus gaussien. Prenons pour $a$ les valeurs d’une fonction inconnue en 200 points, pour $b$ ses valeurs en cinq points observés, et pour covariance entre les valeurs en $s$ et en $t$ la fonction $\exp(-(s-t)^2/2)$.

# %% key="gp" tags=["figure"]
grid = np.linspace(-4, 4, 200)
seen = np.array([-3.0, -1.5, 0.0, 0.7, 2.5])
heard = np.sin(2 * seen)
times = np.concatenate([grid, seen])
prior = np.exp(-((times[:, None] - times) ** 2) / 2) + 1e-9 * np.eye(times.size)
centre, posterior = condition(np.zeros(times.size), prior, grid.size, heard)
width = 1.96 * np.sqrt(np.clip(np.diag(posterior), 0, None))

ax = figures.axes()
ax.fill_between(grid, centre - width, centre + width, color="0.88", label=T("95% given $b$", "95 % sachant $b$"))
ax.plot(grid, centre, "-", color=figures.BLUE, label=T("conditional mean", "espérance conditionnelle"))
ax.plot(seen, heard, "o", color=figures.BLACK, label=T("observed", "observé"))
ax.set_xlabel("$t$")
ax.set_ylabel(T("value", "valeur"))
ax.legend();

# %% [markdown] key="change" lang="en"
# ## 6. Change of variables
#
# > **Theorem 4.** Let $f:U\to V$ be a $C^1$ diffeomorphism between open sets of $\mathbb R^d$ and $X$ a random vector with density $p_X$ on $U$. Then $Y=f(X)$ has on $V$ the density
# >
# > $$p_Y(y)=p_X\big(f^{-1}(y)\big)\,\big|\det J_{f^{-1}}(y)\big| =\frac{p_X(x)}{|\det J_f(x)|}\quad\text{at } x=f^{-1}(y).$$
#
# *Proof.* For $h$ bounded and measurable, the change of variables $x=f^{-1}(y)$ in the integral gives $\mathbb E\,h(f(X))=\int_U h(f(x))\,p_X(x)\,dx=\int_V h(y)\,p_X(f^{-1}(y))\,|\det J_{f^{-1}}(y)|\,dy$. The second equality is $J_{f^{-1}}(y)=J_f(x)^{-1}$. $\blacksquare$
#
# The determinant is the factor by which $f$ stretches volume near $x$; density is mass per volume, so one divides by it. A normalising flow stacks such maps and adds the logarithms.
#
# **The layer of this section** is the one that soft actor-critic uses to keep actions in a box: $f(x)=\tanh(Ax+b)$ coordinate by coordinate, $A$ invertible, $X\sim\mathcal N(0,I_d)$. Since $\tanh'=1-\tanh^2$ and determinants multiply,
#
# $$\ln|\det J_f(x)|=\ln|\det A|+\sum_{j=1}^d\ln\big(1-y_j^2\big),\qquad x=A^{-1}(\operatorname{artanh}y-b).$$

# %% [markdown] key="change" lang="fr"
# ## 6. Changement de variable
#
# > **Théorème 4.** Soit $f:U\to V$ un difféomorphisme de classe $C^1$ entre ouverts de $\mathbb R^d$ et $X$ un vecteur aléatoire de densité $p_X$ sur $U$. Alors $Y=f(X)$ admet sur $V$ la densité
# >
# > $$p_Y(y)=p_X\big(f^{-1}(y)\big)\,\big|\det J_{f^{-1}}(y)\big| =\frac{p_X(x)}{|\det J_f(x)|}\quad\text{en } x=f^{-1}(y).$$
#
# *Démonstration.* Pour $h$ mesurable bornée, le changement de variable $x=f^{-1}(y)$ dans l’intégrale donne $\mathbb E\,h(f(X))=\int_U h(f(x))\,p_X(x)\,dx=\int_V h(y)\,p_X(f^{-1}(y))\,|\det J_{f^{-1}}(y)|\,dy$. La seconde égalité est $J_{f^{-1}}(y)=J_f(x)^{-1}$. $\blacksquare$
#
# Le déterminant est le facteur par lequel $f$ dilate les volumes près de $x$ ; une densité est une masse par unité de volume, donc on divise. Un flot normalisant empile de telles applications et ajoute les logarithmes.
#
# **La couche de cette section** est celle par laquelle l’algorithme *soft actor-critic* maintient les actions dans une boîte : $f(x)=\tanh(Ax+b)$ coordonnée par coordonnée, $A$ inversible, $X\sim\mathcal N(0,I_d)$. Comme $\tanh'=1-\tanh^2$ et que les déterminants se multiplient,
#
# $$\ln|\det J_f(x)|=\ln|\det A|+\sum_{j=1}^d\ln\big(1-y_j^2\big),\qquad x=A^{-1}(\operatorname{artanh}y-b).$$

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 (12 minutes)
#
# Write `log_density(y, A, b)` for points `y` of shape `(n, d)` inside $]-1,1[^d$: the `n` numbers $\ln p_Y(y)$.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 (12 minutes)
#
# Écrivez `log_density(y, A, b)` pour des points `y` de forme `(n, d)` dans $]-1,1[^d$ : les `n` nombres $\ln p_Y(y)$.

# %% key="ex4" tags=["exercise"]
def log_density(y, A, b):
    # en: logarithm of the density of tanh(A x + b), x standard Gaussian, at each row of y
    # fr: logarithme de la densité de tanh(A x + b), x gaussien standard, en chaque ligne de y
    # BEGIN SOLUTION
    x = np.linalg.solve(A, (np.arctanh(y) - b).T).T
    log_px = -0.5 * np.sum(x**2, axis=1) - 0.5 * len(b) * np.log(2 * np.pi)
    return log_px - np.linalg.slogdet(A)[1] - np.sum(np.log1p(-(y**2)), axis=1)
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.arctanh` and `np.linalg.slogdet` do the work. The points are rows of `y`, so the right-hand side of the system in $A$ is a transposed array.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.arctanh` et `np.linalg.slogdet` font le travail. Les points sont les lignes de `y` : le second membre du système en $A$ est donc un tableau transposé.
# </details>

# %% key="ex4-check"
check("d3_01.ex4", log_density)

# %% [markdown] key="jacobian-text" lang="en"
# The check compared you with a formula. Now the Jacobian itself, computed three ways that do not know the formula: JAX in forward mode, PyTorch in reverse mode, and central differences.

# %% [markdown] key="jacobian-text" lang="fr"
# L’autovérification vous a comparé à une formule. Voici la jacobienne elle-même, calculée de trois façons qui ignorent la formule : JAX en mode direct, PyTorch en mode inverse, différences centrées.

# %% key="jacobian"
A, b = np.array([[1.0, 0.5], [-0.3, 0.8]]), np.array([0.2, -0.4])
x0 = np.array([0.3, -1.1])
y0 = np.tanh(A @ x0 + b)
by_hand = -np.sum(x0**2) / 2 - np.log(2 * np.pi) - log_density(y0[None], A, b)[0]

by_jax = jax.jacfwd(lambda x: jnp.tanh(A @ x + b))(x0)
A_torch, b_torch = torch.tensor(A), torch.tensor(b)
by_torch = torch.autograd.functional.jacobian(
    lambda x: torch.tanh(A_torch @ x + b_torch), torch.tensor(x0)
)
columns = [numerical_jvp(lambda x: np.tanh(A @ x + b), x0, v) for v in np.eye(2)]
expect("d3_01.jax", by_hand, np.linalg.slogdet(by_jax)[1], atol=1e-10)
expect("d3_01.torch", by_hand, torch.linalg.slogdet(by_torch)[1], atol=1e-10)
expect("d3_01.differences", by_hand, np.linalg.slogdet(np.stack(columns, axis=1))[1], atol=1e-8)

# %% [markdown] key="warp-text" lang="en"
# A density must integrate to 1. The midpoint rule on a grid of $800\times800$ cells of the square says whether yours does; the figure shows what $f$ did to the Gaussian cloud. Where is the mass that the tails carried?

# %% [markdown] key="warp-text" lang="fr"
# Une densité est d’intégrale 1. La méthode du point milieu, sur une grille de $800\times800$ cases du carré, dit si la vôtre l’est ; la figure montre ce que $f$ a fait du nuage gaussien. Où est passée la masse que portaient les queues ?

# %% key="warp" tags=["figure"]
rng = np.random.default_rng(SEED + 4)
x = rng.standard_normal((1500, 2))
ticks = (np.arange(800) + 0.5) / 400 - 1
Y = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1).reshape(-1, 2)
density = np.exp(log_density(Y, A, b)).reshape(800, 800)

before, after = figures.axes(2, height=3.6)
before.plot(*x.T, ".", color=figures.BLACK, markersize=2)
before.set_title(T("before: $x$ standard Gaussian", "avant : $x$ gaussien standard"))
after.contourf(ticks, ticks, density.T, levels=12, cmap="Greys")
after.plot(*np.tanh(x @ A.T + b).T, ".", color=figures.VERMILION, markersize=2)
after.set_title(T("after: $y=f(x)$ and its density", "après : $y=f(x)$ et sa densité"))
for ax, name in ((before, "x"), (after, "y")):
    ax.set_xlabel(f"${name}_1$")
    ax.set_ylabel(f"${name}_2$")
    ax.set_aspect("equal")
expect("d3_01.mass", 4 * density.mean(), 1.0, atol=1e-3)

# %% [markdown] key="break-a" lang="en"
# ## 7. Break it
#
# ### (a) No expectation, no law of large numbers
#
# The standard Cauchy law, of density $1/(\pi(1+x^2))$, has $\mathbb E|X|=\infty$. Its characteristic function is $e^{-|t|}$, so that the mean of $n$ independent copies has characteristic function $(e^{-|t|/n})^n=e^{-|t|}$: **averaging changes nothing at all**. The quartiles of the Cauchy law are $\pm1$. For a mean of $n$ standard normal variables the interquartile range is $1.349/\sqrt n$.
#
# **Predict**, for the mean of 1,000 Cauchy draws, the interquartile range over 10,000 repetitions.

# %% [markdown] key="break-a" lang="fr"
# ## 7. Casser exprès
#
# ### (a) Pas d’espérance, pas de loi des grands nombres
#
# La loi de Cauchy standard, de densité $1/(\pi(1+x^2))$, vérifie $\mathbb E|X|=\infty$. Sa fonction caractéristique est $e^{-|t|}$ ; celle de la moyenne de $n$ copies indépendantes est donc $(e^{-|t|/n})^n=e^{-|t|}$ : **faire la moyenne ne change rien du tout**. Les quartiles de la loi de Cauchy sont $\pm1$. Pour une moyenne de $n$ variables normales centrées réduites, l’écart interquartile est $1{,}349/\sqrt n$.
#
# **Prévoyez**, pour la moyenne de 1 000 tirages de Cauchy, l’écart interquartile sur 10 000 répétitions.

# %% key="break-a-run" tags=["figure", "break"]
rng = np.random.default_rng(SEED + 5)
counts = np.array([1, 10, 100, 1000])
laws = {"Cauchy": (rng.standard_cauchy, []), "normal": (rng.standard_normal, [])}
for n in counts:
    for draw, ranges in laws.values():
        low, high = np.percentile(draw((10_000, n)).mean(axis=1), [25, 75])
        ranges.append(high - low)

ax = figures.axes()
ax.loglog(counts, laws["Cauchy"][1], "o", color=figures.VERMILION, label=T("Cauchy", "Cauchy"))
ax.loglog(counts, np.full(4, 2.0), "--", color=figures.VERMILION, label=T("predicted: 2", "prévu : 2"))
ax.loglog(counts, laws["normal"][1], "s", color=figures.BLUE, label=T("normal", "normale"))
ax.loglog(counts, 1.349 / np.sqrt(counts), "-.", color=figures.BLUE, label=r"$1.349/\sqrt{n}$")
ax.set_xlabel(T("sample size $n$", "taille $n$ de l’échantillon"))
ax.set_ylabel(T("interquartile range of the mean", "écart interquartile de la moyenne"))
ax.legend()
expect("d3_01.break_cauchy", laws["Cauchy"][1][-1], 2.0, atol=0.2)

# %% [markdown] key="break-b" lang="en"
# ### (b) Finite variance, and a standard error that lies
#
# Let $Z\sim\mathcal N(0,1)$. Every moment of $e^{4Z}$ is finite and $\mathbb E\,e^{4Z}=e^8\approx2981$. But where does this expectation come from? Completing the square,
#
# $$\mathbb E\big[e^{4Z}\mathbf 1_{Z>4}\big]=\int_4^\infty e^{4z}\,\frac{e^{-z^2/2}}{\sqrt{2\pi}}\,dz =e^8\int_4^\infty\frac{e^{-(z-4)^2/2}}{\sqrt{2\pi}}\,dz=\frac{e^8}2.$$
#
# Half of it comes from the event $Z>4$, of probability $3.17\cdot10^{-5}$. With probability 73 %, a sample of 10,000 draws contains no such value. **Predict**: does the typical estimate fall above or below 2981?
#
# Call $N$ the event that all draws satisfy $Z\le4$. Given $N$, $\bar X_n$ has mean $e^8/2$ (up to $10^{-4}$) and, completing the square for $e^{8Z}$, variance at most $e^{32}\,\mathbb P(Z>4)/n=(0.168\,e^8)^2$. By Cantelli's inequality, $\mathbb P(\bar X_n\ge\frac34e^8\mid N)\le\frac{0.168^2}{0.168^2+0.25^2}<0.312$, hence $\mathbb P(\bar X_n<\frac34e^8)\ge0.728\cdot0.688>\frac12$: **the median of the estimates is below $\frac34e^8$**.
#
# And the interval $\bar X_n\pm1.96\,s/\sqrt n$, which claims 95 %? Given $N$, its upper end has mean at most $(0.5+1.96\cdot0.168)\,e^8<0.83\,e^8$ (Jensen, for the square root); it reaches $e^8$ with probability at most $0.83$ (Markov). **The coverage is below** $0.729\cdot0.83+0.272<0.88$, and these bounds are generous.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Une variance finie, et une erreur type qui ment
#
# Soit $Z\sim\mathcal N(0,1)$. Tous les moments de $e^{4Z}$ sont finis et $\mathbb E\,e^{4Z}=e^8\approx2981$. Mais d’où vient cette espérance ? En complétant le carré,
#
# $$\mathbb E\big[e^{4Z}\mathbf 1_{Z>4}\big]=\int_4^\infty e^{4z}\,\frac{e^{-z^2/2}}{\sqrt{2\pi}}\,dz =e^8\int_4^\infty\frac{e^{-(z-4)^2/2}}{\sqrt{2\pi}}\,dz=\frac{e^8}2.$$
#
# La moitié vient de l’événement $Z>4$, de probabilité $3{,}17\cdot10^{-5}$. Avec probabilité 73 %, un échantillon de 10 000 tirages ne le rencontre pas une seule fois. **Prévoyez** : l’estimation typique est-elle au-dessus ou au-dessous de 2981 ?
#
# Soit $N$ l’événement où tous les tirages vérifient $Z\le4$. Sachant $N$, $\bar X_n$ a pour espérance $e^8/2$ (à $10^{-4}$ près) et, en complétant le carré pour $e^{8Z}$, une variance d’au plus $e^{32}\,\mathbb P(Z>4)/n=(0{,}168\,e^8)^2$. D’après l’inégalité de Cantelli, $\mathbb P(\bar X_n\ge\frac34e^8\mid N)\le\frac{0{,}168^2}{0{,}168^2+0{,}25^2}<0{,}312$, d’où $\mathbb P(\bar X_n<\frac34e^8)\ge0{,}728\cdot0{,}688>\frac12$ : **la médiane des estimations est inférieure à $\frac34e^8$**.
#
# Et l’intervalle $\bar X_n\pm1{,}96\,s/\sqrt n$, qui annonce 95 % ? Sachant $N$, sa borne supérieure est d’espérance au plus $(0{,}5+1{,}96\cdot0{,}168)\,e^8<0{,}83\,e^8$ (Jensen, pour la racine carrée) ; elle atteint $e^8$ avec une probabilité d’au plus $0{,}83$ (Markov). **L’intervalle contient la vraie valeur avec une probabilité inférieure à** $0{,}729\cdot0{,}83+0{,}272<0{,}88$, et ces bornes sont généreuses.

# %% key="break-b-run" tags=["break"]
rng = np.random.default_rng(SEED + 6)
truth, estimates, covered = np.exp(8), [], []
for _ in range(1000):
    draws = np.exp(4 * rng.standard_normal(10_000))
    estimates.append(draws.mean())
    covered.append(abs(draws.mean() - truth) < 1.96 * draws.std(ddof=1) / 100)
print(f"{np.median(estimates):.0f} / {truth:.0f} | {np.mean(covered):.3f}")
expect("d3_01.break_median", np.median(estimates) / truth, at_most=0.75)
expect("d3_01.break_coverage", np.mean(covered), at_most=0.88)

# %% [markdown] key="break-b-remedy" lang="en"
# The typical estimate misses some 44 % of the truth and its interval is right less than one time in two: a sample that has not seen the rare event does not know that it exists. The remedy is **importance sampling**: draw where the integrand lives, $Z\sim\mathcal N(4,1)$, and weight by the ratio of densities $e^{8-4z}$. Every term becomes $e^{4z}e^{8-4z}=e^8$: here the variance is exactly zero. Day 3's last notebook looks for such a proposal inside a variational family.

# %% [markdown] key="break-b-remedy" lang="fr"
# L’estimation typique manque environ 44 % de la vraie valeur, et son intervalle a raison moins d’une fois sur deux : un échantillon qui n’a pas vu l’événement rare ignore qu’il existe. Le remède est l’**échantillonnage préférentiel** : tirer là où vit l’intégrande, $Z\sim\mathcal N(4,1)$, et pondérer par le rapport des densités $e^{8-4z}$. Chaque terme devient $e^{4z}e^{8-4z}=e^8$ : ici, la variance est exactement nulle. Le dernier notebook du jour cherche une telle loi dans une famille variationnelle.

# %% [markdown] key="break-c" lang="en"
# ### (c) Forget the determinant
#
# If one writes $p_X(f^{-1}(y))$ and drops $|\det J_{f^{-1}}|$, the change of variables $y=f(x)$ gives the total mass $\int_V p_X(f^{-1}(y))\,dy=\int_U p_X(x)\,|\det J_f(x)|\,dx=\mathbb E|\det J_f(X)|$. **Predict** this number for the layer of exercise 4 with your own `running_mean`, then see what the grid gives.

# %% [markdown] key="break-c" lang="fr"
# ### (c) Oublier le déterminant
#
# Si l’on écrit $p_X(f^{-1}(y))$ en oubliant $|\det J_{f^{-1}}|$, le changement de variable $y=f(x)$ donne pour masse totale $\int_V p_X(f^{-1}(y))\,dy=\int_U p_X(x)\,|\det J_f(x)|\,dx=\mathbb E|\det J_f(X)|$. **Prévoyez** ce nombre pour la couche de l’exercice 4 avec votre propre `running_mean`, puis voyez ce que donne la grille.

# %% key="break-c-run" tags=["break"]
rng = np.random.default_rng(SEED + 7)
stretch = (
    np.abs(np.linalg.det(A))
    * np.prod(1 - np.tanh(rng.standard_normal((1000, 2)) @ A.T + b) ** 2, axis=1)
    for _ in range(400)
)
predicted, error = running_mean(stretch)
pulled_back = np.linalg.solve(A, (np.arctanh(Y) - b).T)
forgotten = np.mean(np.exp(-np.sum(pulled_back**2, axis=0) / 2) / (2 * np.pi)) * 4
print(f"{predicted:.4f} ± {error:.4f}")
expect("d3_01.break_mass", forgotten, predicted, atol=3e-3)

# %% [markdown] key="exit" lang="en"
# A "density" of mass 0.33 still gives a loss that decreases during training, which is why this mistake survives in so many implementations: integrate once on a grid in dimension 2, before dimension 200.

# %% [markdown] key="exit" lang="fr"
# Une « densité » de masse 0,33 donne tout de même une perte qui décroît à l’entraînement ; voilà pourquoi cette faute survit dans tant de programmes. Intégrez une fois sur une grille en dimension 2 avant de passer en dimension 200.

# %% [markdown] key="exit-ticket" lang="en"
# ## Exit ticket (no code)
#
# 1. Your regression has a test error of 0.36, and repeated measurements at identical inputs give $\mathbb E[\operatorname{Var}(Y\mid X)]\approx0.36$. A colleague proposes a network ten times larger. What do you answer, and what do you propose?
# 2. An estimate is published with "standard error 12". Which hypotheses does the interval of $\pm24$ rest on, and what in the sample itself would make you doubt them?

# %% [markdown] key="exit-ticket" lang="fr"
# ## Billet de sortie (sans code)
#
# 1. Votre régression a une erreur de test de 0,36, et des mesures répétées à entrées identiques donnent $\mathbb E[\operatorname{Var}(Y\mid X)]\approx0{,}36$. Un collègue propose un réseau dix fois plus grand. Que répondez-vous, et que proposez-vous ?
# 2. Une estimation est publiée avec « erreur type 12 ». Sur quelles hypothèses repose l’intervalle $\pm24$, et qu’est-ce qui, dans l’échantillon lui-même, vous en ferait douter ?

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. The error sits on the floor of Theorem 2: no function of the same inputs does better on average, so the larger network can only fit noise. Propose other inputs (an $X'$ such that $\mathbb E[\operatorname{Var}(Y\mid X,X')]$ is smaller), or better measurements of $Y$; and check the estimate of the floor, which needs independent repetitions at identical inputs. 2. Independent draws from the target law (or weights that correct for it), a finite variance, and $n$ large enough for the central limit theorem *and* for $s$ to have seen what carries the variance. Signs of trouble in the sample: one or a few draws make up most of the sum, the running mean jumps, $s$ keeps growing with $n$.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. L’erreur est au plancher du théorème 2 : aucune fonction des mêmes entrées ne fait mieux en moyenne, et le grand réseau ne pourra qu’apprendre du bruit. Proposer d’autres entrées (un $X'$ tel que $\mathbb E[\operatorname{Var}(Y\mid X,X')]$ soit plus petit), ou de meilleures mesures de $Y$ ; et vérifier l’estimation du plancher, qui demande des répétitions indépendantes à entrées identiques. 2. Des tirages indépendants de la loi visée (ou des poids qui la rétablissent), une variance finie, et $n$ assez grand pour le théorème central limite *et* pour que $s$ ait vu ce qui porte la variance. Signes d’alerte dans l’échantillon : un tirage ou quelques-uns font l’essentiel de la somme, la moyenne courante fait des sauts, $s$ ne cesse de croître avec $n$.
