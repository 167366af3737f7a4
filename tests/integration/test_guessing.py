"""Passwords are not guessed, and who guesses keeps nobody out."""

import httpx
import pytest

from studio_server.actions import accounts
from tests.integration.test_access import PASSWORD, House, house  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def nobody_has_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_failures", {})


def test_wrong_passwords_are_all_alike_and_not_for_ever(house: House) -> None:  # noqa: F811
    url = f"{house.url}/api/v1/auth/sign-in"
    said = [
        httpx.post(url, json={"email": email, "password": "wrong wrong wrong"}).json()
        for email in ("otto@film.example", "nobody@film.example")
    ]
    assert [one["error"] for one in said] == ["UNAUTHENTICATED"] * 2
    assert said[0]["message"] == said[1]["message"]
    for _ in range(accounts.TRIES):
        last = httpx.post(url, json={"email": "eve@x.y", "password": "guess guess"})
    assert last.status_code == 401
    last = httpx.post(url, json={"email": "eve@x.y", "password": "guess guess"})
    assert (last.status_code, last.json()["error"]) == (429, "TOO_MANY_TRIES")


def test_strangers_who_guess_do_not_keep_a_person_out(house: House) -> None:  # noqa: F811
    url, right = f"{house.url}/api/v1/auth/sign-in", {"email": "ann@film.example", "password": PASSWORD}
    with httpx.Client(headers={"sec-fetch-site": "same-origin"}) as own:
        assert own.post(url, json=right).status_code == 200  # once, on the machine that Ann works at
        for _ in range(accounts.TRIES):
            httpx.post(url, json={**right, "password": "guess guess guess"})
        assert httpx.post(url, json=right).status_code == 429
        assert own.post(url, json=right).status_code == 200
        kept = {name: value for name, value in own.cookies.items() if "known" in name}
    # What the browser keeps opens nothing, is of no use for another address, and is counted itself.
    with httpx.Client(cookies=kept) as other:
        assert other.get(f"{house.url}/api/v1/auth/me").json()["id"] is None
        for _ in range(accounts.TRIES):
            assert other.post(url, json={**right, "password": "guess guess"}).status_code == 401
        assert other.post(url, json=right).status_code == 429
        for _ in range(accounts.TRIES):
            httpx.post(url, json={"email": "maria@film.example", "password": "guess guess"})
        maria = {"email": "maria@film.example", "password": PASSWORD}
        assert other.post(url, json=maria).status_code == 429


def test_an_invitation_lets_in_where_somebody_guesses(house: House) -> None:  # noqa: F811
    guest = {"name": "Eva", "email": "eva@film.example", "role": "artist"}
    code = house.ask("Ann", "POST", "/people", json=guest).json()["code"]
    for _ in range(accounts.TRIES + 1):
        httpx.post(f"{house.url}/api/v1/auth/sign-in", json={"email": guest["email"], "password": "guess guess"})
    wish = {"email": guest["email"], "code": code, "password": PASSWORD}
    assert httpx.post(f"{house.url}/api/v1/auth/join", json=wish).status_code == 200
