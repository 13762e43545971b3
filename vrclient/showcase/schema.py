"""The format as a JSON Schema (draft 2020-12), from the same models that read it: for completion and checks in editors.

One schema serves showcase.yaml and the files it includes. It is looser than `vrclient check`, which knows ids and files."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from vrclient.showcase.limits import FIRST_DAY, LAST_DAY
from vrclient.showcase.models import ElementModel, IncludedFile, ShowcaseFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Times are HH:MM as in the format, not RFC 3339; dates are those that can be shown; keys get no made-up titles."""

    def time_schema(self, schema: core_schema.TimeSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        years = (
            {"pattern": "^(1[0-9]{3}|2[01][0-9]{2}|2200)-"}
            if schema.get("ge") == FIRST_DAY and schema.get("le") == LAST_DAY
            else {}
        )
        return {**super().date_schema(schema), **years}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schema(models: Mapping[str, type[ElementModel]], /) -> dict[str, Any]:
    """The schema of the format with these kinds."""
    wanted: list[type[BaseModel]] = [ShowcaseFile, IncludedFile, *models.values()]
    references, document = models_json_schema(
        [(model, "validation") for model in wanted], ref_template="#/$defs/{model}", schema_generator=_Generator
    )
    definitions: dict[str, Any] = document["$defs"]

    def name_of(model: type[Any]) -> str:
        return str(references[model, "validation"]["$ref"]).rpartition("/")[2]

    for kind, model in models.items():
        definition = definitions[name_of(model)]
        definition["properties"]["kind"] = {"const": kind, "description": ElementModel.model_fields["kind"].description}
        definition["required"] = ["kind", *(one for one in definition.get("required", []) if one != "kind")]
    definitions["Element"] = {
        "oneOf": [{"$ref": f"#/$defs/{name_of(model)}"} for model in models.values()],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {kind: f"#/$defs/{name_of(model)}" for kind, model in models.items()},
        },
    }
    for file_model in (ShowcaseFile, IncludedFile):
        definitions[name_of(file_model)]["properties"]["elements"]["items"] = {"$ref": "#/$defs/Element"}
    definitions.pop("ElementModel", None)
    return {
        "$schema": DIALECT,
        "title": "vrclient showcase, version 1",
        "type": "object",
        "if": {"required": ["vrclient"]},
        "then": {"$ref": f"#/$defs/{name_of(ShowcaseFile)}"},
        "else": {"$ref": f"#/$defs/{name_of(IncludedFile)}"},
        "$defs": dict(sorted(definitions.items())),
    }
