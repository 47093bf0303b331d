# %% [markdown] key="title" lang="en"
# # A worked project: direct preference optimisation
#
# **Day 5, notebook 2** — 60 minutes to read, with paper and pencil. PyTorch.
#
# A language model is made to follow preferences by maximising a reward while staying close to where it began. DPO claims that the reward and the reinforcement learning can both be left out: *the policy that maximises the regularised reward is the minimiser of a logistic loss on pairs of answers*. This project proves the claim for a table of answers, says which assumptions it needs, predicts how fast and how precisely it comes true, and shows two ways in which it fails.
#
# It follows the sections of D5-01, and was written as a participant should write: no page without a number that could have been wrong.

# %% [markdown] key="title" lang="fr"
# # Projet traité : optimisation directe des préférences
#
# **Jour 5, notebook 2** — 60 minutes de lecture, crayon en main. PyTorch.
#
# Pour qu’un modèle de langue suive des préférences, on maximise une récompense tout en restant près du point de départ. DPO affirme que l’on peut se passer et de la récompense et de l’apprentissage par renforcement : *la politique qui maximise la récompense régularisée est le minimiseur d’une perte logistique sur des paires de réponses*. Ce projet démontre l’affirmation pour une table de réponses, dit quelles hypothèses elle demande, prévoit à quelle vitesse et avec quelle précision elle se réalise, et montre deux façons dont elle échoue.
#
# Il suit les sections de D5-01, et il est écrit comme devrait écrire un participant : pas de page sans un nombre qui aurait pu être faux.

# %% [markdown] key="identity" lang="en"
# ## 0. Identity
#
# | | |
# | --- | --- |
# | Author | the teachers of the course |
# | Paper | (*Direct Preference Optimization: Your Language Model is Secretly a Reward Model*), Rafailov, Sharma, Mitchell, Ermon, Manning, Finn, 2023 |
# | arXiv number, version read | `2305.18290`; results are cited by what they say, not by numbers, which change with the version |
# | Framework | PyTorch |
# | Left out | sequences of tokens, large models, human raters |

# %% [markdown] key="identity" lang="fr"
# ## 0. Identité
#
# | | |
# | --- | --- |
# | Auteur | les enseignants du cours |
# | Article | (*Direct Preference Optimization : Your Language Model is Secretly a Reward Model*), Rafailov, Sharma, Mitchell, Ermon, Manning, Finn, 2023 |
# | Numéro arXiv, version lue | `2305.18290` ; les résultats sont cités par leur contenu, non par des numéros, qui changent avec la version |
# | Bibliothèque | PyTorch |
# | Laissé de côté | les suites de mots, les grands modèles, les évaluateurs humains |

# %% key="imports"
import sys

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import lambertw

from airina import expect, figures
from airina.derivatives import numerical_gradient

# en: another seed draws every random number of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0
SEEDS = (SEED, SEED + 1, SEED + 2)

# %% [markdown] key="decomposition" lang="en"
# ## 1. Decomposition
#
# **The claim in one sentence.** If preferences are those of a reward seen through logistic noise, minimising a classification loss over policies gives exactly the policy that maximises this reward minus $\beta$ times a divergence from the reference.
#
# | In the paper | Here | What it is |
# | --- | --- | --- |
# | $y$, $x$ | $i\in\{1,\dots,K\}$ | an answer; one prompt, fixed until section 5 |
# | $\pi_{\mathrm{ref}}(y\mid x)$ | $\pi_{\mathrm{ref}}(i)$ | reference policy |
# | $r(x,y)$ | $r_i$ | reward, a real number |
# | $\hat r_\theta$ | $\beta h_i$, $h_i=\ln\pi_\theta(i)-\ln\pi_{\mathrm{ref}}(i)$ | implicit reward |
# | the data set | $\rho_{ij}$, $p_{ij}$ | the pair $\{i,j\}$ is shown with probability $\rho_{ij}$, $i$ wins with probability $p_{ij}$ |
#
# | | Assumption | Used in | Realistic? |
# | --- | --- | --- | --- |
# | A1 | $K$ is finite, $\pi_{\mathrm{ref}}>0$ | Theorem 1 | yes, by softmax |
# | A2 | $p_{ij}=\sigma(r_i-r_j)$ with finite $r$ (Bradley-Terry) | Theorem 2c | doubtful: raters are not a logistic curve |
# | A3 | the graph of the pairs with $\rho_{ij}>0$ is connected | Theorem 2c | false for answers nobody compared |
# | A4 | expectations are exact | Theorem 2c, Proposition 3 | replaced by $n$ comparisons in Proposition 4 |
# | A5 | $\pi_\theta=\operatorname{softmax}(\theta)$ with $\theta\in\mathbb R^K$, a table | Theorem 2, Propositions 3 and 4 | false for a network |
#
# **Results.** Theorem 1 is proved in the paper too. Theorem 2c, Propositions 3 and 4 are not in it.

# %% [markdown] key="decomposition" lang="fr"
# ## 1. Décomposition
#
# **L’affirmation en une phrase.** Si les préférences sont celles d’une récompense vue à travers un bruit logistique, minimiser une perte de classification sur les politiques donne exactement la politique qui maximise cette récompense moins $\beta$ fois une divergence par rapport à la référence.
#
# | Dans l’article | Ici | Ce que c’est |
# | --- | --- | --- |
# | $y$, $x$ | $i\in\{1,\dots,K\}$ | une réponse ; une seule question, fixée jusqu’à la section 5 |
# | $\pi_{\mathrm{ref}}(y\mid x)$ | $\pi_{\mathrm{ref}}(i)$ | politique de référence |
# | $r(x,y)$ | $r_i$ | récompense, un nombre réel |
# | $\hat r_\theta$ | $\beta h_i$, $h_i=\ln\pi_\theta(i)-\ln\pi_{\mathrm{ref}}(i)$ | récompense implicite |
# | le jeu de données | $\rho_{ij}$, $p_{ij}$ | la paire $\{i,j\}$ est montrée avec probabilité $\rho_{ij}$, $i$ l’emporte avec probabilité $p_{ij}$ |
#
# | | Hypothèse | Sert dans | Réaliste ? |
# | --- | --- | --- | --- |
# | A1 | $K$ est fini, $\pi_{\mathrm{ref}}>0$ | théorème 1 | oui, par le softmax |
# | A2 | $p_{ij}=\sigma(r_i-r_j)$ avec $r$ fini (Bradley-Terry) | théorème 2c | douteux : un évaluateur n’est pas une courbe logistique |
# | A3 | le graphe des paires telles que $\rho_{ij}>0$ est connexe | théorème 2c | faux pour des réponses que personne n’a comparées |
# | A4 | les espérances sont exactes | théorème 2c, proposition 3 | remplacée par $n$ comparaisons dans la proposition 4 |
# | A5 | $\pi_\theta=\operatorname{softmax}(\theta)$ avec $\theta\in\mathbb R^K$, une table | théorème 2, propositions 3 et 4 | faux pour un réseau |
#
# **Résultats.** Le théorème 1 est aussi démontré dans l’article. Le théorème 2c et les propositions 3 et 4 n’y sont pas.

