"""Former names and their days, from lists of two days in the past."""

from __future__ import annotations

import pytest

from training.lexicon_rows import Row
from training.listings import Listing, american, former_names

ID = "SSE:600999"


@pytest.mark.parametrize(
    ("present", "listing", "first_day"),
    [
        ("云杉矿业", Listing("600999", "SH", earlier="蓝鲸材料", later="蓝鲸材料"), "2017-06-17"),
        ("云杉矿业", Listing("600999", "SH", earlier="蓝鲸材料"), "2015-07-03"),
        ("云杉矿业", Listing("600999", "SH", earlier="蓝鲸材料", later="云杉矿业"), "2015-07-03"),
        ("云杉矿业", Listing("600999", "SH", earlier="云杉矿业", later="*ST云矿"), None),
        ("云杉矿业", Listing("600999", "SH", earlier="*ST云矿", later="云杉矿业"), None),
        (
            "云杉矿业",
            Listing("600999", "SH", earlier="蓝鲸材料", later="蓝鲸材料", before=("云杉矿业",)),
            None,
        ),
    ],
)
def test_a_present_name_begins_after_the_last_day_on_which_another_is_known(
    present: str, listing: Listing, first_day: str | None
) -> None:
    _, first_days, _ = former_names([listing], [Row(present, "COMPANY", ID)])
    assert first_days.get(ID) == first_day


@pytest.mark.parametrize(
    "listing",
    [
        Listing("600999", "SH", later="*ST蓝材", before=("蓝鲸材料", "海湾股份")),
        Listing("600999", "SH", earlier="蓝鲸材料", later="*ST蓝材", before=("海湾股份",)),
        Listing("600999", "SH", earlier="蓝鲸材料", later="*ST鲸材", before=("海湾股份",)),
    ],
)
def test_a_name_of_which_a_mark_is_cut_is_still_in_use(listing: Listing) -> None:
    rows, _, _ = former_names([listing], [Row("云杉矿业", "COMPANY", ID)])
    assert {row.name: row.valid_to for row in rows} == {
        listing.later: "",
        "蓝鲸材料": "",
        "海湾股份": "2015-07-02",
    }


def test_an_offering_that_was_called_off_has_no_row() -> None:
    listing = Listing("300361", "SZ", earlier="蓝鲸材料")
    assert former_names([listing], []) == ([], {}, {})


def test_a_listing_is_left_out_for_its_own_code_in_america_alone() -> None:
    codes = {"NSC": "蓝鲸铁路", "ADS": "云杉数据", "XRX": "海湾复印"}
    listings = [Listing(code, "NYSE", later=name) for code, name in codes.items()]
    rows = american(listings, {}, {"CN:NSC", "XETRA:ADS", "NASDAQ:XRX"})
    assert [row.id for row in rows] == ["NYSE:ADS", "NYSE:NSC"]
