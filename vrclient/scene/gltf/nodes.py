"""The tree of nodes: where each stands, copies by EXT_mesh_gpu_instancing, and skins at rest.

Matrices are [4, 4] float64 on column vectors, in glTF's own frame: right-handed, Y up, +Z forward, metres."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vrclient.geometry.frames import Matrix
from vrclient.scene.gltf import schema
from vrclient.scene.gltf.drawn import PLACING
from vrclient.scene.gltf.primitives import Triangles
from vrclient.scene.gltf.problems import UnreadableError
from vrclient.scene.gltf.resources import Resources

MAX_COPIES = 100_000
"""Of all meshes of a file together."""

MAX_JOINTS = 200_000
"""Of all skins of a file together."""

SCATTER = "leave the copies out and let the showcase repeat the model: `placements`, or the kind `scatter`"


def local_matrices(nodes: Sequence[schema.Node], /) -> Matrix:
    """[N, 4, 4] `parent_from_node`."""
    matrices = trs_matrices(
        np.array([node.translation or (0.0, 0.0, 0.0) for node in nodes]).reshape(-1, 3),
        np.array([node.rotation or (0.0, 0.0, 0.0, 1.0) for node in nodes]).reshape(-1, 4),
        np.array([node.scale or (1.0, 1.0, 1.0) for node in nodes]).reshape(-1, 3),
    )
    for k, node in enumerate(nodes):
        if node.matrix is not None:
            matrices[k] = np.reshape(node.matrix, (4, 4)).T
    return matrices


def trs_matrices(translation: NDArray[np.float64], rotation: NDArray[np.float64], scale: NDArray[np.float64], /) -> Matrix:
    """[C, 4, 4] from [C, 3] metres, [C, 4] quaternions (x, y, z, w) and [C, 3] factors."""
    length = np.linalg.norm(rotation, axis=1)
    x, y, z, w = (rotation / np.where(length > 1e-9, length, 1.0)[:, None]).T
    matrix = np.zeros((len(translation), 4, 4))
    matrix[:, 0, :3] = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)], axis=1)
    matrix[:, 1, :3] = np.stack([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)], axis=1)
    matrix[:, 2, :3] = np.stack([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)], axis=1)
    matrix[:, :3, :3] *= scale[:, None, :]
    matrix[:, :3, 3] = translation
    matrix[:, 3, 3] = 1.0
    return matrix


class Nodes:
    """The nodes of a document; those that are drawn are known to be free of wrong references and loops."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._gltf = resources.gltf
        self._world: dict[int, Matrix] = {}
        self._joints: dict[int, Matrix] = {}
        inner = {child for node in self._gltf.nodes for child in node.children or ()}
        local = local_matrices(self._gltf.nodes)
        waiting = [(k, np.eye(4)) for k in range(len(self._gltf.nodes)) if k not in inner]
        while waiting:
            k, parent = waiting.pop()
            if k in self._world:
                continue
            self._world[k] = parent @ local[k]
            children = self._gltf.nodes[k].children or ()
            waiting.extend((child, self._world[k]) for child in children if child < len(self._gltf.nodes))

    def world(self, index: int, /) -> Matrix:
        """`scene_from_node`."""
        return self._world[index]

    def placements(self, index: int, /) -> Matrix:
        """[C, 4, 4]: where the mesh of this node stands, once or as often as EXT_mesh_gpu_instancing says."""
        instancing = self._gltf.nodes[index].extensions.EXT_mesh_gpu_instancing
        if not instancing:
            return self._world[index][None]
        place = f"nodes[{index}]'s EXT_mesh_gpu_instancing"
        columns = {}
        if self.copies(index) > MAX_COPIES:
            raise UnreadableError(
                "gltf-limit", f"{place} makes {self.copies(index):,} copies; at most {MAX_COPIES:,} are drawn", SCATTER
            )
        for name, width in (("TRANSLATION", 3), ("ROTATION", 4), ("SCALE", 3)):
            if name in instancing.attributes:
                values = self._resources.accessor(instancing.attributes[name]).astype(np.float64)
                if values.shape[1] != width or not np.isfinite(values).all():
                    raise UnreadableError("gltf-node", f"{place}.{name} must be VEC{width}")
                columns[name] = values
        counts = {len(values) for values in columns.values()}
        if len(counts) > 1:
            raise UnreadableError("gltf-node", f"{place} must have equally many of each attribute")
        count = counts.pop() if counts else 1
        return self._world[index] @ trs_matrices(
            columns.get("TRANSLATION", np.zeros((count, 3))),
            columns.get("ROTATION", np.tile([0.0, 0.0, 0.0, 1.0], (count, 1))),
            columns.get("SCALE", np.ones((count, 3))),
        )

    def copies(self, index: int, /) -> int:
        """How many copies of its mesh this node asks for; nothing is read for the answer."""
        instancing = self._gltf.nodes[index].extensions.EXT_mesh_gpu_instancing
        named = [instancing.attributes[name] for name in PLACING if name in instancing.attributes] if instancing else []
        return max((self._gltf.accessors[number].count for number in named), default=1)

    def at_rest(self, triangles: Triangles, skin_index: int, /) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(position, normal) in scene coordinates of a skinned mesh whose joints stand as the file left them."""
        skin = self._gltf.skins[skin_index]
        joints, weights = triangles.joints, triangles.weights
        assert joints is not None and weights is not None
        if len(joints) and (int(joints.max()) >= len(skin.joints) or int(joints.min()) < 0):
            raise UnreadableError(
                "gltf-skin", f"a mesh names joint {int(joints.max())} of skins[{skin_index}], which has {len(skin.joints)}"
            )
        joint = self._joint_matrices(skin_index)
        total = weights.sum(axis=1, keepdims=True)
        share = weights / np.where(total > 1e-9, total, 1.0)
        position, normal = np.zeros_like(triangles.position), np.zeros_like(triangles.normal)
        for column in range(joints.shape[1]):
            moved = joint[joints[:, column]]
            position += share[:, column, None] * (np.einsum("nij,nj->ni", moved[:, :3, :3], triangles.position) + moved[:, :3, 3])
            normal += share[:, column, None] * np.einsum("nij,nj->ni", moved[:, :3, :3], triangles.normal)
        length = np.linalg.norm(normal, axis=1, keepdims=True)
        return position, np.where(length > 1e-9, normal / np.maximum(length, 1e-9), triangles.normal)

    def _joint_matrices(self, skin_index: int) -> Matrix:
        """[J, 4, 4]: what each joint of a skin does to a vertex; worked out once."""
        if skin_index in self._joints:
            return self._joints[skin_index]
        skin = self._gltf.skins[skin_index]
        if sum(len(one) for one in self._joints.values()) + len(skin.joints) > MAX_JOINTS:
            raise UnreadableError(
                "gltf-limit", f"its skins have more than {MAX_JOINTS:,} joints", "bake its pose into its meshes"
            )
        inverse_bind = np.tile(np.eye(4), (len(skin.joints), 1, 1))
        if skin.inverseBindMatrices is not None:
            stored = self._resources.accessor(skin.inverseBindMatrices)
            if len(stored) < len(skin.joints) or stored.shape[1] != 16:
                raise UnreadableError(
                    "gltf-skin", f"skins[{skin_index}].inverseBindMatrices must be a MAT4 for each of {len(skin.joints)} joints"
                )
            inverse_bind = stored[: len(skin.joints)].astype(np.float64).reshape(-1, 4, 4).swapaxes(1, 2)
        self._joints[skin_index] = np.stack([self._world[k] for k in skin.joints]) @ inverse_bind
        return self._joints[skin_index]
