"""The store: a database file, its keys, and what an attacker or a power cut must not be able to do."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import NOW
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from planner.store import Changed, Store
from planner.store.crypto import Keyring, Place, Unreadable, new_key_file, read_key_file
from planner.store.engine import make_engine
from planner.store.models import PlanRow
from planner.store.setup import NotReady, init, migrate, ready

TYPED = {"patient.name": ["Maria Alvarez"], "patient.mrn": ["A1234"]}
CASE = {"patient": {"name": "Maria Alvarez"}}
PLAN = {"knowledge": {"version": "2026-11", "hash": "0" * 64}, "summary": {"person": "Maria Alvarez"}}
LISTING = {"person": "Maria Alvarez"}


@pytest.fixture
def engine(instance: Path) -> Iterator[Engine]:
    made = make_engine(ready(instance).database_url)
    yield made
    made.dispose()


@pytest.fixture
def store(instance: Path, engine: Engine) -> Store:
    return Store(engine, ready(instance).keyring)


# --- setting up ----------------------------------------------------------------------------------------------------


def test_keys_and_database_are_for_their_owner_only(instance: Path) -> None:
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    for name in ("secret.key", "encryption.key", "throughline.db"):
        assert stat.S_IMODE((instance / name).stat().st_mode) == 0o600


def test_setting_up_twice_changes_no_key(instance: Path) -> None:
    before = {path.name: path.read_bytes() for path in instance.glob("*.key")}
    init(instance)
    assert {path.name: path.read_bytes() for path in instance.glob("*.key")} == before


def test_two_installations_have_keys_of_their_own(instance: Path, tmp_path: Path) -> None:
    init(tmp_path / "other")
    for name in ("secret.key", "encryption.key"):
        assert (tmp_path / "other" / name).read_bytes() != (instance / name).read_bytes()


@pytest.mark.parametrize("name", ["", "secret.key", "encryption.key", "throughline.db"])
def test_what_others_may_read_is_refused_with_the_remedy(name: str, instance: Path) -> None:
    path = instance / name if name else instance
    path.chmod(0o755 if name == "" else 0o644)
    with pytest.raises(NotReady, match=r"others on this computer may read it\. Run: chmod 0[67]00"):
        ready(instance)
    with pytest.raises(NotReady, match="Run: chmod"):
        init(instance)


def test_a_program_that_is_not_set_up_says_how(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="Run: throughline init"):
        ready(tmp_path / "nowhere")


def test_a_lost_key_is_not_replaced_while_plans_are_sealed_with_it(instance: Path, store: Store) -> None:
    store.new_draft(TYPED, "person", NOW)
    (instance / "encryption.key").unlink()
    with pytest.raises(NotReady, match="Put the key back from your backup"):
        init(instance)
    assert not (instance / "encryption.key").exists()


def test_the_layout_goes_up_down_and_up_again(engine: Engine, store: Store) -> None:
    migrate(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    assert {"drafts", "plans", "documents"} <= set(inspect(engine).get_table_names())
    assert store.draft(store.new_draft(TYPED, "person", NOW))


def test_an_old_layout_is_refused_until_it_is_brought_up_to_date(instance: Path, engine: Engine) -> None:
    migrate(engine, "base")
    with pytest.raises(NotReady, match="Run: throughline init"):
        ready(instance)
    init(instance)
    ready(instance)


def test_sqlite_runs_with_full_sync_and_checked_references(engine: Engine) -> None:
    with engine.connect() as connection:
        found = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert found == ["delete", 2, 1]


# --- what is kept --------------------------------------------------------------------------------------------------


def test_nothing_that_names_a_person_is_readable_in_the_file(instance: Path, store: Store) -> None:
    draft = store.draft(store.new_draft(TYPED, "person", NOW))
    assert draft
    plan_id = store.save_plan(draft, CASE, PLAN, LISTING, date(2026, 12, 8), NOW)
    store.keep_document(plan_id, "plan", b"%PDF-1.7 Maria Alvarez", NOW)
    store.new_draft(TYPED, "person", NOW)
    raw = b"".join(path.read_bytes() for path in instance.iterdir())
    for canary in (b"Maria", b"Alvarez", b"A1234", b"%PDF"):
        assert canary not in raw


def test_a_value_opens_only_where_it_was_sealed() -> None:
    keys = read_key_file(new_key_file())
    sealed = keys.seal(b"Maria", Place("plans", "plan", "row-1"))
    assert keys.open(sealed, Place("plans", "plan", "row-1")) == b"Maria"
    for place in (
        Place("plans", "plan", "row-2"),
        Place("plans", "listing", "row-1"),
        Place("drafts", "plan", "row-1"),
    ):
        with pytest.raises(Unreadable):
            keys.open(sealed, place)


def test_every_changed_bit_is_noticed() -> None:
    keys, place = read_key_file(new_key_file()), Place("plans", "plan", "row-1")
    sealed = keys.seal(b"Maria", place)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Unreadable):
            keys.open(bytes(changed), place)


def test_the_same_value_never_looks_the_same_twice() -> None:
    keys, place = read_key_file(new_key_file()), Place("plans", "plan", "row-1")
    assert len({keys.seal(b"Maria", place) for _ in range(100)}) == 100


def test_a_second_key_still_opens_what_the_first_sealed() -> None:
    old, place = new_key_file(), Place("plans", "plan", "row-1")
    sealed = read_key_file(old).seal(b"Maria", place)
    both = read_key_file(new_key_file() + old)
    assert both.open(sealed, place) == b"Maria"
    assert both.seal(b"Maria", place)[1:9].decode() == both.current != read_key_file(old).current


def test_rows_that_were_exchanged_are_refused(instance: Path, store: Store) -> None:
    one, other = (store.new_draft({"patient.name": [name]}, "person", NOW) for name in ("Maria", "Denise"))
    with sqlite3.connect(instance / "throughline.db") as raw:
        [answers] = raw.execute("SELECT answers FROM drafts WHERE id = ?", (other,)).fetchone()
        raw.execute("UPDATE drafts SET answers = ? WHERE id = ?", (answers, one))
    with pytest.raises(Unreadable):
        store.draft(one)


def test_keys_do_not_show_when_they_are_printed() -> None:
    keys = read_key_file(new_key_file())
    assert "key" not in repr(keys).replace("Keyring", "").lower()
    assert isinstance(keys, Keyring)


def test_moments_are_kept_in_utc_and_one_without_a_zone_is_refused(instance: Path, store: Store) -> None:
    store.new_draft(TYPED, "person", datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=-5))))
    with sqlite3.connect(instance / "throughline.db") as raw:
        [stored] = raw.execute("SELECT created_at FROM drafts").fetchone()
    assert stored == "2026-11-23T14:00:00.000000+00:00"
    assert store.drafts()[0].updated_at == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    with pytest.raises(Exception, match="without a time zone"):
        store.new_draft(TYPED, "person", datetime(2026, 11, 23, 9, 0))


def test_a_plan_is_saved_whole_or_not_at_all(store: Store, engine: Engine) -> None:
    draft = store.draft(store.new_draft(TYPED, "review", NOW, replaces=None))
    assert draft
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE DELETE ON drafts BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        )
    with pytest.raises(Exception, match="disk full"):
        store.save_plan(draft, CASE, PLAN, LISTING, None, NOW)
    assert store.count_plans() == 0
    assert store.draft(draft.id) == draft


def test_a_draft_gives_one_plan_however_often_it_is_asked(store: Store) -> None:
    draft = store.draft(store.new_draft(TYPED, "review", NOW))
    assert draft
    ids = {store.save_plan(draft, CASE, PLAN, LISTING, None, NOW) for _ in range(3)}
    assert len(ids) == 1
    assert store.count_plans() == 1
    assert store.draft(draft.id) is None


def test_a_saved_plan_cannot_be_changed(store: Store, engine: Engine) -> None:
    draft = store.draft(store.new_draft(TYPED, "review", NOW))
    assert draft
    plan_id = store.save_plan(draft, CASE, PLAN, LISTING, None, NOW)
    with Session(engine) as session:
        row = session.get(PlanRow, plan_id)
        assert row
        row.plan = b"another plan"
        with pytest.raises(RuntimeError, match="never changes"):
            session.commit()


def test_the_first_paper_stays(store: Store) -> None:
    draft = store.draft(store.new_draft(TYPED, "review", NOW))
    assert draft
    plan_id = store.save_plan(draft, CASE, PLAN, LISTING, None, NOW)
    store.keep_document(plan_id, "plan", b"%PDF first", NOW)
    store.keep_document(plan_id, "plan", b"%PDF second", NOW)
    assert store.document(plan_id, "plan") == b"%PDF first"


def test_of_two_saves_from_the_same_reading_the_second_is_refused(store: Store) -> None:
    draft = store.draft(store.new_draft(TYPED, "person", NOW))
    assert draft
    store.save_draft(draft, {"patient.name": ["Maria A."]}, "person", NOW)
    with pytest.raises(Changed):
        store.save_draft(draft, {"patient.name": ["M. Alvarez"]}, "person", NOW)


def test_errors_of_the_database_do_not_quote_what_was_being_saved(engine: Engine) -> None:
    with pytest.raises(Exception, match="no such table") as error, engine.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "Maria Alvarez"})
    assert "Maria" not in str(error.value)
