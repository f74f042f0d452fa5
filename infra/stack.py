"""The stack, composed of the constructs of this folder."""

from aws_cdk import Annotations, Environment, Stack, Tags
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from functions.topology import FUNCTIONS
from infra import adopted, concurrency, sources
from infra.alarms import Alarms
from infra.api import Api
from infra.canary import Canary
from infra.configuration import StackConfiguration
from infra.dashboard import Dashboard
from infra.function import Function, Shared
from infra.outputs import tell
from infra.resources import Resources
from infra.triggers import Triggers


class Segue(Stack):
    """The CloudFormation stack of one shop."""

    def __init__(self, scope: Construct, *, context: StackConfiguration, code: lambda_.Code) -> None:
        options = context.options
        env = Environment(account=options.account or None, region=options.region or None)
        super().__init__(scope, options.stack_name, env=env, description="Segue: segments and e-mail")
        self.resources = resources = Resources(self, "resources", context=context)
        api = Api(
            self,
            "api",
            requests_per_second=int(options.requests_per_second),
            burst=int(options.burst),
            retention=context.retention,
        )
        settings = {"PUBLIC_URL": api.url} | dict(context.settings)
        settings["CONFIGURATION_SET"] = resources.mail.configuration_set.configuration_set_name
        room = Construct(self, "functions")
        shared = Shared(
            code=code,
            resources=resources,
            settings=settings,
            retention=context.retention,
            snapstart=context.snapstart,
            concurrency=context.concurrency,
        )
        rows = [sources.narrowed(row, context.sources) for row in FUNCTIONS]
        self.functions = functions = [Function(room, row.name, row=row, shared=shared) for row in rows]
        Triggers(self, "triggers", functions=functions, resources=resources, api=api, window=context.fold_window)
        alarms = Alarms(self, "alarms", functions=functions, resources=resources, api=api, address=options.alarm_email)
        self.canary = (
            Canary(self, "canary", way=context.canary, functions=functions, alarms=alarms) if context.canary else None
        )
        dashboard = Dashboard(self, "dashboard", functions=functions, resources=resources, api=api)
        tell(self, context=context, api=api, resources=resources, dashboard=dashboard)
        Tags.of(self).add("application", "segue")
        if warning := concurrency.warning(context.concurrency):
            Annotations.of(self).add_warning_v2("segue:concurrency", warning)
        if warning := adopted.warning(context.adopted, *context.most_units):
            Annotations.of(self).add_warning_v2("segue:bounds", warning)
        if not context.from_address:
            Annotations.of(self).add_warning_v2("segue:from-address", "no from_address: no message can be sent")
