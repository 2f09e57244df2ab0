"""`/docs`: the HTTP interface, described from the application itself. The page loads nothing from anywhere else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from bot.web.pages import page


@dataclass(frozen=True, slots=True)
class Operation:
    """One route as it is shown. `body` and `answers` hold example shapes as JSON text."""

    method: str
    path: str
    summary: str
    parameters: tuple[tuple[str, str], ...]
    body: str
    answers: tuple[tuple[str, str, str], ...]


def router(app: FastAPI) -> APIRouter:
    """The page; `/openapi.json` holds the same for programs."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    async def docs(request: Request) -> Response:
        return page(request, "docs.html", operations=list(operations(app.openapi())), version=app.version)

    return routes


def operations(described: dict[str, Any]) -> Iterator[Operation]:
    """Each route of an OpenAPI description."""
    shapes = described.get("components", {}).get("schemas", {})
    for path, methods in described["paths"].items():
        for method, details in methods.items():
            body = details.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            yield Operation(
                method.upper(),
                path,
                details.get("summary", ""),
                tuple((one["name"], one["in"]) for one in details.get("parameters", [])),
                _text(body, shapes),
                tuple(
                    (status, answer.get("description", ""), _text(_schema(answer), shapes))
                    for status, answer in sorted(details.get("responses", {}).items())
                ),
            )


def _schema(answer: dict[str, Any]) -> dict[str, Any] | None:
    return next((content.get("schema") for content in answer.get("content", {}).values()), None)


def _text(schema: dict[str, Any] | None, shapes: dict[str, Any]) -> str:
    return json.dumps(_shape(schema, shapes), indent=2, ensure_ascii=False) if schema else ""


def _shape(schema: dict[str, Any], shapes: dict[str, Any]) -> Any:
    """A schema as an example whose values name their types."""
    if "$ref" in schema:
        return _shape(shapes[schema["$ref"].rpartition("/")[2]], shapes)
    if "anyOf" in schema:
        options = [_shape(one, shapes) for one in schema["anyOf"]]
        return " | ".join(map(str, options)) if all(isinstance(one, str) for one in options) else options[0]
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "object" or "properties" in schema:
        return {name: _shape(one, shapes) for name, one in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [_shape(schema.get("items", {}), shapes)]
    return schema.get("format") or schema.get("type", "any")
