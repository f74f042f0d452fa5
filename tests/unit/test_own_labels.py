"""The words of a shop's own events are understood wherever a condition may stand: in segments, checks and rules."""

import pytest

from cli.__main__ import main
from tests.console import ANN, BOB, DAY, HOUR, event
from tests.served import served

JOINED = """id: joined
name: Joined a webinar
any of: [Webinar Joined, Webinar Watched]
label: {past: joined a webinar, negative: did not join a webinar}
"""
GUESTS = "id: guests\nwhen: joined a webinar in the last 30 days\n"
ENGAGED = "id: engaged\nrules:\n  - +10 when joined a webinar in the last 30 days\n  - +1 per joined within 7 days\n"
NOTE = (
    "id: note\nname: Note\nkind: transactional\nsubject: Hi\npreheader: Hi\n"
    "body: <mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section>\n"
)
FOLLOW = (
    "id: follow\nname: Follow\nstart: {event: joined}\nsteps:\n  - wait: 1 hour\n"
    "  - check: did not join a webinar in the last 10 minutes\n  - send: note\n"
)
FILES = {"events/joined": JOINED, "segments/guests": GUESTS, "scores/engaged": ENGAGED, "flows/follow": FOLLOW}
SAID = {"op": "did", "events": [{"named": "joined"}], "within": "30 days"}


def joined(who, ago):
    return event("Webinar Joined", who, ago)


def write(folder, files):
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_segment_a_rule_and_a_check_read_the_label_when_they_are_saved(world):
    world.save(JOINED, "events")
    world.save(NOTE, "templates")
    for address in ("segments/guests", "scores/engaged", "flows/follow"):
        world.save(FILES[address], address.partition("/")[0])
    stored = {each.id: each.body for each in world.ports.definitions.current()}
    assert SAID == stored["guests"]["when"]
    assert {"points": 10, "when": SAID} == stored["engaged"]["rules"][0]
    assert {"op": "not", "of": {**SAID, "within": "10 minutes"}} == stored["follow"]["steps"][1]["when"]


def test_a_label_is_read_in_whatever_order_definitions_come_together(world):
    whole = [{"kind": "templates", "id": "note", "text": NOTE}]
    whole += [dict(zip(("kind", "id"), name.split("/"), strict=True), text=text) for name, text in FILES.items()]
    assert 5 == len(world.ask("POST", "/api/definitions", {"definitions": whole[::-1]})["definitions"])


def test_a_preview_and_an_impact_count_who_did_what_the_label_says(world):
    world.save(JOINED, "events")
    world.tell(joined(ANN, 2 * DAY), joined(BOB, 40 * DAY))
    found = world.ask("POST", "/api/preview", {"when": "joined a webinar in the last 30 days"})
    assert (1, "joined a webinar in the last 30 days") == (found["count"], found["sentence"])
    told = world.ask("POST", "/api/segments/guests/impact", GUESTS, content="application/yaml")
    assert (1, 0) == (told["enter"], told["leave"])


def test_the_label_of_a_rule_and_of_a_check_is_what_people_read_again(world):
    world.save(JOINED, "events")
    world.save(ENGAGED, "scores")
    world.tell(joined(ANN, HOUR))
    shown = world.ask("GET", "/api/definitions/scores/engaged")
    assert "joined a webinar in the last 30 days" in str(shown)


def test_what_a_shop_does_not_call_so_is_refused_in_rules_and_checks(world):
    world.save(NOTE, "templates")
    for kind, text in (("scores", ENGAGED.replace("  - +1 per joined within 7 days\n", "")), ("flows", FOLLOW)):
        assert world.save(text, kind, status=422)["faults"]


def test_the_command_line_checks_a_folder_with_the_labels_in_it(tmp_path, capsys):
    folder = write(tmp_path, {**FILES, "templates/note": NOTE})
    assert 0 == main(["check", str(folder)])
    assert "5 right" in capsys.readouterr().out
    assert 0 == main(["check", str(folder / "flows/follow.yaml")])


def test_the_command_line_counts_with_the_labels_beside_a_file(tmp_path, capsys):
    pytest.importorskip("polars", reason="requirements-batch.txt is not installed")
    folder = write(tmp_path, {name: FILES[name] for name in ("events/joined", "segments/guests", "scores/engaged")})
    (folder / "log.csv").write_text("person,time,name\nann,2026-11-10T10:00:00,Webinar Joined\n")
    told = ["--events", str(folder / "log.csv"), "--at", "2026-11-12T00:00:00Z"]
    assert 0 == main(["count", str(folder / "segments/guests.yaml"), *told])
    assert "1  guests" in capsys.readouterr().out
    (folder / "log.csv").rename(tmp_path.parent / "log.csv")
    assert 0 == main(["count", str(folder), "--events", str(tmp_path.parent / "log.csv"), *told[2:]])


def test_push_publishes_a_file_whose_label_is_current(world, tmp_path, monkeypatch):
    with served(world, shopify="hush") as url:
        monkeypatch.setenv("SEGUE_URL", url)
        monkeypatch.setenv("SEGUE_TOKEN", world.token)
        folder = write(tmp_path, FILES)
        assert 0 == main(["push", str(folder / "events/joined.yaml"), "--yes"])
        assert 0 == main(["push", str(folder / "scores/engaged.yaml"), "--yes"])


def test_a_label_that_a_text_uses_is_neither_changed_nor_withdrawn_without_it(world):
    alone = JOINED.replace("[Webinar Joined, Webinar Watched]", "[Webinar Joined]")
    world.save(alone, "events")
    world.save(GUESTS)
    other = alone.replace("joined a webinar", "saw a webinar")
    (fault,) = world.save(other, "events", status=422)["faults"]
    assert "'guests', whose text says “joined a webinar”" in fault["message"] and 4 == fault["line"]
    (refused,) = world.ask("DELETE", "/api/definitions/events/joined", status=409)["referrers"]
    assert ("segments", "guests", 2, 7) == tuple(refused[key] for key in ("kind", "id", "line", "column"))
    together = [
        {"kind": "events", "id": "joined", "text": other},
        {"kind": "segments", "id": "guests", "text": GUESTS.replace("joined", "saw")},
    ]
    assert 2 == len(world.ask("POST", "/api/definitions", {"definitions": together})["definitions"])
    assert "saw a webinar" in world.ask("GET", "/api/definitions/segments/guests")["sentence"]


def test_a_label_takes_no_word_that_a_text_uses_in_its_shipped_meaning(world):
    world.save("id: buyers\nwhen: ordered in the last 30 days\n")
    label = "label: {past: ordered, negative: ordered nothing}"
    taking = f"id: order\nany of: [Order Completed, Store Purchase]\n{label}\n"
    (fault,) = world.save(taking, "events", status=422)["faults"]
    assert "'buyers', whose text says “ordered”" in fault["message"]
    world.save('id: buyers\nwhen: did "Order Completed" within 30 days\n')
    world.save(taking, "events")


def test_explain_tells_the_rules_of_a_score_in_the_words_of_the_shop(world):
    world.save(JOINED, "events")
    world.save(ENGAGED, "scores")
    world.save("id: hot\nwhen: score engaged >= 5\n")
    world.tell(joined(ANN, HOUR))
    (who,) = world.members("hot")
    tree = world.ask("GET", f"/api/profiles/{who}/explain/hot")["tree"]
    assert "+10 points for people who joined a webinar in the last 30 days" == tree["facts"]["rules"][0]["sentence"]
