"""Lists of addresses are named, and what fetches them."""

import pytest
from conftest import read_bytes

MEDIA_CLOUD = "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
OLDER = "stories_id,publish_date,title,url,language,ap_syndicated,media_name,media_url\n"
GDELT = "URL,MobileURL,SeenDate,Domain,Title\n"
EVENTS = "1234567890\t20310301\t203103\t2031\t2031.1589\tGOV\n"


@pytest.mark.parametrize(
    ("head", "whose"),
    [
        (MEDIA_CLOUD, "Media Cloud"),
        (OLDER, "Media Cloud"),
        (MEDIA_CLOUD.replace(",", ";"), "Media Cloud"),
        (GDELT, "GDELT"),
        ("GKGRECORDID,DATE,SourceCommonName,DocumentIdentifier\n", "GDELT"),
        (EVENTS, "GDELT"),
    ],
)
def test_a_list_of_addresses_is_told(head, whose):
    (problem,) = read_bytes(head + "1,2\n", "list.csv")
    assert f"a list of addresses by {whose}, without texts. Fetch them first:" in str(problem)
    assert "collect list.csv" in str(problem)


def test_with_a_text_it_is_a_table():
    row = "1,2031-03-02,en,Tarn Courier,tarn.example,2031-03-01,Mill,https://tarn.example/1,{}\n"
    table = MEDIA_CLOUD.strip() + ",text\n" + row.format("A mill closes in Tarn this autumn.")
    drafts = [d for d in read_bytes(table, "list.csv") if hasattr(d, "fields")]
    assert drafts[0].fields["outlet"] == "Tarn Courier"
