"""pip install search-interceptor starlette uvicorn python-multipart; uvicorn starlette_engine:app"""

import os
from html import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from interceptor import Interceptor
from interceptor.adapters.asgi import InterceptorMiddleware

PAGE = "<!doctype html><title>Results</title><body><h1>Results for {}</h1><p>There would be some.</p></body>"


async def search(request: Request) -> HTMLResponse:
    form = await request.form() if request.method == "POST" else {}
    query = str(form.get("q") or request.query_params.get("q", ""))
    return HTMLResponse(PAGE.format(escape(query)))


engine = Starlette(routes=[Route("/search", search, methods=["GET", "POST"])])
app = InterceptorMiddleware(engine, Interceptor.load(os.environ.get("INTERCEPTOR_CONFIG")))
