# %% [markdown] key="title" lang="en"
# # Mutual information and the InfoNCE picture of contrastive learning
#
# **Day 3, notebook 3** — about 45 minutes (exercises 1 to 3), then 30 minutes for exercise 4 and *Break it*.
#
# Contrastive models such as SimCLR or CLIP learn without labels by solving a guessing game: among $N$ candidates, which one goes with this input? It is often said that they "maximise mutual information". This notebook proves exactly what the game has to do with mutual information: its ideal score is a logarithm of a density ratio, its value is a lower bound, and the bound has a ceiling, $\ln N$, that no network can break. You then see how much information a batch can certify, and what happens when one tries to certify more.
#
# After this notebook you can
#
# 1. compute mutual information from a table and prove the data processing inequality;
# 2. derive InfoNCE, prove both of its ceilings, and say how fast its gap closes;
# 3. write the NT-Xent loss and its gradient by hand, and recognise a collapsed representation by a number;
# 4. train a critic whose optimum you computed beforehand, and distrust an estimate above the ceiling.

# %% [markdown] key="title" lang="fr"
# # Information mutuelle : l’apprentissage contrastif vu par InfoNCE
#
# **Jour 3, notebook 3** — environ 45 minutes (exercices 1 à 3), puis 30 minutes pour l’exercice 4 et *Casser exprès*.
#
# Les modèles contrastifs comme SimCLR ou CLIP apprennent sans étiquettes, en jouant à une devinette : parmi $N$ candidats, lequel va avec cette entrée ? On dit souvent qu’ils « maximisent l’information mutuelle ». Ce notebook établit ce que ce jeu a exactement à voir avec elle : son score idéal est le logarithme d’un rapport de densités, sa valeur est un minorant, et ce minorant a un plafond, $\ln N$, qu’aucun réseau ne perce. Vous verrez ensuite combien d’information un lot peut attester, et ce qui arrive lorsqu’on veut en attester davantage.
#
# À l’issue de ce notebook, vous saurez
#
# 1. calculer une information mutuelle à partir d’une table et démontrer l’inégalité de traitement des données ;
# 2. établir InfoNCE, démontrer ses deux plafonds et dire à quelle vitesse l’écart se referme ;
# 3. écrire à la main la perte NT-Xent et son gradient, et reconnaître à un nombre une représentation effondrée ;
# 4. entraîner un critique dont vous avez calculé l’optimum d’avance, et vous méfier d’une estimation au-dessus du plafond.

# %% key="imports"
import numpy as np
import torch
from airina import check, expect, figures
from airina.derivatives import numerical_gradient
from scipy.special import softmax

# en: another seed draws every sample of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0

# %% key="libraries"
import jax
import jax.numpy as jnp

# %% [markdown] key="mi" lang="en"
# ## 1. Mutual information
#
# > **Definition.** $I(X;Y)=\mathrm{KL}(p_{XY}\,\|\,p_Xp_Y)=\mathbb E\Big[\ln\dfrac{p(X,Y)}{p(X)\,p(Y)}\Big]$, the divergence of the joint law from what it would be under independence (sums for tables, integrals for densities).
#
# By Gibbs' inequality $I(X;Y)\ge0$, with equality if and only if $X$ and $Y$ are independent. For finite laws $I(X;Y)=H(X)+H(Y)-H(X,Y)=H(Y)-H(Y\mid X)$: what knowing $X$ removes from the mean surprise of $Y$.

# %% [markdown] key="mi" lang="fr"
# ## 1. Information mutuelle
#
# > **Définition.** $I(X;Y)=\mathrm{KL}(p_{XY}\,\|\,p_Xp_Y)=\mathbb E\Big[\ln\dfrac{p(X,Y)}{p(X)\,p(Y)}\Big]$, la divergence de la loi jointe par rapport à ce qu’elle serait sous l’indépendance (sommes pour des tables, intégrales pour des densités).
#
# D’après l’inégalité de Gibbs, $I(X;Y)\ge0$, avec égalité si et seulement si $X$ et $Y$ sont indépendantes. Pour des lois finies, $I(X;Y)=H(X)+H(Y)-H(X,Y)=H(Y)-H(Y\mid X)$ : ce que la connaissance de $X$ retire à la surprise moyenne de $Y$.

# %% [markdown] key="mi-gaussian" lang="en"
# ### A Gaussian pair, our yardstick
#
# If $(X,Y)$ is Gaussian with correlation $\rho$, $|\rho|<1$, the formula of D3-02 with $\Sigma_1=\begin{pmatrix}1&\rho\\\rho&1\end{pmatrix}$ and $\Sigma_2=I$ gives $I(X;Y)=-\frac12\ln(1-\rho^2)$. For $d$ independent pairs, informations add: $I=-\frac d2\ln(1-\rho^2)$. The whole notebook is measured against this family: $\rho=0.9$ gives 0.8304 nats in dimension 1 and 16.607 nats in dimension 20.

# %% [markdown] key="mi-gaussian" lang="fr"
# ### Un couple gaussien, notre étalon
#
# Si $(X,Y)$ est gaussien de corrélation $\rho$, $|\rho|<1$, la formule de D3-02 avec $\Sigma_1=\begin{pmatrix}1&\rho\\\rho&1\end{pmatrix}$ et $\Sigma_2=I$ donne $I(X;Y)=-\frac12\ln(1-\rho^2)$. Pour $d$ couples indépendants, les informations s’ajoutent : $I=-\frac d2\ln(1-\rho^2)$. Cette famille sert de référence à tout le notebook : $\rho=0{,}9$ donne 0,8304 nat en dimension 1 et 16,607 nats en dimension 20.

# %% [markdown] key="dpi" lang="en"
# ## 2. Processing cannot create information
#
# > **Theorem 1 (data processing inequality).** If $X\to Y\to Z$ is a Markov chain, that is $p(z\mid x,y)=p(z\mid y)$, then $I(X;Z)\le I(X;Y)$.
#
# *Proof.* Apply the chain rule of KL to the pair $(Y,Z)$ in both orders:
#
# $$I(X;Y)+I(X;Z\mid Y)=I(X;(Y,Z))=I(X;Z)+I(X;Y\mid Z),$$
#
# where $I(X;Z\mid Y)$ is the mean over $Y$ of the mutual information of the conditional laws. Given $Y$, the variables $X$ and $Z$ are independent: $I(X;Z\mid Y)=0$. And $I(X;Y\mid Z)\ge0$, a mean of divergences. $\blacksquare$
#
# > **Corollary.** For $f$ invertible, $I(X;f(Y))=I(X;Y)$: apply the theorem to $X\to Y\to f(Y)$ and to $X\to f(Y)\to Y$.
#
# Mutual information ignores the units, the coordinates and any normalisation that can be undone. It also ignores how *usable* the information is: a photograph and its encrypted file carry the same information about the scene. That is why a large $I$ alone never makes a good representation.

