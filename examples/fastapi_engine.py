"""pip install search-interceptor fastapi uvicorn python-multipart; uvicorn fastapi_engine:app"""

import os
from html import escape

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from interceptor import Interceptor
from interceptor.adapters.asgi import InterceptorMiddleware

PAGE = "<!doctype html><title>Results</title><body><h1>Results for {}</h1><p>There would be some.</p></body>"

engine = FastAPI()


@engine.api_route("/search", methods=["GET", "HEAD", "POST"], response_class=HTMLResponse)
async def search(request: Request) -> str:
    form = await request.form() if request.method == "POST" else {}
    return PAGE.format(escape(str(form.get("q") or request.query_params.get("q", ""))))


app = InterceptorMiddleware(engine, Interceptor.load(os.environ.get("INTERCEPTOR_CONFIG")))
