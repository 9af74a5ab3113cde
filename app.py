"""The server: pages at /, routes for programs at /api. Run: streamlit run app.py"""

from pathlib import Path

import streamlit as st
import streamlit.logger
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from pages.shell.document import Document
from pages.shell.preview import Previews
from pages.ui import error_page
from pages.upload.upload_guard import Uploads
from queries.server import Routes
from queries.service import logs, site_files
from queries.service.headers import ResponseHeaders
from queries.service.startup import lifespan, version
from queries.service.throttle import Throttle

# What the first page needs, then what it asks; the routes come when it may have been drawn.
WARM = (
    "pages.charts.charts", "pandas", "pyarrow.compute", "pyarrow.ipc", "streamlit.emojis", "pages.themes.board",
    "pages.themes.target", "pages.shell.menu", "pages.upload.own_section", "pages.themes.finding_view",
    "pages.themes.sections", "queries.service.warmup:ask",
)  # fmt: skip
logs.setup(streamlit.logger)
HERE = Path(__file__).parent
previews = Previews(version)
app = st.App(
    HERE / "pages" / "navigation.py",
    routes=[
        Route("/api/preview.png", previews.route),
        Mount("/api", app=Routes()),
        *site_files.routes(HERE / "pages" / "icon.png", str(st.get_option("server.baseUrlPath") or "")),
    ],
    middleware=[
        Middleware(logs.Requests),
        Middleware(ResponseHeaders),
        Middleware(Throttle),
        Middleware(Uploads),
        Middleware(Document, previews=previews),
    ],
    on_script_error=error_page.told,
    lifespan=lifespan(
        WARM, later=("queries.service.warmup:ask_in_english", "queries.api.routes", "data.ledger.versions:sweep_all")
    ),
)