# %% [markdown] key="gibbs" lang="en"
# ## 2. Derivation
#
# ### The optimal policy
#
# > **Theorem 1 (Gibbs' principle).** Under A1, for $r\in\mathbb R^K$ and $\beta>0$ let $J(\pi)=\sum_i\pi(i)r_i-\beta\,\mathrm{KL}(\pi\,\|\,\pi_{\mathrm{ref}})$. With $Z=\sum_i\pi_{\mathrm{ref}}(i)e^{r_i/\beta}$ and $\pi^\star(i)=\pi_{\mathrm{ref}}(i)e^{r_i/\beta}/Z$, for every law $\pi$ on the answers
# >
# > $$J(\pi)=\beta\ln Z-\beta\,\mathrm{KL}(\pi\,\|\,\pi^\star).\tag{1}$$
# >
# > Hence $\pi^\star$ is the only maximiser, and what another policy loses is $\beta\,\mathrm{KL}(\pi\,\|\,\pi^\star)$ exactly.
#
# *Proof.* By definition $r_i=\beta\ln\pi^\star(i)-\beta\ln\pi_{\mathrm{ref}}(i)+\beta\ln Z$ (A1: the logarithms exist). Insert this into $J$: the terms in $\ln\pi_{\mathrm{ref}}$ cancel, and $\beta\ln Z-\beta\sum_i\pi(i)\ln\frac{\pi(i)}{\pi^\star(i)}$ remains. Gibbs' inequality (D3-02) says that the divergence is 0 only for $\pi=\pi^\star$. $\blacksquare$
#
# Read backwards, the first line of the proof is the paper's idea: **a policy is a reward**,
#
# $$r_i=\beta\ln\frac{\pi^\star(i)}{\pi_{\mathrm{ref}}(i)}+\beta\ln Z,\tag{2}$$
#
# up to a constant, and $Z$, which nobody can compute, is in that constant.

# %% [markdown] key="gibbs" lang="fr"
# ## 2. Démonstration
#
# ### La politique optimale
#
# > **Théorème 1 (principe de Gibbs).** Sous A1, pour $r\in\mathbb R^K$ et $\beta>0$, soit $J(\pi)=\sum_i\pi(i)r_i-\beta\,\mathrm{KL}(\pi\,\|\,\pi_{\mathrm{ref}})$. Avec $Z=\sum_i\pi_{\mathrm{ref}}(i)e^{r_i/\beta}$ et $\pi^\star(i)=\pi_{\mathrm{ref}}(i)e^{r_i/\beta}/Z$, on a pour toute loi $\pi$ sur les réponses
# >
# > $$J(\pi)=\beta\ln Z-\beta\,\mathrm{KL}(\pi\,\|\,\pi^\star).\tag{1}$$
# >
# > Donc $\pi^\star$ est l’unique maximiseur, et ce que perd une autre politique vaut exactement $\beta\,\mathrm{KL}(\pi\,\|\,\pi^\star)$.
#
# *Démonstration.* Par définition, $r_i=\beta\ln\pi^\star(i)-\beta\ln\pi_{\mathrm{ref}}(i)+\beta\ln Z$ (A1 : les logarithmes existent). On reporte dans $J$ : les termes en $\ln\pi_{\mathrm{ref}}$ se simplifient, et il reste $\beta\ln Z-\beta\sum_i\pi(i)\ln\frac{\pi(i)}{\pi^\star(i)}$. D’après l’inégalité de Gibbs (D3-02), la divergence n’est nulle que pour $\pi=\pi^\star$. $\blacksquare$
#
# Lue à rebours, la première ligne de la démonstration est l’idée de l’article : **une politique est une récompense**,
#
# $$r_i=\beta\ln\frac{\pi^\star(i)}{\pi_{\mathrm{ref}}(i)}+\beta\ln Z,\tag{2}$$
#
# à une constante près, et $Z$, que personne ne sait calculer, est dans cette constante.

# %% [markdown] key="loss" lang="en"
# ### The loss, and why it has one minimiser
#
# Preferences only see differences of rewards, so the constant disappears. With $\Delta_{ij}=h_i-h_j$ and $q_{ij}=\sigma(\beta\Delta_{ij})$ the loss is
#
# $$L(\theta)=-\sum_{i<j}\rho_{ij}\big(p_{ij}\ln q_{ij}+p_{ji}\ln q_{ji}\big).\tag{3}$$
#
# > **Theorem 2.** Under A1 and A5:
# >
# > a) $L=\sum_{i<j}\rho_{ij}\,H(p_{ij})+\sum_{i<j}\rho_{ij}\,\mathrm{KL}(p_{ij}\,\|\,q_{ij})$, binary entropies and divergences;
# >
# > b) $\nabla L=-\beta\sum_{i<j}\rho_{ij}(p_{ij}-q_{ij})(e_i-e_j)$ and $\nabla^2L=\beta^2\sum_{i<j}\rho_{ij}\,q_{ij}q_{ji}\,(e_i-e_j)(e_i-e_j)^\top$; so $L$ is convex;
# >
# > c) under A2, A3, A4 the minimisers are the $\theta$ with $\pi_\theta=\pi^\star$, and $\min L=\sum_{i<j}\rho_{ij}H(p_{ij})$.
#
# *Proof.* a) Cross-entropy is entropy plus divergence (D3-02). b) The normalisation of the softmax cancels in $\Delta_{ij}=\theta_i-\theta_j-\ln\frac{\pi_{\mathrm{ref}}(i)}{\pi_{\mathrm{ref}}(j)}$, affine in $\theta$ with gradient $e_i-e_j$; and $(\ln\sigma)'=1-\sigma$, $\sigma'=\sigma(1-\sigma)$. c) By a), $L$ is least if and only if $q_{ij}=p_{ij}$ wherever $\rho_{ij}>0$, provided this can be reached; under A2 it means $\beta(h_i-h_j)=r_i-r_j$ on every edge, which $h=r/\beta$ satisfies. By A3, walking along edges, $\beta h=r+\text{const}$; then $\pi_\theta(i)\propto\pi_{\mathrm{ref}}(i)e^{r_i/\beta}$. $\blacksquare$ *(The role of A3 is skipped in the paper.)*
#
# **The loss never goes to 0**: its floor is the mean entropy of the raters. And (3) contains $\theta$ through $\beta h$ alone, so that $\beta h$ *is* a reward fitted by maximum likelihood: with a table, DPO and "fit a reward, then apply Theorem 1" are one estimator, also on finite data.

