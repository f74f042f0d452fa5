"""What makes the requests that destinations ask for."""

from functions.core.base.errors import SegueError
from functions.core.deliveries.records import ReceiverAnswer, Request


class FakeSender:
    """Requests with their destinations, oldest first; ``answers`` are given in turn, then everything is taken."""

    def __init__(self, *answers: ReceiverAnswer | SegueError) -> None:
        self.sent: list[tuple[str, Request]] = []
        self.answers = list(answers)

    def send(self, destination: str, request: Request) -> ReceiverAnswer:
        self.sent.append((destination, request))
        answer = self.answers.pop(0) if self.answers else ReceiverAnswer()
        if isinstance(answer, SegueError):
            raise answer
        return answer
