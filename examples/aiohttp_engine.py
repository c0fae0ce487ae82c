"""pip install search-interceptor; python aiohttp_engine.py"""

import os
from html import escape

from aiohttp import web

from interceptor import Interceptor
from interceptor.adapters.aiohttp import setup

PAGE = "<!doctype html><title>Results</title><body><h1>Results for {}</h1><p>There would be some.</p></body>"


async def search(request: web.Request) -> web.Response:
    form = await request.post() if request.method == "POST" else {}
    query = str(form.get("q") or request.query.get("q", ""))
    return web.Response(text=PAGE.format(escape(query)), content_type="text/html")


def make() -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/search", search)
    setup(app, Interceptor.load(os.environ.get("INTERCEPTOR_CONFIG")))
    return app


if __name__ == "__main__":
    web.run_app(make(), host="127.0.0.1", port=int(os.environ.get("PORT", "8000")))