# %% [markdown] key="loss" lang="fr"
# ### La perte, et pourquoi elle a un seul minimiseur
#
# Les préférences ne voient que des différences de récompenses : la constante disparaît. Avec $\Delta_{ij}=h_i-h_j$ et $q_{ij}=\sigma(\beta\Delta_{ij})$, la perte est
#
# $$L(\theta)=-\sum_{i<j}\rho_{ij}\big(p_{ij}\ln q_{ij}+p_{ji}\ln q_{ji}\big).\tag{3}$$
#
# > **Théorème 2.** Sous A1 et A5 :
# >
# > a) $L=\sum_{i<j}\rho_{ij}\,H(p_{ij})+\sum_{i<j}\rho_{ij}\,\mathrm{KL}(p_{ij}\,\|\,q_{ij})$, entropies et divergences binaires ;
# >
# > b) $\nabla L=-\beta\sum_{i<j}\rho_{ij}(p_{ij}-q_{ij})(e_i-e_j)$ et $\nabla^2L=\beta^2\sum_{i<j}\rho_{ij}\,q_{ij}q_{ji}\,(e_i-e_j)(e_i-e_j)^\top$ ; donc $L$ est convexe ;
# >
# > c) sous A2, A3, A4, les minimiseurs sont les $\theta$ tels que $\pi_\theta=\pi^\star$, et $\min L=\sum_{i<j}\rho_{ij}H(p_{ij})$.
#
# *Démonstration.* a) L’entropie croisée est la somme de l’entropie et de la divergence (D3-02). b) La normalisation du softmax se simplifie dans $\Delta_{ij}=\theta_i-\theta_j-\ln\frac{\pi_{\mathrm{ref}}(i)}{\pi_{\mathrm{ref}}(j)}$, affine en $\theta$, de gradient $e_i-e_j$ ; de plus $(\ln\sigma)'=1-\sigma$ et $\sigma'=\sigma(1-\sigma)$. c) D’après a), $L$ est minimale si et seulement si $q_{ij}=p_{ij}$ partout où $\rho_{ij}>0$, pourvu que cela puisse être atteint ; sous A2, cela signifie $\beta(h_i-h_j)=r_i-r_j$ sur chaque arête, ce que vérifie $h=r/\beta$. D’après A3, en cheminant d’arête en arête, $\beta h=r+\text{cste}$ ; alors $\pi_\theta(i)\propto\pi_{\mathrm{ref}}(i)e^{r_i/\beta}$. $\blacksquare$ *(Le rôle de A3 est sauté dans l’article.)*
#
# **La perte ne tend jamais vers 0** : son plancher est l’entropie moyenne des évaluateurs. Et (3) ne contient $\theta$ qu’à travers $\beta h$, de sorte que $\beta h$ *est* une récompense ajustée par maximum de vraisemblance : avec une table, DPO et « ajuster une récompense, puis appliquer le théorème 1 » sont un seul et même estimateur, y compris sur des données finies.

# %% [markdown] key="speed" lang="en"
# ### How fast *(skipped in the paper)*
#
# The Hessian of b) is $\beta^2$ times the **Laplacian of a graph** (D1-02) with weights $\rho_{ij}q_{ij}q_{ji}$. Let $\Lambda_\rho$ be the one with weights $\rho_{ij}$, and $\mu_2$ the second smallest eigenvalue of $\nabla^2L$ at a minimiser.
#
# > **Proposition 3.** Under A1 to A5 let $\ell=\frac{\beta^2}4\lambda_{\max}(\Lambda_\rho)$. Gradient descent with $\eta=1/\ell$ keeps $\sum_i\theta_i$ and converges to the minimiser $\theta^\star$ with this sum. If it does not arrive in finite time, the ratio $|\theta_{k+1}-\theta^\star|/|\theta_k-\theta^\star|$ has its limit among the $1-\eta\mu$, $\mu$ a nonzero eigenvalue of $\nabla^2L(\theta^\star)$; from almost every start near $\theta^\star$ it is $1-\eta\mu_2$.
#
# *Proof.* $q(1-q)\le\frac14$, so $L$ is $\ell$-smooth. $\nabla L$ is a combination of the $e_i-e_j$: the sum is kept. On the hyperplane of this sum $L$ is strictly convex (the Laplacian of a connected graph has a kernel of dimension 1) and tends to infinity (A2: $0<p_{ij}<1$, so an edge on which $|\Delta_{ij}|\to\infty$ costs infinitely much, and by A3 there is one). So $\theta^\star$ exists, is unique, and D2-01 gives $L(\theta_k)\to\min L$, hence $\theta_k\to\theta^\star$. Near it the iteration is $I-\eta\nabla^2L(\theta^\star)$ up to second order, symmetric with eigenvalues $1-\eta\mu\in[0,1)$ on the hyperplane; the slowest direction wins unless it is absent, and the starts without it form a submanifold of smaller dimension (quoted). $\blacksquare$
#
# A slow direction is a set of answers that is rarely compared with the others, or compared without doubt: $q_{ij}q_{ji}$ is small when a pair is easy. **Easy pairs teach next to nothing.**

# %% [markdown] key="speed" lang="fr"
# ### À quelle vitesse *(sauté dans l’article)*
#
# La hessienne de b) est $\beta^2$ fois le **laplacien d’un graphe** (D1-02) de poids $\rho_{ij}q_{ij}q_{ji}$. Soit $\Lambda_\rho$ celui de poids $\rho_{ij}$, et $\mu_2$ la deuxième plus petite valeur propre de $\nabla^2L$ en un minimiseur.
#
# > **Proposition 3.** Sous A1 à A5, soit $\ell=\frac{\beta^2}4\lambda_{\max}(\Lambda_\rho)$. La descente de gradient avec $\eta=1/\ell$ conserve $\sum_i\theta_i$ et converge vers le minimiseur $\theta^\star$ de cette somme. Si elle n’arrive pas en un temps fini, le rapport $|\theta_{k+1}-\theta^\star|/|\theta_k-\theta^\star|$ a sa limite parmi les $1-\eta\mu$, où $\mu$ est une valeur propre non nulle de $\nabla^2L(\theta^\star)$ ; depuis presque tout départ voisin de $\theta^\star$, c’est $1-\eta\mu_2$.
#
# *Démonstration.* $q(1-q)\le\frac14$, donc $L$ est $\ell$-lisse. $\nabla L$ est combinaison des $e_i-e_j$ : la somme est conservée. Sur l’hyperplan de cette somme, $L$ est strictement convexe (le laplacien d’un graphe connexe a un noyau de dimension 1) et tend vers l’infini (A2 : $0<p_{ij}<1$, donc une arête où $|\Delta_{ij}|\to\infty$ coûte infiniment cher, et d’après A3 il y en a une). Ainsi $\theta^\star$ existe, est unique, et D2-01 donne $L(\theta_k)\to\min L$, d’où $\theta_k\to\theta^\star$. Près de lui, l’itération est $I-\eta\nabla^2L(\theta^\star)$ au second ordre près, symétrique, de valeurs propres $1-\eta\mu\in[0,1)$ sur l’hyperplan ; la direction la plus lente l’emporte, à moins d’être absente, et les départs sans elle forment une sous-variété de dimension plus petite (résultat cité). $\blacksquare$
#
# Une direction lente est un ensemble de réponses rarement comparé aux autres, ou comparé sans hésitation : $q_{ij}q_{ji}$ est petit quand une paire est facile. **Les paires faciles n’apprennent presque rien.**

