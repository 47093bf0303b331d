# %% [markdown] key="title" lang="en"
# # Variational methods: ELBO, reparameterisation, VAE
#
# **Day 3, notebook 4** — about 45 minutes (exercises 1, 2 and 4), then 30 minutes for exercise 3 and *Break it*.
#
# A latent-variable model explains an observation $x$ by something unobserved, $z$. Its likelihood $p(x)=\int p(x\mid z)\,p(z)\,dz$ is an expectation that nobody can compute, and D3-01 showed how badly naive sampling may estimate it. Variational methods replace this integral by an optimisation. This notebook computes exactly what is lost on the way, compares the two gradients that make the optimisation possible, and derives a law that predicts, before any training, how many latent variables a model will use.
#
# After this notebook you can
#
# 1. derive the ELBO, compute its gap in a model where everything is known, and say what mean field forgets;
# 2. derive the pathwise and the score-function gradients, and their variances;
# 3. tighten the bound with $K$ samples and recognise a proposal that is too narrow;
# 4. write the loss of a VAE and predict posterior collapse from a spectrum.

# %% [markdown] key="title" lang="fr"
# # Méthodes variationnelles : ELBO, reparamétrisation, dérivation du VAE
#
# **Jour 3, notebook 4** — environ 45 minutes (exercices 1, 2 et 4), puis 30 minutes pour l’exercice 3 et *Casser exprès*.
#
# Un modèle à variable latente explique une observation $x$ par quelque chose que l’on n’observe pas, $z$. Sa vraisemblance $p(x)=\int p(x\mid z)\,p(z)\,dz$ est une espérance que personne ne sait calculer, et D3-01 a montré combien un échantillonnage naïf peut mal l’estimer. Les méthodes variationnelles remplacent cette intégrale par une optimisation. Ce notebook calcule exactement ce que l’on perd en chemin, compare les deux gradients qui rendent l’optimisation possible, et établit une loi qui prévoit, avant tout entraînement, combien de variables latentes un modèle utilisera.
#
# À l’issue de ce notebook, vous saurez
#
# 1. établir l’ELBO (minorant variationnel), en calculer l’écart dans un modèle où tout est connu, et dire ce qu’oublie l’approximation de champ moyen ;
# 2. établir le gradient par trajectoire et le gradient par score, ainsi que leurs variances ;
# 3. resserrer le minorant avec $K$ tirages et reconnaître une loi de proposition trop étroite ;
# 4. écrire la perte d’un VAE et prévoir l’effondrement de la loi a posteriori à partir d’un spectre.

# %% key="imports"
import numpy as np
from airina import check, expect, figures
from airina.data import digits_split
from airina.derivatives import numerical_gradient

# en: another seed draws every sample of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0

# %% key="libraries"
import jax
import jax.numpy as jnp
import torch

# %% [markdown] key="elbo" lang="en"
# ## 1. One identity
#
# > **Theorem 1.** Let $p(x,z)=p(z)\,p(x\mid z)$ with $0<p(x)<\infty$, and let $q$ be a density of $z$, zero wherever $p(z\mid x)$ is, for which the expectations below exist. Then
# >
# > $$\ln p(x)=\underbrace{\mathbb E_q\big[\ln p(x,z)-\ln q(z)\big]}_{\mathrm{ELBO}(q)} +\mathrm{KL}\big(q\,\|\,p(\cdot\mid x)\big),\qquad \mathrm{ELBO}(q)=\mathbb E_q\ln p(x\mid z)-\mathrm{KL}\big(q\,\|\,p(z)\big).$$
#
# *Proof.* $\ln p(x)=\ln p(x,z)-\ln p(z\mid x)$ for every $z$ with $p(z\mid x)>0$; insert $\pm\ln q(z)$ and take the expectation under $q$. The second form splits $\ln p(x,z)$ instead. $\blacksquare$
#
# By Gibbs' inequality the ELBO is a lower bound, reached exactly by the posterior. Jensen's inequality applied to $\ln\mathbb E_q[p(x,z)/q(z)]$ gives the bound too, but not *what is lost*. Here the loss has a name: the reverse divergence of D3-02, with its preference for one mode and for laws that are too narrow.

# %% [markdown] key="elbo" lang="fr"
# ## 1. Une identité
#
# > **Théorème 1.** Soit $p(x,z)=p(z)\,p(x\mid z)$ avec $0<p(x)<\infty$, et soit $q$ une densité de $z$, nulle partout où $p(z\mid x)$ l’est, telle que les espérances ci-dessous existent. Alors
# >
# > $$\ln p(x)=\underbrace{\mathbb E_q\big[\ln p(x,z)-\ln q(z)\big]}_{\mathrm{ELBO}(q)} +\mathrm{KL}\big(q\,\|\,p(\cdot\mid x)\big),\qquad \mathrm{ELBO}(q)=\mathbb E_q\ln p(x\mid z)-\mathrm{KL}\big(q\,\|\,p(z)\big).$$
#
# *Démonstration.* $\ln p(x)=\ln p(x,z)-\ln p(z\mid x)$ pour tout $z$ tel que $p(z\mid x)>0$ ; on insère $\pm\ln q(z)$ et l’on prend l’espérance sous $q$. La seconde forme sépare plutôt $\ln p(x,z)$. $\blacksquare$
#
# D’après l’inégalité de Gibbs, l’ELBO est un minorant, atteint exactement par la loi a posteriori. L’inégalité de Jensen, appliquée à $\ln\mathbb E_q[p(x,z)/q(z)]$, donne aussi le minorant, mais non *ce que l’on perd*. Ici, la perte a un nom : c’est la divergence inverse de D3-02, avec sa préférence pour un seul mode et pour des lois trop étroites.

# %% [markdown] key="ppca" lang="en"
# ## 2. A model where everything is known
#
# **Probabilistic PCA**: $z\sim\mathcal N(0,I_k)$ and $x\mid z\sim\mathcal N(Wz+\mu,\sigma^2I_d)$. Then $x\sim\mathcal N(\mu,WW^\top+\sigma^2I)$, and completing the square in $z$,
#
# $$-\frac{|x-\mu-Wz|^2}{2\sigma^2}-\frac{|z|^2}2=-\frac1{2\sigma^2}\Big(z^\top Mz-2\,z^\top W^\top(x-\mu)\Big)+\text{const}, \qquad M=W^\top W+\sigma^2I,$$
#
# so that the posterior is $\mathcal N\big(M^{-1}W^\top(x-\mu),\ \sigma^2M^{-1}\big)$. For $q=\mathcal N(m,S)$ both halves of the ELBO are explicit, since $\mathbb E_q|v-Wz|^2=|v-Wm|^2+\operatorname{tr}(WSW^\top)$:
#
# $$\mathrm{ELBO}=-\frac{|x-\mu-Wm|^2+\operatorname{tr}(WSW^\top)}{2\sigma^2}-\frac d2\ln(2\pi\sigma^2) -\frac12\Big[\operatorname{tr}S+|m|^2-k-\ln|S|\Big].$$

