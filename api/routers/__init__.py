"""Everything beside the model's questions: one router a subject."""
