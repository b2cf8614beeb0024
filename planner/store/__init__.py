"""Saved drafts, plans and issued papers: SQLAlchemy models, migrations, and encryption of what identifies a person."""

from planner.store.store import Changed, Store
from planner.store.values import Draft, DraftEntry, PlanEntry, SavedPlan

__all__ = ["Changed", "Draft", "DraftEntry", "PlanEntry", "SavedPlan", "Store"]
