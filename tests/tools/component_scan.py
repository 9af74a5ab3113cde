"""Streamlit's AppTest looks through all installed packages for components at the first run of each app."""

import functools

from streamlit.components.v2 import manifest_scanner


def scan_packages_once() -> None:
    """Let it keep in this process what it found: a look takes a third of a second, and packages do not change."""
    manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
