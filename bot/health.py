"""`/health/live` and `/health/ready`: for whoever keeps the machine running."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from handlers.desk import Desk
from handlers.readiness import readiness


def router(desk: Desk) -> APIRouter:
    """The two routes."""
    routes = APIRouter(prefix="/health", tags=["health"])

    @routes.get("/live", summary="The process answers.")
    async def live() -> JSONResponse:
        return JSONResponse({"live": True})

    @routes.get("/ready", summary="200 only when the store, the FAQ and the matcher can serve; else 503.")
    async def ready() -> JSONResponse:
        found = await readiness(desk)
        parts = {"ready": found.ready, "store": found.store, "faq": found.faq, "matcher": found.matcher}
        return JSONResponse(parts, 200 if found.ready else 503, {"Cache-Control": "no-store"})

    return routes
