"""The limits of the server and how it gathers articles."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tagger.readers import ReadOptions

# What is tagged in one go, for every core: some batches of the encoder, which keep it busy, and no
# more, so that whoever comes next does not wait for long.
ARTICLES_A_CORE = 16
CHARACTERS_A_CORE = 4_096


@dataclass(frozen=True)
class Settings:
    """What a server may be told. Raises ValueError, naming the value, for a bad one.

    Sizes:
        max_body_bytes: the longest body of a request.
        max_characters: the longest article, in code points.
        queue_characters: how much may wait and be tagged at a time; what comes on top is refused.
        batch_articles, batch_characters: the most that is tagged in one go; as it stands for two
            cores.

    Times in seconds:
        gather_seconds: how long an idle server waits for company for a first article.
        timeout_seconds: when an article's tagging must have begun.
        body_seconds: when a request's body must have arrived.
        grace_seconds: how long a server that is told to end goes on with what waits.

    ``cors_origins`` are the web sites whose pages may call the server, and ``timezone`` is an IANA
    name given to times that are written without a zone.
    """

    max_body_bytes: int = 8_000_000
    max_characters: int = 100_000
    queue_characters: int = 200_000
    batch_articles: int = 2 * ARTICLES_A_CORE
    batch_characters: int = 2 * CHARACTERS_A_CORE
    gather_seconds: float = 0.005
    timeout_seconds: float = 60.0
    body_seconds: float = 30.0
    grace_seconds: float = 25.0
    cors_origins: tuple[str, ...] = ()
    timezone: str | None = None

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if name.endswith(("_bytes", "_characters", "_articles")) and value < 1:
                raise ValueError(f"{name}={value} must be at least 1")
            if name.endswith("_seconds") and not value >= 0:
                raise ValueError(f"{name}={value} must not be negative")
        if self.max_characters > self.queue_characters:
            raise ValueError(
                f"max_characters={self.max_characters} is more than "
                f"queue_characters={self.queue_characters}, so that such an article could never "
                "be taken"
            )
        for origin in self.cors_origins:
            if origin != "*" and not origin.startswith(("http://", "https://")):
                raise ValueError(f"{origin!r} is no origin such as https://news.example.com")
        ReadOptions(timezone=self.timezone)  # checks the name