# %% [markdown] key="dpi" lang="fr"
# ## 2. Traiter les données ne crée pas d’information
#
# > **Théorème 1 (inégalité de traitement des données).** Si $X\to Y\to Z$ est une chaîne de Markov, c’est-à-dire si $p(z\mid x,y)=p(z\mid y)$, alors $I(X;Z)\le I(X;Y)$.
#
# *Démonstration.* On applique au couple $(Y,Z)$ la règle de la chaîne de la divergence, dans les deux ordres :
#
# $$I(X;Y)+I(X;Z\mid Y)=I(X;(Y,Z))=I(X;Z)+I(X;Y\mid Z),$$
#
# où $I(X;Z\mid Y)$ est la moyenne sur $Y$ de l’information mutuelle des lois conditionnelles. Sachant $Y$, les variables $X$ et $Z$ sont indépendantes : $I(X;Z\mid Y)=0$. Et $I(X;Y\mid Z)\ge0$, comme moyenne de divergences. $\blacksquare$
#
# > **Corollaire.** Si $f$ est inversible, $I(X;f(Y))=I(X;Y)$ : on applique le théorème à $X\to Y\to f(Y)$ et à $X\to f(Y)\to Y$.
#
# L’information mutuelle ignore les unités, les coordonnées et toute normalisation que l’on peut défaire. Elle ignore aussi si l’information est *utilisable* : une photographie et sa version chiffrée portent la même information sur la scène. Voilà pourquoi une grande valeur de $I$ ne suffit jamais à faire une bonne représentation.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1 (8 minutes)
#
# Write `mutual_information(joint)`: nats, from a table which may contain zeros.

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 (8 minutes)
#
# Écrivez `mutual_information(joint)` : en nats, à partir d’une table qui peut contenir des zéros.

# %% key="ex1" tags=["exercise"]
def mutual_information(joint):
    # en: mutual information, in nats, of the table p(x, y)
    # fr: information mutuelle, en nats, de la table p(x, y)
    # BEGIN SOLUTION
    independent = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    positive = joint > 0
    return np.sum(joint[positive] * np.log(joint[positive] / independent[positive]))
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# A cell of probability zero contributes $0$, not NaN: sum over the positive cells only, `joint[joint > 0]`.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Une case de probabilité nulle apporte $0$, et non NaN : ne sommez que sur les cases strictement positives, `joint[joint > 0]`.
# </details>

# %% key="ex1-check"
check("d3_03.ex1", mutual_information)

# %% [markdown] key="dpi-text" lang="en"
# Take the borrowers of D3-01. **Predict**: the line of work explains 11.7 % of the variance of the number of late instalments; which fraction of the entropy of that number, 1.2313 nats, do you expect it to remove? Then 500 random channels $Y\to Z$ try to violate Theorem 1.

# %% [markdown] key="dpi-text" lang="fr"
# Reprenons les emprunteurs de D3-01. **Prévoyez** : l’activité explique 11,7 % de la variance du nombre de retards ; quelle part de l’entropie de ce nombre (1,2313 nat) retire-t-elle, selon vous ? Puis 500 canaux aléatoires $Y\to Z$ tentent de mettre en défaut le théorème 1.

# %% key="dpi-run"
borrowers = np.array(
    [
        [0.24, 0.09, 0.04, 0.02, 0.01],
        [0.08, 0.06, 0.05, 0.04, 0.02],
        [0.11, 0.05, 0.02, 0.01, 0.01],
        [0.12, 0.02, 0.01, 0.00, 0.00],
    ]
)
information = mutual_information(borrowers)
late = borrowers.sum(axis=0)
removed = information / -np.sum(late * np.log(late))
expect("d3_03.removed", removed, 0.0562, atol=1e-4)
rng = np.random.default_rng(SEED + 1)
growth = []
for _ in range(500):
    joint = rng.dirichlet(np.full(20, 0.3)).reshape(4, 5)
    channel = rng.dirichlet(np.full(6, 0.3), size=5)
    growth.append(mutual_information(joint @ channel) - mutual_information(joint))
expect("d3_03.processing", max(growth), at_most=0.0)

# %% [markdown] key="dpi-read" lang="en"
# 5.6 % of the entropy, 11.7 % of the variance: two scales that need not agree. The variance knows that three late instalments lie between two and four; the entropy only knows names, and does not change when they are permuted. For a Gaussian pair the two are tied, $I=-\frac12\ln(1-R^2)$; here this would give $0.0624$ nats, against $0.0692$ in truth.

# %% [markdown] key="dpi-read" lang="fr"
# 5,6 % de l’entropie, 11,7 % de la variance : deux échelles qui n’ont pas à s’accorder. La variance sait que trois retards se situent entre deux et quatre ; l’entropie ne connaît que des noms, et ne change pas si on les permute. Pour un couple gaussien, les deux sont liées, $I=-\frac12\ln(1-R^2)$ ; cela donnerait ici $0{,}0624$ nat, contre $0{,}0692$ en réalité.

# %% [markdown] key="game" lang="en"
# ## 3. The guessing game
#
# Let $(x_i,y_i)$, $i=1,\dots,N$, be independent pairs with law $p_{XY}$. Show a player one $x$ and the candidates $y_1,\dots,y_N$ in random order, of which one, at an index $J$ uniform on $\{1,\dots,N\}$, is the partner of $x$.
#
# > **Proposition 2.** $\displaystyle\mathbb P(J=j\mid x,y_1,\dots,y_N)=\frac{w(x,y_j)}{\sum_kw(x,y_k)}$, where $w(x,y)=\dfrac{p(x,y)}{p(x)\,p(y)}$.
#
# *Proof.* Given $J=j$ the density of what is shown is $p(x)\,p(y_j\mid x)\prod_{k\ne j}p(y_k) =w(x,y_j)\cdot p(x)\prod_kp(y_k)$. By Bayes' formula with a uniform prior the common factor cancels. $\blacksquare$
#
# So the perfect player is a **softmax whose logits are $\ln w(x,y_j)$**, up to any term $c(x)$ common to all candidates. A network with scores $f(x,y)$ plays this game with the usual cross-entropy, and one records
#
# $$\hat I_N(f)=\frac1N\sum_{i=1}^N\ln\frac{e^{f(x_i,y_i)}}{\frac1N\sum_{j=1}^Ne^{f(x_i,y_j)}} =\ln N-(\text{cross-entropy of the game}),\qquad I_N(f)=\mathbb E\,\hat I_N(f).$$

