"""The rights of containers in which somebody's code runs."""

from hub import confinement
from hub.settings import Limits


def test_memory_is_a_number_of_bytes_and_there_is_no_swap() -> None:
    limits = Limits(memory_gib=1.5, pids=100)
    config = confinement.host_config(limits)
    assert confinement.memory_bytes(limits) == 1_610_612_736
    assert config["memswap_limit"] == 1_610_612_736
    assert config["pids_limit"] == 100


def test_a_container_has_no_rights_that_it_does_not_need() -> None:
    config = confinement.host_config(Limits())
    assert config["cap_drop"] == ["ALL"]
    assert config["security_opt"] == ["no-new-privileges"]
    assert config["read_only"] is True
