"""What is asked of the Cargo project around documents."""

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class CargoChoice:
    """Which packages are taken, with which features: Cargo's own options, with its meaning."""

    is_off: bool = False
    """No project is looked for."""
    manifest: str | None = None
    """The project's folder or Cargo.toml; None takes the nearest one upwards."""
    packages: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    all_features: bool = False
    no_default_features: bool = False
    is_locked: bool = False

    def over(self, other: "CargoChoice") -> "CargoChoice":
        """This, and where it says nothing, the other."""
        return CargoChoice(
            is_off=self.is_off or (other.is_off and self.manifest is None),
            manifest=self.manifest or other.manifest,
            packages=self.packages or other.packages,
            features=self.features or other.features,
            all_features=self.all_features or other.all_features,
            no_default_features=self.no_default_features or other.no_default_features,
            is_locked=self.is_locked or other.is_locked,
        )