# %% [markdown] key="ppca" lang="fr"
# ## 2. Un modèle où tout est connu
#
# **ACP probabiliste** : $z\sim\mathcal N(0,I_k)$ et $x\mid z\sim\mathcal N(Wz+\mu,\sigma^2I_d)$. Alors $x\sim\mathcal N(\mu,WW^\top+\sigma^2I)$ et, en complétant le carré en $z$,
#
# $$-\frac{|x-\mu-Wz|^2}{2\sigma^2}-\frac{|z|^2}2=-\frac1{2\sigma^2}\Big(z^\top Mz-2\,z^\top W^\top(x-\mu)\Big)+\text{cste}, \qquad M=W^\top W+\sigma^2I,$$
#
# de sorte que la loi a posteriori est $\mathcal N\big(M^{-1}W^\top(x-\mu),\ \sigma^2M^{-1}\big)$. Pour $q=\mathcal N(m,S)$, les deux moitiés de l’ELBO sont explicites, car $\mathbb E_q|v-Wz|^2=|v-Wm|^2+\operatorname{tr}(WSW^\top)$ :
#
# $$\mathrm{ELBO}=-\frac{|x-\mu-Wm|^2+\operatorname{tr}(WSW^\top)}{2\sigma^2}-\frac d2\ln(2\pi\sigma^2) -\frac12\Big[\operatorname{tr}S+|m|^2-k-\ln|S|\Big].$$

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 (10 minutes)
#
# Write `elbo(x, W, mu, noise, m, S)`, where `noise` is $\sigma^2$ and `S` a full covariance matrix.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 (10 minutes)
#
# Écrivez `elbo(x, W, mu, noise, m, S)`, où `noise` est $\sigma^2$ et `S` une matrice de covariance pleine.

# %% key="ex1" tags=["exercise"]
def elbo(x, W, mu, noise, m, S):
    # en: exact ELBO, in nats, of q = N(m, S) for the observation x
    # fr: ELBO exact, en nats, de q = N(m, S) pour l’observation x
    # BEGIN SOLUTION
    misfit = np.sum((x - mu - W @ m) ** 2) + np.trace(W @ S @ W.T)
    log_lik = -misfit / (2 * noise) - len(x) / 2 * np.log(2 * np.pi * noise)
    kl = (np.trace(S) + m @ m - len(m) - np.linalg.slogdet(S)[1]) / 2
    return log_lik - kl
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# Two terms: the expected log-likelihood, with its normalising constant $-\frac d2\ln(2\pi\sigma^2)$, minus the divergence of $\mathcal N(m,S)$ from $\mathcal N(0,I)$, which is a case of the formula of D3-02.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Deux termes : l’espérance de la log-vraisemblance, avec sa constante de normalisation $-\frac d2\ln(2\pi\sigma^2)$, moins la divergence de $\mathcal N(m,S)$ par rapport à $\mathcal N(0,I)$, cas particulier de la formule de D3-02.
# </details>

# %% key="ex1-check"
check("d3_04.ex1", elbo)

# %% [markdown] key="mean-field" lang="en"
# ## 3. What mean field forgets
#
# > **Proposition 2.** Let the posterior be $\mathcal N(m,\Lambda^{-1})$. Among Gaussians with *diagonal* covariance, the best in the sense of the ELBO has mean $m$ and variances $1/\Lambda_{jj}$, and its gap is
# >
# > $$\tfrac12\Big(\sum_j\ln\Lambda_{jj}-\ln|\Lambda|\Big)\ge0,$$
# >
# > zero if and only if $\Lambda$ is diagonal.
#
# *Proof.* By D3-02 the gap of $\mathcal N(m',D)$ is $\frac12\big[\sum_j(\Lambda_{jj}D_{jj}-\ln D_{jj})+(m'-m)^\top\Lambda(m'-m)-k-\ln|\Lambda|\big]$. Take $m'=m$; each $\Lambda_{jj}t-\ln t$ is least at $t=1/\Lambda_{jj}$, where it equals $1+\ln\Lambda_{jj}$. That the result is non-negative (a divergence) is Hadamard's inequality. $\blacksquare$

# %% [markdown] key="mean-field" lang="fr"
# ## 3. Ce qu’oublie le champ moyen
#
# > **Proposition 2.** Supposons la loi a posteriori égale à $\mathcal N(m,\Lambda^{-1})$. Parmi les gaussiennes de covariance *diagonale*, la meilleure au sens de l’ELBO a pour moyenne $m$ et pour variances $1/\Lambda_{jj}$, et son écart est
# >
# > $$\tfrac12\Big(\sum_j\ln\Lambda_{jj}-\ln|\Lambda|\Big)\ge0,$$
# >
# > nul si et seulement si $\Lambda$ est diagonale.
#
# *Démonstration.* D’après D3-02, l’écart de $\mathcal N(m',D)$ est $\frac12\big[\sum_j(\Lambda_{jj}D_{jj}-\ln D_{jj})+(m'-m)^\top\Lambda(m'-m)-k-\ln|\Lambda|\big]$. On prend $m'=m$ ; chaque $\Lambda_{jj}t-\ln t$ est minimal en $t=1/\Lambda_{jj}$, où il vaut $1+\ln\Lambda_{jj}$. Que le résultat soit positif ou nul (c’est une divergence) est l’inégalité de Hadamard. $\blacksquare$

# %% [markdown] key="mean-field-cost" lang="en"
# ### What it costs
#
# Since $1/\Lambda_{jj}\le(\Lambda^{-1})_{jj}$ (Theorem 3 of D3-01: conditioning reduces the variance), **mean field never overestimates a marginal variance**, and underestimates it as soon as $z_j$ is correlated with the others. For $k=2$ and a posterior correlation $r$ the gap is $-\frac12\ln(1-r^2)$: the mutual information of $z_1$ and $z_2$ under the posterior (D3-03).
#
# **Predict**: below, $\Lambda=\begin{pmatrix}14&12\\12&14\end{pmatrix}$. What is the gap of mean field?

# %% [markdown] key="mean-field-cost" lang="fr"
# ### Ce qu’il en coûte
#
# Comme $1/\Lambda_{jj}\le(\Lambda^{-1})_{jj}$ (théorème 3 de D3-01 : conditionner réduit la variance), **le champ moyen ne surestime jamais une variance marginale**, et la sous-estime dès que $z_j$ est corrélée aux autres. Pour $k=2$ et une corrélation a posteriori $r$, l’écart est $-\frac12\ln(1-r^2)$ : l’information mutuelle de $z_1$ et $z_2$ sous la loi a posteriori (D3-03).
#
# **Prévoyez** : ci-dessous, $\Lambda=\begin{pmatrix}14&12\\12&14\end{pmatrix}$. Quel est l’écart du champ moyen ?

# %% key="gap"
W = np.array([[2.0, 1.5], [0.5, 1.0], [-1.0, -1.0], [0.5, 0.0], [1.0, 1.5]])
mu, noise = np.zeros(5), 0.5
x = np.array([2.5, 1.0, -1.5, 0.0, 2.0])
precision = np.eye(2) + W.T @ W / noise
centre = np.linalg.solve(precision, W.T @ (x - mu) / noise)
marginal = W @ W.T + noise * np.eye(5)
quadratic = (x - mu) @ np.linalg.solve(marginal, x - mu)
log_px = -(quadratic + np.linalg.slogdet(2 * np.pi * marginal)[1]) / 2

factorised = np.diag(1 / np.diag(precision))
gaps = [
    log_px - elbo(x, W, mu, noise, centre, np.linalg.inv(precision)),
    log_px - elbo(x, W, mu, noise, centre, factorised),
    log_px - elbo(x, W, mu, noise, np.zeros(2), np.eye(2)),
]
expect("d3_04.no_gap", gaps[0], 0.0, atol=1e-10)
expect("d3_04.mean_field", gaps[1], np.log(14) - np.log(14**2 - 12**2) / 2, atol=1e-10)
# en: for the prior, the divergence of N(0, I) from N(centre, inverse of the precision)
# fr: pour la loi a priori, la divergence de N(0, I) par rapport à N(centre, inverse de la précision)
prior_gap = np.trace(precision) + centre @ precision @ centre - 2 - np.linalg.slogdet(precision)[1]
expect("d3_04.prior", gaps[2], prior_gap / 2, atol=1e-10)

# %% key="gap-figure" tags=["figure"]
names = [T("posterior", "loi a posteriori"), T("mean field", "champ moyen"), T("prior", "loi a priori")]
angle = np.linspace(0, 2 * np.pi, 200)
circle = np.stack([np.cos(angle), np.sin(angle)])
laws = [(centre, np.linalg.inv(precision)), (centre, factorised), (np.zeros(2), np.eye(2))]

