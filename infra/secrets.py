"""The secrets of the topology."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from functions.topology_rows import Secret


class ShopSecrets(Construct):
    """These secrets, generated in the account at deployment: no value is in the template or on this machine.

    Secrets that the shop replaces begin with a generated value too, so that nothing can be signed with an empty one.
    """

    def __init__(self, scope: Construct, construct_id: str, *, rows: tuple[Secret, ...], protect: bool) -> None:
        super().__init__(scope, construct_id)
        self._removal = RemovalPolicy.RETAIN if protect else RemovalPolicy.DESTROY
        self.by_name = {row.name: self._secret(row) for row in rows}

    def _secret(self, row: Secret) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            self,
            row.name,
            description=f"Segue: {row.purpose}",
            # Write keys stand in URLs and configuration files, so letters and digits only.
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=48, exclude_punctuation=True),
            removal_policy=self._removal,
        )
