"""The server: pages at /, routes for programs at /api. Run: streamlit run app.py"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from pages.parts import faults
from pages.parts.document import Document
from pages.parts.preview import Previews
from queries.server import ResponseHeaders, Routes, lifespan, version

# What the first page needs, then what it asks; the routes come when it may have been drawn.
WARM = (
    "pages.parts.charts", "pandas", "pyarrow.compute", "pyarrow.ipc", "streamlit.emojis", "pages.parts.board",
    "pages.parts.goal", "pages.parts.menu", "pages.parts.mine", "pages.parts.misfits", "pages.parts.sections",
    "queries.first:ask",
)  # fmt: skip
previews = Previews(version)
app = st.App(
    Path(__file__).parent / "pages" / "navigation.py",
    routes=[Route("/api/preview.png", previews.route), Mount("/api", app=Routes())],
    middleware=[Middleware(ResponseHeaders), Middleware(Document, previews=previews)],
    on_script_error=faults.told,
    lifespan=lifespan(WARM, later=("queries.first:ask_in_english", "queries.routes")),
)