left, right = figures.axes(2, height=3.6)
for name, (m, S), style in zip(names, laws, ("-", "--", ":"), strict=True):
    left.plot(*(m[:, None] + np.linalg.cholesky(S) @ circle), style, label=name)
left.set_xlabel("$z_1$")
left.set_ylabel("$z_2$")
left.set_aspect("equal")
left.legend(loc="upper left", fontsize="small")
figures.bars(right, names, gaps)
right.set_ylabel(T("gap to $\\ln p(x)$ (nats)", "écart à $\\ln p(x)$ (nats)"));

# %% [markdown] key="gap-read" lang="en"
# The ellipses are the points at one standard deviation. Mean field has the right centre and the wrong shape: it is inscribed where the posterior is long. Its standard deviations are $1/\sqrt{14}=0.267$ instead of $\sqrt{0.269}=0.519$, and nothing in its ELBO, $0.66$ nats from the truth, says so. Whoever reads error bars off a mean-field posterior reads bars that are half too short here.

# %% [markdown] key="gap-read" lang="fr"
# Les ellipses sont les points à un écart type. Le champ moyen a le bon centre et la mauvaise forme : il s’inscrit là où la loi a posteriori est allongée. Ses écarts types valent $1/\sqrt{14}=0{,}267$ au lieu de $\sqrt{0{,}269}=0{,}519$, et rien dans son ELBO, à $0{,}66$ nat de la vérité, ne le dit. Qui lit des barres d’erreur sur une loi de champ moyen lit ici des barres deux fois trop courtes.

# %% [markdown] key="estimators" lang="en"
# ## 4. Two gradients of an expectation
#
# To maximise the ELBO one needs the gradient of $\mathbb E_{q_\phi}[g(z)]$ with respect to $\phi$, which is in the *law*. Let $q_\phi=\mathcal N(\mu,s^2)$, $\phi=(\mu,s)$, $s>0$, and let $g$ be of class $C^1$ with $g$ and $g'$ of at most exponential growth, so that one may differentiate under the integral.
#
# **Score function** (REINFORCE). Differentiate the density and use $\nabla_\phi q_\phi=q_\phi\,\nabla_\phi\ln q_\phi$:
#
# $$\nabla_\phi\,\mathbb E\,g(z)=\mathbb E\big[g(z)\,\nabla_\phi\ln q_\phi(z)\big],\qquad \nabla_\phi\ln q_\phi(z)=\Big(\frac\varepsilon s,\ \frac{\varepsilon^2-1}s\Big),\quad\varepsilon=\frac{z-\mu}s.$$
#
# **Pathwise** (the reparameterisation trick). Write $z=\mu+s\,\varepsilon$ with $\varepsilon\sim\mathcal N(0,1)$ fixed in law, and differentiate inside: $\nabla_\phi\,\mathbb E\,g(z)=\mathbb E\big[(g'(z),\ \varepsilon\,g'(z))\big]$.

# %% [markdown] key="estimators" lang="fr"
# ## 4. Deux gradients d’une espérance
#
# Pour maximiser l’ELBO, il faut le gradient de $\mathbb E_{q_\phi}[g(z)]$ par rapport à $\phi$, qui se trouve dans la *loi*. Soit $q_\phi=\mathcal N(\mu,s^2)$, $\phi=(\mu,s)$, $s>0$, et soit $g$ de classe $C^1$, $g$ et $g'$ étant à croissance au plus exponentielle, de sorte que l’on peut dériver sous le signe somme.
#
# **Score** (REINFORCE). On dérive la densité, avec $\nabla_\phi q_\phi=q_\phi\,\nabla_\phi\ln q_\phi$ :
#
# $$\nabla_\phi\,\mathbb E\,g(z)=\mathbb E\big[g(z)\,\nabla_\phi\ln q_\phi(z)\big],\qquad \nabla_\phi\ln q_\phi(z)=\Big(\frac\varepsilon s,\ \frac{\varepsilon^2-1}s\Big),\quad\varepsilon=\frac{z-\mu}s.$$
#
# **Trajectoire** (astuce de reparamétrisation). On écrit $z=\mu+s\,\varepsilon$, où $\varepsilon\sim\mathcal N(0,1)$ est de loi fixe, et l’on dérive à l’intérieur : $\nabla_\phi\,\mathbb E\,g(z)=\mathbb E\big[(g'(z),\ \varepsilon\,g'(z))\big]$.

# %% [markdown] key="estimators-variance" lang="en"
# ### Which is noisier?
#
# Both are unbiased. The first never uses $g'$: it works for rewards, for discrete $z$, for a black box; the second uses the slope and is usually far less noisy. For $g(z)=z^2$, $s=1$ and the derivative in $\mu$, which is $2\mu$: the pathwise sample $2z$ has variance 4. The score sample is $z^2\varepsilon=\mu^2\varepsilon+2\mu\,\varepsilon^2+\varepsilon^3$. With $\mathbb E\varepsilon^2=1$, $\mathbb E\varepsilon^4=3$, $\mathbb E\varepsilon^6=15$,
#
# $$\mathbb E[(z^2\varepsilon)^2]=\mu^4+12\mu^2+15+6\mu^2,\qquad \operatorname{Var}=\mu^4+18\mu^2+15-4\mu^2=\mu^4+14\mu^2+15.$$
#
# At $\mu=2$: 87 against 4. Subtracting a constant $c$ from $g$ leaves the score estimator unbiased; the best one, $c=\mathbb E[z^2\varepsilon^2]=\mu^2+3$, still leaves $87-49=38$.

# %% [markdown] key="estimators-variance" lang="fr"
# ### Lequel est le plus bruité ?
#
# Tous deux sont sans biais. Le premier n’emploie jamais $g'$ : il convient à des récompenses, à un $z$ discret, à une boîte noire ; le second exploite la pente et est en général bien moins bruité. Pour $g(z)=z^2$, $s=1$ et la dérivée en $\mu$, qui vaut $2\mu$ : le tirage par trajectoire $2z$ est de variance 4. Le tirage par score est $z^2\varepsilon=\mu^2\varepsilon+2\mu\,\varepsilon^2+\varepsilon^3$. Avec $\mathbb E\varepsilon^2=1$, $\mathbb E\varepsilon^4=3$, $\mathbb E\varepsilon^6=15$,
#
# $$\mathbb E[(z^2\varepsilon)^2]=\mu^4+12\mu^2+15+6\mu^2,\qquad \operatorname{Var}=\mu^4+18\mu^2+15-4\mu^2=\mu^4+14\mu^2+15.$$
#
# En $\mu=2$ : 87 contre 4. Retrancher à $g$ une constante $c$ laisse l’estimateur par score sans biais ; la meilleure, $c=\mathbb E[z^2\varepsilon^2]=\mu^2+3$, laisse encore $87-49=38$.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 (10 minutes)
#
# Write `gradient_samples(g, dg, mu, s, eps)`. For an array `eps` of `n` standard normal draws return two arrays of shape `(n, 2)`: pathwise samples and score samples of the gradient in $(\mu,s)$. `g` and `dg` work on arrays.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 (10 minutes)
#
# Écrivez `gradient_samples(g, dg, mu, s, eps)`. Pour un tableau `eps` de `n` tirages normaux centrés réduits, renvoyez deux tableaux de forme `(n, 2)` : les tirages du gradient en $(\mu,s)$ par trajectoire, puis par score. `g` et `dg` opèrent sur des tableaux.

