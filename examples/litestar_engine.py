"""pip install search-interceptor litestar uvicorn; uvicorn litestar_engine:app"""

import os
from html import escape
from typing import Any

from litestar import HttpMethod, Litestar, MediaType, Request, route

from interceptor import Interceptor
from interceptor.adapters.asgi import InterceptorMiddleware

PAGE = "<!doctype html><title>Results</title><body><h1>Results for {}</h1><p>There would be some.</p></body>"


@route(
    "/search",
    http_method=[HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST],
    media_type=MediaType.HTML,
    status_code=200,
)
async def search(request: Request[Any, Any, Any]) -> str:
    form = await request.form() if request.method == "POST" else {}
    return PAGE.format(escape(str(form.get("q") or request.query_params.get("q", ""))))


app = InterceptorMiddleware(Litestar([search]), Interceptor.load(os.environ.get("INTERCEPTOR_CONFIG")))