# %% [markdown] key="game" lang="fr"
# ## 3. La devinette
#
# Soient $(x_i,y_i)$, $i=1,\dots,N$, des couples indépendants de loi $p_{XY}$. On montre à un joueur un $x$ et, dans un ordre aléatoire, les candidats $y_1,\dots,y_N$ ; l’un d’eux, d’indice $J$ uniforme sur $\{1,\dots,N\}$, est le partenaire de $x$.
#
# > **Proposition 2.** $\displaystyle\mathbb P(J=j\mid x,y_1,\dots,y_N)=\frac{w(x,y_j)}{\sum_kw(x,y_k)}$, où $w(x,y)=\dfrac{p(x,y)}{p(x)\,p(y)}$.
#
# *Démonstration.* Sachant $J=j$, la densité de ce qui est montré est $p(x)\,p(y_j\mid x)\prod_{k\ne j}p(y_k) =w(x,y_j)\cdot p(x)\prod_kp(y_k)$. Dans la formule de Bayes, la loi a priori étant uniforme, le facteur commun se simplifie. $\blacksquare$
#
# Le joueur parfait est donc un **softmax dont les logits sont les $\ln w(x,y_j)$**, à un terme $c(x)$ près, commun à tous les candidats. Un réseau de scores $f(x,y)$ joue à ce jeu avec l’entropie croisée habituelle, et l’on relève
#
# $$\hat I_N(f)=\frac1N\sum_{i=1}^N\ln\frac{e^{f(x_i,y_i)}}{\frac1N\sum_{j=1}^Ne^{f(x_i,y_j)}} =\ln N-(\text{entropie croisée du jeu}),\qquad I_N(f)=\mathbb E\,\hat I_N(f).$$

# %% [markdown] key="bounds" lang="en"
# ## 4. Two ceilings, and a gap
#
# > **Theorem 3.** For every score $f$ for which the expectation exists: (i) $\hat I_N(f)\le\ln N$ for every sample, not only on average; (ii) $I_N(f)\le I(X;Y)$; (iii) with the perfect score, and if $I(X;Y)<\infty$, $I(X;Y)-I_N(\ln w)=\mathbb E_Q\big[\varphi(m_N)\big]$, where $\varphi(t)=t\ln t$, $m_N=\frac1N\sum_jw(x,y_j)$ and $Q$ draws $x,y_1,\dots,y_N$ all independently. If $\mathbb E_Q[w^2]<\infty$, this gap is at most $\operatorname{Var}_Q(w)/N$.
#
# *Proof.* (i) The term $j=i$ belongs to the sum, which is therefore at least $e^{f(x_i,y_i)}$: each ratio is at most $N$.
#
# (ii) If $I(X;Y)=\infty$ there is nothing to show. By symmetry consider $i=1$. Let $P$ be the law of $(x,y_1,\dots,y_N)$ when $y_1$ is the partner of $x$ and the others are not, so that $dP/dQ=w(x,y_1)$. Put $g=e^{f(x,y_1)}\big/\frac1N\sum_je^{f(x,y_j)}$. Under $Q$ the $y_j$ are exchangeable, so $\mathbb E_Q[g]$ is the mean over $k$ of the same expectation with $y_k$ in the numerator, which is $\mathbb E_Q[1]=1$. Hence $g\,Q$ is a probability law, and Gibbs' inequality says
#
# $$0\le\mathrm{KL}(P\,\|\,g\,Q)=\mathbb E_P\ln w(x,y_1)-\mathbb E_P\ln g=I(X;Y)-I_N(f).$$
#
# (iii) With $f=\ln w$ the difference is $\mathbb E_P\ln m_N=\mathbb E_Q[w(x,y_1)\ln m_N]=\mathbb E_Q[m_N\ln m_N]$, again by exchangeability. Since $\ln t\le t-1$, $\varphi(t)\le t(t-1)$, and $\mathbb E_Q\,m_N=1$: the gap is at most $\mathbb E_Q[m_N^2]-1=\operatorname{Var}_Q(m_N)$. Given $x$ the $w(x,y_j)$ are independent with mean 1, so this variance is $\operatorname{Var}_Q(w)/N$. $\blacksquare$
#
# Two warnings. Point (ii) bounds an *expectation*: an average over a finite sample may well exceed $I$. And (i) does not depend on your network: **to certify $I$ nats one needs $N\ge e^I$**.

# %% [markdown] key="bounds" lang="fr"
# ## 4. Deux plafonds et un écart
#
# > **Théorème 3.** Pour tout score $f$ tel que l’espérance existe : (i) $\hat I_N(f)\le\ln N$ pour tout échantillon, et pas seulement en moyenne ; (ii) $I_N(f)\le I(X;Y)$ ; (iii) avec le score parfait, et si $I(X;Y)<\infty$, $I(X;Y)-I_N(\ln w)=\mathbb E_Q\big[\varphi(m_N)\big]$, où $\varphi(t)=t\ln t$, $m_N=\frac1N\sum_jw(x,y_j)$ et où $Q$ tire $x,y_1,\dots,y_N$ tous indépendants. Si $\mathbb E_Q[w^2]<\infty$, cet écart est d’au plus $\operatorname{Var}_Q(w)/N$.
#
# *Démonstration.* (i) Le terme $j=i$ figure dans la somme, qui vaut donc au moins $e^{f(x_i,y_i)}$ : chaque rapport est au plus $N$.
#
# (ii) Si $I(X;Y)=\infty$, il n’y a rien à montrer. Par symétrie, prenons $i=1$. Soit $P$ la loi de $(x,y_1,\dots,y_N)$ lorsque $y_1$ est le partenaire de $x$ et que les autres ne le sont pas, de sorte que $dP/dQ=w(x,y_1)$. Posons $g=e^{f(x,y_1)}\big/\frac1N\sum_je^{f(x,y_j)}$. Sous $Q$, les $y_j$ sont échangeables ; donc $\mathbb E_Q[g]$ est la moyenne sur $k$ de la même espérance avec $y_k$ au numérateur, soit $\mathbb E_Q[1]=1$. Ainsi $g\,Q$ est une loi de probabilité, et l’inégalité de Gibbs s’écrit
#
# $$0\le\mathrm{KL}(P\,\|\,g\,Q)=\mathbb E_P\ln w(x,y_1)-\mathbb E_P\ln g=I(X;Y)-I_N(f).$$
#
# (iii) Avec $f=\ln w$, la différence est $\mathbb E_P\ln m_N=\mathbb E_Q[w(x,y_1)\ln m_N]=\mathbb E_Q[m_N\ln m_N]$, encore par échangeabilité. Comme $\ln t\le t-1$, $\varphi(t)\le t(t-1)$, et $\mathbb E_Q\,m_N=1$ : l’écart est d’au plus $\mathbb E_Q[m_N^2]-1=\operatorname{Var}_Q(m_N)$. Sachant $x$, les $w(x,y_j)$ sont indépendants de moyenne 1 ; cette variance est donc $\operatorname{Var}_Q(w)/N$. $\blacksquare$
#
# Deux avertissements. Le point (ii) majore une *espérance* : une moyenne sur un échantillon fini peut fort bien dépasser $I$. Et le point (i) ne dépend pas de votre réseau : **pour attester $I$ nats, il faut $N\ge e^I$**.

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2: InfoNCE (8 minutes)
#
# Write `info_nce(scores)`. The array has shape `(..., N, N)`; in each square block `scores[..., i, j]` is $f(x_i,y_j)$, so that partners stand on the diagonal. Return $\hat I_N(f)$ for each block, shape `(...)`. Scores may be as large as $\pm1000$.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 : InfoNCE (8 minutes)
#
# Écrivez `info_nce(scores)`. Le tableau est de forme `(..., N, N)` ; dans chaque bloc carré, `scores[..., i, j]` est $f(x_i,y_j)$, les partenaires étant donc sur la diagonale. Renvoyez $\hat I_N(f)$ pour chaque bloc, de forme `(...)`. Les scores peuvent atteindre $\pm1000$.

