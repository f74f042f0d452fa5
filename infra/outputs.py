"""The outputs of the stack, for the next steps after a deployment."""

from aws_cdk import CfnOutput, Stack

from functions.core.base import formats
from functions.topology import DECLARED
from infra.api import Api
from infra.configuration import StackConfiguration
from infra.dashboard import Dashboard
from infra.resources import Resources


def tell(stack: Stack, *, context: StackConfiguration, api: Api, resources: Resources, dashboard: Dashboard) -> None:
    """Write the outputs of the stack; none of them is secret."""
    outputs = {"ApiUrl": api.url, "DashboardUrl": _dashboard_url(stack, dashboard)}
    outputs |= {f"{name.title()}WebhookUrl": f"{api.url}/hooks/{_path(name)}" for name in context.sources}
    outputs |= {f"{_title(name)}Secret": secret.secret_arn for name, secret in resources.secrets.by_name.items()}
    outputs |= {f"{_title(name)}Bus": bus.event_bus_name for name, bus in resources.buses.items()}
    outputs["ApiToken"] = f"segue token --secret {resources.secrets.by_name['signing-key'].secret_arn}"
    outputs |= {f"DnsRecord{number}": record for number, record in enumerate(resources.mail.dkim_records(), 1)}
    outputs["Mail"] = _mail(context)
    # What `segue release` asks before another release is deployed.
    outputs |= {"FormatsTable": resources.tables.by_name["formats"].table_name, "FormatsRead": str(formats.READ)}
    for name, value in outputs.items():
        CfnOutput(stack, name, value=value)


def _mail(context: StackConfiguration) -> str:
    if not context.identity:
        return "nothing is sent: deploy again with -c from_address=hello@your.shop"
    if not context.manage_identity:
        return f"sent from {context.from_address}, under the identity {context.identity} of this account"
    if "@" in context.identity:
        return f"follow the link that SES has written to {context.identity}"
    return f"add the DNS records above to {context.identity}, and ask SES for production access"


def _dashboard_url(stack: Stack, dashboard: Dashboard) -> str:
    name = dashboard.dashboard.dashboard_name
    return f"https://{stack.region}.console.aws.amazon.com/cloudwatch/home?region={stack.region}#dashboards:name={name}"


def _path(name: str) -> str:
    """The last part of a webhook's address; each declared source has its own."""
    return "<source>" if name == DECLARED else name


def _title(name: str) -> str:
    return "".join(part.title() for part in name.split("-"))
