from functions.core.base.identity import profile_id
from functions.core.flows.records import Run
from tests.console import ANN, BIG, BOB, BUYERS, DAY, HOUR, order

FLOW = """
id: hello
name: Hello
start: {segment: buyers}
steps:
  - send: hello
"""
TEMPLATE = """
id: hello
name: Hello
kind: transactional
subject: Hello
preheader: Hello
body: |
  <mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section>
"""


def impact(world, text, **more):
    name = text.strip().split("\n")[0].partition(": ")[2]
    return world.ask("POST", f"/api/segments/{name}/impact", text, content="application/yaml", **more)


def test_an_edit_tells_who_would_enter_and_who_would_leave_and_changes_nothing(world):
    world.save(BUYERS)
    world.tell(order(ANN, HOUR), order(BOB, 20 * DAY))
    told = impact(world, BUYERS.replace("30 days", "7 days"))
    assert (0, 1, 1) == (told["enter"], told["leave"], told["stay"])
    assert [profile_id(BOB)] == told["leaving"]
    assert 2 == len(world.members("buyers"))


def test_a_new_segment_tells_how_many_messages_its_flows_would_send(world):
    world.save(TEMPLATE.strip(), "templates")
    world.save(BUYERS.replace("30 days", "1 day"))
    world.save(FLOW.strip(), "flows")
    world.tell(order(ANN, 2 * DAY), order(BOB, HOUR))
    told = impact(world, BUYERS)
    assert (1, 1, [profile_id(ANN)]) == (told["enter"], told["messages"], told["entering"])
    assert 0 == impact(world, BIG)["messages"]


def test_a_wrong_text_is_refused_as_when_it_is_published(world):
    assert "witin" in impact(world, BUYERS.replace("within", "witin"), status=422)["faults"][0]["message"]


def flow_impact(world, text, **more):
    return world.ask("POST", "/api/flows/later/impact", text, content="application/yaml", **more)


def test_the_impact_of_a_flow_tells_where_its_runs_stand_and_would_go_on(world):
    world.save(BUYERS)
    world.save(TEMPLATE.strip(), "templates")
    world.save(TEMPLATE.strip().replace("id: hello", "id: bye"), "templates")
    later = "id: later\nname: Later\nstart: {event: X}\nsteps:\n  - wait: 1 day\n  - send: hello\n  - send: bye\n"
    assert "No run is under way." == flow_impact(world, later)["text"]
    world.save(later, "flows")
    for person, step in ((ANN, "hello"), (BOB, "hello"), ("email:cy@x.org", "bye")):
        world.ports.runs.start(Run(profile_id(person), "later", "e", 1, 1, step=step, due=10**10, flow_version=1))
    kept = flow_impact(world, later.replace("  - send: hello\n", ""))
    assert (False, 3, ["wait-1", "bye"]) == (kept["move"], kept["under_way"], kept["steps"])
    assert "1 run at step bye of version 1 go on under it." == kept["groups"][0]["text"]
    moved = flow_impact(world, "move: true\n" + later.replace("  - send: bye\n", ""))
    assert [("bye", 1, None), ("hello", 2, "hello")] == [(g["step"], g["runs"], g["then"]) for g in moved["groups"]]
    assert "2 runs at step hello of version 1 would go on at step hello of the new version." in moved["text"]
    assert (
        "sends this template" in flow_impact(world, later.replace("bye", "hello"), status=422)["faults"][0]["message"]
    )