# %% key="ex2" tags=["exercise"]
def gradient_samples(g, dg, mu, s, eps):
    # en: return (pathwise, score), each of shape (n, 2): derivatives in mu and in s
    # fr: renvoyer (trajectoire, score), chacun de forme (n, 2) : dérivées en mu et en s
    # BEGIN SOLUTION
    z = mu + s * eps
    pathwise = np.stack([dg(z), dg(z) * eps], axis=1)
    score = np.stack([g(z) * eps / s, g(z) * (eps**2 - 1) / s], axis=1)
    return pathwise, score
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# The same $z=\mu+s\,\varepsilon$ serves both. `np.stack([first, second], axis=1)` puts the two components side by side.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Le même $z=\mu+s\,\varepsilon$ sert aux deux. `np.stack([first, second], axis=1)` met les deux composantes côte à côte.
# </details>

# %% key="ex2-check"
check("d3_04.ex2", gradient_samples)

# %% key="estimators-run" tags=["figure"]
rng = np.random.default_rng(SEED + 1)
eps = rng.standard_normal(1_000_000)
pathwise, score = gradient_samples(np.square, lambda z: 2 * z, 2.0, 1.0, eps)
centred = score[:, 0] - 7 * eps
expect("d3_04.mean_pathwise", pathwise[:, 0].mean(), 4.0, atol=0.02)
expect("d3_04.mean_score", score[:, 0].mean(), 4.0, atol=0.06)
expect("d3_04.variance_pathwise", pathwise[:, 0].var(), 4.0, rtol=0.05)
expect("d3_04.variance_score", score[:, 0].var(), 87.0, rtol=0.05)
expect("d3_04.variance_constant", centred.var(), 38.0, rtol=0.05)

ax = figures.axes()
bins = np.linspace(-40, 60, 201)
for sample, name, style in (
    (score[:, 0], T("score", "score"), "-"),
    (centred, T("score, best constant", "score, meilleure constante"), "--"),
    (pathwise[:, 0], T("pathwise", "trajectoire"), ":"),
):
    heights, _ = np.histogram(sample, bins, density=True)
    ax.step(bins[:-1], np.where(heights > 0, heights, np.nan), linestyle=style, label=name)
ax.set_yscale("log")
ax.set_xlabel(T("one sample of the gradient", "un tirage du gradient"))
ax.set_ylabel(T("density", "densité"))
ax.legend();

# %% [markdown] key="autodiff-text" lang="en"
# **What automatic differentiation does.** If a program samples $\varepsilon$, computes $z=\mu+s\,\varepsilon$ and returns a mean of $g(z)$, its derivative *is* the pathwise estimator for these $\varepsilon$. Here $g=\sin$, with 50 draws: JAX, PyTorch and difference quotients must agree with your first array, to the last digits and not only on average.

# %% [markdown] key="autodiff-text" lang="fr"
# **Ce que fait la différentiation automatique.** Si un programme tire $\varepsilon$, calcule $z=\mu+s\,\varepsilon$ et renvoie une moyenne de $g(z)$, sa dérivée *est* l’estimateur par trajectoire pour ces $\varepsilon$. Ici $g=\sin$, avec 50 tirages : JAX, PyTorch et les taux d’accroissement doivent s’accorder avec votre premier tableau jusqu’aux derniers chiffres, et non seulement en moyenne.

# %% key="autodiff"
few, place = eps[:50], np.array([0.4, 0.7])
ours = gradient_samples(np.sin, np.cos, 0.4, 0.7, few)[0].mean(axis=0)
by_jax = jax.grad(lambda phi: jnp.mean(jnp.sin(phi[0] + phi[1] * few)))(place)
phi = torch.tensor(place, requires_grad=True)
torch.sin(phi[0] + phi[1] * torch.tensor(few)).mean().backward()
quotients = numerical_gradient(lambda phi: np.mean(np.sin(phi[0] + phi[1] * few)), place)
expect("d3_04.jax", np.abs(ours - by_jax).max(), at_most=1e-10)
expect("d3_04.torch", np.abs(ours - phi.grad.numpy()).max(), at_most=1e-10)
expect("d3_04.differences", np.abs(ours - quotients).max(), at_most=1e-8)

# %% [markdown] key="iwae" lang="en"
# ## 5. A tighter bound, and a proposal that is too narrow
#
# Let $w_k=p(x,z_k)/q(z_k)$ with independent $z_k\sim q$, $q>0$ wherever $p(x,z)>0$, so that $\mathbb E\,w_k=p(x)$, and $L_K=\mathbb E\ln\big(\frac1K\sum_{k\le K}w_k\big)$.
#
# > **Theorem 3.** If $\ln w_1$ is integrable, $\mathrm{ELBO}=L_1\le L_2\le\cdots\le\ln p(x)$ and $L_K\to\ln p(x)$.
#
# *Proof.* The mean of $K+1$ weights is the mean of its $K+1$ leave-one-out means; $\ln$ is concave, so the logarithm of the former is at least the mean of the logarithms, and expectations give $L_{K+1}\ge L_K$. Jensen gives $L_K\le\ln p(x)$. Let $\bar w_K$ be the mean: $\bar w_K\to p(x)$ almost surely, and $|\ln\bar w_K|\le\bar w_K+\frac1K\sum_k|\ln w_k|$, means of independent integrable variables, hence uniformly integrable. $\blacksquare$

# %% [markdown] key="iwae" lang="fr"
# ## 5. Un minorant plus serré, et une proposition trop étroite
#
# Soit $w_k=p(x,z_k)/q(z_k)$, où les $z_k\sim q$ sont indépendants et $q>0$ partout où $p(x,z)>0$, de sorte que $\mathbb E\,w_k=p(x)$, et $L_K=\mathbb E\ln\big(\frac1K\sum_{k\le K}w_k\big)$.
#
# > **Théorème 3.** Si $\ln w_1$ est intégrable, $\mathrm{ELBO}=L_1\le L_2\le\cdots\le\ln p(x)$ et $L_K\to\ln p(x)$.
#
# *Démonstration.* La moyenne de $K+1$ poids est la moyenne de ses $K+1$ moyennes privées d’un terme ; $\ln$ étant concave, le logarithme de la première est au moins la moyenne des logarithmes, et les espérances donnent $L_{K+1}\ge L_K$. L’inégalité de Jensen donne $L_K\le\ln p(x)$. Soit $\bar w_K$ la moyenne : $\bar w_K\to p(x)$ presque sûrement, et $|\ln\bar w_K|\le\bar w_K+\frac1K\sum_k|\ln w_k|$, moyennes de variables indépendantes intégrables, donc uniformément intégrables. $\blacksquare$

# %% [markdown] key="iwae-speed" lang="en"
# ### At what speed?
#
# The limit is right; the speed is another matter. It depends on $\operatorname{Var}(w)$, which may be infinite. Here $w\propto\mathcal N(m,\Lambda^{-1})/q$: for Gaussian $q$ of precision $R$, $\mathbb E\,w^2<\infty$ if and only if $2\Lambda-R$ is positive definite. **Predict** for mean field ($R=\operatorname{diag}\Lambda$) and for the prior ($R=I$).

# %% [markdown] key="iwae-speed" lang="fr"
# ### À quelle vitesse ?
#
# La limite est la bonne ; la vitesse est une autre affaire. Elle dépend de $\operatorname{Var}(w)$, qui peut être infinie. Ici $w\propto\mathcal N(m,\Lambda^{-1})/q$ : pour $q$ gaussienne de précision $R$, $\mathbb E\,w^2<\infty$ si et seulement si $2\Lambda-R$ est définie positive. **Prévoyez** pour le champ moyen ($R=\operatorname{diag}\Lambda$) et pour la loi a priori ($R=I$).

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 (12 minutes)
#
# Write `importance_bound(x, W, mu, noise, m, s, eps)` for $q=\mathcal N(m,\operatorname{diag}(s^2))$ in the model of section 2. `eps` has shape `(n, K, k)` and contains standard normal draws; return the mean over the `n` repetitions of $\ln\frac1K\sum_kw_k$.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 (12 minutes)
#
# Écrivez `importance_bound(x, W, mu, noise, m, s, eps)` pour $q=\mathcal N(m,\operatorname{diag}(s^2))$ dans le modèle de la section 2. `eps` est de forme `(n, K, k)` et contient des tirages normaux centrés réduits ; renvoyez la moyenne, sur les `n` répétitions, de $\ln\frac1K\sum_kw_k$.

