"""The server: pages at /, routes for programs at /api. Run: streamlit run app.py"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount

from queries.server import ResponseHeaders, Routes, lifespan

app = st.App(
    Path(__file__).parent / "pages" / "navigation.py",
    routes=[Mount("/api", app=Routes())],
    middleware=[Middleware(ResponseHeaders)],
    lifespan=lifespan("pages.parts.charts", "queries.routes", "pandas", "pyarrow.compute", "pyarrow.ipc"),
)
