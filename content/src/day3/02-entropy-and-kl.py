# %% [markdown] key="title" lang="en"
# # Entropy, cross-entropy, KL divergence, and what they actually measure
#
# **Day 3, notebook 2** — about 45 minutes (exercises 1 to 3), then 30 minutes for exercise 4 and *Break it*.
#
# A language model reports a cross-entropy of 2.1, a VAE a KL term of 14, a compressor 4.3 bits per symbol. These are three readings of one quantity, an expected logarithm of a ratio of probabilities. This notebook says what each reading measures, which direction of the divergence a training loss takes and what that choice does to the fitted model, and how the numbers go wrong: in floating point, in small samples, and when a model gives probability zero to what happens.
#
# After this notebook you can
#
# 1. prove that $\mathrm{KL}\ge0$ and deduce coding bounds, what maximum likelihood minimises, and Pinsker's inequality;
# 2. compute a cross-entropy and its gradient from logits without overflow;
# 3. derive the divergence between Gaussians, and predict what each direction fits to a two-humped law;
# 4. predict the bias of an entropy estimated from counts.

# %% [markdown] key="title" lang="fr"
# # Entropie, entropie croisée, divergence KL : ce qu’elles mesurent vraiment
#
# **Jour 3, notebook 2** — environ 45 minutes (exercices 1 à 3), puis 30 minutes pour l’exercice 4 et *Casser exprès*.
#
# Un modèle de langue annonce une entropie croisée de 2,1, un VAE un terme KL de 14, un compresseur 4,3 bits par symbole. Ce sont trois lectures d’une même quantité, l’espérance du logarithme d’un rapport de probabilités. Ce notebook dit ce que mesure chaque lecture, dans quel sens une fonction de perte prend la divergence et ce que ce choix fait au modèle ajusté, et comment ces nombres se faussent : en virgule flottante, sur de petits échantillons, et lorsqu’un modèle donne une probabilité nulle à ce qui se produit.
#
# À l’issue de ce notebook, vous saurez
#
# 1. démontrer que $\mathrm{KL}\ge0$ et en déduire des bornes de codage, ce que minimise le maximum de vraisemblance, et l’inégalité de Pinsker ;
# 2. calculer, à partir des logits et sans dépassement, une entropie croisée et son gradient ;
# 3. établir la divergence entre lois gaussiennes, et prévoir ce que chaque sens ajuste à une loi à deux bosses ;
# 4. prévoir le biais d’une entropie estimée sur des effectifs.

# %% key="imports"
import numpy as np
import torch
from airina import check, expect, figures
from airina.derivatives import numerical_gradient
from scipy.special import xlogy
from scipy.stats import binom

# en: another seed draws every sample of this notebook anew
# fr: une autre graine renouvelle tous les tirages de ce notebook
SEED = 0

# %% key="libraries"
import heapq

import jax
import jax.numpy as jnp

# %% [markdown] key="surprise" lang="en"
# ## 1. Three definitions
#
# Let $p$ and $q$ be probability laws on a finite set. To learn that $x$ happened is a *surprise* of $-\ln p(x)$: zero for what was certain, additive for independent events. Logarithms are natural (unit: the nat) unless an index 2 says bits; 1 nat is $1/\ln2\approx1.443$ bits. By convention $0\ln0=0$.
#
# $$H(p)=-\sum_xp(x)\ln p(x),\qquad H(p,q)=-\sum_xp(x)\ln q(x),\qquad \mathrm{KL}(p\,\|\,q)=\sum_xp(x)\ln\frac{p(x)}{q(x)}.$$
#
# The **entropy** is the mean surprise of someone who knows the law. The **cross-entropy** is the mean surprise, under $p$, of someone who believes $q$. The **divergence** is the difference, $H(p,q)=H(p)+\mathrm{KL}(p\,\|\,q)$. Both $H(p,q)$ and $\mathrm{KL}(p\,\|\,q)$ are $+\infty$ as soon as some $x$ has $p(x)>0$ and $q(x)=0$. The divergence is not a distance: it is not symmetric.

# %% [markdown] key="surprise" lang="fr"
# ## 1. Trois définitions
#
# Soient $p$ et $q$ des lois de probabilité sur un ensemble fini. Apprendre que $x$ s’est produit cause une *surprise* $-\ln p(x)$ : nulle pour ce qui était certain, additive pour des événements indépendants. Les logarithmes sont népériens (unité : le nat), sauf si l’indice 2 annonce des bits ; 1 nat vaut $1/\ln2\approx1{,}443$ bit. Par convention, $0\ln0=0$.
#
# $$H(p)=-\sum_xp(x)\ln p(x),\qquad H(p,q)=-\sum_xp(x)\ln q(x),\qquad \mathrm{KL}(p\,\|\,q)=\sum_xp(x)\ln\frac{p(x)}{q(x)}.$$
#
# L’**entropie** est la surprise moyenne de qui connaît la loi. L’**entropie croisée** est la surprise moyenne, sous $p$, de qui croit $q$. La **divergence** est leur différence : $H(p,q)=H(p)+\mathrm{KL}(p\,\|\,q)$. Les deux quantités $H(p,q)$ et $\mathrm{KL}(p\,\|\,q)$ valent $+\infty$ dès qu’un $x$ vérifie $p(x)>0$ et $q(x)=0$. La divergence n’est pas une distance : elle n’est pas symétrique.

# %% [markdown] key="gibbs" lang="en"
# ## 2. Gibbs' inequality
#
# > **Theorem 1.** $\mathrm{KL}(p\,\|\,q)\ge0$, with equality if and only if $p=q$.
#
# *Proof.* If the divergence is infinite there is nothing to show. Otherwise use $\ln t\le t-1$, with equality only at $t=1$:
#
# $$-\mathrm{KL}(p\,\|\,q)=\sum_{p(x)>0}p(x)\ln\frac{q(x)}{p(x)}\le\sum_{p(x)>0}\big(q(x)-p(x)\big) =\sum_{p(x)>0}q(x)-1\le0.$$
#
# Equality in the first step forces $q(x)=p(x)$ wherever $p(x)>0$, and then $q$ has no mass left. $\blacksquare$ (Jensen's inequality for $-\ln$ gives the same result; the line above needs no theorem at all.)

# %% [markdown] key="gibbs" lang="fr"
# ## 2. L’inégalité de Gibbs
#
# > **Théorème 1.** $\mathrm{KL}(p\,\|\,q)\ge0$, avec égalité si et seulement si $p=q$.
#
# *Démonstration.* Si la divergence est infinie, il n’y a rien à montrer. Sinon, on emploie $\ln t\le t-1$, avec égalité seulement en $t=1$ :
#
# $$-\mathrm{KL}(p\,\|\,q)=\sum_{p(x)>0}p(x)\ln\frac{q(x)}{p(x)}\le\sum_{p(x)>0}\big(q(x)-p(x)\big) =\sum_{p(x)>0}q(x)-1\le0.$$
#
# L’égalité à la première étape impose $q(x)=p(x)$ partout où $p(x)>0$, et il ne reste alors plus de masse à $q$. $\blacksquare$ (L’inégalité de Jensen pour $-\ln$ donne le même résultat ; la ligne ci-dessus se passe de tout théorème.)

