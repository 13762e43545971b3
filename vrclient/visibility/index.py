"""The facade of visibility: columns of boxes in, the rows that each frame has to draw out. It draws nothing and owns no scene.

    index = VisibilityIndex.build(center, half_extent, mesh, built=built, demolished=demolished, lod_pixels=[200.0, 60.0])
    visible = index.cull(view_set, date=days)
    rows = visible.rows[visible.offsets[m, l] : visible.offsets[m, l] + visible.counts[m, l]]

One index serves one viewer: levels remember what that viewer saw. A shadow pass has an index of its own.
"""

import datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrclient.frame.views import ViewSet
from vrclient.visibility.batches import Batches, VisibleSet
from vrclient.visibility.cells import Cells, build_cells
from vrclient.visibility.culling import FrustumTest, plane_tests, true_indices
from vrclient.visibility.frustum import EYE, frustum_points, merged_planes, pixels_per_slope, world_points
from vrclient.visibility.lod import Levels

FARTHEST = 1e12
"""Metres. Squares of distances of this size still fit in float32."""
FIRST_DAY, LAST_DAY = np.iinfo(np.int32).min, np.iinfo(np.int32).max
REFRESH_BLOCK = 512
"""Cells whose levels and dates are looked at together; bounds what a refresh allocates."""


class VisibilityIndex:
    pass
