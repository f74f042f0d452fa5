"""The secrets of the topology."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from functions.topology import SECRETS, Secret


class Vault(Construct):
    """Every secret, generated in the account at deploy: no value passes through the template or this machine.

    Secrets that a shop brings begin with a generated value too, so that nothing can be signed with an empty one.
    """

    def __init__(self, scope: Construct, construct_id: str, *, protect: bool) -> None:
        super().__init__(scope, construct_id)
        self._removal = RemovalPolicy.RETAIN if protect else RemovalPolicy.DESTROY
        self.by_name = {row.name: self._secret(row) for row in SECRETS}

    def _secret(self, row: Secret) -> secretsmanager.ISecret:
        resource = secretsmanager.CfnSecret(
            self,
            row.name,
            description=f"Segue: {row.purpose}",
            # Write keys stand in URLs and configuration files, so letters and digits only.
            generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
                password_length=48, exclude_punctuation=True
            ),
        )
        resource.apply_removal_policy(self._removal)
        # Its Id is its ARN, as its Ref is; but MiniStack, which the template is tested on, gives a name for the Ref.
        return secretsmanager.Secret.from_secret_complete_arn(self, f"{row.name}-secret", resource.attr_id)