# %% [markdown] key="likelihood" lang="en"
# ### Two consequences for losses
#
# **Maximum likelihood.** Let $\hat p$ be the empirical law of $x_1,\dots,x_n$. Then $-\frac1n\sum_i\ln p_\theta(x_i)=H(\hat p,p_\theta)=H(\hat p)+\mathrm{KL}(\hat p\,\|\,p_\theta)$. Maximising the likelihood is minimising $\mathrm{KL}(\hat p\,\|\,p_\theta)$: data first, model second. The floor of the loss is $H(\hat p)$, not zero.
#
# **Chain rule.** Splitting the logarithm of $p(x,y)=p(x)\,p(y\mid x)$ gives $\mathrm{KL}(p_{XY}\,\|\,q_{XY})=\mathrm{KL}(p_X\,\|\,q_X)+\mathbb E_{p_X}\big[\mathrm{KL}(p_{Y\mid X}\,\|\,q_{Y\mid X})\big]$. The loss of an autoregressive model is a sum over positions because of this.

# %% [markdown] key="likelihood" lang="fr"
# ### Deux conséquences pour les fonctions de perte
#
# **Maximum de vraisemblance.** Soit $\hat p$ la loi empirique de $x_1,\dots,x_n$. Alors $-\frac1n\sum_i\ln p_\theta(x_i)=H(\hat p,p_\theta)=H(\hat p)+\mathrm{KL}(\hat p\,\|\,p_\theta)$. Maximiser la vraisemblance, c’est minimiser $\mathrm{KL}(\hat p\,\|\,p_\theta)$ : les données d’abord, le modèle ensuite. Le plancher de la perte est $H(\hat p)$, et non zéro.
#
# **Règle de la chaîne.** En séparant le logarithme de $p(x,y)=p(x)\,p(y\mid x)$, on obtient $\mathrm{KL}(p_{XY}\,\|\,q_{XY})=\mathrm{KL}(p_X\,\|\,q_X)+\mathbb E_{p_X}\big[\mathrm{KL}(p_{Y\mid X}\,\|\,q_{Y\mid X})\big]$. C’est pourquoi la perte d’un modèle autorégressif est une somme sur les positions.

# %% [markdown] key="codes" lang="en"
# ### Entropy as a length
#
# A binary code gives each symbol a word of $\ell(x)$ bits. If no word is the beginning of another, the lengths satisfy **Kraft's inequality** $\sum_x2^{-\ell(x)}\le1$, and conversely any integers that satisfy it are the lengths of such a code. Let every $p(x)$ be positive, and $L=\sum_xp(x)\,\ell(x)$.
#
# > **Theorem 2.** Every such code has $L\ge H_2(p)$, and the best one has $L<H_2(p)+1$.
#
# *Proof.* Put $Z=\sum_x2^{-\ell(x)}\le1$ and $q(x)=2^{-\ell(x)}/Z$. Then $L-H_2(p)=\mathrm{KL}_2(p\,\|\,q)-\log_2Z\ge0$ by Theorem 1. Conversely, the lengths $\ell(x)=\lceil-\log_2p(x)\rceil$ satisfy Kraft's inequality and cost less than one bit each above $-\log_2p(x)$. $\blacksquare$
#
# So a model $q$ *is* a code with ideal lengths $-\log_2q(x)$, and $\mathrm{KL}_2(p\,\|\,q)$ is what you pay per symbol for coding with the wrong model. Huffman's algorithm finds the best lengths: repeatedly merge the two lightest groups of symbols; every merge adds one bit to each symbol of both groups.

# %% [markdown] key="codes" lang="fr"
# ### L’entropie est une longueur
#
# Un code binaire donne à chaque symbole un mot de $\ell(x)$ bits. Si aucun mot n’est le début d’un autre, les longueurs vérifient l’**inégalité de Kraft** $\sum_x2^{-\ell(x)}\le1$ et, réciproquement, des entiers qui la vérifient sont les longueurs d’un tel code. Supposons tous les $p(x)$ strictement positifs, et soit $L=\sum_xp(x)\,\ell(x)$.
#
# > **Théorème 2.** Tout code de cette sorte vérifie $L\ge H_2(p)$, et le meilleur vérifie $L<H_2(p)+1$.
#
# *Démonstration.* Posons $Z=\sum_x2^{-\ell(x)}\le1$ et $q(x)=2^{-\ell(x)}/Z$. Alors $L-H_2(p)=\mathrm{KL}_2(p\,\|\,q)-\log_2Z\ge0$ d’après le théorème 1. Réciproquement, les longueurs $\ell(x)=\lceil-\log_2p(x)\rceil$ vérifient l’inégalité de Kraft et dépassent $-\log_2p(x)$ de moins d’un bit chacune. $\blacksquare$
#
# Un modèle $q$ *est* donc un code, de longueurs idéales $-\log_2q(x)$, et $\mathrm{KL}_2(p\,\|\,q)$ est ce que coûte, par symbole, le fait de coder avec le mauvais modèle. L’algorithme de Huffman trouve les meilleures longueurs : on fusionne tant qu’on peut les deux groupes de symboles les plus légers ; chaque fusion ajoute un bit à tous les symboles des deux groupes.

# %% [markdown] key="ex1-text" lang="en"
# ### Exercise 1: Huffman (12 minutes)
#
# Write `huffman_lengths(p)`: the array of word lengths, in the order of `p` (at least two symbols, all of positive probability).

# %% [markdown] key="ex1-text" lang="fr"
# ### Exercice 1 : Huffman (12 minutes)
#
# Écrivez `huffman_lengths(p)` : le tableau des longueurs des mots, dans l’ordre de `p` (au moins deux symboles, tous de probabilité strictement positive).

# %% key="ex1" tags=["exercise"]
def huffman_lengths(p):
    # en: return the integer lengths, in the order of p
    # fr: renvoyer les longueurs, entières, dans l’ordre de p
    # BEGIN SOLUTION
    lengths = np.zeros(len(p), dtype=int)
    heap = [(weight, i, [i]) for i, weight in enumerate(p)]
    heapq.heapify(heap)
    for number in range(len(p), 2 * len(p) - 1):
        light, _, some = heapq.heappop(heap)
        heavy, _, others = heapq.heappop(heap)
        lengths[some + others] += 1
        heapq.heappush(heap, (light + heavy, number, some + others))
    return lengths
    # END SOLUTION


# %% [markdown] key="ex1-hint" lang="en"
# <details><summary>Hint</summary>
#
# `heapq.heappop` takes out the smallest tuple. Put in `(weight, number, symbols)`, where `symbols` is a list: the number, never the same twice, settles ties before Python compares the lists.
# </details>

# %% [markdown] key="ex1-hint" lang="fr"
# <details><summary>Indice</summary>
#
# `heapq.heappop` retire le plus petit n-uplet. Placez-y `(weight, number, symbols)`, où `symbols` est une liste : le numéro, jamais deux fois le même, départage les ex æquo avant que Python ne compare les listes.
# </details>

# %% key="ex1-check"
check("d3_02.ex1", huffman_lengths)

