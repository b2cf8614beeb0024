"""Saved drafts, plans and issued papers: SQLAlchemy models, migrations, and encryption of what identifies a person."""

from planner.store.people import ListedPerson, People
from planner.store.store import Changed, Store
from planner.store.values import Draft, DraftEntry, PlanEntry, SavedPlan

__all__ = ["Changed", "Draft", "DraftEntry", "ListedPerson", "People", "PlanEntry", "SavedPlan", "Store"]
