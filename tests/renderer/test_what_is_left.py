"""A renderer that is closed, and its context with it, leaves nothing in the process."""

import gc
import weakref

from vrclient.render_data.quality import Quality
from vrclient.renderer.context import open_context
from vrclient.renderer.pipeline import Renderer


def test_a_closed_context_is_gone_with_all_that_was_made_in_it() -> None:
    """The engine's calls into Python are not seen by its collector: each kept a context, with programs and buffers, for good."""
    context = open_context("offscreen")
    renderer = Renderer(context, quality=Quality(shadow_size=256))
    renderer.compile_programs([1])
    engine, prepared = context.engine, context.gsg.prepared_objects
    left = weakref.ref(context)
    renderer.close()
    context.close()
    del renderer, context
    gc.unfreeze()
    gc.collect()
    engine.render_frame()
    assert left() is None
    assert prepared.get_ref_count() == 1, "the driver's context is still there"