# %% [markdown] key="zipf-text" lang="en"
# Words of a language follow, roughly, Zipf's law: the $k$-th most frequent has probability proportional to $1/k$. Take 16 symbols. **Predict** from Theorem 2 an interval for Huffman's mean length, knowing $H_2(p)=3.4032$; a code of fixed length pays 4 bits.

# %% [markdown] key="zipf-text" lang="fr"
# Les mots d’une langue suivent à peu près la loi de Zipf : le $k$-ième plus fréquent a une probabilité proportionnelle à $1/k$. Prenons 16 symboles. **Prévoyez**, d’après le théorème 2, un intervalle pour la longueur moyenne de Huffman, sachant que $H_2(p)=3{,}4032$ ; un code de longueur fixe paie 4 bits.

# %% key="zipf"
zipf = 1 / np.arange(1, 17)
zipf /= zipf.sum()
bits = -np.sum(zipf * np.log2(zipf))
mean_length = zipf @ huffman_lengths(zipf)
print(f"{bits:.4f} <= {mean_length:.4f} < {bits + 1:.4f}")
expect("d3_02.huffman", mean_length, at_least=bits, at_most=bits + 1)

# %% [markdown] key="softmax" lang="en"
# ## 3. Cross-entropy from logits
#
# A classifier returns logits $z\in\mathbb R^K$ and the probabilities $\operatorname{softmax}(z)_k=e^{z_k}/\sum_je^{z_j}$. For a label $y$ the loss is the surprise
#
# $$\ell(z,y)=-z_y+\ln\sum_je^{z_j},\qquad \frac{\partial\ell}{\partial z_k}=\operatorname{softmax}(z)_k-\mathbf 1_{k=y}.$$
#
# Its expectation over labels drawn from $p$ is $H(p,q)$ with $q=\operatorname{softmax}(z)$. In floating point $e^{1000}$ overflows although the loss is an ordinary number; subtracting a constant $c$ from all logits changes nothing, and with $c=\max_jz_j$ every exponential is at most 1 and one of them is 1:
#
# $$\ln\sum_je^{z_j}=c+\ln\sum_je^{z_j-c}.$$

# %% [markdown] key="softmax" lang="fr"
# ## 3. L’entropie croisée à partir des logits
#
# Un classifieur renvoie des logits $z\in\mathbb R^K$ et les probabilités $\operatorname{softmax}(z)_k=e^{z_k}/\sum_je^{z_j}$. Pour une étiquette $y$, la perte est la surprise
#
# $$\ell(z,y)=-z_y+\ln\sum_je^{z_j},\qquad \frac{\partial\ell}{\partial z_k}=\operatorname{softmax}(z)_k-\mathbf 1_{k=y}.$$
#
# Son espérance, pour des étiquettes de loi $p$, est $H(p,q)$ avec $q=\operatorname{softmax}(z)$. En virgule flottante, $e^{1000}$ dépasse le plus grand nombre alors que la perte est un nombre ordinaire ; retrancher une constante $c$ à tous les logits ne change rien et, avec $c=\max_jz_j$, toutes les exponentielles sont au plus 1 et l’une d’elles vaut 1 :
#
# $$\ln\sum_je^{z_j}=c+\ln\sum_je^{z_j-c}.$$

# %% [markdown] key="ex2-text" lang="en"
# ### Exercise 2 (10 minutes)
#
# Write `cross_entropy(logits, labels)` for logits of shape `(n, K)` and integer labels of shape `(n,)`: return the **mean** loss over the rows, and its gradient with respect to the logits.

# %% [markdown] key="ex2-text" lang="fr"
# ### Exercice 2 (10 minutes)
#
# Écrivez `cross_entropy(logits, labels)` pour des logits de forme `(n, K)` et des étiquettes entières de forme `(n,)` : renvoyez la perte **moyenne** sur les lignes, et son gradient par rapport aux logits.

# %% key="ex2" tags=["exercise"]
def cross_entropy(logits, labels):
    # en: return (mean loss in nats, gradient of shape (n, K))
    # fr: renvoyer (perte moyenne en nats, gradient de forme (n, K))
    # BEGIN SOLUTION
    rows = np.arange(len(labels))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_q = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    gradient = np.exp(log_q)
    gradient[rows, labels] -= 1
    return -log_q[rows, labels].mean(), gradient / len(labels)
    # END SOLUTION


# %% [markdown] key="ex2-hint" lang="en"
# <details><summary>Hint</summary>
#
# Compute the logarithms of the probabilities first, then both answers from them. The mean over $n$ rows also divides the gradient by $n$.
# </details>

# %% [markdown] key="ex2-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Calculez d’abord les logarithmes des probabilités, puis les deux réponses à partir d’eux. La moyenne sur $n$ lignes divise aussi le gradient par $n$.
# </details>

# %% key="ex2-check"
check("d3_02.ex2", cross_entropy)

# %% key="gradient"
rng = np.random.default_rng(SEED + 1)
logits, labels = rng.normal(scale=3, size=(6, 4)), rng.integers(4, size=6)
loss, gradient = cross_entropy(logits, labels)


def jax_loss(z):
    return -jnp.mean(jax.nn.log_softmax(z)[jnp.arange(6), labels])


leaf = torch.tensor(logits, requires_grad=True)
torch.nn.functional.cross_entropy(leaf, torch.tensor(labels)).backward()
quotients = numerical_gradient(lambda z: cross_entropy(z, labels)[0], logits)
expect("d3_02.jax", np.abs(gradient - jax.grad(jax_loss)(logits)).max(), at_most=1e-10)
expect("d3_02.torch", np.abs(gradient - leaf.grad.numpy()).max(), at_most=1e-10)
expect("d3_02.differences", np.abs(gradient - quotients).max(), at_most=1e-8)

# %% [markdown] key="perplexity" lang="en"
# **Reading a loss.** The *perplexity* is $e^{H(p,q)}$: a model with a cross-entropy of 2.1 nats per token hesitates, on average, as if between $e^{2.1}\approx8.2$ equally likely tokens. In bits the same loss is $2.1/\ln2\approx3.03$: what an ideal code built from the model spends per token. A loss that stops falling at 2.1 need not be a failure of training. It stops at $H(p)$ if the model is perfect, and only the excess over $H(p)$, which nobody knows for a natural language, is the model's fault.

# %% [markdown] key="perplexity" lang="fr"
# **Lire une perte.** La *perplexité* est $e^{H(p,q)}$ : un modèle dont l’entropie croisée est de 2,1 nats par jeton hésite en moyenne comme entre $e^{2{,}1}\approx8{,}2$ jetons équiprobables. En bits, la même perte vaut $2{,}1/\ln2\approx3{,}03$ : c’est ce que dépense par jeton un code idéal tiré du modèle. Une perte qui cesse de baisser à 2,1 n’accuse pas forcément l’entraînement. Elle s’arrête à $H(p)$ si le modèle est parfait ; seul l’excédent sur $H(p)$, que personne ne connaît pour une langue naturelle, est imputable au modèle.

