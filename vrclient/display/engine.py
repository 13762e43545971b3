"""The displays that the renderer can draw for: the contract (backend.py), with the engine's own context and targets."""

from vrclient.display.backend import Display
from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.targets import RenderTarget

EngineDisplay = Display[GraphicsContext, RenderTarget]
