"""The web application: every page and route, put together."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from bot import __version__, health
from bot.channels.webchat import mydata
from bot.channels.webchat import page as webchat_page
from bot.channels.webchat import router as webchat
from bot.courier import Courier
from bot.settings import Settings
from bot.web import docs, refusals
from bot.web.console import access, entries, gaps, queue, ticket
from bot.web.headers import SafeHeaders
from bot.web.pages import STATIC, Files
from handlers.desk import Desk


def create_app(desk: Desk, courier: Courier, settings: Settings) -> FastAPI:
    """The application for one desk. `courier` is told of each reply that went out as the body of an answer."""
    app = FastAPI(title="Linli 邻里", version=__version__, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=6)
    app.add_middleware(SafeHeaders, https=settings.url.startswith("https:"))
    refusals.install(app)
    app.include_router(webchat.router(desk, courier, settings))
    app.include_router(mydata.router(desk, settings))
    app.include_router(health.router(desk))
    app.include_router(webchat_page.router(desk, settings))
    app.include_router(access.router(desk, settings))
    app.include_router(queue.router(desk))
    app.include_router(ticket.router(desk, settings))
    app.include_router(entries.router(desk, settings))
    app.include_router(gaps.router(desk, settings))
    app.add_exception_handler(access.SignedOut, access.ask_to_sign_in)
    app.include_router(docs.router(app))
    for room, folder in STATIC.items():
        app.mount(f"/static/{room}", Files(directory=folder), name=f"static-{room}")
    return app
