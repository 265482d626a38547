"""A glob import that fails makes the compiler silent about names that other units lack."""

import pytest

from tests.command_line import Page
from tests.packing.compared import differences

pytestmark = pytest.mark.compiler


def test_a_failing_glob_import_hides_no_error_of_another_unit(tmp_path):
    page = Page()
    page.add("import and path", "use nowhere::Thing;\n\nlet _ = (Thing::new(), elsewhere::THING);")
    page.add("type and name", 'let a: u8 = "";\nundefined();\nlet b: Missing;')
    page.add("glob", "use elsewhere::*;\n\nthing();")
    page.add("borrow", "let s = String::new();\ndrop(s);\ndrop(s);")
    page.write(tmp_path)
    compared, found = differences([tmp_path], edition="2021", cache=tmp_path / "cache")
    assert found == []
    assert compared == 4
