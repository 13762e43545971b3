"""One offscreen context for all tests of the renderer."""

from collections.abc import Iterator

import pytest

from vrclient.renderer.context import GraphicsContext, open_context


@pytest.fixture(scope="session")
def context() -> Iterator[GraphicsContext]:
    opened = open_context("offscreen")
    yield opened
    opened.close()
