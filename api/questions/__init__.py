"""The model's questions: what is asked of it, answered by the domain and recorded."""

from api.questions.assessment import explain, score
from api.questions.batch import score_batch
from api.questions.comparison import compare
from api.questions.recourse import recourse
from api.questions.simulation import simulate

__all__ = ["compare", "explain", "recourse", "score", "score_batch", "simulate"]
