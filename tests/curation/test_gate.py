"""The reload gate."""

from gates import gate

from interceptor.curation import queries
from interceptor.curation.gate import check
from interceptor.decision import Interceptor
from interceptor.termlists.model import Entry

SAMPLE = [f"purple garden lantern {number}" for number in range(10)] + [
    f"bench {number}" for number in range(90)
]

CAREFUL = gate(Entry("a", ("violet lantern",)))
TENTH = gate(Entry("a", ("lantern",)))
MOST = gate(Entry("a", ("bench",)))


def test_a_list_that_leaves_ordinary_searches_alone_is_taken() -> None:
    verdict = check(None, CAREFUL, SAMPLE, 0.0)
    assert verdict.accepted
    assert (verdict.queries, verdict.acted_on, verdict.before) == (100, 0, None)


def test_a_list_is_refused_above_the_share_and_taken_at_it() -> None:
    assert check(CAREFUL, TENTH, SAMPLE, 0.1).accepted
    refused = check(CAREFUL, TENTH, SAMPLE, 0.09)
    assert not refused.accepted
    assert str(refused) == (
        "acts on 10 of 100 ordinary searches; 9 are allowed, and the list in force acts on 0"
    )


def test_a_list_that_is_no_worse_than_the_one_in_force_is_taken() -> None:
    assert check(MOST, TENTH, SAMPLE, 0.01).accepted
    assert check(TENTH, TENTH, SAMPLE, 0.01).accepted
    assert not check(TENTH, MOST, SAMPLE, 0.01).accepted


def test_the_first_list_has_nothing_to_be_compared_with() -> None:
    assert not check(None, MOST, SAMPLE, 0.01).accepted


def test_a_verdict_says_nothing_of_searches() -> None:
    assert "bench" not in repr(check(None, MOST, SAMPLE, 0.01))


def test_the_shipped_lists_act_on_none_of_the_built_in_searches() -> None:
    sample = [query.text for query in queries.benign()]
    assert check(None, Interceptor.load(), sample, 0.0).acted_on == 0
