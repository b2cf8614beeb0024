"""The cited knowledge base and its strict loader: all that a clinician reads, every number, every condition."""

from planner.knowledge.load import VERSION, Knowledge, Rule, load
from planner.knowledge.records import Record, Source

__all__ = ["VERSION", "Knowledge", "Record", "Rule", "Source", "load"]
