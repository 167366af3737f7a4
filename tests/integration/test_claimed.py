"""What a claim says of where pipelines keep things: one place a project, and only to runners that know of it."""

from fastapi.testclient import TestClient

from studio_sdk.wire import Claim
from studio_server.actions import generate
from studio_server.app import create_app
from studio_server.settings import Settings
from tests.integration.studios import shot, stage


def test_a_claim_says_whose_it_is_to_who_asks_and_to_nobody_else(settings: Settings) -> None:
    settings = settings.model_copy(update={"runner_token": type(settings.runner_token)("a runner's token")})
    with stage(settings) as here:
        here.worker()
        films = [here.project("Film"), here.project("Another")]
        tasks = []
        for number in range(2):
            for film in films:
                here.apply(film, shot(f"n_{number}"))
                tasks.append(str(generate.generate(here.studio, film, f"n_{number}").job_id))
        with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
            named = {"Authorization": "Bearer a runner's token"}

            def claim(words: str) -> dict[str, object]:
                url = f"/api/v1/runner/jobs/{tasks[0]}/claim{words}"
                answer = client.post(url, json={"worker_id": "here:cpu"}, headers=named)
                assert answer.status_code == 200, answer.text
                return dict(answer.json())

            told = [Claim.model_validate(claim("?keeps=true")) for _ in range(3)]
            old = claim("")
    projects = [generate.find(here.studio, one.job_id).project_id for one in told]
    whose = {project: one.kept_for for project, one in zip(projects, told, strict=True)}
    assert len(set(projects)) == 2
    assert all(one.kept_for == whose[project] for project, one in zip(projects, told, strict=True))
    assert len(set(whose.values())) == 2
    assert all(project not in word for word in whose.values() for project in films)
    assert "kept_for" not in old
    assert Claim.model_validate(old).kept_for == ""
