"""`broker` in kiosk.yaml: the MQTT broker that a stand tells its state to, and takes commands from."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vrclient.kiosk.page_settings import File, Port
from vrclient.showcase.models import Model

TopicPart = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", max_length=100)]


class BrokerSettings(Model):
    """A broker. Without `host` there is none, and everything else works."""

    host: Annotated[str, Field(min_length=1, max_length=253)] | None = Field(
        None, description="The broker's name or address.", examples=["broker.lan"]
    )
    port: Port | None = Field(None, description="Its port; default: 8883 with TLS, else 1883.")
    tls: bool = Field(False, description="Speak TLS with it.")
    authority: File | None = Field(
        None, description="TLS: the certificate (PEM) of who vouches for the broker; default: this computer's list."
    )
    certificate: File | None = Field(None, description="TLS: this stand's own certificate (PEM), if the broker wants one.")
    key: File | None = Field(None, description="TLS: that certificate's key (PEM).")
    user: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(None, description="The name it logs in with.")
    password_file: File | None = Field(None, description="A file whose first line is the password; nobody else may read it.")
    topic: TopicPart = Field("vrclient", description="What all topics begin with.")
    commands: Literal["none", "attendant", "technician"] = Field(
        "attendant", description="Whose commands are taken from the broker: nobody's, an attendant's, or a technician's, too."
    )
    home_assistant: bool = Field(True, description="Announce the stand to Home Assistant.")
    home_assistant_topic: TopicPart = Field("homeassistant", description="What Home Assistant's discovery topics begin with.")

    @property
    def port_used(self) -> int:
        """The port, with its default."""
        return self.port or (8883 if self.tls else 1883)

    @model_validator(mode="after")
    def _is_whole(self) -> "BrokerSettings":
        if (self.certificate is None) != (self.key is None):
            raise ValueError("'certificate' and 'key' belong together; write both or none")
        if (self.certificate or self.authority) and not self.tls:
            raise ValueError("a certificate is for TLS; write tls: true")
        if self.password_file and not self.user:
            raise ValueError("a password needs a 'user'")
        return self