# %% [markdown] key="precision" lang="en"
# ### How precisely, from $n$ comparisons *(skipped in the paper)*
#
# Replace A4: $n$ independent comparisons, the pair drawn from $\rho$, the winner from $p$. Let $\hat\theta$ minimise the empirical loss with $\sum_i\hat\theta_i$ fixed, $M=\nabla^2L(\theta^\star)$, and $F=\operatorname{diag}(\pi^\star)-\pi^\star\pi^{\star\top}$.
#
# > **Proposition 4 (to first order in $1/n$).** $\mathbb E\big[L(\hat\theta)-L(\theta^\star)\big]\approx\dfrac{K-1}{2n}$ and $\mathbb E\,\mathrm{KL}(\pi^\star\,\|\,\pi_{\hat\theta})\approx\dfrac1{2n}\operatorname{tr}(FM^+)$.
#
# *Derivation.* $L$ is the mean negative log-likelihood of a well-specified model, so its Hessian $M$ is the Fisher information of one comparison, and the asymptotic normality of maximum likelihood (quoted, not proved) says $\sqrt n(\hat\theta-\theta^\star)\to\mathcal N(0,M^+)$ on the hyperplane. Expand both functions to second order at $\theta^\star$, where their gradients vanish; their Hessians are $M$ and $F$, and $\operatorname{tr}(MM^+)=K-1$. (That expectations follow the laws needs uniform integrability: assumed.)
#
# The first number does not depend on $\beta$. The second does, twice: $M$ is proportional to $\beta^2$, and $F$ contains $\pi^\star$.
#
# **Special case, $K=2$**: $\theta_1^\star-\theta_2^\star=\ln\frac{\pi_{\mathrm{ref}}(1)}{\pi_{\mathrm{ref}}(2)}+\frac1\beta\ln\frac{p}{1-p}$, $\mu_2=2\beta^2p(1-p)$, and the second coefficient is $\dfrac{\pi^\star(1)\,\pi^\star(2)}{2\beta^2p(1-p)}$: as $\beta\to0$ the policy becomes certain faster than it becomes noisy, as $\beta\to\infty$ it stays where it was.

# %% [markdown] key="precision" lang="fr"
# ### Avec quelle précision, à partir de $n$ comparaisons *(sauté dans l’article)*
#
# Remplaçons A4 : $n$ comparaisons indépendantes, la paire tirée selon $\rho$, le gagnant selon $p$. Soit $\hat\theta$ un minimiseur de la perte empirique, $\sum_i\hat\theta_i$ étant fixée, $M=\nabla^2L(\theta^\star)$ et $F=\operatorname{diag}(\pi^\star)-\pi^\star\pi^{\star\top}$.
#
# > **Proposition 4 (au premier ordre en $1/n$).** $\mathbb E\big[L(\hat\theta)-L(\theta^\star)\big]\approx\dfrac{K-1}{2n}$ et $\mathbb E\,\mathrm{KL}(\pi^\star\,\|\,\pi_{\hat\theta})\approx\dfrac1{2n}\operatorname{tr}(FM^+)$.
#
# *Justification.* $L$ est l’opposé de la log-vraisemblance moyenne d’un modèle bien spécifié, donc sa hessienne $M$ est l’information de Fisher d’une comparaison, et la normalité asymptotique du maximum de vraisemblance (citée, non démontrée) dit que $\sqrt n(\hat\theta-\theta^\star)\to\mathcal N(0,M^+)$ sur l’hyperplan. On développe les deux fonctions au second ordre en $\theta^\star$, où leurs gradients s’annulent ; leurs hessiennes sont $M$ et $F$, et $\operatorname{tr}(MM^+)=K-1$. (Que les espérances suivent les lois demande une uniforme intégrabilité : supposée.)
#
# Le premier nombre ne dépend pas de $\beta$. Le second en dépend deux fois : $M$ est proportionnelle à $\beta^2$, et $F$ contient $\pi^\star$.
#
# **Cas particulier, $K=2$** : $\theta_1^\star-\theta_2^\star=\ln\frac{\pi_{\mathrm{ref}}(1)}{\pi_{\mathrm{ref}}(2)}+\frac1\beta\ln\frac{p}{1-p}$, $\mu_2=2\beta^2p(1-p)$, et le second coefficient vaut $\dfrac{\pi^\star(1)\,\pi^\star(2)}{2\beta^2p(1-p)}$ : quand $\beta\to0$, la politique devient certaine plus vite qu’elle ne devient bruitée ; quand $\beta\to\infty$, elle reste où elle était.

# %% [markdown] key="predictions-text" lang="en"
# ## 3. Predictions
#
# Five answers; pairs drawn from the reference itself, as the paper does ($\rho_{ij}$ proportional to $\pi_{\mathrm{ref}}(i)\pi_{\mathrm{ref}}(j)$). The cell computes the predictions from the formulas above, and nothing else: no optimisation has been run.

# %% [markdown] key="predictions-text" lang="fr"
# ## 3. Prévisions
#
# Cinq réponses ; des paires tirées selon la référence elle-même, comme dans l’article ($\rho_{ij}$ proportionnel à $\pi_{\mathrm{ref}}(i)\pi_{\mathrm{ref}}(j)$). La cellule calcule les prévisions à partir des formules ci-dessus, et rien d’autre : aucune optimisation n’a eu lieu.

# %% key="predictions"
reference = torch.tensor([0.40, 0.30, 0.15, 0.10, 0.05])
reward = torch.tensor([0.0, 1.0, 2.0, 0.5, 1.5])
beta, K = 0.5, 5

shown = torch.outer(reference, reference).fill_diagonal_(0.0)
shown = 2 * shown / shown.sum()


def laplacian(weights):
    # en: of the graph with these symmetric weights
    # fr: du graphe de ces poids symétriques
    return torch.diag_embed(weights.sum(-1)) - weights


def precision_coefficient(target, hessian):
    # en: tr(F M^+) / 2, proposition 4
    # fr: tr(F M^+) / 2, proposition 4
    spread = torch.diag(target) - torch.outer(target, target)
    return torch.trace(spread @ torch.linalg.pinv(hessian, hermitian=True)) / 2


target = torch.softmax(reference.log() + reward / beta, 0)
odds = torch.sigmoid(reward[:, None] - reward[None, :])
wins = shown * odds
hessian = beta**2 * laplacian(shown * odds * odds.T)
step = 4 / (beta**2 * torch.linalg.eigvalsh(laplacian(shown))[-1])

predicted = {
    "floor": -(wins * odds.log()).sum().item(),
    "contraction": (1 - step * torch.linalg.eigvalsh(hessian)[1]).item(),
    "excess": K - 1.0,
    "precision": precision_coefficient(target, hessian).item(),
}
print(np.round(target.numpy(), 4), predicted)

# %% [markdown] key="predictions-read" lang="en"
# Handed in: the optimal policy puts $0.678$ on the third answer; the loss ends at $0.55618$, not at 0; the error is multiplied by $0.86955$ per step, so that a digit costs 16.5 steps; $2n$ times the excess loss is 4 in the mean; $n$ times the divergence is $15.17$ in the mean.