# %% key="ex2" tags=["exercise"]
def info_nce(scores):
    # en: the estimate of each block, in nats
    # fr: l’estimation de chaque bloc, en nats
    # BEGIN SOLUTION
    partners = np.diagonal(scores, axis1=-2, axis2=-1)
    log_mean = np.logaddexp.reduce(scores, axis=-1) - np.log(scores.shape[-1])
    return np.mean(partners - log_mean, axis=-1)
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.logaddexp.reduce` along an axis is a sum of exponentials that does not overflow; `np.diagonal(scores, axis1=-2, axis2=-1)` takes the partners. Keep the partner in the sum: the proof of (i) needs it.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.logaddexp.reduce`, selon un axe, est une somme d’exponentielles sans dépassement ; `np.diagonal(scores, axis1=-2, axis2=-1)` donne les partenaires. Gardez le partenaire dans la somme : la démonstration de (i) en a besoin.
# </details>

# %% key="ex2-check"
check("d3_03.ex2", info_nce)

# %% [markdown] key="gauss-text" lang="en"
# **The exact critic of the Gaussian family.** Dividing the conditional density $\mathcal N(\rho x,1-\rho^2)$ by $\mathcal N(0,1)$, for each coordinate,
#
# $$\ln w(x,y)=-\tfrac12\ln(1-\rho^2)-\frac{\rho^2x^2-2\rho\,xy+\rho^2y^2}{2(1-\rho^2)}.$$
#
# Moreover $\mathbb E_Q[w^2]=(1-\rho^2)^{-1}$ for each coordinate: in the integral of $p(x,y)^2/(p(x)\,p(y))$ the quadratic form is $\frac2{1-\rho^2}\begin{pmatrix}1&-\rho\\-\rho&1\end{pmatrix}-I$, of determinant $\frac{(1+\rho^2)^2-4\rho^2}{(1-\rho^2)^2}=1$. So $\operatorname{Var}_Q(w)=(1-\rho^2)^{-d}-1$.
#
# **Predict**, for $d=1$ and $\rho=0.9$, where $I=0.8304$: what can $N=2$ certify at most? How large is the gap at $N=1024$ at most? The same 40 batches of 1,024 pairs serve for every $N$, cut into smaller blocks.

# %% [markdown] key="gauss-text" lang="fr"
# **Le critique exact de la famille gaussienne.** En divisant la densité conditionnelle $\mathcal N(\rho x,1-\rho^2)$ par $\mathcal N(0,1)$, on obtient pour chaque coordonnée
#
# $$\ln w(x,y)=-\tfrac12\ln(1-\rho^2)-\frac{\rho^2x^2-2\rho\,xy+\rho^2y^2}{2(1-\rho^2)}.$$
#
# De plus, $\mathbb E_Q[w^2]=(1-\rho^2)^{-1}$ pour chaque coordonnée : dans l’intégrale de $p(x,y)^2/(p(x)\,p(y))$, la forme quadratique est $\frac2{1-\rho^2}\begin{pmatrix}1&-\rho\\-\rho&1\end{pmatrix}-I$, de déterminant $\frac{(1+\rho^2)^2-4\rho^2}{(1-\rho^2)^2}=1$. Donc $\operatorname{Var}_Q(w)=(1-\rho^2)^{-d}-1$.
#
# **Prévoyez**, pour $d=1$ et $\rho=0{,}9$, où $I=0{,}8304$ : que peut attester au plus $N=2$ ? De combien est au plus l’écart pour $N=1024$ ? Les mêmes 40 lots de 1 024 couples servent pour chaque $N$, découpés en blocs plus petits.

# %% key="gauss-run"
def gaussian_pairs(rng, n, d, rho):
    x = rng.standard_normal((n, d))
    return x, rho * x + np.sqrt(1 - rho**2) * rng.standard_normal((n, d))


def exact_scores(x, y, rho):
    square = rho**2 * (np.sum(x**2, axis=1)[:, None] + np.sum(y**2, axis=1))
    return -x.shape[1] / 2 * np.log(1 - rho**2) - (square - 2 * rho * x @ y.T) / (2 * (1 - rho**2))