# %% key="ex3" tags=["exercise"]
def importance_bound(x, W, mu, noise, m, s, eps):
    # en: mean over the first axis of ln((w_1 + ... + w_K) / K)
    # fr: moyenne sur le premier axe de ln((w_1 + … + w_K) / K)
    # BEGIN SOLUTION
    z = m + s * eps
    misfit = np.sum((x - mu - z @ W.T) ** 2, axis=-1)
    log_lik = -misfit / (2 * noise) - len(x) / 2 * np.log(2 * np.pi * noise)
    log_w = log_lik - np.sum(z**2 - eps**2, axis=-1) / 2 + np.sum(np.log(s))
    return np.mean(np.logaddexp.reduce(log_w, axis=-1) - np.log(eps.shape[1]))
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# Work with $\ln w=\ln p(x\mid z)+\ln p(z)-\ln q(z)$; the terms $-\frac k2\ln2\pi$ of the last two cancel. At the end, `np.logaddexp.reduce` along the axis of length $K$.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Travaillez avec $\ln w=\ln p(x\mid z)+\ln p(z)-\ln q(z)$ ; les termes $-\frac k2\ln2\pi$ des deux derniers se simplifient. À la fin, `np.logaddexp.reduce` selon l’axe de longueur $K$.
# </details>

# %% key="ex3-check"
check("d3_04.ex3", importance_bound)

# %% key="iwae-run"
rng = np.random.default_rng(SEED + 2)
wide, narrow = [], []
for K in (1, 5, 50, 500):
    eps = rng.standard_normal((2000, K, 2))
    wide.append(importance_bound(x, W, mu, noise, np.zeros(2), np.ones(2), eps))
    narrow.append(importance_bound(x, W, mu, noise, centre, np.diag(precision) ** -0.5, eps))
print(np.round(wide, 3), np.round(narrow, 3), f"{log_px:.3f}")
expect("d3_04.one_sample", narrow[0], elbo(x, W, mu, noise, centre, factorised), atol=0.1)
expect("d3_04.increasing", min(*np.diff(wide), *np.diff(narrow)), at_least=0.0)
expect("d3_04.wide", wide[-1], log_px, atol=0.03)
expect("d3_04.narrow", narrow[-1], at_most=log_px - 0.05)

# %% [markdown] key="iwae-read" lang="en"
# With one sample mean field is better by more than 20 nats. With 500 it is *worse*: its weights have infinite variance, because along $z_1-z_2$ the posterior has precision 2 and mean field 14, and $4<14$. A good ELBO does not make a good proposal; the reverse divergence does not punish what $q$ forgets. For importance sampling, prefer laws that are too wide.

# %% [markdown] key="iwae-read" lang="fr"
# Avec un seul tirage, le champ moyen est meilleur de plus de 20 nats. Avec 500, il est *moins bon* : ses poids sont de variance infinie, car dans la direction $z_1-z_2$ la loi a posteriori est de précision 2, le champ moyen de précision 14, et $4<14$. Un bon ELBO ne fait pas une bonne proposition ; la divergence inverse ne punit pas ce que $q$ oublie. Pour l’échantillonnage préférentiel, préférez des lois trop larges.

# %% [markdown] key="vae" lang="en"
# ## 6. The variational autoencoder
#
# A VAE shares one encoder among all observations: $q(z\mid x)=\mathcal N(m(x),\operatorname{diag}s(x)^2)$, both given by a network, and trains it together with the decoder $p(x\mid z)$ on the mean ELBO. For binary pixels, with decoder logits $\eta(z)$,
#
# $$\ln p(x\mid z)=\sum_i\big[x_i\eta_i-\ln(1+e^{\eta_i})\big],\qquad \mathrm{KL}=\tfrac12\sum_j\big(m_j^2+s_j^2-1-\ln s_j^2\big).$$
#
# Sharing costs one more gap: the encoder cannot be the best Gaussian for every $x$ at once. The expectation over $q(z\mid x)$ is replaced by one pathwise draw per image. With a weight $\beta$ on KL one speaks of a $\beta$-VAE; only $\beta=1$ gives the ELBO ($\beta>1$ gives a lower bound still, but a looser one).

# %% [markdown] key="vae" lang="fr"
# ## 6. L’auto-encodeur variationnel
#
# Un VAE partage un seul encodeur entre toutes les observations : $q(z\mid x)=\mathcal N(m(x),\operatorname{diag}s(x)^2)$, donnés l’un et l’autre par un réseau, et l’entraîne avec le décodeur $p(x\mid z)$ sur l’ELBO moyen. Pour des pixels binaires, le décodeur donnant des logits $\eta(z)$,
#
# $$\ln p(x\mid z)=\sum_i\big[x_i\eta_i-\ln(1+e^{\eta_i})\big],\qquad \mathrm{KL}=\tfrac12\sum_j\big(m_j^2+s_j^2-1-\ln s_j^2\big).$$
#
# Ce partage coûte un écart de plus : l’encodeur ne peut être la meilleure gaussienne pour tous les $x$ à la fois. L’espérance sous $q(z\mid x)$ est remplacée par un tirage, par trajectoire, pour chaque image. Avec un poids $\beta$ sur KL, on parle de $\beta$-VAE ; seul $\beta=1$ donne l’ELBO ($\beta>1$ donne encore un minorant, mais plus lâche).

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 (10 minutes)
#
# Write `vae_loss(x, logits, m, log_var, beta)` with PyTorch: the **mean over images** of $-\ln p(x\mid z)+\beta\,\mathrm{KL}$, where `log_var` is $\ln s^2$, `x` and `logits` have shape `(n, 64)`, `m` and `log_var` shape `(n, k)`.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 (10 minutes)
#
# Écrivez `vae_loss(x, logits, m, log_var, beta)` avec PyTorch : la **moyenne sur les images** de $-\ln p(x\mid z)+\beta\,\mathrm{KL}$, où `log_var` est $\ln s^2$, `x` et `logits` sont de forme `(n, 64)`, `m` et `log_var` de forme `(n, k)`.

# %% key="ex4" tags=["exercise"]
def vae_loss(x, logits, m, log_var, beta):
    # en: mean over the images of - ln p(x | z) + beta KL, in nats
    # fr: moyenne sur les images de - ln p(x | z) + beta KL, en nats
    # BEGIN SOLUTION
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    kl = (m**2 + log_var.exp() - 1 - log_var).sum() / 2
    return (bce + beta * kl) / len(x)
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# `torch.nn.functional.binary_cross_entropy_with_logits`, with `reduction="sum"`, is minus the log-likelihood, without overflow. Sum over pixels and latent variables, average over images only.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `torch.nn.functional.binary_cross_entropy_with_logits`, avec `reduction="sum"`, est l’opposé de la log-vraisemblance, sans dépassement. Sommez sur les pixels et sur les variables latentes, ne moyennez que sur les images.
# </details>

# %% key="ex4-check"
check("d3_04.ex4", vae_loss)

# %% [markdown] key="train-text" lang="en"
# **On digits.** 1797 images of 64 pixels, set to black or white; an encoder and a decoder with one hidden layer of 128 units, two latent variables. Before the cell runs, a yardstick: a model without latent variables, where pixel $i$ is black with its frequency $\bar x_i$ on the training set, independently of the others. What the VAE gains over it is what two numbers per image can say.