# %% [markdown] key="predictions-read" lang="fr"
# Remis au tuteur : la politique optimale met $0{,}678$ sur la troisième réponse ; la perte aboutit à $0{,}55618$, et non à 0 ; l’erreur est multipliée par $0{,}86955$ à chaque pas, de sorte qu’un chiffre coûte 16,5 pas ; $2n$ fois l’excès de perte vaut 4 en moyenne ; $n$ fois la divergence vaut $15{,}17$ en moyenne.

# %% [markdown] key="implementation" lang="en"
# ## 4. Implementation
#
# `wins[i, j]` is $\rho_{ij}p_{ij}$, the probability that $i$ and $j$ are shown and $i$ wins; from data, a frequency. The gradient and the Hessian are those of Theorem 2b, not of autodiff. `logsigmoid` keeps (3) finite where $\ln\sigma$ would not be.

# %% [markdown] key="implementation" lang="fr"
# ## 4. Programmation
#
# `wins[i, j]` est $\rho_{ij}p_{ij}$, la probabilité que $i$ et $j$ soient montrées et que $i$ l’emporte ; à partir de données, une fréquence. Le gradient et la hessienne sont ceux du théorème 2b, non de la différentiation automatique. `logsigmoid` garde (3) finie là où $\ln\sigma$ ne le serait pas.

# %% key="algorithm"
def margins(theta, beta):
    # en: beta * (h_i - h_j); works on a batch of tables
    # fr: beta * (h_i - h_j) ; opère sur un lot de tables
    h = theta.log_softmax(-1) - reference.log()
    return beta * (h[..., :, None] - h[..., None, :])


def dpo_loss(theta, wins, beta):
    # en: equation (3)
    # fr: équation (3)
    return -(wins * F.logsigmoid(margins(theta, beta))).sum((-2, -1))


def dpo_gradient(theta, wins, beta):
    # en: theorem 2b; each comparison pulls by how much it was not expected
    # fr: théorème 2b ; chaque comparaison tire autant qu’elle n’était pas attendue
    pull = wins * torch.sigmoid(-margins(theta, beta))
    return -beta * (pull.sum(-1) - pull.sum(-2))


def dpo_hessian(theta, wins, beta):
    # en: theorem 2b, a Laplacian
    # fr: théorème 2b, un laplacien
    q = torch.sigmoid(margins(theta, beta))
    return beta**2 * laplacian((wins + wins.mT) * q * (1 - q))


def descend(theta, wins, beta, steps):
    # en: gradient descent with the step of proposition 3; every iterate
    # fr: la descente de gradient avec le pas de la proposition 3 ; tous les itérés
    eta = 4 / (beta**2 * torch.linalg.eigvalsh(laplacian(wins + wins.mT))[-1])
    path = [theta]
    for _ in range(steps):
        path.append(path[-1] - eta * dpo_gradient(path[-1], wins, beta))
    return torch.stack(path)


def divergence(p, q):
    return (p * (p / q).log()).sum(-1)


# %% [markdown] key="tests-text" lang="en"
# **Tests.** The derivatives against autodiff and against differences, at a point that has nothing special; a constant added to $\theta$ changes nothing; the case $K=2$, where the minimiser and the coefficient are known in closed form.

# %% [markdown] key="tests-text" lang="fr"
# **Tests.** Les dérivées face à la différentiation automatique et aux différences finies, en un point qui n’a rien de particulier ; une constante ajoutée à $\theta$ ne change rien ; le cas $K=2$, où le minimiseur et le coefficient sont connus explicitement.

# %% key="tests"
rng = np.random.default_rng(SEEDS[0])
point = rng.normal(size=K)
theta = torch.tensor(point, requires_grad=True)
dpo_loss(theta, wins, beta).backward()
found = dpo_gradient(theta.detach(), wins, beta)
quotients = numerical_gradient(lambda z: dpo_loss(torch.tensor(z), wins, beta).item(), point)
second = torch.func.hessian(dpo_loss)(theta.detach(), wins, beta)
expect("d5_02.gradient", (found - theta.grad).abs().max(), at_most=1e-12)
expect("d5_02.differences", np.abs(found.numpy() - quotients).max(), at_most=1e-8)
expect("d5_02.hessian", (second - dpo_hessian(theta.detach(), wins, beta)).abs().max(), at_most=1e-12)
expect("d5_02.shift", dpo_loss(theta + 7.0, wins, beta).item(), dpo_loss(theta, wins, beta).item(), atol=1e-12)

p = 0.8
two = torch.tensor([[0.0, p], [1 - p, 0.0]])
gap = np.log(p / (1 - p)) / beta
small = torch.softmax(torch.tensor([0.4, 0.3]).log() + torch.tensor([gap, 0.0]), 0)
curvature = beta**2 * laplacian(torch.full((2, 2), p * (1 - p)).fill_diagonal_(0.0))
closed = small.prod() / (2 * beta**2 * p * (1 - p))
expect("d5_02.two_speed", torch.linalg.eigvalsh(curvature)[1], 2 * beta**2 * p * (1 - p), atol=1e-12)
expect("d5_02.two_precision", precision_coefficient(small, curvature), closed.item(), rtol=1e-10)

# %% [markdown] key="experiment" lang="en"
# ## 5. Experiment
#
# ### Exact expectations
#
# Gradient descent from the reference. The baseline is *supervised fine-tuning on the winners*, which people do first: its minimiser is the law of the winners, $w_i=\sum_j\rho_{ij}p_{ij}$, whatever $\beta$ is. It knows who won, not against whom.

# %% [markdown] key="experiment" lang="fr"
# ## 5. Expérience
#
# ### Espérances exactes
#
# Descente de gradient depuis la référence. La comparaison se fait avec *l’ajustement supervisé sur les gagnants*, par lequel on commence d’ordinaire : son minimiseur est la loi des gagnants, $w_i=\sum_j\rho_{ij}p_{ij}$, quel que soit $\beta$. Il sait qui a gagné, non contre qui.

# %% key="descent"
path = descend(reference.log(), wins, beta, 200)
optimum = (reference.log() + reward / beta) - (reward / beta).mean()
errors = (path - optimum).norm(dim=1)
policy = path[-1].softmax(0)

imitation = reference.log().requires_grad_()
for _ in range(3000):
    (slope,) = torch.autograd.grad(-(wins.sum(1) * imitation.log_softmax(0)).sum(), imitation)
    imitation = (imitation - slope).detach().requires_grad_()
imitated = imitation.detach().softmax(0)

expect("d5_02.policy", divergence(target, policy), at_most=1e-12)
expect("d5_02.floor", dpo_loss(path[-1], wins, beta), predicted["floor"], atol=1e-12)
expect("d5_02.contraction", errors[120] / errors[119], predicted["contraction"], rtol=1e-4)
expect("d5_02.sum", path[-1].sum(), reference.log().sum().item(), atol=1e-10)
expect("d5_02.imitation", (imitated - wins.sum(1)).abs().max(), at_most=1e-6)
print(divergence(target, reference), divergence(target, imitated), divergence(target, policy))

# %% [markdown] key="descent-read" lang="en"
# Divergence of the optimum from the reference: $0.858$; from the imitation of winners: $0.369$; from DPO: $10^{-16}$. Imitation prefers the second answer ($0.347$) to the best one ($0.287$), because the second one is shown more often. That is a theorem about $w$, not an accident of training.