# %% [markdown] key="pinsker" lang="en"
# ## 4. How far apart are two laws at a given KL?
#
# The total variation $\mathrm{TV}(p,q)=\max_A|p(A)-q(A)|=\frac12\sum_x|p(x)-q(x)|$ is the largest difference of probability that any event can show.
#
# > **Theorem 3 (Pinsker).** $\mathrm{TV}(p,q)\le\sqrt{\mathrm{KL}(p\,\|\,q)/2}$, the divergence being in nats.
#
# *Proof.* Let $A=\{x:p(x)>q(x)\}$, $a=p(A)$, $b=q(A)$, so that $\mathrm{TV}(p,q)=a-b$. Suppose $p\ne q$ and a finite divergence, otherwise there is nothing to show: then $0<b<1$. Keep only the answer to "is $x$ in $A$?": by the chain rule the divergence cannot increase, hence $\mathrm{KL}(p\,\|\,q)\ge k(b)$ with $k(b)=a\ln\frac ab+(1-a)\ln\frac{1-a}{1-b}$. For fixed $a$ let $g(b)=k(b)-2(a-b)^2$. Then $g(a)=0$ and
#
# $$g'(b)=(b-a)\Big(\frac1{b(1-b)}-4\Big),$$
#
# which has the sign of $b-a$ because $b(1-b)\le\frac14$. So $g\ge0$, that is $\mathrm{KL}(p\,\|\,q)\ge2\,\mathrm{TV}(p,q)^2$. $\blacksquare$
#
# There is no converse: a single $x$ with $p(x)=10^{-9}$ and $q(x)=0$ makes the divergence infinite.

# %% [markdown] key="pinsker" lang="fr"
# ## 4. À divergence donnée, jusqu’où deux lois peuvent-elles différer ?
#
# La variation totale $\mathrm{TV}(p,q)=\max_A|p(A)-q(A)|=\frac12\sum_x|p(x)-q(x)|$ est le plus grand écart de probabilité que puisse révéler un événement.
#
# > **Théorème 3 (Pinsker).** $\mathrm{TV}(p,q)\le\sqrt{\mathrm{KL}(p\,\|\,q)/2}$, la divergence étant en nats.
#
# *Démonstration.* Soit $A=\{x:p(x)>q(x)\}$, $a=p(A)$, $b=q(A)$, de sorte que $\mathrm{TV}(p,q)=a-b$. Supposons $p\ne q$ et la divergence finie, sans quoi il n’y a rien à montrer : alors $0<b<1$. Ne gardons que la réponse à « $x$ est-il dans $A$ ? » : d’après la règle de la chaîne, la divergence ne peut croître, donc $\mathrm{KL}(p\,\|\,q)\ge k(b)$ avec $k(b)=a\ln\frac ab+(1-a)\ln\frac{1-a}{1-b}$. À $a$ fixé, posons $g(b)=k(b)-2(a-b)^2$. Alors $g(a)=0$ et
#
# $$g'(b)=(b-a)\Big(\frac1{b(1-b)}-4\Big),$$
#
# qui est du signe de $b-a$, car $b(1-b)\le\frac14$. Donc $g\ge0$, c’est-à-dire $\mathrm{KL}(p\,\|\,q)\ge2\,\mathrm{TV}(p,q)^2$. $\blacksquare$
#
# Il n’y a pas de réciproque : un seul $x$ tel que $p(x)=10^{-9}$ et $q(x)=0$ rend la divergence infinie.

# %% key="pinsker-run" tags=["figure"]
rng = np.random.default_rng(SEED + 2)
pairs = [rng.dirichlet(np.full(size, 0.5), 2) for size in rng.integers(2, 20, 2000)]
kl = np.array([np.sum(p * np.log(p / q)) for p, q in pairs])
tv = np.array([np.abs(p - q).sum() / 2 for p, q in pairs])
expect("d3_02.pinsker", np.max(tv / np.sqrt(kl / 2)), at_most=1.0)

ax = figures.axes()
grid = np.geomspace(1e-3, 20, 100)
ax.semilogx(kl, tv, ".", color="0.6", markersize=3, label=T("2,000 random pairs", "2000 couples au hasard"))
ax.semilogx(grid, np.minimum(np.sqrt(grid / 2), 1), "-", color=figures.VERMILION, label=T("Pinsker's bound", "borne de Pinsker"))
ax.set_xlim(1e-3, 20)
ax.set_xlabel(T("divergence (nats)", "divergence (nats)"))
ax.set_ylabel(T("total variation", "variation totale"))
ax.legend();

# %% [markdown] key="pinsker-read" lang="en"
# **What it is good for.** An observer who sees one output and must say which of two equally likely models produced it is right with probability at most $\frac12(1+\mathrm{TV})$. If a compressed model is at $\mathrm{KL}=0.02$ nats per token of the original, $\mathrm{TV}\le0.1$: at most 55 % on one token. Divergences of independent draws add up (chain rule): for fifty of them $\mathrm{KL}=1$, the bound is $\mathrm{TV}\le\sqrt{1/2}$, and 85 % is no longer excluded. A divergence that is invisible on a token may show on a page.

# %% [markdown] key="pinsker-read" lang="fr"
# **À quoi cela sert.** Un observateur qui voit une sortie et doit dire lequel de deux modèles équiprobables l’a produite a raison avec une probabilité d’au plus $\frac12(1+\mathrm{TV})$. Si un modèle comprimé est à $\mathrm{KL}=0{,}02$ nat par jeton de l’original, $\mathrm{TV}\le0{,}1$ : au plus 55 % sur un jeton. Les divergences de tirages indépendants s’ajoutent (règle de la chaîne) : pour cinquante d’entre eux, $\mathrm{KL}=1$, la borne devient $\mathrm{TV}\le\sqrt{1/2}$, et 85 % n’est plus exclu. Une divergence invisible sur un jeton peut se voir sur une page.

# %% [markdown] key="gaussian" lang="en"
# ## 5. Densities
#
# With densities the sums become integrals. The divergence keeps all that was proved about it above ("$p=q$" meaning: almost everywhere). The **differential entropy** $h(X)=-\int p\ln p$ does not: $h(aX)=h(X)+\ln|a|$, so that it depends on the unit and can be negative: for $\mathcal N(0,s^2)$ it is $\frac12\ln(2\pi e\,s^2)$, below zero when $s<0.2420$. In $\mathrm{KL}$, a change of variables multiplies both densities by the same $|\det J|$, which cancels. A log-likelihood "in nats per dimension" therefore means nothing without the unit of the data; a difference of two of them does.

# %% [markdown] key="gaussian" lang="fr"
# ## 5. Densités
#
# Avec des densités, les sommes deviennent des intégrales. La divergence garde tout ce qu’on vient de démontrer à son sujet (« $p=q$ » s’entendant presque partout). L’**entropie différentielle** $h(X)=-\int p\ln p$, non : $h(aX)=h(X)+\ln|a|$, si bien qu’elle dépend de l’unité et peut être strictement négative : pour $\mathcal N(0,s^2)$, elle vaut $\frac12\ln(2\pi e\,s^2)$, au-dessous de zéro quand $s<0{,}2420$. Dans $\mathrm{KL}$, un changement de variable multiplie les deux densités par le même $|\det J|$, qui se simplifie. Une log-vraisemblance « en nats par dimension » ne signifie donc rien sans l’unité des données ; une différence de deux d’entre elles, si.

