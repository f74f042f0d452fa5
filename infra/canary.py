"""A new version of each function takes a tenth of the calls first, and all of them if nothing rings meanwhile."""

from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from constructs import Construct

from functions.topology_rows import Http
from infra.alarms import Alarms
from infra.configuration import CANARIES
from infra.function import Function


class Canary(Construct):
    """A deployment group of CodeDeploy for each function's alias.

    CodeDeploy moves the alias, and moves it back if an alarm of the function rings meanwhile; CloudFormation then rolls
    the deployment back as a whole. The first deployment has no version to move from, and is not held up.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, way: str, functions: list[Function], alarms: Alarms
    ) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(self, "role", assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"))
        application = codedeploy.LambdaApplication(self, "application")
        config = getattr(codedeploy.LambdaDeploymentConfig, CANARIES[way])
        for function in functions:
            codedeploy.LambdaDeploymentGroup(
                self,
                function.row.name,
                application=application,
                alias=function.alias,
                alarms=[alarms.by_name[name] for name in _watched(function)],
                auto_rollback=codedeploy.AutoRollbackConfig(deployment_in_alarm=True),
                deployment_config=config,
                role=self.role,
            )


def _watched(function: Function) -> list[str]:
    """The alarms that tell of a bad version. Not those of queues and streams, which also tell of too many events."""
    answers = any(isinstance(trigger, Http) for trigger in function.row.triggers)
    return [f"{function.row.name}-errors", *(["api-5xx"] if answers else [])]
