"""The reference pages say what the code says."""

import pytest

from tests.house.write_docs import FOLDER, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_the_one_the_code_makes(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run make docs"
