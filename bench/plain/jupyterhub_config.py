"""JupyterHub with DockerSpawner as its documentation sets them up, and nothing more."""

import os

c = get_config()  # noqa: F821  (JupyterHub provides it)
gateway = os.environ["GATEWAY"]
c.JupyterHub.bind_url = f"http://127.0.0.1:{os.environ['PROXY_PORT']}"
c.JupyterHub.hub_bind_url = f"http://{gateway}:{os.environ['HUB_PORT']}"
c.JupyterHub.db_url = "sqlite:////tmp/plain.sqlite"
c.JupyterHub.cookie_secret_file = "/tmp/plain_cookie_secret"  # noqa: S105, S108
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['PROXY_API_PORT']}"
c.ConfigurableHTTPProxy.should_start = False
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "plain"  # noqa: S105
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner"
c.DockerSpawner.image = os.environ["IMAGE"]
c.DockerSpawner.network_name = os.environ["NETWORK"]
c.DockerSpawner.prefix = os.environ["PROJECT"]
c.DockerSpawner.name_template = "{prefix}-{raw_username}"  # a name that the measures can find
c.DockerSpawner.remove = True
c.DockerSpawner.volumes = {os.environ["PROJECT"] + "-home-{username}": "/home/participant"}
c.DockerSpawner.extra_create_kwargs = {"labels": {"africa.airina.project": os.environ["PROJECT"]}}
c.Spawner.default_url = "/lab"