# %% [markdown] key="gaussian-kl" lang="en"
# ### Two Gaussians
#
# > **Theorem 4.** For $\Sigma_1,\Sigma_2$ positive definite in dimension $d$ and $\delta=\mu_2-\mu_1$,
# >
# > $$\mathrm{KL}\big(\mathcal N(\mu_1,\Sigma_1)\,\|\,\mathcal N(\mu_2,\Sigma_2)\big)=\tfrac12\Big[\operatorname{tr}(\Sigma_2^{-1}\Sigma_1) +\delta^\top\Sigma_2^{-1}\delta-d+\ln\frac{|\Sigma_2|}{|\Sigma_1|}\Big].$$
#
# *Proof.* The difference of the log-densities at $x$ is $\frac12\ln\frac{|\Sigma_2|}{|\Sigma_1|}-\frac12(x-\mu_1)^\top\Sigma_1^{-1}(x-\mu_1)+\frac12(x-\mu_2)^\top\Sigma_2^{-1}(x-\mu_2)$. Take the expectation under the first law with $\mathbb E\big[(x-m)^\top M(x-m)\big]=\operatorname{tr}(M\Sigma_1)+(\mu_1-m)^\top M(\mu_1-m)$: the second term gives $-\frac d2$, the third the trace and the quadratic form. $\blacksquare$

# %% [markdown] key="gaussian-kl" lang="fr"
# ### Deux gaussiennes
#
# > **Théorème 4.** Pour $\Sigma_1,\Sigma_2$ définies positives en dimension $d$ et $\delta=\mu_2-\mu_1$,
# >
# > $$\mathrm{KL}\big(\mathcal N(\mu_1,\Sigma_1)\,\|\,\mathcal N(\mu_2,\Sigma_2)\big)=\tfrac12\Big[\operatorname{tr}(\Sigma_2^{-1}\Sigma_1) +\delta^\top\Sigma_2^{-1}\delta-d+\ln\frac{|\Sigma_2|}{|\Sigma_1|}\Big].$$
#
# *Démonstration.* La différence des logarithmes des densités en $x$ est $\frac12\ln\frac{|\Sigma_2|}{|\Sigma_1|}-\frac12(x-\mu_1)^\top\Sigma_1^{-1}(x-\mu_1)+\frac12(x-\mu_2)^\top\Sigma_2^{-1}(x-\mu_2)$. On en prend l’espérance sous la première loi, avec $\mathbb E\big[(x-m)^\top M(x-m)\big]=\operatorname{tr}(M\Sigma_1)+(\mu_1-m)^\top M(\mu_1-m)$ : le deuxième terme donne $-\frac d2$, le troisième la trace et la forme quadratique. $\blacksquare$

# %% [markdown] key="ex3-text" lang="en"
# ### Exercise 3 (8 minutes)
#
# Write `kl_gaussians(m1, S1, m2, S2)`. Use `solve` and `slogdet`: in dimension 500 a determinant is routinely $0$ or $\infty$ in floating point, and its logarithm an ordinary number.

# %% [markdown] key="ex3-text" lang="fr"
# ### Exercice 3 (8 minutes)
#
# Écrivez `kl_gaussians(m1, S1, m2, S2)`. Employez `solve` et `slogdet` : en dimension 500, un déterminant vaut couramment $0$ ou $\infty$ en virgule flottante, et son logarithme un nombre ordinaire.

# %% key="ex3" tags=["exercise"]
def kl_gaussians(m1, S1, m2, S2):
    # en: divergence of N(m1, S1) from N(m2, S2), in nats
    # fr: divergence de N(m1, S1) par rapport à N(m2, S2), en nats
    # BEGIN SOLUTION
    delta = m2 - m1
    log_ratio = np.linalg.slogdet(S2)[1] - np.linalg.slogdet(S1)[1]
    trace = np.trace(np.linalg.solve(S2, S1))
    return (trace + delta @ np.linalg.solve(S2, delta) - len(m1) + log_ratio) / 2
    # END SOLUTION


# %% [markdown] key="ex3-hint" lang="en"
# <details><summary>Hint</summary>
#
# One call of `np.linalg.solve` serves for the trace, another for the quadratic form; `np.linalg.slogdet` returns a sign and a logarithm.
# </details>

# %% [markdown] key="ex3-hint" lang="fr"
# <details><summary>Indice</summary>
#
# Un appel de `np.linalg.solve` sert pour la trace, un autre pour la forme quadratique ; `np.linalg.slogdet` renvoie un signe et un logarithme.
# </details>

# %% key="ex3-check"
check("d3_02.ex3", kl_gaussians)

# %% [markdown] key="mc-text" lang="en"
# The definition as an expectation gives a check that knows no formula: the mean of $\ln p(x)-\ln q(x)$ over draws from $p$, with its standard error (D3-01). The last line gives the gap counted in standard errors.

# %% [markdown] key="mc-text" lang="fr"
# La définition, une espérance, fournit une vérification qui ignore toute formule : la moyenne de $\ln p(x)-\ln q(x)$ sur des tirages de $p$, avec son erreur type (D3-01). La dernière ligne donne l’écart, compté en erreurs types.

# %% key="mc"
torch.manual_seed(SEED + 3)
m1, m2 = torch.zeros(3), torch.tensor([0.5, -0.3, 0.2])
factors = torch.randn(2, 3, 3)
S1, S2 = factors @ factors.mT + torch.eye(3)
first, second = (torch.distributions.MultivariateNormal(*ms) for ms in ((m1, S1), (m2, S2)))
exact = kl_gaussians(*(given.numpy() for given in (m1, S1, m2, S2)))
draws = first.sample((100_000,))
ratio = (first.log_prob(draws) - second.log_prob(draws)).numpy()
error = ratio.std(ddof=1) / np.sqrt(ratio.size)
print(f"{exact:.5f}   {ratio.mean():.5f} ± {error:.5f}")
expect("d3_02.torch_kl", exact, torch.distributions.kl_divergence(first, second), atol=1e-10)
expect("d3_02.monte_carlo", (ratio.mean() - exact) / error, 0.0, atol=5)

# %% [markdown] key="directions" lang="en"
# ## 6. Two directions, two models
#
# Let $p$ be the mixture $\frac12\mathcal N(-3,\frac14)+\frac12\mathcal N(3,\frac14)$ and fit one Gaussian $q=\mathcal N(m,s^2)$ to it.

# %% [markdown] key="directions" lang="fr"
# ## 6. Deux sens, deux modèles
#
# Soit $p$ le mélange $\frac12\mathcal N(-3,\frac14)+\frac12\mathcal N(3,\frac14)$ ; on lui ajuste une seule gaussienne $q=\mathcal N(m,s^2)$.

