# %% [markdown] key="title" lang="en"
# # Day 5: papers, rubric, defence
#
# **Day 5, to be read on the evening of Day 1** — about 30 minutes.
#
# Four days gave you statements with proofs and code that checks itself. On the fifth you do the same thing alone, with a paper that nobody has worked out for you: derive its mathematics, predict numbers, write its algorithm, measure, break it, and defend all of it. This notebook holds what you need to choose and to know how you will be judged. The project itself is written in D5-01; D5-02 and D5-03 are two projects carried to the end.

# %% [markdown] key="title" lang="fr"
# # Jour 5 : articles, grille, soutenance
#
# **Jour 5, à lire le soir du jour 1** — environ 30 minutes.
#
# Quatre journées vous ont donné des énoncés démontrés et du code qui se vérifie lui-même. Le cinquième jour, vous faites de même, seul, avec un article que personne n’a traité pour vous : en démontrer les mathématiques, prévoir des nombres, écrire son algorithme, mesurer, casser exprès, et soutenir le tout. Ce notebook contient ce qu’il faut pour choisir et pour savoir comment vous serez jugé. Le projet s’écrit dans D5-01 ; D5-02 et D5-03 sont deux projets menés à leur terme.

# %% [markdown] key="calendar" lang="en"
# ## 1. From Monday to the defence
#
# | When | What |
# | --- | --- |
# | Day 1, evening | you choose a paper, or are assigned one |
# | Days 2 to 4 | you read it, with the notebooks of the days it draws on |
# | Day 4, 17:00 | you hand in the *decomposition sheet*, section 1 of D5-01, one page |
# | Day 5, morning | derivation and predictions; the predictions go to your tutor **before** the first run |
# | Day 5, afternoon | implementation, experiment, break, limits; then the defence |
# | within seven days | you receive the reviewers' form, and your certificate |
#
# The defence lasts 25 minutes: 10 at the board, on a line of your derivation that the jury chooses; 5 on the notebook; 10 of questions, with one change that you make live after predicting its effect. You defend in French or in English, as you prefer.

# %% [markdown] key="calendar" lang="fr"
# ## 1. Du lundi à la soutenance
#
# | Quand | Quoi |
# | --- | --- |
# | Jour 1, le soir | vous choisissez un article, ou l’on vous en attribue un |
# | Jours 2 à 4 | vous le lisez, avec les notebooks des jours dont il se sert |
# | Jour 4, 17 h 00 | vous remettez la *fiche de décomposition*, section 1 de D5-01, une page |
# | Jour 5, le matin | démonstration et prévisions ; les prévisions vont à votre tuteur **avant** la première exécution |
# | Jour 5, l’après-midi | programmation, expérience, rupture, limites ; puis la soutenance |
# | sous sept jours | vous recevez la fiche des rapporteurs, et votre certificat |
#
# La soutenance dure 25 minutes : 10 au tableau, sur une ligne de votre démonstration que choisit le jury ; 5 sur le notebook ; 10 de questions, dont une modification que vous faites en direct après en avoir prévu l’effet. Vous soutenez en français ou en anglais, comme il vous plaît.

# %% [markdown] key="choose" lang="en"
# ## 2. Choosing
#
# A good choice is a paper whose central statement you can test *exactly* on something small, not the one you admire most. Each entry below says what to derive, the least experiment, and a check with a number that a reviewer can compute again. One star is a good day's work, three stars demand that you are quick. "Taken" papers are the two worked examples: read them, choose another.
#
# Each entry also says what we are sure of in its reference. The rest you look up in the paper itself, and you write down *which version you read*: numbers of equations move from one version to the next.

# %% [markdown] key="choose" lang="fr"
# ## 2. Choisir
#
# Un bon choix est un article dont l’énoncé central se vérifie *exactement* sur quelque chose de petit, non celui que vous admirez le plus. Chaque notice ci-dessous dit ce qu’il faut démontrer, l’expérience minimale, et une vérification assortie d’un nombre qu’un rapporteur peut recalculer. Une étoile est une bonne journée de travail, trois étoiles demandent d’aller vite. Les articles « pris » sont les deux exemples traités : lisez-les, choisissez-en un autre.
#
# Chaque notice dit aussi ce dont nous sommes sûrs dans sa référence. Le reste, vous le cherchez dans l’article lui-même, et vous notez *quelle version vous avez lue* : les numéros d’équations bougent d’une version à l’autre.

# %% [markdown] key="choice" lang="en"
# {{choice}}

# %% [markdown] key="choice" lang="fr"
# {{choice}}

# %% [markdown] key="entries" lang="en"
# ## 3. The papers, one by one

# %% [markdown] key="entries" lang="fr"
# ## 3. Les articles, un par un

# %% [markdown] key="paper-lora" lang="en"
# {{paper-lora}}

# %% [markdown] key="paper-lora" lang="fr"
# {{paper-lora}}

# %% [markdown] key="paper-adamw" lang="en"
# {{paper-adamw}}

# %% [markdown] key="paper-adamw" lang="fr"
# {{paper-adamw}}

# %% [markdown] key="paper-sam" lang="en"
# {{paper-sam}}

