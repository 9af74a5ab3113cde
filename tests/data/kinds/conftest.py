"""The words that the laws of the kinds share."""

import pytest

from tests.data.kinds import drawing


@pytest.fixture(scope="module")
def known(park_database):
    return drawing.get_known()
