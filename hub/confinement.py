"""The rights of every container in which somebody's code runs: a person's server, and a gate's."""

from hub.settings import Limits

GIB = 2**30


def memory_bytes(limits: Limits) -> int:
    """Bytes of memory. An integer: DockerSpawner would hand a text like ``2G`` on to the server."""
    return int(limits.memory_gib * GIB)


def host_config(limits: Limits) -> dict[str, object]:
    """Docker's settings for such a container, beyond its memory, its processors and its network."""
    return {
        # Whoever made a container removes it, after reading how it ended.
        "auto_remove": False,
        "memswap_limit": memory_bytes(limits),  # memory and swap together: that is, no swap
        "pids_limit": limits.pids,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        # Its volume and these two are all that can be written to.
        "read_only": True,
        "tmpfs": {"/tmp": "rw,nosuid,nodev,exec,mode=1777,size=512m"},  # noqa: S108 (in the container)
        "shm_size": 256
        * 2**20,  # PyTorch's data loaders pass tensors through it; the default is 64 MB
        "ulimits": [
            {"name": "nofile", "soft": 8192, "hard": 8192},
            {"name": "core", "soft": 0, "hard": 0},  # a crash must not fill the workspace
        ],
        "log_config": {"type": "json-file", "config": {"max-size": "1m", "max-file": "2"}},
    }
