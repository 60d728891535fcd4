"""Lists of addresses are named, and what fetches them."""

import pytest
from conftest import read_bytes

from analysis.errors import command_line

MEDIA_CLOUD = "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
OLDER = "stories_id,publish_date,title,url,language,ap_syndicated,media_name,media_url\n"
ROW = "1,2031-03-02,en,Tarn Courier,tarn.example,2031-03-01,Mill,https://tarn.example/1\n"
SITEMAP = "<?xml version='1.0'?><urlset xmlns='x'><url><loc>https://a.example</loc></url></urlset>"


@pytest.mark.parametrize(
    "text",
    [
        MEDIA_CLOUD + ROW,
        OLDER + ROW,
        (MEDIA_CLOUD + ROW).replace(",", ";"),
        "URL,MobileURL,SeenDate,Domain,Title\nhttps://tarn.example/1,,20310301,tarn.example,Mill\n",
        "GKGRECORDID,DATE,SourceCommonName,DocumentIdentifier\n1,20310301,tarn.example,https://x\n",
        "1234567890\t20310301\t203103\t2031\t2031.1589\tGOV\n",
        "url,outlet,date,topic\nhttps://tarn.example/1,Tarn Courier,2031-03-01,mill\n",
        "# ours\nhttps://tarn.example/1\n\nhttps://tarn.example/2\n",
        "<rss version='2.0'><channel><item><link>https://tarn.example/1</link></item></channel></rss>",
        SITEMAP,
    ],
)
def test_a_list_of_addresses_is_told(text):
    name = "list.csv" if "," in text or ";" in text else "list.txt"
    problem = read_bytes(text, name)[-1]
    assert "a list of addresses without texts. Fetch them first: collect('list." in str(problem)
    with command_line():
        problem = read_bytes(text, name)[-1]
    assert "Fetch them first: compare-coverage collect list." in str(problem)


def test_with_a_text_it_is_a_table():
    table = f"{MEDIA_CLOUD.strip()},text\n{ROW.strip()},A mill closes in Tarn this autumn.\n"
    drafts = [d for d in read_bytes(table, "list.csv") if hasattr(d, "fields")]
    assert drafts[0].fields["outlet"] == "Tarn Courier"
