"""What can be seen: culling, levels of detail and batches of boxes, in numpy. Knows no engine and draws nothing."""

from vrclient.visibility.index import VisibilityIndex

__all__ = ["VisibilityIndex"]
