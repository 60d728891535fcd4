"""A short run of damaged files; the long one is ``python -m tests.fuzz``."""

from fuzz.harness import case, describing, read_about, run, seeds


def test_every_seed_is_read():
    from conftest import read_bytes

    for name, data in seeds().items():
        found = read_bytes(data, name)
        assert name == "cloud.csv" or any(hasattr(f, "fields") for f in found), name


def test_every_describing_file_is_read(tmp_path):
    for name, data in describing().items():
        read_about(data, name, tmp_path)


def test_a_case_can_be_made_again():
    made = seeds()
    assert case(7, 3, made) == case(7, 3, made) != case(8, 3, made)


def test_damaged_files_are_read_or_refused():
    out = run(cases=300, seed=1)
    assert out.cases == 300
    assert out.wrong == []
    assert out.read > 20
    assert out.refused > 100
