"""What several tests of the report share."""

import pytest
from planted import outlet, studied

from analysis.report.study import Study


@pytest.fixture(scope="session")
def planted(tmp_path_factory) -> Study:
    folder = tmp_path_factory.mktemp("planted")
    return studied(outlet("Skerry", 15, 0.06, 1), outlet("Post", 15, 0.01, 2), folder=folder)
