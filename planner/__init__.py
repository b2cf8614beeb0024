"""Throughline: a perioperative pain plan for a person in recovery from opioid addiction."""

__version__ = "0.1.0"
