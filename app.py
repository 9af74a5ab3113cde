"""The server: pages at /, routes for programs at /api. Run: streamlit run app.py"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from pages.parts.document import Document
from pages.parts.preview import Previews
from queries.server import ResponseHeaders, Routes, lifespan, version

previews = Previews(version)
app = st.App(
    Path(__file__).parent / "pages" / "navigation.py",
    routes=[Route("/api/preview.png", previews.route), Mount("/api", app=Routes())],
    middleware=[Middleware(ResponseHeaders), Middleware(Document, previews=previews)],
    lifespan=lifespan("pages.parts.charts", "queries.routes", "pandas", "pyarrow.compute", "pyarrow.ipc"),
)
