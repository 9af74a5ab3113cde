"""The routes for programs, as the server of the pages mounts them."""

import asyncio
import re
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from queries.service.startup import PATIENCE_SECONDS, is_preparing

STATE_PATH = re.compile("/(health|ready)/?$")


class LazyRoutes:
    """The routes for programs, imported at the first request: half a second that the start need not wait for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # How the server is can be asked at any time. The others wait here, where they hold no thread of the server.
        if not STATE_PATH.search(scope.get("path", "")):
            until = time.monotonic() + PATIENCE_SECONDS
            while is_preparing() and time.monotonic() < until:
                await asyncio.sleep(0.02)
        api, pin = await asyncio.to_thread(self.import_routes)
        pin()
        await api(scope, receive, send)

    def import_routes(self) -> tuple[ASGIApp, Callable[[], None]]:
        """Import the routes and the function that pins the data for one answer; return both."""
        from queries.api.routes import api  # noqa: PLC0415
        from queries.database.engine import pin_database_state  # noqa: PLC0415 - see above

        return api, pin_database_state