# %% [markdown] key="forward" lang="en"
# ### Forward, $\mathrm{KL}(p\,\|\,q)$: the direction of maximum likelihood
#
# Let $q_\theta(x)=b(x)\exp(\theta^\top T(x)-A(\theta))$ be an exponential family with $\theta$ in an open convex set, and suppose that $T$, $\ln b$ and $\ln p$ are integrable under $p$. Then $\mathrm{KL}(p\,\|\,q_\theta)=\text{const}-\theta^\top\mathbb E_pT+A(\theta)$. Since $\nabla A(\theta)=\mathbb E_{q_\theta}T$ and $\nabla^2A(\theta)=\operatorname{Cov}_{q_\theta}(T)$ is positive semi-definite, this is convex in $\theta$, and $\theta$ is a minimiser if and only if **the moments match**:
#
# $$\mathbb E_{q_\theta}T=\mathbb E_pT.$$
#
# For Gaussians $T(x)=(x,x^2)$: the mean and the variance of $p$. Here $m=0$ and $s^2=\frac14+9=9.25$, so $s=3.0414$. The fit covers both humps and puts its summit where $p$ has almost nothing.

# %% [markdown] key="forward" lang="fr"
# ### Sens direct, $\mathrm{KL}(p\,\|\,q)$ : celui du maximum de vraisemblance
#
# Soit $q_\theta(x)=b(x)\exp(\theta^\top T(x)-A(\theta))$ une famille exponentielle, $\theta$ parcourant un ouvert convexe, et supposons $T$, $\ln b$ et $\ln p$ intégrables sous $p$. Alors $\mathrm{KL}(p\,\|\,q_\theta)=\text{cste}-\theta^\top\mathbb E_pT+A(\theta)$. Comme $\nabla A(\theta)=\mathbb E_{q_\theta}T$ et que $\nabla^2A(\theta)=\operatorname{Cov}_{q_\theta}(T)$ est semi-définie positive, cette fonction est convexe en $\theta$, et $\theta$ la minimise si et seulement si **les moments coïncident** :
#
# $$\mathbb E_{q_\theta}T=\mathbb E_pT.$$
#
# Pour les gaussiennes, $T(x)=(x,x^2)$ : la moyenne et la variance de $p$. Ici $m=0$ et $s^2=\frac14+9=9{,}25$, donc $s=3{,}0414$. Le modèle ajusté couvre les deux bosses et place son sommet là où $p$ n’a presque rien.

# %% [markdown] key="reverse" lang="en"
# ### Reverse, $\mathrm{KL}(q\,\|\,p)$: the direction of variational methods
#
# Now the expectation is under $q$: mass of $q$ where $p$ vanishes is expensive, mass of $p$ that $q$ forgets is cheap: if $q$ is $p$ conditioned on an event $S$, the divergence is only $-\ln p(S)$. Take for $q$ one of the two humps. Then $p\ge\frac12q$, so $\mathrm{KL}(q\,\|\,p)\le\ln2$, and the difference is $\mathbb E_q\ln(1+r)$ where $r$ is the ratio of the other hump to this one, negligible here. **Predict**: $m=\pm3$, $s=\frac12$, $\mathrm{KL}(q\,\|\,p)=\ln2=0.6931$.

# %% [markdown] key="reverse" lang="fr"
# ### Sens inverse, $\mathrm{KL}(q\,\|\,p)$ : celui des méthodes variationnelles
#
# L’espérance est maintenant prise sous $q$ : la masse de $q$ là où $p$ s’annule coûte cher, la masse de $p$ que $q$ oublie coûte peu : si $q$ est $p$ conditionnée par un événement $S$, la divergence n’est que de $-\ln p(S)$. Prenons pour $q$ l’une des deux bosses. Alors $p\ge\frac12q$, donc $\mathrm{KL}(q\,\|\,p)\le\ln2$, et la différence est $\mathbb E_q\ln(1+r)$, où $r$ est le rapport de l’autre bosse à celle-ci, ici négligeable. **Prévoyez** : $m=\pm3$, $s=\frac12$, $\mathrm{KL}(q\,\|\,p)=\ln2=0{,}6931$.

# %% [markdown] key="ex4-text" lang="en"
# ### Exercise 4: fit in the reverse direction (12 minutes)
#
# With $x=m+e^\lambda t$ and $t\sim\mathcal N(0,1)$, the divergence is an integral over a *fixed* law:
#
# $$\mathrm{KL}(q\,\|\,p)=\mathbb E_t\big[\ln q(m+e^\lambda t)-\ln p(m+e^\lambda t)\big] \approx\sum_iw_i\big[\ln q(x_i)-\ln p(x_i)\big],$$
#
# with nodes $t_i$ and weights $w_i$ that stay the same when $\theta=(m,\lambda)$ moves. Write `reverse_kl(theta, log_p, nodes, weights)` with `jnp`, so that JAX can differentiate it. `log_p` works on arrays. The last notebook of the day does the same with random nodes.

# %% [markdown] key="ex4-text" lang="fr"
# ### Exercice 4 : ajuster dans le sens inverse (12 minutes)
#
# Avec $x=m+e^\lambda t$ et $t\sim\mathcal N(0,1)$, la divergence est une intégrale contre une loi *fixe* :
#
# $$\mathrm{KL}(q\,\|\,p)=\mathbb E_t\big[\ln q(m+e^\lambda t)-\ln p(m+e^\lambda t)\big] \approx\sum_iw_i\big[\ln q(x_i)-\ln p(x_i)\big],$$
#
# avec des nœuds $t_i$ et des poids $w_i$ qui ne changent pas lorsque $\theta=(m,\lambda)$ varie. Écrivez `reverse_kl(theta, log_p, nodes, weights)` avec `jnp`, pour que JAX puisse la dériver. `log_p` opère sur des tableaux. Le dernier notebook du jour fait la même chose avec des nœuds aléatoires.

# %% key="ex4" tags=["exercise"]
def reverse_kl(theta, log_p, nodes, weights):
    # en: theta = (mean, logarithm of the standard deviation) of the Gaussian q; return KL(q || p)
    # fr: theta = (moyenne, logarithme de l’écart type) de la gaussienne q ; renvoyer KL(q || p)
    # BEGIN SOLUTION
    x = theta[0] + jnp.exp(theta[1]) * nodes
    log_q = -(nodes**2) / 2 - theta[1] - jnp.log(2 * jnp.pi) / 2
    return jnp.sum(weights * (log_q - log_p(x)))
    # END SOLUTION


# %% [markdown] key="ex4-hint" lang="en"
# <details><summary>Hint</summary>
#
# At $x=m+e^\lambda t$ the log-density of $q$ is $-\frac{t^2}2-\lambda-\frac12\ln2\pi$: the mean has disappeared from it.
# </details>

# %% [markdown] key="ex4-hint" lang="fr"
# <details><summary>Indice</summary>
#
# En $x=m+e^\lambda t$, la log-densité de $q$ est $-\frac{t^2}2-\lambda-\frac12\ln2\pi$ : la moyenne en a disparu.
# </details>

# %% key="ex4-check"
check("d3_02.ex4", reverse_kl)

# %% key="fits"
nodes = jnp.linspace(-8, 8, 401)
weights = jnp.exp(-(nodes**2) / 2) / jnp.exp(-(nodes**2) / 2).sum()


def log_mixture(x):
    humps = [-2 * (x - place) ** 2 - jnp.log(jnp.pi / 2) / 2 for place in (-3, 3)]
    return jnp.logaddexp(*humps) - jnp.log(2)


