"""The server: pages at /, routes for programs at /api. Run: streamlit run app.py"""

from pathlib import Path

import streamlit as st
import streamlit.logger
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from pages.parts import faults
from pages.parts.document import Document
from pages.parts.preview import Previews
from pages.parts.uploads import Uploads
from queries import logs, signs
from queries.server import ResponseHeaders, Routes, lifespan, version
from queries.throttle import Throttle

# What the first page needs, then what it asks; the routes come when it may have been drawn.
WARM = (
    "pages.parts.charts", "pandas", "pyarrow.compute", "pyarrow.ipc", "streamlit.emojis", "pages.parts.board",
    "pages.parts.goal", "pages.parts.menu", "pages.parts.mine", "pages.parts.misfits", "pages.parts.sections",
    "queries.first:ask",
)  # fmt: skip
logs.setup(streamlit.logger)
HERE = Path(__file__).parent
previews = Previews(version)
app = st.App(
    HERE / "pages" / "navigation.py",
    routes=[
        Route("/api/preview.png", previews.route),
        Mount("/api", app=Routes()),
        *signs.routes(HERE / "pages" / "parts" / "icon.png", str(st.get_option("server.baseUrlPath") or "")),
    ],
    middleware=[
        Middleware(logs.Requests),
        Middleware(ResponseHeaders),
        Middleware(Throttle),
        Middleware(Uploads),
        Middleware(Document, previews=previews),
    ],
    on_script_error=faults.told,
    lifespan=lifespan(WARM, later=("queries.first:ask_in_english", "queries.routes", "data.store:sweep_all")),
)
