"""Where Debian's packages come from."""

from images.building.rootfs import mirrors

OF_DEBIAN = (
    "Debian\thttp://mirror.example/debian/\nDebian-Security\thttp://mirror.example/security/\n"
)


def test_a_debian_s_own_mirrors_are_used_for_every_suite() -> None:
    assert mirrors("trixie", OF_DEBIAN) == [
        "deb http://mirror.example/debian/ trixie main",
        "deb http://mirror.example/debian/ trixie-updates main",
        "deb http://mirror.example/security/ trixie-security main",
    ]


def test_other_sources_of_the_machine_are_not_taken_for_debian() -> None:
    assert mirrors("trixie", "Google Cloud\thttp://cloud.example/apt/\n" + OF_DEBIAN) == mirrors(
        "trixie", OF_DEBIAN
    )


def test_a_machine_that_is_no_debian_leaves_the_choice_to_mmdebstrap() -> None:
    assert mirrors("bookworm", "Ubuntu\thttp://mirror.example/ubuntu/\n") == []


def test_a_debian_without_security_updates_is_not_copied() -> None:
    assert mirrors("bookworm", OF_DEBIAN.splitlines()[0] + "\n") == []
