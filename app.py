"""The server: pages at /, routes for programs at /api. Run: streamlit run app.py"""

from pathlib import Path

import streamlit as st
import streamlit.logger
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from pages.shell.document import DocumentMiddleware
from pages.shell.preview import Previews
from pages.ui import error_page
from pages.upload.upload_guard import UploadGuard
from queries.server import LazyRoutes
from queries.service import logs, site_files
from queries.service.headers import ResponseHeaders
from queries.service.startup import make_lifespan, wait_for_version
from queries.service.throttle import Throttle

# What the first page needs, then what it asks; the routes come when it may have been drawn.
WARMUP_STEPS = (
    "pages.charts.charts", "pandas", "pyarrow.compute", "pyarrow.ipc", "streamlit.emojis", "pages.themes.board",
    "pages.themes.target", "pages.shell.menu", "pages.upload.own_notice", "pages.themes.finding_view",
    "pages.themes.sections", "queries.service.warmup:warm_up_in_chinese",
)  # fmt: skip
logs.set_up_logging(streamlit.logger)
HERE = Path(__file__).parent
previews = Previews(wait_for_version)
app = st.App(
    HERE / "pages" / "navigation.py",
    routes=[
        Route("/api/preview.png", previews.route),
        Mount("/api", app=LazyRoutes()),
        *site_files.make_site_routes(HERE / "pages" / "icon.png", str(st.get_option("server.baseUrlPath") or "")),
    ],
    middleware=[
        Middleware(logs.RequestLogger),
        Middleware(ResponseHeaders),
        Middleware(Throttle),
        Middleware(UploadGuard),
        Middleware(DocumentMiddleware, previews=previews),
    ],
    on_script_error=error_page.show_failure,
    lifespan=make_lifespan(
        WARMUP_STEPS,
        later=(
            "queries.service.warmup:warm_up_in_english",
            "queries.api.routes",
            "data.ledger.versions:delete_all_ledger_drafts",
        ),
    ),
)
