"""The JSON Schema of a Case, with the products and operations of the knowledge base as choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.case import Case, Catalog


def case_schema(catalog: Catalog) -> dict[str, Any]:
    """Return the JSON Schema that describes a case file."""
    schema = Case.model_json_schema()
    groups = schema["$defs"]
    groups["MoudEntry"]["properties"]["product"]["enum"] = list(catalog.product_labels())
    groups["Surgery"]["properties"]["procedure"]["enum"] = [*catalog.procedure_labels(), None]
    for group in (schema, *groups.values()):
        for field in group.get("properties", {}).values():
            _name_choices(field, field.pop("choices", None))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _name_choices(field: dict[str, Any], offered: Mapping[str, str] | None) -> None:
    """Write the choices where they count: on the value itself, or on each item of a list."""
    for option in field.get("anyOf", ()):
        if option.get("format") == "date-time":
            # The clinic's own clock time: JSON Schema's date-time would ask for seconds and an offset.
            del option["format"]
            option["pattern"] = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:00)?$"
        if offered and option["type"] == "array":
            option["items"]["examples"] = list(offered)
    if offered and not any(option["type"] == "array" for option in field.get("anyOf", ({"type": "array"},))):
        field["enum"] = [*offered, None]
