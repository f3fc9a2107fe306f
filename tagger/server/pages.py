"""The pages for people: a box to paste an article into, its HTML view, and the OpenAPI page.

Nothing on them comes from another host.
"""

from __future__ import annotations

import io
import re
from html import escape
from importlib.resources import files
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from tagger.document import Document
from tagger.server.descriptions import HTML
from tagger.server.problems import Problem
from tagger.server.refusals import Refused, TooLarge
from tagger.server.service import Service, content_type, json_body, off_loop, plain_body
from tagger.writers.html import HtmlWriter, policy_source

ASSETS = "/docs/assets"

_FORM_TYPE = "application/x-www-form-urlencoded"

_DOCS = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>caijing-tagger: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{ASSETS.lstrip("/")}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{ASSETS.lstrip("/")}/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({{url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true}});</script>
</body>
</html>
"""


def pages_router(service: Service) -> APIRouter:
    """The pages."""
    router = APIRouter()
    home = (files("tagger.server") / "home.html").read_text(encoding="utf-8")
    home_policy = (
        f"default-src 'none'; style-src {_hashes(home, 'style')}; img-src data:; "
        "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    docs_policy = (
        f"default-src 'none'; script-src 'self' {_hashes(_DOCS, 'script')}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )

    @router.get("/", include_in_schema=False)
    async def show_home() -> Response:
        return _page(home, home_policy)

    @router.get("/docs", include_in_schema=False)
    async def show_docs() -> Response:
        return _page(_DOCS, docs_policy)

    @router.post("/v1/html", tags=["tagging"], response_class=HTMLResponse, **HTML)
    async def show_article(request: Request) -> Response:
        if content_type(request) == _FORM_TYPE:
            return await _answer_form(request, service)
        body = await json_body(request)
        document = await off_loop(len(body), service.articles.parse, body)
        return await _view(await service.tag(document))

    return router


async def _answer_form(request: Request, service: Service) -> Response:
    # A browser sends a form to any host that another site names, but it says so.
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise Problem(403, "forms are taken from this server's own page only")
    try:
        document = service.articles.read(_form_fields(await plain_body(request)))
        return await _view(await service.tag(document))
    except (Problem, Refused, TooLarge) as error:
        problem = error if isinstance(error, Problem) else Problem.of_refusal(error)
        page = f'<!DOCTYPE html>\n<html lang="en"><title>Error</title><p>{escape(problem.detail)}'
        return HTMLResponse(page, problem.status, {**problem.headers(), **_FRAMED})


def _form_fields(body: bytes) -> dict[str, str]:
    try:
        fields = parse_qs(body.decode("utf-8"), errors="strict", max_num_fields=8)
    except ValueError as error:
        raise Problem(400, f"the form cannot be read ({error})") from error
    # Forms write every end of a line as two characters.
    return {name: values[0].replace("\r\n", "\n") for name, values in fields.items()}


# What else the page may do, its own head says; the page at / shows it in a frame.
_FRAMED = {"Content-Security-Policy": "frame-ancestors 'self'"}


async def _view(document: Document) -> Response:
    page = await off_loop(len(document.text), _written, document)
    return HTMLResponse(page, headers=_FRAMED)


def _written(document: Document) -> bytes:
    stream = io.BytesIO()
    writer = HtmlWriter(stream)
    writer.write(document)
    writer.close()
    return stream.getvalue()


def _page(content: str, policy: str) -> Response:
    return HTMLResponse(content, headers={"Content-Security-Policy": policy})


def _hashes(page: str, element: str) -> str:
    """The sources of a content security policy that allow a page's own elements."""
    contents = re.findall(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)
    return " ".join(map(policy_source, contents))
