"""Jobs: what is asked about more people than a request may evaluate."""

from time import sleep

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.jobs import ExportPage, ExportQuery, Job, JobQuery, Jobs, JobsQuery, ListedJob
from functions.handlers.operation import operation
from functions.handlers.routes.parameters import JobId

router = APIGatewayHttpRouter()


@operation(router, "GET /api/jobs", (400,))
def list_jobs(call: Call, query: JobsQuery) -> Jobs:
    """The open jobs, and the latest that have ended, newest first."""
    from functions.usecases.show_job import listing

    return Jobs.model_validate(listing(call.context, query.limit))


@operation(router, "GET /api/jobs/<id>", (400, 404))
def show_job(call: Call, id: JobId, query: JobQuery) -> Job:
    """A job, how far it is, and its result once it is done.

    With `wait` the answer comes when the job has ended, or so many seconds later.
    """
    from functions.usecases.show_job import show

    return Job.model_validate(show(call.context, id, query.wait, sleep))


@operation(router, "GET /api/jobs/<id>/export", (400, 404), needs="publish")
def read_export(call: Call, id: JobId, query: ExportQuery) -> ExportPage:
    """A page of the rows of an export that is done.

    Who is in it was found by the job; what is said of them is that of now. Whoever was erased since is left out.
    """
    from functions.usecases.export import page

    return ExportPage.model_validate(page(call.context, id, query.next, query.limit))


@operation(router, "POST /api/jobs/<id>/retry", (400, 404, 429))
def retry_job(call: Call, id: JobId) -> ListedJob:
    """Take a failed job up again where it was.

    It answers for the instant and the definitions it was asked for.
    """
    from functions.usecases.jobs import retry
    from functions.usecases.show_job import view

    return ListedJob.model_validate(view(call.context, retry(call.context, id)))


@operation(router, "DELETE /api/jobs/<id>", (400, 404))
def cancel_job(call: Call, id: JobId) -> ListedJob:
    """End a job without a result; one that has ended stays as it is."""
    from functions.usecases.jobs import cancel
    from functions.usecases.show_job import view

    return ListedJob.model_validate(view(call.context, cancel(call.context, id)))