# %% [markdown] key="train-text" lang="fr"
# **Sur des chiffres.** 1797 images de 64 pixels, mises en noir et blanc ; un encodeur et un décodeur à une couche cachée de 128 unités, deux variables latentes. Avant d’exécuter la cellule, un étalon : le modèle sans variable latente où le pixel $i$ est noir avec sa fréquence $\bar x_i$ sur le jeu d’entraînement, indépendamment des autres. Ce que le VAE gagne sur lui est ce que deux nombres par image permettent de dire.

# %% key="train"
images, _, judged, labels = digits_split(SEED)
train, test = (torch.tensor(part >= 0.5, dtype=torch.float64) for part in (images, judged))


def network(inputs, outputs):
    hidden = torch.nn.Linear(inputs, 128)
    return torch.nn.Sequential(hidden, torch.nn.Tanh(), torch.nn.Linear(128, outputs))


def train_vae(beta, epochs=40):
    torch.manual_seed(SEED)
    encoder, decoder = network(64, 4), network(2, 64)
    optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=5e-3)
    for _ in range(epochs):
        for batch in torch.randperm(len(train)).split(64):
            m, log_var = encoder(train[batch]).chunk(2, dim=1)
            z = m + torch.exp(log_var / 2) * torch.randn_like(m)
            optimiser.zero_grad()
            vae_loss(train[batch], decoder(z), m, log_var, beta).backward()
            optimiser.step()
    return encoder, decoder


@torch.no_grad()
def judge(encoder, decoder):
    m, log_var = encoder(test).chunk(2, dim=1)
    z = m + torch.exp(log_var / 2) * torch.randn(64, *m.shape)
    bound = -np.mean([vae_loss(test, decoder(draw), m, log_var, 1.0) for draw in z])
    return bound, (m**2 + log_var.exp() - 1 - log_var).mean(dim=0).numpy() / 2


encoder, decoder = train_vae(beta=1.0)
bound, kl = judge(encoder, decoder)
frequency = train.mean(dim=0).clamp(1e-3, 1 - 1e-3)
logits = torch.logit(frequency).expand(len(test), 64)
yardstick = -vae_loss(test, logits, torch.zeros(1, 2), torch.zeros(1, 2), 1.0).item()
print(f"{yardstick:.2f}   {bound:.2f}", np.round(kl, 2))
expect("d3_04.vae", bound, at_least=-21.8)
expect("d3_04.gain", bound - yardstick, at_least=2.5)

# %% key="latent-map" tags=["figure"]
with torch.no_grad():
    codes = encoder(test).chunk(2, dim=1)[0].numpy()
ax = figures.axes(height=4.5)
for label in range(10):
    for code in codes[labels == label]:
        ax.text(*code, str(label), fontsize=8, color=figures.COLOURS[label % 7], ha="center", va="center")
ax.set_xlim(codes[:, 0].min() - 0.2, codes[:, 0].max() + 0.2)
ax.set_ylim(codes[:, 1].min() - 0.2, codes[:, 1].max() + 0.2)
ax.set_xlabel("$m_1(x)$")
ax.set_ylabel("$m_2(x)$")
ax.set_title(T("Each test digit, at the mean of its posterior", "Chaque chiffre de test, à la moyenne de sa loi a posteriori"));

# %% [markdown] key="latent-read" lang="en"
# **What the KL term measures.** No label was used, and yet the images of one digit stand together. How much do two numbers say about an image? Let $q(z)=\mathbb E_x\,q(z\mid x)$ be the law of all the codes taken together. Splitting the logarithm as in the chain rule,
# $$\mathbb E_x\,\mathrm{KL}\big(q(z\mid x)\,\|\,p(z)\big)=\mathbb E_x\,\mathrm{KL}\big(q(z\mid x)\,\|\,q(z)\big)+\mathrm{KL}\big(q(z)\,\|\,p(z)\big).$$
# The first term is the mutual information of image and code (D3-03). So the printed KL, about 3 nats in all, is an upper bound on it: the code tells apart at most some $e^3\approx20$ groups of images. A KL term of zero means a code that says nothing.

# %% [markdown] key="latent-read" lang="fr"
# **Ce que mesure le terme KL.** Aucune étiquette n’a servi, et pourtant les images d’un même chiffre se regroupent. Que disent deux nombres sur une image ? Soit $q(z)=\mathbb E_x\,q(z\mid x)$ la loi de tous les codes réunis. En séparant le logarithme comme dans la règle de la chaîne,
# $$\mathbb E_x\,\mathrm{KL}\big(q(z\mid x)\,\|\,p(z)\big)=\mathbb E_x\,\mathrm{KL}\big(q(z\mid x)\,\|\,q(z)\big)+\mathrm{KL}\big(q(z)\,\|\,p(z)\big).$$
# Le premier terme est l’information mutuelle de l’image et du code (D3-03). Le KL affiché, environ 3 nats en tout, en est donc un majorant : le code distingue au plus quelque $e^3\approx20$ groupes d’images. Un terme KL nul signifie un code qui ne dit rien.

# %% [markdown] key="collapse" lang="en"
# ## 7. Break it: posterior collapse
#
# ### (a) A theorem about the optimum
#
# Sometimes a VAE ignores latent variables: $q(z_j\mid x)$ equals the prior, its KL is 0, and the decoder does without. It is often blamed on the optimiser. In the linear model the *optimum itself* is collapsed.
#
# > **Theorem 4.** Let the data have mean $\mu$ and covariance $\Sigma$ with eigenvalues $\lambda_1\ge\dots\ge\lambda_d$, the decoder be $\mathcal N(Wz+\mu,\sigma^2I)$ with $\sigma^2$ fixed, the encoder $\mathcal N(V(x-\mu),D)$ with $D$ diagonal, $k\le d$ latent variables, $\beta>0$. At every maximum of $\mathbb E_x[\mathbb E_q\ln p(x\mid z)-\beta\,\mathrm{KL}]$ over $W,V,D$, the mean KLs of the latent variables are, up to their order, the numbers $\max\big(0,\frac12\ln\frac{\lambda_j}{\beta\sigma^2}\big)$, $j\le k$. A variable is active if and only if its $\lambda_j>\beta\sigma^2$.

# %% [markdown] key="collapse" lang="fr"
# ## 7. Casser exprès : l’effondrement de la loi a posteriori
#
# ### (a) Un théorème sur l’optimum
#
# Il arrive qu’un VAE ignore des variables latentes : $q(z_j\mid x)$ est égale à la loi a priori, son KL est nul, et le décodeur s’en passe. On accuse souvent l’optimiseur. Dans le modèle linéaire, c’est l’*optimum lui-même* qui est effondré.
#
# > **Théorème 4.** Soient des données de moyenne $\mu$ et de covariance $\Sigma$ de valeurs propres $\lambda_1\ge\dots\ge\lambda_d$, un décodeur $\mathcal N(Wz+\mu,\sigma^2I)$ à $\sigma^2$ fixé, un encodeur $\mathcal N(V(x-\mu),D)$ avec $D$ diagonale, $k\le d$ variables latentes, et $\beta>0$. En tout maximum de $\mathbb E_x[\mathbb E_q\ln p(x\mid z)-\beta\,\mathrm{KL}]$ sur $W,V,D$, les KL moyens des variables latentes sont, à l’ordre près, les nombres $\max\big(0,\frac12\ln\frac{\lambda_j}{\beta\sigma^2}\big)$, $j\le k$. Une variable est active si et seulement si son $\lambda_j>\beta\sigma^2$.