# %% [markdown] key="paper-sam" lang="fr"
# {{paper-sam}}

# %% [markdown] key="paper-edge-of-stability" lang="en"
# {{paper-edge-of-stability}}

# %% [markdown] key="paper-edge-of-stability" lang="fr"
# {{paper-edge-of-stability}}

# %% [markdown] key="paper-deep-linear" lang="en"
# {{paper-deep-linear}}

# %% [markdown] key="paper-deep-linear" lang="fr"
# {{paper-deep-linear}}

# %% [markdown] key="paper-ntk" lang="en"
# {{paper-ntk}}

# %% [markdown] key="paper-ntk" lang="fr"
# {{paper-ntk}}

# %% [markdown] key="paper-intrinsic-dimension" lang="en"
# {{paper-intrinsic-dimension}}

# %% [markdown] key="paper-intrinsic-dimension" lang="fr"
# {{paper-intrinsic-dimension}}

# %% [markdown] key="paper-flash-attention" lang="en"
# {{paper-flash-attention}}

# %% [markdown] key="paper-flash-attention" lang="fr"
# {{paper-flash-attention}}

# %% [markdown] key="paper-cpc" lang="en"
# {{paper-cpc}}

# %% [markdown] key="paper-cpc" lang="fr"
# {{paper-cpc}}

# %% [markdown] key="paper-mi-bounds" lang="en"
# {{paper-mi-bounds}}

# %% [markdown] key="paper-mi-bounds" lang="fr"
# {{paper-mi-bounds}}

# %% [markdown] key="paper-alignment-uniformity" lang="en"
# {{paper-alignment-uniformity}}

# %% [markdown] key="paper-alignment-uniformity" lang="fr"
# {{paper-alignment-uniformity}}

# %% [markdown] key="paper-barlow-twins" lang="en"
# {{paper-barlow-twins}}

# %% [markdown] key="paper-barlow-twins" lang="fr"
# {{paper-barlow-twins}}

# %% [markdown] key="paper-linear-vae" lang="en"
# {{paper-linear-vae}}

# %% [markdown] key="paper-linear-vae" lang="fr"
# {{paper-linear-vae}}

# %% [markdown] key="paper-ddpm" lang="en"
# {{paper-ddpm}}

# %% [markdown] key="paper-ddpm" lang="fr"
# {{paper-ddpm}}

# %% [markdown] key="paper-flow-matching" lang="en"
# {{paper-flow-matching}}

# %% [markdown] key="paper-flow-matching" lang="fr"
# {{paper-flow-matching}}

# %% [markdown] key="paper-neural-ode" lang="en"
# {{paper-neural-ode}}

# %% [markdown] key="paper-neural-ode" lang="fr"
# {{paper-neural-ode}}

# %% [markdown] key="paper-dpo" lang="en"
# {{paper-dpo}}

# %% [markdown] key="paper-dpo" lang="fr"
# {{paper-dpo}}

# %% [markdown] key="paper-sinkhorn" lang="en"
# {{paper-sinkhorn}}

# %% [markdown] key="paper-sinkhorn" lang="fr"
# {{paper-sinkhorn}}

# %% [markdown] key="paper-umap" lang="en"
# {{paper-umap}}

# %% [markdown] key="paper-umap" lang="fr"
# {{paper-umap}}

# %% [markdown] key="paper-poincare" lang="en"
# {{paper-poincare}}

# %% [markdown] key="paper-poincare" lang="fr"
# {{paper-poincare}}

# %% [markdown] key="paper-topological-autoencoder" lang="en"
# {{paper-topological-autoencoder}}

# %% [markdown] key="paper-topological-autoencoder" lang="fr"
# {{paper-topological-autoencoder}}

# %% [markdown] key="rubric-title" lang="en"
# ## 4. How a project is marked
#
# The same grid serves you, your reviewers and the jury. Mark yourself with it before the defence: where you hesitate, they will ask.

# %% [markdown] key="rubric-title" lang="fr"
# ## 4. Comment un projet est noté
#
# La même grille vous sert, à vous, à vos rapporteurs et au jury. Notez-vous avec elle avant la soutenance : là où vous hésitez, on vous interrogera.

# %% [markdown] key="rubric" lang="en"
# {{rubric}}

# %% [markdown] key="rubric" lang="fr"
# {{rubric}}

# %% [markdown] key="grades" lang="en"
# {{grades}}

# %% [markdown] key="grades" lang="fr"
# {{grades}}

# %% [markdown] key="critique-title" lang="en"
# ## 5. What you will receive
#
# Two reviewers fill in this form independently, and it is returned to you with both sets of comments. Read it now: each question of theirs is one that you can answer beforehand.

# %% [markdown] key="critique-title" lang="fr"
# ## 5. Ce que vous recevrez
#
# Deux rapporteurs remplissent cette fiche séparément ; elle vous est rendue avec les commentaires de l’un et de l’autre. Lisez-la dès maintenant : à chacune de leurs questions, vous pouvez répondre d’avance.

# %% [markdown] key="critique" lang="en"
# {{critique}}

# %% [markdown] key="critique" lang="fr"
# {{critique}}
