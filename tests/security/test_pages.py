"""Lambda hands over at most 6 MB: what is longer comes in pages, without a loss."""

import json
from urllib.parse import quote


def test_an_export_of_more_than_lambda_hands_over_comes_in_pages(bare):
    for start in range(0, 240, 12):
        events = [
            {
                "type": "track",
                "userId": "u1",
                "event": "Note Written",
                "messageId": f"m{number}",
                "timestamp": "2026-01-01T00:00:00Z",
                "properties": {"number": number, "text": '"' * 15_000},
            }
            for number in range(start, start + 12)
        ]
        assert 200 == bare.segment("batch", {"batch": events}).status
    person = bare.profile("user_id:u1")
    assert person
    path, place, numbers = f"profiles/{person['id']}/events", "", list[int]()
    while True:
        answer = bare.api("GET", f"{path}?limit=1000{place}")
        # Lambda's answer is JSON that carries the body as a text.
        assert len(json.dumps(answer.body.decode()).encode()) < 6_000_000
        page = json.loads(answer.body)
        assert 240 == page["count"]
        numbers += [event["properties"]["number"] for event in page["events"]]
        if page["next"] is None:
            break
        place = f"&next={quote(page['next'])}"
    assert list(range(240)) == sorted(numbers)
    assert 400 == bare.api("GET", f"{path}?next=elsewhere").status


def test_a_large_request_in_quarantine_is_shown_in_parts(bare):
    body = json.dumps({"no": "order", "note": '"' * 1_200_000}).encode()
    assert 200 == bare.webhook("orders/create", body).status
    [entry] = json.loads(bare.api("GET", "quarantine").body)["items"]
    path, place, parts = f"quarantine/shopify/{entry['id']}", "", list[str]()
    while True:
        answer = bare.api("GET", f"{path}{place}")
        assert len(json.dumps(answer.body.decode()).encode()) < 6_000_000
        part = json.loads(answer.body)
        assert len(body) == part["bytes"]
        parts.append(part["body"])
        if part["next"] is None:
            break
        place = f"?next={part['next']}"
    assert body == "".join(parts).encode()
    assert len(parts) > 1
    assert 400 == bare.api("GET", f"{path}?next=x").status


def test_lists_of_definitions_come_in_pages_without_a_loss(bare):
    for number in range(12):
        text = json.dumps({"name": "x", "when": " or ".join(f'did "A {number} {each}"' for each in range(3))})
        assert 200 == bare.publish("segments", f"s-{number:02}", text).status
    for path, name in (("definitions/segments", "definitions"), ("segments", "segments")):
        whole = json.loads(bare.api("GET", path).body)
        assert whole["next"] is None
        ids = [each["id"] for each in whole[name]]
        after = json.loads(bare.api("GET", f"{path}?next={ids[4]}").body)
        assert ids[5:] == [each["id"] for each in after[name]]