# %% [markdown] key="collapse-proof" lang="en"
# ### Proof
#
# Put $a=\beta\sigma^2$. For given $W$ the objective is concave in $V$ and in each $D_{jj}$, maximal at $V=(W^\top W+aI)^{-1}W^\top$ and $D_{jj}=a/\big((W^\top W)_{jj}+a\big)$. Insert them: the objective is, up to a constant,
#
# $$-\frac\beta2\Big[\operatorname{tr}\big(\Sigma\,C^{-1}\big)+\sum_{j\le k}\ln\frac{(W^\top W)_{jj}+a}a\Big],\qquad C=WW^\top+aI_d.$$
#
# By Hadamard's inequality the sum is at least $\ln|W^\top W+aI_k|-k\ln a=\ln|C|-d\ln a$, with equality if and only if the columns of $W$ are orthogonal; some rotation $W\mapsto WR$ makes them so without changing $C$. So one minimises $\operatorname{tr}(\Sigma C^{-1})+\ln|C|$, that is, one maximises the **likelihood of probabilistic PCA with noise** $\beta\sigma^2$. If $c_1\ge\dots\ge c_d\ge a$ are the eigenvalues of $C$, then $\operatorname{tr}(\Sigma C^{-1})\ge\sum_j\lambda_j/c_j$ (von Neumann), with equality if and only if $C$ and $\Sigma$ share a basis of eigenvectors in this order, and $\lambda/c+\ln c$ is least on $[a,\infty[$ at $c=\max(\lambda,a)$. At most $k$ of the $c_j$ exceed $a$, and the gain $\lambda/a-1-\ln(\lambda/a)$ grows with $\lambda$: take the first ones. Finally, with $t=c_j-a$ on the diagonal of $W^\top W$, the mean KL is $\frac12(V\Sigma V^\top)_{jj}+\frac12(D_{jj}-1-\ln D_{jj})$ with $(V\Sigma V^\top)_{jj}=t\lambda_j/(t+a)^2=1-a/\lambda_j$ and $D_{jj}=a/\lambda_j$: their sum is $\frac12\ln(\lambda_j/a)$. $\blacksquare$

# %% [markdown] key="collapse-proof" lang="fr"
# ### Démonstration
#
# Posons $a=\beta\sigma^2$. À $W$ donnée, la fonction objectif est concave en $V$ et en chaque $D_{jj}$, maximale en $V=(W^\top W+aI)^{-1}W^\top$ et $D_{jj}=a/\big((W^\top W)_{jj}+a\big)$. On les reporte ; à une constante près, elle devient
#
# $$-\frac\beta2\Big[\operatorname{tr}\big(\Sigma\,C^{-1}\big)+\sum_{j\le k}\ln\frac{(W^\top W)_{jj}+a}a\Big],\qquad C=WW^\top+aI_d.$$
#
# D’après l’inégalité de Hadamard, la somme est au moins $\ln|W^\top W+aI_k|-k\ln a=\ln|C|-d\ln a$, avec égalité si et seulement si les colonnes de $W$ sont orthogonales ; une rotation $W\mapsto WR$ les rend telles sans changer $C$. On minimise donc $\operatorname{tr}(\Sigma C^{-1})+\ln|C|$, c’est-à-dire que l’on maximise la **vraisemblance de l’ACP probabiliste de bruit** $\beta\sigma^2$. Si $c_1\ge\dots\ge c_d\ge a$ sont les valeurs propres de $C$, on a $\operatorname{tr}(\Sigma C^{-1})\ge\sum_j\lambda_j/c_j$ (von Neumann), avec égalité si et seulement si $C$ et $\Sigma$ ont une base commune de vecteurs propres dans cet ordre, et $\lambda/c+\ln c$ est minimal sur $[a,\infty[$ en $c=\max(\lambda,a)$. Au plus $k$ des $c_j$ dépassent $a$, et le gain $\lambda/a-1-\ln(\lambda/a)$ croît avec $\lambda$ : on prend les premières. Enfin, $t=c_j-a$ étant le terme diagonal de $W^\top W$, le KL moyen est $\frac12(V\Sigma V^\top)_{jj}+\frac12(D_{jj}-1-\ln D_{jj})$ avec $(V\Sigma V^\top)_{jj}=t\lambda_j/(t+a)^2=1-a/\lambda_j$ et $D_{jj}=a/\lambda_j$ : leur somme est $\frac12\ln(\lambda_j/a)$. $\blacksquare$

# %% [markdown] key="collapse-text" lang="en"
# ### Predict
#
# How many active variables are there for the spectrum $(5,\,3,\,1.5,\,0.8,\,0.4,\,0.2)$, $\beta=1$, and $\sigma^2=0.1,\,0.3,\,1,\,2,\,4,\,6$; then for $\sigma^2=0.5$ and $\beta=1,2,4$? The cell trains each model by gradient from a random start.

# %% [markdown] key="collapse-text" lang="fr"
# ### Prévoir
#
# Combien y a-t-il de variables actives pour le spectre $(5,\,3,\,1{,}5,\,0{,}8,\,0{,}4,\,0{,}2)$, $\beta=1$ et $\sigma^2=0{,}1,\,0{,}3,\,1,\,2,\,4,\,6$ ; puis pour $\sigma^2=0{,}5$ et $\beta=1,2,4$ ? La cellule entraîne chaque modèle par gradient, depuis un départ aléatoire.

# %% key="collapse-run" tags=["break"]
spectrum = jnp.array([5, 3, 1.5, 0.8, 0.4, 0.2])


def linear_vae(params, noise, beta):
    W, V, log_D = params
    misfit = jnp.sum((jnp.eye(6) - W @ V) ** 2 * spectrum) + jnp.sum(W**2 * jnp.exp(log_D))
    kl = (V**2 @ spectrum + jnp.exp(log_D) - 1 - log_D) / 2
    return misfit / (2 * noise) + 3 * jnp.log(2 * jnp.pi * noise) + beta * kl.sum(), kl


@jax.jit
def trained(noise, beta):
    first, second = np.random.default_rng(SEED + 3).normal(scale=0.3, size=(2, 6, 6))
    start = (jnp.asarray(first), jnp.asarray(second), jnp.zeros(6))
    zero = jax.tree.map(jnp.zeros_like, start)

    def adam(state, t):
        params, mean, square = state
        slope = jax.grad(lambda p: linear_vae(p, noise, beta)[0])(params)
        mean = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, mean, slope)
        square = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b**2, square, slope)
        rate = jnp.where(t < 2800, 0.02, 0.002) * jnp.sqrt(1 - 0.999 ** (t + 1)) / (1 - 0.9 ** (t + 1))
        params = jax.tree.map(lambda p, a, b: p - rate * a / (jnp.sqrt(b) + 1e-8), params, mean, square)
        return (params, mean, square), None

    (params, _, _), _ = jax.lax.scan(adam, (start, zero, zero), jnp.arange(4000.0))
    return linear_vae(params, noise, beta)


cases = [(0.1, 1), (0.3, 1), (1.0, 1), (2.0, 1), (4.0, 1), (6.0, 1), (0.5, 1), (0.5, 2), (0.5, 4)]
kls = [np.sort(trained(noise, beta)[1])[::-1] for noise, beta in cases]
active = [int(np.sum(kl > 0.01)) for kl in kls]
print(active)
predicted = [6, 5, 3, 2, 1, 0, 4, 3, 2]
expect("d3_04.break_active", sum(a != b for a, b in zip(active, predicted, strict=True)), 0)
for j, eigenvalue in enumerate([5, 3, 1.5]):
    expect(f"d3_04.break_kl_{j + 1}", kls[2][j], np.log(eigenvalue) / 2, atol=1e-3)
floors = np.maximum(spectrum, 1.0)
ppca = -np.sum(np.log(2 * np.pi * floors) + spectrum / floors) / 2
expect("d3_04.break_likelihood", -trained(1.0, 1)[0], ppca, atol=1e-3)