# %% [markdown] key="descent-read" lang="fr"
# Divergence de l’optimum par rapport à la référence : $0{,}858$ ; à l’imitation des gagnants : $0{,}369$ ; à DPO : $10^{-16}$. L’imitation préfère la deuxième réponse ($0{,}347$) à la meilleure ($0{,}287$), parce que la deuxième est montrée plus souvent. C’est un théorème sur $w$, non un accident d’entraînement.

# %% [markdown] key="finite" lang="en"
# ### Finite data, three seeds
#
# Two thousand data sets of $n=4000$ comparisons per seed, all fitted at once by Newton's method (D2-03) with the Hessian of Theorem 2b. By the remark after Theorem 2, one fit of $\beta h$ serves for every $\beta$. Tolerances are five standard errors of the two thousand.

# %% [markdown] key="finite" lang="fr"
# ### Données finies, trois graines
#
# Deux mille jeux de $n=4000$ comparaisons par graine, tous ajustés à la fois par la méthode de Newton (D2-03) avec la hessienne du théorème 2b. D’après la remarque qui suit le théorème 2, un seul ajustement de $\beta h$ sert pour tous les $\beta$. Les tolérances sont de cinq erreurs types des deux mille.

# %% key="finite-run"
def fitted_rewards(frequencies):
    # en: maximum likelihood by Newton's method, for a batch of data sets: dpo with beta = 1
    # fr: maximum de vraisemblance par la méthode de Newton, pour un lot de jeux de données : DPO avec beta = 1
    theta = reference.log().repeat(len(frequencies), 1)
    for _ in range(10):
        curvature = dpo_hessian(theta, frequencies, 1.0) + 1 / K
        theta = theta - torch.linalg.solve(curvature, dpo_gradient(theta, frequencies, 1.0))
    return theta - reference.log()


def draw(seed, count, sets):
    rng = np.random.default_rng(seed)
    law = wins.flatten().numpy()
    found = rng.multinomial(count, law / law.sum(), size=sets)
    return torch.tensor(found.reshape(sets, K, K) / count)


count, sets = 4000, 2000
estimates = []
for seed in SEEDS:
    rewards = fitted_rewards(draw(seed, count, sets))
    logits = reference.log() + rewards / beta
    excess = 2 * count * (dpo_loss(logits, wins, beta) - predicted["floor"])
    lost = count * divergence(target, logits.softmax(-1))
    expect(f"d5_02.excess_{seed}", excess.mean(), predicted["excess"], atol=5 * excess.std().item() / sets**0.5)
    expect(f"d5_02.precision_{seed}", lost.mean(), predicted["precision"], atol=5 * lost.std().item() / sets**0.5)
    estimates.append(rewards)

one = draw(SEEDS[0], count, 1)
direct = descend(reference.log(), one[0], beta, 400)[-1].softmax(0)
tilted = (reference.log() + fitted_rewards(one)[0] / beta).softmax(0)
expect("d5_02.one_estimator", (direct - tilted).abs().max(), at_most=1e-10)

# %% key="figure" tags=["figure"]
left, right = figures.axes(2, height=3.6)
steps = np.arange(len(errors))
left.semilogy(steps, errors[0].item() * predicted["contraction"] ** steps, "--", label=T("slope predicted", "pente prévue"))
left.semilogy(steps[::8], errors[::8], "o", label=T("measured", "mesure"))
left.set_xlabel(T("step", "pas"))
left.set_ylabel(r"$|\theta_k-\theta^\star|$")
left.legend()

betas = np.geomspace(0.05, 5, 60)
curve = []
for b in betas:
    aim = (reference.log() + reward / b).softmax(0)
    curve.append(precision_coefficient(aim, b**2 * laplacian(shown * odds * odds.T)))
right.loglog(betas, curve, "--", label=T("predicted", "prévision"))
for seed, rewards, marker in zip(SEEDS, estimates, figures.MARKERS, strict=False):
    values = []
    for b in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0):
        aim = (reference.log() + reward / b).softmax(0)
        values.append(count * divergence(aim, (reference.log() + rewards / b).softmax(-1)).mean())
    right.plot((0.1, 0.2, 0.5, 1.0, 2.0, 5.0), values, marker, linestyle="none", label=T(f"seed {seed}", f"graine {seed}"))
right.set_xlabel(r"$\beta$")
right.set_ylabel(T("$n$ × divergence (nats)", "$n$ × divergence (nats)"))
right.legend();

# %% [markdown] key="figure-read" lang="en"
# Left: after a few steps the error follows the slope of Proposition 3. Right: the noise of the policy against $\beta$. It is worst in the middle, near $\beta=0.27$, and falls like $\beta^{-2}$ to the right. At $\beta=0.1$ the points lie above the curve for all three seeds: logits that err by several units are beyond a first-order formula, and the formula said so itself ("to first order").

# %% [markdown] key="figure-read" lang="fr"
# À gauche : après quelques pas, l’erreur suit la pente de la proposition 3. À droite : le bruit de la politique en fonction de $\beta$. Il est le plus grand au milieu, vers $\beta=0{,}27$, et décroît à droite comme $\beta^{-2}$. En $\beta=0{,}1$, les points sont au-dessus de la courbe pour les trois graines : des logits faux de plusieurs unités ne relèvent plus d’une formule au premier ordre, et la formule le disait elle-même (« au premier ordre »).

# %% [markdown] key="network" lang="en"
# ### Without A5: a network
#
# Prompts $x\in\mathbb R^3$, four answers, a reward that is no linear function of $x$, a reference that depends on $x$; the policy is $\pi_{\mathrm{ref}}$ times the exponential of a small network that starts at 0. Nothing above predicts its error. What is known is the target of Theorem 1 for every prompt, and the order of the three policies: reference, imitation, DPO. We demand of each seed that DPO remove two thirds of the divergence of the reference, and that imitation fail to.

# %% [markdown] key="network" lang="fr"
# ### Sans A5 : un réseau
#
# Des questions $x\in\mathbb R^3$, quatre réponses, une récompense qui n’est pas fonction linéaire de $x$, une référence qui dépend de $x$ ; la politique est $\pi_{\mathrm{ref}}$ multipliée par l’exponentielle d’un petit réseau qui part de 0. Rien de ce qui précède ne prévoit son erreur. Ce que l’on connaît, c’est la cible du théorème 1 pour chaque question, et l’ordre des trois politiques : référence, imitation, DPO. On exige de chaque graine que DPO supprime deux tiers de la divergence de la référence, et que l’imitation n’y parvienne pas.

# %% key="network-run"
def prompts(seed, count, answers=4):
    # en: prompts, reference and reward of a small world drawn from the seed
    # fr: questions, référence et récompense d’un petit monde tiré de la graine
    world, here = torch.Generator().manual_seed(seed), torch.Generator().manual_seed(100 + seed + count)
    taste, habit = torch.randn(answers, 3, generator=world), torch.randn(answers, 3, generator=world)
    x = torch.randn(count, 3, generator=here)
    return x, (x @ habit.T / 2).log_softmax(-1), torch.sin(x @ taste.T), here