def estimates(scores, N):
    # en: the blocks of N inputs and N candidates along the diagonal
    # fr: les blocs de N entrées et N candidats le long de la diagonale
    cut = scores.reshape(1024 // N, N, 1024 // N, N)
    return info_nce(np.stack([cut[i, :, i] for i in range(1024 // N)]))


sizes = [2, 4, 16, 64, 256, 1024]
rng = np.random.default_rng(SEED + 2)
found = []
for _ in range(40):
    scores = exact_scores(*gaussian_pairs(rng, 1024, 1, 0.9), 0.9)
    found.append([estimates(scores, N).mean() for N in sizes])
means = dict(zip(sizes, np.mean(found, axis=0), strict=True))
expect("d3_03.two", means[2], 0.337, atol=0.03)
expect("d3_03.sixteen", means[16], 0.749, atol=0.03)
expect("d3_03.sixty_four", means[64], 0.808, atol=0.03)
expect("d3_03.thousand", means[1024], 0.829, atol=0.03)

# %% key="gauss-figure" tags=["figure"]
rng = np.random.default_rng(SEED + 3)
five = []
for _ in range(8):
    scores = exact_scores(*gaussian_pairs(rng, 1024, 5, 0.9), 0.9)
    five.append([estimates(scores, N).mean() for N in sizes])
x, y = gaussian_pairs(rng, 16, 1, 0.9)
order = np.argsort(x[:, 0])
posterior = softmax(exact_scores(x[order], y[order], 0.9), axis=1)

left, right = figures.axes(2, height=3.6)
left.semilogx(sizes, np.mean(five, axis=0), "s-", color=figures.BLUE, label=T("$d=5$, exact critic", "$d=5$, critique exact"))
left.semilogx(sizes, list(means.values()), "o-", color=figures.GREEN, label=T("$d=1$, exact critic", "$d=1$, critique exact"))
left.semilogx(sizes, np.log(sizes), ":", color=figures.VERMILION, label=r"$\ln N$")
for d in (1, 5):
    left.axhline(-d / 2 * np.log(1 - 0.9**2), color=figures.BLACK, linestyle="--", linewidth=1)
left.set_xlabel(T("number of candidates $N$ (dashes: $I$)", "nombre de candidats $N$ (tirets : $I$)"))
left.set_ylabel(T("nats", "nats"))
left.legend(loc="upper left")
right.imshow(posterior, cmap="gray_r")
right.grid(visible=False)
right.set_title(T("posterior of the partner, $d=1$", "loi a posteriori du partenaire, $d=1$"))
right.set_xlabel(T("candidate $y_j$", "candidat $y_j$"))
right.set_ylabel(T("input $x_i$, sorted", "entrée $x_i$, triée"));

# %% [markdown] key="gauss-read" lang="en"
# The four predictions of the cell before the figure come from (iii), whose expectation was computed apart with millions of draws. Left: in dimension 5, where $I=4.152$, the ceiling $\ln N$ rules as long as $N$ is small, and the information rules afterwards; in dimension 1 the information rules almost at once. The last point of each curve may lie slightly above $I$: some batches are a sample, and (ii) is about expectations. Right: the perfect player is honest about its doubt; neighbouring points look alike, and the posterior spreads over them.

# %% [markdown] key="gauss-read" lang="fr"
# Les quatre prévisions de la cellule qui précède la figure viennent de (iii), dont l’espérance a été calculée à part sur des millions de tirages. À gauche : en dimension 5, où $I=4{,}152$, c’est le plafond $\ln N$ qui commande tant que $N$ est petit, puis l’information ; en dimension 1, l’information commande presque aussitôt. Le dernier point de chaque courbe peut se trouver un peu au-dessus de $I$ : quelques lots sont un échantillon, et (ii) parle d’espérances. À droite : le joueur parfait avoue ses doutes ; des points voisins se ressemblent, et la loi a posteriori s’étale sur eux.

# %% [markdown] key="nt-xent" lang="en"
# ## 5. NT-Xent, the loss of SimCLR
#
# Take $n$ images and two random views of each: $2n$ vectors $z_i$, partners at distance $n$. Let $u_i=z_i/|z_i|$ and $S_{ij}=\langle u_i,u_j\rangle/\tau$ with a temperature $\tau>0$. Each view plays the game against the $2n-1$ others, and itself is excluded:
#
# $$\mathcal L=-\frac1{2n}\sum_i\ln\pi_{i,i'},\qquad\pi_{ij}=\frac{e^{S_{ij}}}{\sum_{k\ne i}e^{S_{ik}}}\ (j\ne i),\quad \pi_{ii}=0,\quad i'\text{ the partner of }i.$$
#
# **Gradient.** As for any cross-entropy, $\partial\mathcal L/\partial S=G$ with $G_{ij}=\frac1{2n}(\pi_{ij}-\mathbf 1_{j=i'})$. The vector $u_i$ appears in row $i$ and in column $i$, hence $\partial\mathcal L/\partial u=\frac1\tau(G+G^\top)\,u$. Finally $du=(I-uu^\top)\,dz/|z|$, a symmetric matrix, so $\nabla_{z_i}\mathcal L=(I-u_iu_i^\top)\,\nabla_{u_i}\mathcal L/|z_i|$.
#
# The candidates are not independent here (negatives come in pairs), so Theorem 3 sheds light on this loss but does not cover it; point (i) survives: $\ln(2n-1)-\mathcal L\le\ln(2n-1)$ because $\mathcal L\ge0$.

# %% [markdown] key="nt-xent" lang="fr"
# ## 5. NT-Xent, la perte de SimCLR
#
# Prenons $n$ images et deux vues aléatoires de chacune : $2n$ vecteurs $z_i$, les partenaires étant à distance $n$. Soit $u_i=z_i/|z_i|$ et $S_{ij}=\langle u_i,u_j\rangle/\tau$, avec une température $\tau>0$. Chaque vue joue contre les $2n-1$ autres, elle-même étant exclue :
#
# $$\mathcal L=-\frac1{2n}\sum_i\ln\pi_{i,i'},\qquad\pi_{ij}=\frac{e^{S_{ij}}}{\sum_{k\ne i}e^{S_{ik}}}\ (j\ne i),\quad \pi_{ii}=0,\quad i'\text{ le partenaire de }i.$$
#
# **Gradient.** Comme pour toute entropie croisée, $\partial\mathcal L/\partial S=G$ avec $G_{ij}=\frac1{2n}(\pi_{ij}-\mathbf 1_{j=i'})$. Le vecteur $u_i$ intervient dans la ligne $i$ et dans la colonne $i$, d’où $\partial\mathcal L/\partial u=\frac1\tau(G+G^\top)\,u$. Enfin $du=(I-uu^\top)\,dz/|z|$, matrice symétrique, donc $\nabla_{z_i}\mathcal L=(I-u_iu_i^\top)\,\nabla_{u_i}\mathcal L/|z_i|$.
#
# Ici les candidats ne sont pas indépendants (les négatifs vont par deux) : le théorème 3 éclaire cette perte, mais ne la couvre pas. Le point (i) subsiste : $\ln(2n-1)-\mathcal L\le\ln(2n-1)$, car $\mathcal L\ge0$.

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 (15 minutes)
#
# Write `nt_xent(Z, tau)` for `Z` of shape `(2n, d)`: return the loss and its gradient with respect to `Z`.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 (15 minutes)
#
# Écrivez `nt_xent(Z, tau)` pour `Z` de forme `(2n, d)` : renvoyez la perte et son gradient par rapport à `Z`.

# %% key="ex3" tags=["exercise"]
def nt_xent(Z, tau):
    # en: return (loss, gradient of the shape of Z)
    # fr: renvoyer (perte, gradient de la forme de Z)
    # BEGIN SOLUTION
    rows, size = np.arange(len(Z)), np.linalg.norm(Z, axis=1, keepdims=True)
    partner, u = np.roll(rows, len(Z) // 2), Z / size
    S = u @ u.T / tau
    np.fill_diagonal(S, -np.inf)
    log_pi = S - np.logaddexp.reduce(S, axis=1)[:, None]
    G = np.exp(log_pi)
    G[rows, partner] -= 1
    grad_u = (G + G.T) @ u / (tau * len(Z))
    grad_z = (grad_u - u * np.sum(u * grad_u, axis=1, keepdims=True)) / size
    return -log_pi[rows, partner].mean(), grad_z
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# `np.fill_diagonal(S, -np.inf)` excludes a view from its own candidates without any other change. The partner of view $i$ is $i+n$ modulo $2n$. Check the gradient: it is orthogonal to $z_i$, row by row.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `np.fill_diagonal(S, -np.inf)` exclut une vue de ses propres candidats sans rien changer d’autre. Le partenaire de la vue $i$ est $i+n$ modulo $2n$. Contrôlez le gradient : ligne par ligne, il est orthogonal à $z_i$.
# </details>

# %% key="ex3-check"
check("d3_03.ex3", nt_xent)

# %% key="nt-gradients"
rng = np.random.default_rng(SEED + 4)
views, tau = rng.standard_normal((12, 5)), 0.5
partners = (np.arange(12) + 6) % 12
loss, gradient = nt_xent(views, tau)


def jax_nt_xent(z):
    unit = z / jnp.linalg.norm(z, axis=1, keepdims=True)
    cosines = jnp.where(jnp.eye(12, dtype=bool), -jnp.inf, unit @ unit.T)
    return -jnp.mean(jax.nn.log_softmax(cosines / tau, axis=1)[jnp.arange(12), partners])


leaf = torch.tensor(views, requires_grad=True)
unit = torch.nn.functional.normalize(leaf)
cosines = (unit @ unit.T).masked_fill(torch.eye(12, dtype=bool), -torch.inf)
torch_loss = torch.nn.functional.cross_entropy(cosines / tau, torch.tensor(partners))
torch_loss.backward()
quotients = numerical_gradient(lambda z: nt_xent(z, tau)[0], views)
expect("d3_03.nt_xent", loss, torch_loss.item(), atol=1e-10)
expect("d3_03.jax", np.abs(gradient - jax.grad(jax_nt_xent)(views)).max(), at_most=1e-10)
expect("d3_03.torch", np.abs(gradient - leaf.grad.numpy()).max(), at_most=1e-10)
expect("d3_03.differences", np.abs(gradient - quotients).max(), at_most=1e-8)

# %% [markdown] key="temperature" lang="en"
# **What the temperature does.** A cosine lies in $[-1,1]$, so that the scores of SimCLR are confined to $[-1/\tau,1/\tau]$ whatever the encoder. The posterior of the partner is then at most $1/(1+(2n-2)e^{-2/\tau})$, and
#
# $$\mathcal L\ge\ln\big(1+(2n-2)\,e^{-2/\tau}\big).$$
#
# For $n=8$ this floor is $0.228$ nats at $\tau=0.5$ and less than $10^{-7}$ at $\tau=0.1$: a temperature that is too high is a ceiling below $\ln(2n-1)$. A low one has another price. In the gradient each negative weighs $\pi_{ij}$; as $\tau\to0$ all this weight goes to the nearest negative, which may well be another picture of the same thing.

# %% [markdown] key="temperature" lang="fr"
# **Ce que fait la température.** Un cosinus est dans $[-1,1]$, si bien que les scores de SimCLR sont confinés à $[-1/\tau,1/\tau]$ quel que soit l’encodeur. La probabilité a posteriori du partenaire est donc d’au plus $1/(1+(2n-2)e^{-2/\tau})$, et
#
# $$\mathcal L\ge\ln\big(1+(2n-2)\,e^{-2/\tau}\big).$$
#
# Pour $n=8$, ce plancher est de $0{,}228$ nat si $\tau=0{,}5$ et de moins de $10^{-7}$ si $\tau=0{,}1$ : une température trop élevée est un plafond au-dessous de $\ln(2n-1)$. Trop basse, elle a un autre prix. Dans le gradient, chaque négatif pèse $\pi_{ij}$ ; quand $\tau\to0$, tout ce poids va au négatif le plus proche, qui est peut-être une autre image de la même chose.

# %% [markdown] key="critic" lang="en"
# ## 6. Train a critic whose optimum is known
#
# For $d=2$ and $\rho=0.8$ the information is $-\ln(1-0.64)=1.0217$ nats. Choose quadratic scores $f(x,y)=x^\top Ay-\frac12y^\top By$ with $A,B$ free. By Proposition 2, and since terms in $x$ alone do not matter, the best values are $A=\frac\rho{1-\rho^2}I=2.2222\,I$ and $B=\frac{\rho^2}{1-\rho^2}I=1.7778\,I$. By (iii), with $N=256$, the value reached is below $I$ by at most $(0.36^{-2}-1)/256=0.026$.

# %% [markdown] key="critic" lang="fr"
# ## 6. Entraîner un critique dont l’optimum est connu
#
# Pour $d=2$ et $\rho=0{,}8$, l’information est $-\ln(1-0{,}64)=1{,}0217$ nat. Choisissons des scores quadratiques $f(x,y)=x^\top Ay-\frac12y^\top By$, où $A,B$ sont libres. D’après la proposition 2, et puisque les termes en $x$ seul n’importent pas, les meilleures valeurs sont $A=\frac\rho{1-\rho^2}I=2{,}2222\,I$ et $B=\frac{\rho^2}{1-\rho^2}I=1{,}7778\,I$. D’après (iii), avec $N=256$, la valeur atteinte est au-dessous de $I$ d’au plus $(0{,}36^{-2}-1)/256=0{,}026$.

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4 (10 minutes)
#
# Write `contrastive_loss(params, x, y)` with `jnp`: minus InfoNCE of the quadratic scores, `params` being a dictionary of two matrices, `"A"` and `"B"`, and `x`, `y` of shape `(N, d)`.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 (10 minutes)
#
# Écrivez `contrastive_loss(params, x, y)` avec `jnp` : l’opposé d’InfoNCE pour les scores quadratiques, `params` étant un dictionnaire de deux matrices, `"A"` et `"B"`, et `x`, `y` de forme `(N, d)`.

# %% key="ex4" tags=["exercise"]
def contrastive_loss(params, x, y):
    # en: minus the InfoNCE estimate of the batch, in nats
    # fr: l’opposé de l’estimation InfoNCE du lot, en nats
    # BEGIN SOLUTION
    scores = x @ params["A"] @ y.T - jnp.sum(y * (y @ params["B"].T), axis=1) / 2
    log_mean = jax.nn.logsumexp(scores, axis=1) - jnp.log(len(y))
    return jnp.mean(log_mean) - jnp.trace(scores) / len(y)
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# The whole score matrix is `x @ A @ y.T` minus a row vector, whose entry $j$ is $\frac12y_j^\top By_j$: a sum over coordinates of `y * (y @ B.T)`. Then as in exercise 2, with `jax.nn.logsumexp`.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# La matrice entière des scores est `x @ A @ y.T` moins un vecteur ligne, de terme $\frac12y_j^\top By_j$ : une somme sur les coordonnées de `y * (y @ B.T)`. Puis comme à l’exercice 2, avec `jax.nn.logsumexp`.
# </details>

# %% key="ex4-check"
check("d3_03.ex4", contrastive_loss)

# %% key="critic-run"
rng = np.random.default_rng(SEED + 5)
slope_of = jax.jit(jax.grad(contrastive_loss))
params = {"A": jnp.zeros((2, 2)), "B": jnp.zeros((2, 2))}
for step in range(600):
    rate = 0.5 if step < 400 else 0.2
    slope = slope_of(params, *gaussian_pairs(rng, 256, 2, 0.8))
    params = {name: params[name] - rate * slope[name] for name in params}
judge = jax.jit(contrastive_loss)
fresh = [-judge(params, *gaussian_pairs(rng, 256, 2, 0.8)) for _ in range(100)]
print(np.round(params["A"], 2), np.round(params["B"], 2))
expect("d3_03.trained", np.mean(fresh), -np.log(1 - 0.8**2), atol=0.1)
expect("d3_03.critic", params["A"][0, 0], 0.8 / (1 - 0.8**2), atol=0.2)

# %% [markdown] key="break-a" lang="en"
# The learner recovers the two matrices that were computed on paper. Nothing told it $\rho$.

# %% [markdown] key="break-a" lang="fr"
# L’apprentissage retrouve les deux matrices calculées sur le papier. Rien ne lui a dit $\rho$.

# %% [markdown] key="break-a-text" lang="en"
# ## 7. Break it
#
# ### (a) Ask for more nats than the batch can count
#
# Now $d=20$ and $\rho=0.9$, so that $I=16.607$ nats, with the **exact** critic: nothing to learn, nothing to blame on training. **Predict** the estimate for $N=64$ and for $N=1024$, to two decimals.

# %% [markdown] key="break-a-text" lang="fr"
# ## 7. Casser exprès
#
# ### (a) Demander plus de nats que le lot n’en peut compter
#
# Prenons maintenant $d=20$ et $\rho=0{,}9$, donc $I=16{,}607$ nats, avec le critique **exact** : rien à apprendre, rien à reprocher à l’entraînement. **Prévoyez** l’estimation pour $N=64$ et pour $N=1024$, à deux décimales.

# %% key="break-a-run" tags=["break"]
rng = np.random.default_rng(SEED + 6)
saturated = {}
for N, count in ((64, 100), (1024, 10)):
    batches = [exact_scores(*gaussian_pairs(rng, N, 20, 0.9), 0.9) for _ in range(count)]
    saturated[N] = info_nce(np.stack(batches)).mean()
expect("d3_03.break_64", saturated[64], np.log(64), atol=8e-3)
expect("d3_03.break_1024", saturated[1024], np.log(1024), atol=8e-3)

# %% [markdown] key="break-b" lang="en"
# To certify 16.6 nats one would need $N\ge e^{16.6}$, more than sixteen million candidates per input. "More mutual information" is not what such a loss measures any more: at the ceiling it only says that the game has become easy.

# %% [markdown] key="break-b" lang="fr"
# Pour attester 16,6 nats, il faudrait $N\ge e^{16{,}6}$, plus de seize millions de candidats par entrée. Une telle perte ne mesure plus « davantage d’information mutuelle » : au plafond, elle dit seulement que le jeu est devenu facile.

# %% [markdown] key="break-b-text" lang="en"
# ### (b) A bound without ceiling
#
# The bound of Nguyen, Wainwright and Jordan (a cousin of MINE) has no ceiling. From $\ln t\le t/e$, for every $f$, $I(X;Y)\ge\mathbb E_{p_{XY}}[f]-e^{-1}\,\mathbb E_{p_Xp_Y}[e^f]$, with equality for $f=1+\ln w$. With this exact critic and 128 pairs, the first term is the mean of $1+\ln w$ over the 128 partners and the second, equal to 1 in truth, the mean of $w$ over the $128\times127$ other couples. The variance of one term is $(1-\rho^2)^{-d}-1$: 4.26 for $d=1$, and $2.7\cdot10^{14}$ for $d=20$.
#
# **Predict** for $d=20$: what value does the sample mean of $w$, whose expectation is 1, typically take? So does this "lower bound" typically fall below or above 16.607, and by how much?

# %% [markdown] key="break-b-text" lang="fr"
# ### (b) Un minorant sans plafond
#
# Le minorant de Nguyen, Wainwright et Jordan (cousin de MINE) n’a pas de plafond. De $\ln t\le t/e$ on tire, pour tout $f$, $I(X;Y)\ge\mathbb E_{p_{XY}}[f]-e^{-1}\,\mathbb E_{p_Xp_Y}[e^f]$, avec égalité pour $f=1+\ln w$. Avec ce critique exact et 128 couples, le premier terme est la moyenne de $1+\ln w$ sur les 128 partenaires, et le second, égal en vérité à 1, la moyenne de $w$ sur les $128\times127$ autres couples. La variance d’un seul terme est $(1-\rho^2)^{-d}-1$ : 4,26 pour $d=1$, et $2{,}7\cdot10^{14}$ pour $d=20$.
#
# **Prévoyez**, pour $d=20$ : quelle valeur prend typiquement la moyenne empirique de $w$, dont l’espérance est 1 ? Ce « minorant » tombe-t-il donc typiquement au-dessous ou au-dessus de 16,607, et de combien ?

# %% key="break-b-run" tags=["figure", "break"]
def excess(rng, d):
    # en: the estimate of Nguyen, Wainwright and Jordan, minus the truth
    # fr: l’estimation de Nguyen, Wainwright et Jordan, moins la vérité
    scores = exact_scores(*gaussian_pairs(rng, 128, d, 0.9), 0.9)
    others = scores[~np.eye(128, dtype=bool)]
    return np.mean(np.diag(scores)) + 1 - np.mean(np.exp(others)) + d / 2 * np.log(1 - 0.9**2)


rng = np.random.default_rng(SEED + 7)
dimensions = [1, 5, 10, 20]
gaps = np.array([[excess(rng, d) for _ in range(400)] for d in dimensions])
for d, gap in zip(dimensions, gaps, strict=True):
    print(f"d = {d:2d}   {np.median(gap):6.3f}   {gap.std():6.2f}   {gap.min():8.1f}")

ax = figures.axes()
ax.boxplot(gaps.T, tick_labels=[str(d) for d in dimensions], whis=(5, 95), showfliers=False)
ax.axhline(0, color=figures.BLACK, linestyle="--", label=T("truth", "vérité"))
ax.axhline(1, color=figures.VERMILION, linestyle=":", label=T("truth + 1 nat", "vérité + 1 nat"))
ax.set_xlabel(T("dimension $d$", "dimension $d$"))
ax.set_ylabel(T("estimate − truth (nats)", "estimation − vérité (nats)"))
ax.legend(loc="lower left")
expect("d3_03.break_typical", np.median(gaps[-1]), 1.0, atol=0.2)
expect("d3_03.break_above", np.mean(gaps[-1] > 0), at_least=0.88)

# %% [markdown] key="break-c" lang="en"
# The unbiased estimator of a lower bound lies *above* the truth about 95 times in 100 at $d=20$, typically by almost one nat: the rare giant values of $w$, which carry its expectation, are missing from the sample, exactly as in *Break it* (b) of D3-01. When one of them does occur, the estimate falls by tens or hundreds: compare median, standard deviation and minimum in the table above. The standard deviation changes with the seed and means nothing. McAllester and Stratos (2020) proved that the dilemma is general: a lower bound on mutual information that holds with high confidence for every law cannot exceed the order of $\ln N$ when it is computed from $N$ samples.

# %% [markdown] key="break-c" lang="fr"
# L’estimateur sans biais d’un minorant se trouve *au-dessus* de la vérité environ 95 fois sur 100 pour $d=20$, et typiquement de presque un nat : les rares valeurs géantes de $w$, qui portent son espérance, manquent à l’échantillon, exactement comme dans *Casser exprès* (b) de D3-01. Quand l’une d’elles survient, l’estimation chute de dizaines ou de centaines : comparez, dans le tableau ci-dessus, médiane, écart type et minimum. L’écart type change avec la graine et ne veut rien dire. McAllester et Stratos (2020) ont démontré que le dilemme est général : un minorant de l’information mutuelle valable avec grande confiance pour toute loi ne peut dépasser l’ordre de $\ln N$ lorsqu’il est calculé sur $N$ tirages.

# %% [markdown] key="break-c-text" lang="en"
# ### (c) Collapse
#
# Suppose that an encoder answers the same vector for every input: $z_i=z$. All cosines are equal, the game is a lottery among $2n-1$ candidates. **Predict** the NT-Xent loss for $n=8$, and the norm of its gradient.

# %% [markdown] key="break-c-text" lang="fr"
# ### (c) L’effondrement
#
# Supposons qu’un encodeur réponde le même vecteur à toute entrée : $z_i=z$. Tous les cosinus sont égaux, le jeu est une loterie entre $2n-1$ candidats. **Prévoyez** la perte NT-Xent pour $n=8$, et la norme de son gradient.

# %% key="break-c-run" tags=["break"]
collapsed = np.tile(np.random.default_rng(SEED + 8).standard_normal(6), (16, 1))
loss, gradient = nt_xent(collapsed, 0.5)
expect("d3_03.break_loss", loss, np.log(15), atol=1e-12)
expect("d3_03.break_gradient", np.abs(gradient).max(), 0.0, atol=1e-12)

# %% [markdown] key="exit" lang="en"
# All the $u_i$ being equal to one $u$, each $\nabla_{u_i}\mathcal L$ is a multiple of $u$, which the projection $I-uu^\top$ cancels: a collapsed encoder is a critical point of the loss, whatever the data. A training curve stuck at $\ln(2n-1)$ is a diagnosis, not bad luck.

# %% [markdown] key="exit" lang="fr"
# Tous les $u_i$ étant égaux à un même $u$, chaque $\nabla_{u_i}\mathcal L$ est colinéaire à $u$, et la projection $I-uu^\top$ l’annule : un encodeur effondré est un point critique de la perte, quelles que soient les données. Une courbe d’entraînement bloquée à $\ln(2n-1)$ est un diagnostic, non de la malchance.

# %% [markdown] key="exit-ticket" lang="en"
# ## Exit ticket (no code)
#
# 1. A paper trains with batches of 512 and reports "an estimated mutual information of 9.4 nats by InfoNCE". Why can you reject this sentence without reading further?
# 2. Two encoders reach the same InfoNCE value, close to $\ln N$. What do you know about the information they keep, and what would you measure instead?

# %% [markdown] key="exit-ticket" lang="fr"
# ## Billet de sortie (sans code)
#
# 1. Un article entraîne avec des lots de 512 et annonce « une information mutuelle estimée à 9,4 nats par InfoNCE ». Pourquoi pouvez-vous rejeter cette phrase sans lire plus loin ?
# 2. Deux encodeurs atteignent la même valeur d’InfoNCE, proche de $\ln N$. Que savez-vous de l’information qu’ils conservent, et que mesureriez-vous à la place ?

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. Whatever the network, an InfoNCE estimate with 512 candidates is at most $\ln512\approx6.24$ nats, for every sample: 9.4 is impossible (unless the positive was left out of the denominator; and if the logarithm is in base 2, $6.24$ nats are $9$ bits, which $9.4$ still exceeds). 2. Only that each keeps at least about $\ln N$ nats (in expectation); how much more, and whether it is the useful part, the loss can no longer tell. Measure what the representation is for: a linear probe, nearest neighbours, robustness under the changes that matter; or increase $N$ and watch whether the values separate.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. Quel que soit le réseau, une estimation InfoNCE avec 512 candidats est d’au plus $\ln512\approx6{,}24$ nats, pour tout échantillon : 9,4 est impossible (sauf si le positif a été retiré du dénominateur ; et si le logarithme est en base 2, $6{,}24$ nats font $9$ bits, que $9{,}4$ dépasse encore). 2. Seulement que chacun conserve au moins environ $\ln N$ nats (en espérance) ; combien de plus, et si c’est la part utile, la perte ne peut plus le dire. Mesurer ce à quoi la représentation doit servir : un classifieur linéaire appris sur elle, les plus proches voisins, la robustesse aux changements qui comptent ; ou augmenter $N$ et voir si les valeurs se séparent.
