from functions.core.identity import profile_id
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
