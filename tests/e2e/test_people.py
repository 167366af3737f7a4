"""A studio with people: the first admin by the printed code, an invitation, and what a member does and does not see."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests import stage

PASSWORD = "a long enough password"


def test_people_sign_in_and_see_their_projects(
    page: Page, watch: stage.Watch, browser: Browser, own_studio: Callable[..., stage.Studio]
) -> None:
    watch.expect("status of 40[13]")
    page.set_default_timeout(30_000)
    studio = own_studio(STUDIO_AUTH="password", STUDIO_SECRET_KEY="s" * 40, STUDIO_RUNNER_TOKEN="r" * 40)
    studio.start()
    code = re.search(r"with the code (\S+)", studio.said())
    assert code
    page.goto(studio.url)
    expect(page.get_by_role("heading", name="Make the first admin")).to_be_visible(timeout=30_000)
    for label, value in (("Code", "wrong"), ("Name", "Ann"), ("E-mail address", "ann@x.y"), ("Password", PASSWORD)):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Make the admin").click()
    expect(page.get_by_text("This is not the code")).to_be_visible(timeout=30_000)
    page.get_by_label("Code", exact=True).fill(code[1])
    page.get_by_role("button", name="Make the admin").click()
    expect(page.get_by_role("button", name=re.compile("New project|first film|Create")).first).to_be_visible(
        timeout=30_000
    )
    for title in ("The Salt Road", "Night Ferry"):
        made = page.evaluate(
            "(title) => fetch('/api/v1/projects', {method: 'POST', headers: {'content-type': 'application/json'},"
            " body: JSON.stringify({title, quality: 'low'})}).then((answer) => answer.status)",
            title,
        )
        assert made == 201

    page.goto(f"{studio.url}/people")
    page.get_by_role("button", name="Invite", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Maria")
    dialog.get_by_label("E-mail address").fill("maria@x.y")
    dialog.get_by_role("button", name="Make the code").click()
    invited = page.get_by_test_id("invite-code").inner_text(timeout=30_000).strip()
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    tick = page.get_by_label("Maria works on Night Ferry")
    expect(tick).to_be_enabled(timeout=30_000)
    tick.check()

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    other = context.new_page()
    other.goto(f"{studio.url}/sign-in")
    other.get_by_role("button", name="I have a code").click()
    for label, value in (("Code", invited), ("E-mail address", "maria@x.y"), ("Password", PASSWORD)):
        other.get_by_label(label, exact=True).fill(value)
    other.get_by_role("button", name="Keep the password").click()
    expect(other.get_by_role("heading", name="Night Ferry")).to_be_visible(timeout=30_000)
    expect(other.get_by_role("heading", name="The Salt Road")).to_have_count(0)
    other.get_by_role("heading", name="Night Ferry").click()
    expect(other.get_by_test_id("save-state")).to_contain_text("Saved", timeout=30_000)

    tick.uncheck()
    other.goto(studio.url)
    expect(other.get_by_role("heading", name="Night Ferry")).to_have_count(0, timeout=30_000)
    other.get_by_role("button", name="Account").click()
    other.get_by_role("menuitem", name="Sign out", exact=True).click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible(timeout=30_000)
    context.close()
