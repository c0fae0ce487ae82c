"""pip install search-interceptor django gunicorn; gunicorn django_engine:app, or uvicorn django_engine:asgi"""

import os
from html import escape

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = "<!doctype html><title>Results</title><body><h1>Results for {}</h1><p>There would be some.</p></body>"

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ.get("SECRET_KEY", "only for this example"),
    MIDDLEWARE=["interceptor.adapters.django.InterceptorMiddleware"],
    INTERCEPTOR=os.environ.get("INTERCEPTOR_CONFIG"),
)


def search(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format(escape(request.POST.get("q") or request.GET.get("q", ""))))


urlpatterns = [path("search", search)]
app = get_wsgi_application()
asgi = get_asgi_application()
