"""Webhooks: signatures as Standard Webhooks has them, when it is tried again, and which addresses may be called."""

from datetime import UTC, datetime, timedelta

import pytest

from studio_sdk.errors import StudioError
from studio_server.domain.hooks import MOST_TRIES, key_of, next_try, secret_of, signed

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_signature_is_that_of_the_published_example() -> None:
    """The example that the libraries of Standard Webhooks are tested with."""
    at = datetime.fromtimestamp(1614265330, UTC)
    told = signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert told["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert told["webhook-timestamp"] == "1614265330"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(StudioError, match="secret"):
        key_of(secret)
    assert key_of(secret_of(b"x" * 32)) == b"x" * 32


def test_tries_are_bounded_and_come_further_and_further_apart() -> None:
    tries = [next_try(tries, NOW) for tries in range(1, MOST_TRIES + 1)]
    assert tries[-1] is None
    pauses = [at - NOW for at in tries if at]
    assert pauses == sorted(pauses)
    assert timedelta(hours=12) < sum(pauses, timedelta()) < timedelta(days=2)
