"""`page` in kiosk.yaml: who reaches the operator's page, and with which PIN."""

from typing import Annotated

from pydantic import Field, model_validator

from vrclient.showcase.models import Model

PIN_HASH = r"^scrypt\$\d{1,2}\$\d{1,2}\$\d{1,2}\$[0-9a-f]{32}\$[0-9a-f]{64}$"
"""scrypt$log2 n$r$p$salt$hash, the last two in hexadecimal."""

PinHash = Annotated[str, Field(pattern=PIN_HASH)]
Port = Annotated[int, Field(ge=1, le=65535)]
File = Annotated[str, Field(min_length=1, max_length=400)]
"""A path, from the folder of this file if it is relative."""


class PageSettings(Model):
    """The operator's page. On a loopback address it is for this computer alone; any other needs a certificate."""

    enabled: bool = Field(False, description="Serve the operator's page.")
    address: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        "127.0.0.1", description="The address it listens on; 0.0.0.0 for every network of this computer.", examples=["0.0.0.0"]
    )
    port: Port = Field(8443, description="Its port.")
    names: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=8)] = Field(
        (), description="Names and addresses that browsers call this computer by, besides `address`.", examples=[["stand-1.lan"]]
    )
    certificate: File | None = Field(None, description="TLS: the certificate (PEM), with the ones above it.")
    key: File | None = Field(None, description="TLS: the certificate's key (PEM).")
    pin_hash: PinHash | None = Field(
        None, description="The attendants' PIN, as `vrclient pin` prints it. Without one nobody is let in."
    )
    technician_pin_hash: PinHash | None = Field(
        None, description="The technicians' PIN. Without one the attendants' PIN may do everything."
    )
    metrics: bool = Field(False, description="Serve Prometheus' metrics under /metrics, without a PIN.")
    hall: bool = Field(False, description="Serve the attendants' page under /hall: all stands that the broker knows.")

    @property
    def loopback(self) -> bool:
        """Whether the address is this computer's alone."""
        return self.address in ("localhost", "::1") or self.address.startswith("127.")

    @model_validator(mode="after")
    def _is_safe(self) -> "PageSettings":
        if (self.certificate is None) != (self.key is None):
            raise ValueError("'certificate' and 'key' belong together; write both or none")
        if self.enabled and not self.loopback and self.certificate is None:
            raise ValueError(
                f"a page for the network ({self.address}) needs 'certificate' and 'key': the PIN must not cross it in the clear; "
                "or write address: 127.0.0.1"
            )
        return self