def train(seed, imitate, count=8000, epochs=20):
    x, log_ref, r, chance = prompts(seed, count)
    pair = torch.multinomial(log_ref.exp(), 2, generator=chance)
    first, second = r.gather(1, pair).unbind(1)
    swap = torch.rand(count, generator=chance) > torch.sigmoid(first - second)
    won, lost = torch.where(swap[:, None], pair.flip(1), pair)[..., None].unbind(1)
    torch.manual_seed(seed)
    network = torch.nn.Sequential(torch.nn.Linear(3, 32), torch.nn.Tanh(), torch.nn.Linear(32, 4))
    torch.nn.init.zeros_(network[2].weight)
    torch.nn.init.zeros_(network[2].bias)
    adam = torch.optim.Adam(network.parameters(), lr=5e-3)
    for _ in range(epochs):
        for batch in torch.randperm(count, generator=chance).split(200):
            log_pi = (log_ref[batch] + network(x[batch])).log_softmax(-1)
            h = log_pi - log_ref[batch]
            margin = beta * (h.gather(1, won[batch]) - h.gather(1, lost[batch]))
            loss = -(log_pi.gather(1, won[batch]) if imitate else F.logsigmoid(margin)).mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
    return network


for seed in SEEDS:
    x, log_ref, r, _ = prompts(seed, 3000)
    aim = (log_ref + r / beta).softmax(-1)
    before = divergence(aim, log_ref.exp()).mean()
    left_over = []
    for imitate in (False, True):
        logits = log_ref + train(seed, imitate)(x).detach()
        left_over.append(divergence(aim, logits.softmax(-1)).mean() / before)
    print(seed, *left_over)
    expect(f"d5_02.network_{seed}", left_over[0], at_most=1 / 3)
    expect(f"d5_02.network_imitation_{seed}", left_over[1], at_least=1 / 3)

# %% [markdown] key="break1-text" lang="en"
# ## 6. Break it
#
# ### Without A2: a rater who never hesitates
#
# Let the better answer win *always*: $p_{ij}\in\{0,1\}$. Theorem 1 still offers $\pi^\star$; the loss no longer leads there. Its infimum is 0 and is not reached, so $|\theta_k|\to\infty$: the policy ends on the best answer alone, at divergence $\ln\frac1{\pi_{\mathrm{ref}}(3)}=\ln\frac1{0.15}=1.897$ from the reference, **for every $\beta$**. Worse: write $z=\beta(\theta-\ln\pi_{\mathrm{ref}})$. With the step of Proposition 3, proportional to $\beta^{-2}$, the iteration on $z$ contains no $\beta$ at all. The knob that was to keep the policy near its reference turns nothing but the clock.
#
# **The clock**, for two answers: the margin $d=\beta\Delta_{12}$ follows $\dot d=2\beta^2\sigma(-d)$ in the time $t=k\eta$ of gradient flow, so $d+e^d=1+2\beta^2t$, and
#
# $$d(t)=a-W(e^a),\qquad a=1+2\beta^2t,$$
#
# with Lambert's function $W(y)e^{W(y)}=y$. As $t\to\infty$, $d\approx\ln(2\beta^2t)$: training ten times longer adds $\ln10$ to the margin, for ever.

# %% [markdown] key="break1-text" lang="fr"
# ## 6. Casser exprès
#
# ### Sans A2 : un évaluateur qui n’hésite jamais
#
# Que la meilleure réponse gagne *toujours* : $p_{ij}\in\{0,1\}$. Le théorème 1 propose encore $\pi^\star$ ; la perte n’y conduit plus. Sa borne inférieure est 0 et n’est pas atteinte, donc $|\theta_k|\to\infty$ : la politique finit sur la seule meilleure réponse, à une divergence $\ln\frac1{\pi_{\mathrm{ref}}(3)}=\ln\frac1{0{,}15}=1{,}897$ de la référence, **pour tout $\beta$**. Pire : posons $z=\beta(\theta-\ln\pi_{\mathrm{ref}})$. Avec le pas de la proposition 3, proportionnel à $\beta^{-2}$, l’itération sur $z$ ne contient plus aucun $\beta$. Le bouton qui devait retenir la politique près de sa référence ne règle que l’horloge.
#
# **L’horloge**, pour deux réponses : la marge $d=\beta\Delta_{12}$ suit $\dot d=2\beta^2\sigma(-d)$ dans le temps $t=k\eta$ du flot de gradient, donc $d+e^d=1+2\beta^2t$, et
#
# $$d(t)=a-W(e^a),\qquad a=1+2\beta^2t,$$
#
# où $W(y)e^{W(y)}=y$ est la fonction de Lambert. Quand $t\to\infty$, $d\approx\ln(2\beta^2t)$ : entraîner dix fois plus longtemps ajoute $\ln10$ à la marge, indéfiniment.

# %% key="break1" tags=["break"]
certain = shown * (reward[:, None] > reward[None, :])
paths = {n: descend(reference.log(), certain, 1 / n, 5000) for n in (10, 4, 2)}
distance = {n: divergence(found.softmax(-1), reference) for n, found in paths.items()}
for n, found in distance.items():
    expect(f"d5_02.collapse_{n}", found[-1], np.log(1 / 0.15), atol=1e-3)
same = margins(paths[10], 1 / 10) - margins(paths[2], 1 / 2)
expect("d5_02.no_beta", same.abs().max(), at_most=1e-9)
expect("d5_02.promised", divergence(target, reference), at_most=0.86)


def margin_of_two(steps, eta, beta):
    d = 0.0
    for _ in range(steps):
        d += 2 * beta**2 * eta / (1 + np.exp(d))
    return d


eta = 0.1 / beta**2
for steps in (1_000, 10_000):
    a = 1 + 2 * beta**2 * eta * steps
    flow = np.log(a - np.log(a)) if a > 700 else a - lambertw(np.exp(a)).real
    expect(f"d5_02.clock_{steps}", margin_of_two(steps, eta, beta), flow, atol=0.01)

# %% key="break-figure" tags=["figure"]
ax = figures.axes()
for n, found in distance.items():
    ax.plot(np.arange(1, len(found)), found[1:], label=rf"$\beta=1/{n}$")
ax.axhline(np.log(1 / 0.15), color=figures.GREY, linestyle=":", label=T("predicted end", "valeur finale prévue"))
ax.axhline(divergence(target, reference), color=figures.GREY, linestyle="-.", label=T(r"promised, $\beta=1/2$", r"promis, $\beta=1/2$"))
ax.set_xscale("log")
ax.set_xlabel(T("step", "pas"))
ax.set_ylabel(T("divergence from the reference (nats)", "divergence par rapport à la référence (nats)"))
ax.legend();