# %% key="staircase" tags=["figure"]
threshold = np.geomspace(0.08, 8, 400)
ax = figures.axes()
ax.step(threshold, [np.sum(spectrum > t) for t in threshold], color=figures.BLUE, label=T("theorem", "théorème"))
ax.plot([noise * beta for noise, beta in cases], active, "o", color=figures.VERMILION, label=T("trained", "entraîné"))
ax.set_xscale("log")
ax.set_xlabel(r"$\beta\sigma^2$")
ax.set_ylabel(T("active latent variables", "variables latentes actives"))
ax.legend();

# %% [markdown] key="staircase-read" lang="en"
# Nine trainings, nine predictions. In this model no optimiser, no longer training and no larger encoder would revive a collapsed variable: only the ratio of the spectrum to $\beta\sigma^2$ counts. This is why $\sigma^2$ should be learnt. At $\beta=1$ its best value is the mean of the eigenvalues left out, and the threshold adapts to the data.

# %% [markdown] key="staircase-read" lang="fr"
# Neuf entraînements, neuf prévisions. Dans ce modèle, aucun optimiseur, aucun entraînement plus long, aucun encodeur plus grand ne ranimerait une variable effondrée : seul compte le rapport du spectre à $\beta\sigma^2$. C’est pourquoi il faut apprendre $\sigma^2$. Pour $\beta=1$, sa meilleure valeur est la moyenne des valeurs propres laissées de côté, et le seuil s’adapte aux données.

# %% [markdown] key="digits" lang="en"
# ### (b) The same law for a network on digits?
#
# Near the collapsed state, with decoder logits $\bar\eta+Gz$ and $G$ small, expand to second order. Let $\bar x$ be the mean image, $\Delta=\operatorname{diag}(\bar x_i(1-\bar x_i))$, $\Sigma$ the covariance of the pixels; the encoder answers $m(x)$, also small, and its covariance stays $I$ at this order:
#
# $$\mathbb E_x\Big[(x-\bar x)^\top Gm(x)-\frac\beta2|m(x)|^2\Big]-\frac12\operatorname{tr}(G^\top\Delta G).$$
#
# The best encoder is $m(x)=G^\top(x-\bar x)/\beta$, and what remains is $\frac1{2\beta}\operatorname{tr}(G^\top\Sigma G)-\frac12\operatorname{tr}(G^\top\Delta G)$. It is positive for some $G$ if and only if $\beta$ is below the largest eigenvalue of $\Delta^{-1/2}\Sigma\Delta^{-1/2}$, **the correlation matrix of the pixels**. (A second-order statement, for a decoder linear in $z$: it says when collapse is *unstable*, and nothing more.) On the training digits, pixels that never vary set aside, this eigenvalue is close to 4.87. **Predict** what $\beta=4$ and $\beta=6$ will do to the real network.

# %% [markdown] key="digits" lang="fr"
# ### (b) La même loi pour un réseau, sur des chiffres ?
#
# Près de l’état effondré, le décodeur donnant les logits $\bar\eta+Gz$ avec $G$ petite, développons au second ordre. Soit $\bar x$ l’image moyenne, $\Delta=\operatorname{diag}(\bar x_i(1-\bar x_i))$, $\Sigma$ la covariance des pixels ; l’encodeur répond $m(x)$, petit lui aussi, et sa covariance reste $I$ à cet ordre :
#
# $$\mathbb E_x\Big[(x-\bar x)^\top Gm(x)-\frac\beta2|m(x)|^2\Big]-\frac12\operatorname{tr}(G^\top\Delta G).$$
#
# Le meilleur encodeur est $m(x)=G^\top(x-\bar x)/\beta$, et il reste $\frac1{2\beta}\operatorname{tr}(G^\top\Sigma G)-\frac12\operatorname{tr}(G^\top\Delta G)$. Cette quantité est strictement positive pour une certaine $G$ si et seulement si $\beta$ est strictement inférieur à la plus grande valeur propre de $\Delta^{-1/2}\Sigma\Delta^{-1/2}$, **la matrice de corrélation des pixels**. (C’est un énoncé au second ordre, pour un décodeur linéaire en $z$ : il dit quand l’effondrement est *instable*, et rien de plus.) Sur les chiffres d’entraînement, pixels constants mis à part, cette valeur propre est voisine de 4,87. **Prévoyez** ce que $\beta=4$ et $\beta=6$ feront au vrai réseau.

# %% key="digits-run" tags=["break"]
pixels = train.numpy()
pixels = pixels[:, pixels.std(axis=0) > 0]
largest = np.linalg.eigvalsh(np.corrcoef(pixels.T))[-1]
print(round(largest, 2))
expect("d3_04.break_threshold", largest, at_least=4.0)
expect("d3_04.break_threshold_top", largest, at_most=6.0)
below, above = (judge(*train_vae(beta))[1].sum() for beta in (4.0, 6.0))
expect("d3_04.break_below", below, at_least=0.1)
expect("d3_04.break_above", above, at_most=0.01)

# %% [markdown] key="exit" lang="en"
# An eigenvalue of the data, computed in a millisecond, told which of two trainings was worth starting.

# %% [markdown] key="exit" lang="fr"
# Une valeur propre des données, calculée en une milliseconde, a dit lequel des deux entraînements valait la peine d’être lancé.

# %% [markdown] key="exit-ticket" lang="en"
# ## Exit ticket (no code)
#
# 1. A colleague's VAE reports KL = 0 for 14 of its 16 latent variables and asks for a better optimiser. Which two numbers do you look at first, and what would you change?
# 2. You may choose between a model A with ELBO $-95$ and a model B with ELBO $-97$. Why does this not prove that A has the larger likelihood, and what would you compute to decide?

# %% [markdown] key="exit-ticket" lang="fr"
# ## Billet de sortie (sans code)
#
# 1. Le VAE d’un collègue affiche KL = 0 pour 14 de ses 16 variables latentes, et il réclame un meilleur optimiseur. Quels deux nombres regardez-vous d’abord, et que changeriez-vous ?
# 2. Vous avez le choix entre un modèle A d’ELBO $-95$ et un modèle B d’ELBO $-97$. Pourquoi cela ne prouve-t-il pas que la vraisemblance de A est la plus grande, et que calculeriez-vous pour trancher ?

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. The noise $\sigma^2$ of the decoder (fixed or learnt) and $\beta$, or rather their product against the spectrum of the data: fourteen collapsed variables may simply be fourteen directions with $\lambda_j\le\beta\sigma^2$. Lower $\beta$ or $\sigma^2$ (let it be learnt), or accept that two variables are enough; a better optimiser only reaches this optimum faster. 2. $\mathrm{ELBO}=\ln p-\text{gap}$, and the two gaps differ: A may have the better encoder and the worse model. Compare the importance bounds $L_K$ of both for growing $K$, with standard errors, and with proposals wide enough for $\mathbb E\,w^2$ to be finite; or, where possible, the exact likelihood.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. Le bruit $\sigma^2$ du décodeur (fixé ou appris) et $\beta$, ou plutôt leur produit face au spectre des données : quatorze variables effondrées sont peut-être, tout simplement, quatorze directions où $\lambda_j\le\beta\sigma^2$. Diminuer $\beta$ ou $\sigma^2$ (le laisser s’apprendre), ou accepter que deux variables suffisent ; un meilleur optimiseur ne fait qu’atteindre plus vite cet optimum. 2. $\mathrm{ELBO}=\ln p-\text{écart}$, et les deux écarts diffèrent : A a peut-être le meilleur encodeur et le moins bon modèle. Comparer les minorants $L_K$ des deux pour $K$ croissant, avec leurs erreurs types, et avec des propositions assez larges pour que $\mathbb E\,w^2$ soit finie ; ou, quand c’est possible, la vraisemblance exacte.