value_and_slope = jax.jit(jax.value_and_grad(lambda th: reverse_kl(th, log_mixture, nodes, weights)))


def descend(start):
    theta = jnp.array([start, 0.0])
    for _ in range(2000):
        value, slope = value_and_slope(theta)
        theta = theta - 0.05 * slope
    print(start, np.round([theta[0], jnp.exp(theta[1]), value], 4))
    return theta[0], jnp.exp(theta[1]), value


fits = {start: descend(start) for start in (-1.0, 1.0, 0.5)}
expect("d3_02.mean", fits[1.0][0], 3.0, atol=1e-3)
expect("d3_02.deviation", fits[1.0][1], 0.5, atol=1e-3)
expect("d3_02.reverse", fits[1.0][2], np.log(2), atol=1e-3)
# en: both eigenvalues of the Hessian are positive: a true local minimum, not a saddle
# fr: les deux valeurs propres de la hessienne sont strictement positives : un vrai minimum local, non un point selle
astride = jnp.array([fits[0.5][0], jnp.log(fits[0.5][1])])
hessian = jax.hessian(lambda th: reverse_kl(th, log_mixture, nodes, weights))(astride)
expect("d3_02.local_minimum", np.linalg.eigvalsh(hessian)[0], at_least=0.1)

# %% [markdown] key="fits-read" lang="en"
# The starting point $m=0.5$ is instructive. It ends neither left nor right but in a *third* local minimum, astride both humps, with a divergence seven times larger. The reverse divergence is not convex in $\theta$; "it seeks a mode" describes its global minima, not what a descent finds.

# %% [markdown] key="fits-read" lang="fr"
# Le départ $m=0{,}5$ est instructif. Il n’aboutit ni à gauche ni à droite, mais dans un *troisième* minimum local, à cheval sur les deux bosses, où la divergence est sept fois plus grande. La divergence inverse n’est pas convexe en $\theta$ ; « elle cherche un mode » décrit ses minima globaux, non ce que trouve une descente.

# %% key="fits-figure" tags=["figure"]
x = np.linspace(-8, 8, 1201)
p = np.exp(log_mixture(x))
deviation = np.sqrt(np.sum(p * x**2) / np.sum(p))
expect("d3_02.forward", deviation, np.sqrt(9.25), atol=1e-3)

ax = figures.axes()
ax.fill_between(x, p, color="0.88", label="$p$")
for (m, s), style, name in (
    ((0.0, deviation), "-", T("forward: the moments match", "direct : les moments coïncident")),
    (fits[1.0][:2], "--", T("reverse, from 1", "inverse, depuis 1")),
    (fits[0.5][:2], ":", T("reverse, from 0.5", "inverse, depuis 0,5")),
):
    ax.plot(x, np.exp(-((x - m) ** 2) / (2 * s**2)) / (s * np.sqrt(2 * np.pi)), style, label=name)
ax.set_xlabel("$x$")
ax.set_ylabel(T("density", "densité"))
ax.legend(loc="upper left");

# %% [markdown] key="bias" lang="en"
# ## 7. Entropy from counts
#
# Replace $p$ by the empirical law $\hat p$ of $n$ draws. Since $\mathbb E\,\hat p(x)=p(x)$, we have $\mathbb E\,H(\hat p,p)=H(p)$, and $H(\hat p)=H(\hat p,p)-\mathrm{KL}(\hat p\,\|\,p)$ gives an exact statement:
#
# $$\mathbb E\,H(\hat p)=H(p)-\mathbb E\,\mathrm{KL}(\hat p\,\|\,p).$$
#
# **On average the plug-in entropy is too small**, whatever $p$ (a point mass excepted). To second order in $\hat p-p$, $\mathrm{KL}(\hat p\,\|\,p)\approx\frac12\sum_x(\hat p(x)-p(x))^2/p(x)$, whose expectation is $\frac12\sum_x(1-p(x))/n=\frac{K-1}{2n}$ for $K$ symbols of positive probability. Adding it back is the **Miller-Madow correction**; it holds as $n\to\infty$ with $K$ fixed.

# %% [markdown] key="bias" lang="fr"
# ## 7. L’entropie estimée sur des effectifs
#
# Remplaçons $p$ par la loi empirique $\hat p$ de $n$ tirages. Comme $\mathbb E\,\hat p(x)=p(x)$, on a $\mathbb E\,H(\hat p,p)=H(p)$, et $H(\hat p)=H(\hat p,p)-\mathrm{KL}(\hat p\,\|\,p)$ donne un énoncé exact :
#
# $$\mathbb E\,H(\hat p)=H(p)-\mathbb E\,\mathrm{KL}(\hat p\,\|\,p).$$
#
# **En moyenne, l’entropie empirique est trop petite**, quelle que soit $p$ (hors masse de Dirac). Au second ordre en $\hat p-p$, $\mathrm{KL}(\hat p\,\|\,p)\approx\frac12\sum_x(\hat p(x)-p(x))^2/p(x)$, dont l’espérance est $\frac12\sum_x(1-p(x))/n=\frac{K-1}{2n}$ pour $K$ symboles de probabilité strictement positive. L’ajouter, c’est la **correction de Miller-Madow** ; elle vaut quand $n\to\infty$, à $K$ fixé.

# %% [markdown] key="break-a" lang="en"
# ## 8. Break it
#
# ### (a) Where the exponential ends
#
# The largest finite number is $3.403\cdot10^{38}$ in float32 and 65,504 in float16. **Predict** from which logit on $e^z$ is infinite in each, then the naive softmax of $(1000,0)$.

# %% [markdown] key="break-a" lang="fr"
# ## 8. Casser exprès
#
# ### (a) Là où l’exponentielle s’arrête
#
# Le plus grand nombre fini est $3{,}403\cdot10^{38}$ en float32 et 65 504 en float16. **Prévoyez** à partir de quel logit $e^z$ est infini dans chaque format, puis le softmax naïf de $(1000,0)$.

# %% key="break-a-run" tags=["break"]
expect("d3_02.break_float32", np.log(float(np.finfo(np.float32).max)), 88.7228, atol=1e-4)
expect("d3_02.break_float16", np.log(float(np.finfo(np.float16).max)), 11.0899, atol=1e-4)
with np.errstate(over="ignore", invalid="ignore"):
    print(np.exp(np.float32([88.72, 88.73])), np.exp(np.float16([11.08, 11.1])))
    naive = np.exp(np.array([1000.0, 0.0]))
    naive /= naive.sum()
expect("d3_02.break_naive", naive[0], np.nan)
stable, _ = cross_entropy(np.array([[1000.0, 0.0]]), np.array([1]))
expect("d3_02.break_stable", stable, 1000.0)

# %% [markdown] key="break-b" lang="en"
# ### (b) As many symbols as draws
#
# Let $p$ be uniform on $K=1000$ symbols and draw $n=1000$. Miller-Madow announces a bias of $-\frac{K-1}{2n}=-0.4995$ nats. **Will the truth be smaller or larger in absolute value?** The exact bias needs no simulation: every count is binomial, and expectation is linear.

