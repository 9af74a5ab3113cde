"""Where the server of the pages mounts the routes for programs."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

from queries.service.headers import Receive, Scope, Send
from queries.service.startup import PATIENCE_SECONDS, preparing

STATE = re.compile("/(health|ready)/?$")


class Routes:
    """The routes for programs, imported at the first request: half a second that no start has to wait for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # How the server is can be asked at any time. The others wait here, where they hold no thread of the server.
        if not STATE.search(scope.get("path", "")):
            until = time.monotonic() + PATIENCE_SECONDS
            while preparing() and time.monotonic() < until:
                await asyncio.sleep(0.02)
        api, pin = await asyncio.to_thread(self.found)
        pin()
        await api(scope, receive, send)

    def found(self) -> tuple[Callable[[Scope, Receive, Send], Awaitable[None]], Callable[[], None]]:
        """The routes and what holds the data for one answer."""
        from queries.api.routes import api  # noqa: PLC0415
        from queries.database.engine import pin  # noqa: PLC0415 - see above

        return api, pin