# %% [markdown] key="break2-text" lang="en"
# ### Without A3: an answer nobody compared
#
# The fourth answer is withdrawn from all comparisons, and its reward made terrible: $r_4=-3$. The Laplacian now has *two* zero eigenvalues, so the minimisers form a plane, and **where descent started decides**: the gradient keeps $\sum\theta_i$ on each connected component (Theorem 2b). Hence $\theta_4$ stays at $\ln\pi_{\mathrm{ref}}(4)$, and on $C=\{1,2,3,5\}$, with $\bar r_C$ the mean of the rewards of $C$,
#
# $$\pi_\theta(i)\propto\pi_{\mathrm{ref}}(i)\,e^{(r_i-\bar r_C)/\beta}\ (i\in C),\qquad\pi_\theta(4)\propto\pi_{\mathrm{ref}}(4).$$
#
# The mass of the terrible answer must end at $0.0744$; the optimum gives it $2.1\cdot10^{-5}$.

# %% [markdown] key="break2-text" lang="fr"
# ### Sans A3 : une réponse que personne n’a comparée
#
# La quatrième réponse est retirée de toutes les comparaisons, et sa récompense rendue exécrable : $r_4=-3$. Le laplacien a désormais *deux* valeurs propres nulles, donc les minimiseurs forment un plan, et **c’est le départ de la descente qui décide** : le gradient conserve $\sum\theta_i$ sur chaque composante connexe (théorème 2b). Ainsi $\theta_4$ reste en $\ln\pi_{\mathrm{ref}}(4)$, et sur $C=\{1,2,3,5\}$, où $\bar r_C$ est la moyenne des récompenses de $C$,
#
# $$\pi_\theta(i)\propto\pi_{\mathrm{ref}}(i)\,e^{(r_i-\bar r_C)/\beta}\ (i\in C),\qquad\pi_\theta(4)\propto\pi_{\mathrm{ref}}(4).$$
#
# La masse de la réponse exécrable doit finir à $0{,}0744$ ; l’optimum lui donne $2{,}1\cdot10^{-5}$.

# %% key="break2" tags=["break"]
inside = torch.tensor([0, 1, 2, 4])
awful = reward.clone()
awful[3] = -3.0
apart = wins.clone()
apart[3], apart[:, 3] = 0.0, 0.0
ending = reference.clone()
ending[inside] *= torch.exp((reward[inside] - reward[inside].mean()) / beta)
ending /= ending.sum()
found = descend(reference.log(), apart / apart.sum(), beta, 1500)[-1].softmax(0)
wanted = torch.softmax(reference.log() + awful / beta, 0)
expect("d5_02.unseen", found[3], ending[3].item(), rtol=1e-8)
expect("d5_02.unseen_policy", (found - ending).abs().max(), at_most=1e-8)
expect("d5_02.unseen_ratio", found[3] / wanted[3], at_least=3000.0)
print(found[3], wanted[3])

# %% [markdown] key="limits" lang="en"
# ## 7. Limits
#
# - On real data A2 fails first: a rater who is consistent on easy pairs is the rater of the first break, and finite data make one even of a hesitant rater, for a pair that was shown twice and won twice. Stopping early, or a bounded loss, then does what $\beta$ was meant to do; that is the starting point of later work (Azar and others, arXiv `2310.12036`).
# - The second break is worse for a language model than here: nearly every answer is one that nobody compared. A network does not keep $\theta_4$ where it was, it moves it in ways that none of our statements describes.
# - The experiments would not have noticed a wrong constant in (2), because preferences cannot see it.
# - Not proved here: asymptotic normality, the convergence of its moments, and that the slowest direction of Proposition 3 is present in our start (we measured that it is).

# %% [markdown] key="limits" lang="fr"
# ## 7. Limites
#
# - Sur de vraies données, A2 cède la première : un évaluateur qui ne se contredit jamais sur les paires faciles est celui de la première rupture, et des données finies en fabriquent un même à partir d’un évaluateur hésitant, pour une paire montrée deux fois et gagnée deux fois. S’arrêter tôt, ou une perte bornée, fait alors ce que $\beta$ devait faire ; c’est le point de départ de travaux ultérieurs (Azar et ses coauteurs, arXiv `2310.12036`).
# - La seconde rupture est pire pour un modèle de langue qu’ici : presque toute réponse est de celles que personne n’a comparées. Un réseau ne laisse pas $\theta_4$ où elle était, il la déplace d’une manière que ne décrit aucun de nos énoncés.
# - Les expériences n’auraient pas remarqué une constante fausse dans (2), puisque les préférences ne la voient pas.
# - Non démontrés ici : la normalité asymptotique, la convergence de ses moments, et le fait que la direction la plus lente de la proposition 3 soit présente dans notre départ (nous l’avons constaté par la mesure).

# %% [markdown] key="reviewed" lang="en" tags=["solution"]
# ### For reviewers: how we mark this project
#
# Before the defence, 72 of 75. *Correctness 13/15*: Proposition 4 quotes asymptotic normality and assumes the convergence of moments, Proposition 3 quotes the submanifold of exceptional starts; both admitted, neither repaired. *Experiment 7/8*: for the network there is a bound and no prediction. All other criteria in full.
#
# **Questions we would ask.** (1) Board: prove $\ell=\frac{\beta^2}4\lambda_{\max}(\Lambda_\rho)$. (2) Live: show the pair $\{1,3\}$ ten times as often and renormalise $\rho$; does $\mu_2$ rise? (It falls, from $0.0079$ to $0.0032$: the slow direction is elsewhere, and its pairs have become rarer.) (3) Which three checks of section 5 would still pass if raters followed another curve than the logistic one? (The conserved sum, the imitation, the one estimator.)

# %% [markdown] key="reviewed" lang="fr" tags=["solution"]
# ### Pour les rapporteurs : comment nous notons ce projet
#
# Avant la soutenance, 72 sur 75. *Justesse 13/15* : la proposition 4 cite la normalité asymptotique et suppose la convergence des moments, la proposition 3 cite la sous-variété des départs exceptionnels ; les deux lacunes sont reconnues, aucune n’est comblée. *Expérience 7/8* : pour le réseau, il y a une borne et pas de prévision. Tous les autres critères au maximum.
#
# **Questions que nous poserions.** (1) Au tableau : démontrer $\ell=\frac{\beta^2}4\lambda_{\max}(\Lambda_\rho)$. (2) En direct : montrer dix fois plus souvent la paire $\{1,3\}$ et renormaliser $\rho$ ; $\mu_2$ augmente-t-elle ? (Elle baisse, de $0{,}0079$ à $0{,}0032$ : la direction lente est ailleurs, et ses paires sont devenues plus rares.) (3) Quelles sont les trois vérifications de la section 5 qui passeraient encore si les évaluateurs suivaient une autre courbe que la logistique ? (La somme conservée, l’imitation, l’unique estimateur.)

# %% [markdown] key="reproducibility" lang="en"
# ## 8. Reproducibility
#
# One core, float64, the seeds 0, 1 and 2; every random number comes from one of them.

# %% [markdown] key="reproducibility" lang="fr"
# ## 8. Reproductibilité
#
# Un cœur, float64, les graines 0, 1 et 2 ; tout nombre aléatoire vient de l’une d’elles.

# %% key="versions"
print(sys.version.split()[0], *SEEDS)
for package in (np, torch):
    print(package.__name__, package.__version__)