# %% [markdown] key="break-b" lang="fr"
# ### (b) Autant de symboles que de tirages
#
# Soit $p$ uniforme sur $K=1000$ symboles, et $n=1000$ tirages. Miller-Madow annonce un biais de $-\frac{K-1}{2n}=-0{,}4995$ nat. **Le vrai biais est-il plus petit ou plus grand en valeur absolue ?** Le biais exact se passe de simulation : chaque effectif est binomial, et l’espérance est linéaire.

# %% key="break-b-run" tags=["figure", "break"]
K = 1000


def exact_bias(n):
    share = np.arange(n + 1) / n
    return -K * np.sum(binom.pmf(np.arange(n + 1), n, 1 / K) * xlogy(share, share)) - np.log(K)


sizes = np.array([100, 300, 1000, 3000, 10_000, 100_000])
lost = np.array([-exact_bias(n) for n in sizes])
rng = np.random.default_rng(SEED + 5)
counts = rng.multinomial(1000, np.full(K, 1 / K), size=200)
entropies = -xlogy(counts / 1000, counts / 1000).sum(axis=1)
expect("d3_02.break_bias", entropies.mean() - np.log(K), exact_bias(1000), atol=8e-3)
expect("d3_02.break_correction", exact_bias(1000), at_most=-(K - 1) / (2 * 1000))

ax = figures.axes()
ax.loglog(sizes / K, lost, "o-", color=figures.BLUE, label=T("exact", "exact"))
ax.loglog(sizes / K, (K - 1) / (2 * sizes), "--", color=figures.VERMILION, label=T("Miller-Madow", "Miller-Madow"))
ax.set_xlabel(T("draws per symbol $n/K$", "tirages par symbole $n/K$"))
ax.set_ylabel(T("entropy lost (nats)", "entropie perdue (nats)"))
ax.legend();

# %% [markdown] key="break-c" lang="en"
# ### (c) The model that says "never"
#
# Use the same 1,000 draws as a model: $\hat p$ maximises the likelihood. A given symbol is never drawn with probability $(1-\frac1K)^n\approx e^{-1}$. **Predict** the share of symbols to which the model gives probability zero, then its cross-entropy on new data from $p$.

# %% [markdown] key="break-c" lang="fr"
# ### (c) Le modèle qui dit « jamais »
#
# Prenons pour modèle ces mêmes 1 000 tirages : $\hat p$ maximise la vraisemblance. Un symbole donné n’est jamais tiré avec probabilité $(1-\frac1K)^n\approx e^{-1}$. **Prévoyez** la part des symboles auxquels le modèle donne une probabilité nulle, puis son entropie croisée sur de nouvelles données de loi $p$.

# %% key="break-c-run" tags=["break"]
expect("d3_02.break_unseen", np.mean(counts == 0), (1 - 1 / K) ** 1000, atol=4e-3)
model = counts[0] / 1000
smoothed = (counts[0] + 0.5) / (1000 + 0.5 * K)
with np.errstate(divide="ignore"):
    forward = -np.mean(np.log(K * model))
expect("d3_02.break_never", forward, np.inf)
print(f"{np.sum(xlogy(model, K * model)):.4f}   {-np.mean(np.log(K * smoothed)):.4f}")

# %% [markdown] key="exit" lang="en"
# 36.8 % of the symbols were never seen, and $\mathrm{KL}(p\,\|\,\hat p)=\infty$: one new text is enough to make the loss infinite. The two numbers printed last are $\mathrm{KL}(\hat p\,\|\,p)$, near $0.57$, which is the entropy lost in part (b), as section 7 says; and $\mathrm{KL}(p\,\|\,q)$, near $0.24$, for the model $q$ that adds half a count to each symbol. A softmax never answers exactly zero, which is one reason why it is there.

# %% [markdown] key="exit" lang="fr"
# 36,8 % des symboles n’ont jamais été vus, et $\mathrm{KL}(p\,\|\,\hat p)=\infty$ : un seul texte nouveau suffit à rendre la perte infinie. Les deux nombres affichés en dernier sont $\mathrm{KL}(\hat p\,\|\,p)$, voisin de $0{,}57$, qui est l’entropie perdue de la partie (b), comme le dit la section 7 ; et $\mathrm{KL}(p\,\|\,q)$, voisin de $0{,}24$, pour le modèle $q$ qui ajoute un demi-effectif à chaque symbole. Un softmax ne répond jamais exactement zéro ; c’est l’une des raisons de sa présence.

# %% [markdown] key="exit-ticket" lang="en"
# ## Exit ticket (no code)
#
# 1. Two teams report test cross-entropies of 3.1 nats and 4.4 bits per token, on the same tokens. Who has the better model? What must you know before comparing if the tokenisers differ?
# 2. You distil a multimodal teacher $p$ into a small student $q$ which cannot represent all modes. Which direction of the divergence do you choose if hallucinating is worse than forgetting, and why?

# %% [markdown] key="exit-ticket" lang="fr"
# ## Billet de sortie (sans code)
#
# 1. Deux équipes annoncent des entropies croisées de test de 3,1 nats et de 4,4 bits par jeton, sur les mêmes jetons. Quel est le meilleur modèle ? Que faut-il savoir avant de comparer, si les découpages en jetons diffèrent ?
# 2. Vous distillez un modèle multimodal $p$ en un petit modèle $q$ qui ne peut représenter tous les modes. Quel sens de la divergence choisissez-vous si inventer est plus grave qu’oublier, et pourquoi ?

# %% [markdown] key="exit-answers" lang="en" tags=["solution"]
# **Answers for the instructor.** 1. $4.4$ bits are $4.4\ln2\approx3.05$ nats: the second model is better, by $0.05$ nats per token. With different tokenisers a token is not the same unit; compare the total, or the loss per character or per byte, of the same text. 2. The reverse divergence $\mathrm{KL}(q\,\|\,p)$: it is $q$ that answers, and mass of $q$ where $p$ is almost zero is what it punishes; forgotten modes cost little ($-\ln p(S)$ to keep only those in $S$). Maximum likelihood on samples of the teacher, $\mathrm{KL}(p\,\|\,q)$, would cover all modes and fill the space between them. The price: one must be able to evaluate $\ln p$ on what the student produces, and the objective is not convex.

# %% [markdown] key="exit-answers" lang="fr" tags=["solution"]
# **Réponses pour l’enseignant.** 1. $4{,}4$ bits font $4{,}4\ln2\approx3{,}05$ nats : le second modèle est meilleur, de $0{,}05$ nat par jeton. Si les découpages diffèrent, le jeton n’est pas la même unité ; comparer le total, ou la perte par caractère ou par octet, sur le même texte. 2. La divergence inverse $\mathrm{KL}(q\,\|\,p)$ : c’est $q$ qui répond, et elle punit la masse de $q$ là où $p$ est presque nulle ; les modes oubliés coûtent peu ($-\ln p(S)$ pour ne garder que ceux de $S$). Le maximum de vraisemblance sur des tirages du grand modèle, $\mathrm{KL}(p\,\|\,q)$, couvrirait tous les modes et comblerait l’espace entre eux. Le prix : il faut savoir évaluer $\ln p$ sur ce que produit le petit modèle, et l’objectif n’est pas convexe.
