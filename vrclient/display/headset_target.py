"""What a headset's frames are drawn into, and how long the graphics card takes for them; both outlive its sessions."""

from vrclient.renderer.context import GraphicsContext
from vrclient.renderer.gpu_clock import GpuClock
from vrclient.renderer.targets import RenderTarget


class HeadsetTarget:
    """One buffer for all eyes, kept from session to session. `begin` and `end` around the drawing."""

    def __init__(self, context: GraphicsContext, /, *, samples: int) -> None:
        self._context, self._samples = context, samples
        self._gpu = GpuClock(context)
        self._target: RenderTarget | None = None

    def of_size(self, size: tuple[int, int], /) -> RenderTarget:
        """The buffer with so many pixels; one of another size goes."""
        if self._target is None or self._target.size != size:
            if self._target is not None:
                self._target.close()
            self._target = RenderTarget(self._context, size, samples=self._samples, fixed=True, depth=True)
            self._context.make_current()
        return self._target

    def set_samples(self, samples: int, /) -> None:
        """Another number of samples a pixel; before anything is drawn."""
        self._samples = samples
        if self._target is not None:
            self._target.set_samples(samples)

    def begin(self) -> None:
        """A frame is drawn from now on."""
        self._gpu.begin()

    def end(self) -> None:
        """It is drawn, if it was begun."""
        self._gpu.end()

    def latest_seconds(self) -> float | None:
        """Of the graphics card, for the newest frame that has come in since the last call; None where none has."""
        return self._gpu.latest()

    def close(self) -> None:
        """Gives it back."""
        self._gpu.close()
        if self._target is not None:
            self._target.close()
