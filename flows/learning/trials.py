"""A search for a better recipe: trials written down one by one, so that a stopped search resumes.

Each trial is judged by the log-loss of out-of-fold scores, on the clients one may learn from. A
first look with few, large steps drops the trials that are worse than half of the earlier ones.
The sampler (TPE) is seeded by the search's seed and the number of trials done, so two searches
that stop at the same places find the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import optuna
from optuna.trial import Trial, TrialState

from flows.learning.dataset import Labelled
from flows.learning.recipe import Recipe
from flows.learning.reference import loss_of_trees

TRIALS_BEFORE_PRUNING = 5
JUDGED = (TrialState.COMPLETE, TrialState.PRUNED)


def open_study(file: Path, name: str, seed: int) -> optuna.Study:
    """Open the search ``name`` kept in ``file`` (SQLite), new or begun earlier."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    file.parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=f"sqlite:///{file}",
        study_name=name,
        load_if_exists=True,
        direction="minimize",
        pruner=optuna.pruners.MedianPruner(n_startup_trials=TRIALS_BEFORE_PRUNING),
    )
    study.sampler = optuna.samplers.TPESampler(seed=seed + len(study.trials))
    return study


def search(
    study: optuna.Study,
    data: Labelled,
    recipe: Recipe,
    trials: int,
    seed: int,
    report: Callable[[str], None],
) -> Recipe:
    """Bring the search to ``trials`` trials and return the best recipe found."""

    def objective(trial: Trial) -> float:
        candidate = suggested(trial, recipe)
        first_look = replace(candidate, learning_rate=0.2, patience=20, folds=3)
        trial.report(loss_of_trees(data, first_look, seed), step=0)
        if trial.should_prune():
            raise optuna.TrialPruned
        return loss_of_trees(data, candidate, seed)

    def tell(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        found = "dropped early" if trial.value is None else f"log-loss {trial.value:.6f}"
        best = f", best {study.best_value:.6f}" if _completed(study) else ""
        report(f"trial {trial.number + 1}: {found}{best}")

    left = trials - len(study.get_trials(deepcopy=False, states=JUDGED))
    if left > 0:
        study.optimize(objective, n_trials=left, callbacks=[tell])
    return suggested(optuna.trial.FixedTrial(study.best_params), recipe)


def suggested(trial: optuna.trial.BaseTrial, recipe: Recipe) -> Recipe:
    """Return the recipe of a trial: the parameters of the reference's trees, drawn."""
    drawn: dict[str, float | int] = {
        "num_leaves": trial.suggest_int("num_leaves", 4, 16),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.03, 0.3, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 20, 300, log=True),
        "lambda_l2": trial.suggest_float("lambda_l2", 5.0, 300.0, log=True),
        "path_smooth": trial.suggest_float("path_smooth", 0.0, 50.0),
    }
    return replace(recipe, trees={**recipe.trees, **drawn})


def _completed(study: optuna.Study) -> bool:
    return bool(study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)))
