"""Set up an installation: its folder, its keys, its database. Doing it twice changes nothing.

The folder holds ``secret.key`` (signs the session cookie), ``encryption.key`` (seals what identifies a person)
and, unless ``DATABASE_URL`` names another database, ``throughline.db``.
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from planner.store.crypto import Keyring, new_key_file, read_key_file
from planner.store.engine import make_engine

_MIGRATIONS = Path(__file__).parent / "migrations"
_DATABASE, _SECRET, _ENCRYPTION = "throughline.db", "secret.key", "encryption.key"
_SECRET_BYTES = 32


class NotReady(RuntimeError):
    """Raised when an installation cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Instance:
    """An installation that is ready: its secrets and where its database is."""

    secret_key: str
    keyring: Keyring
    database_url: str


def init(instance_dir: Path | str) -> Instance:
    """Make what is missing: the folder (mode 0700), the keys (0600, written once), the newest database layout.

    Raises:
        NotReady: something is there that must not be used as it is, with the remedy.
    """
    folder = Path(instance_dir)
    _make_folder(folder)
    url = database_url(folder)
    _write_once(folder / _SECRET, secrets.token_hex(_SECRET_BYTES) + "\n")
    if not (folder / _ENCRYPTION).exists():
        _refuse_to_lock_out(folder, url)
        _write_once(folder / _ENCRYPTION, new_key_file())
    if url == _own_database(folder):
        _write_once(folder / _DATABASE, "")
    instance = _read(folder, url)
    engine = make_engine(url)
    try:
        migrate(engine)
    finally:
        engine.dispose()
    return instance


def ready(instance_dir: Path | str) -> Instance:
    """Return an installation that ``init`` has set up.

    Raises:
        NotReady: it was not set up, or its database has another layout than this program.
    """
    folder = Path(instance_dir)
    if not folder.is_dir():
        raise NotReady(f"{folder} is not set up. Run: throughline init")
    instance = _read(folder, database_url(folder))
    engine = make_engine(instance.database_url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    if found != newest:
        raise NotReady(f"The database has layout {found or 'none'}, this program needs {newest}. Run: throughline init")
    return instance


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a layout: ``head`` is the newest, ``base`` an empty one."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def database_url(folder: Path) -> str:
    """Return the URL of the database: ``DATABASE_URL`` from the environment, else the file in the folder."""
    return os.environ.get("DATABASE_URL") or _own_database(folder)


def _own_database(folder: Path) -> str:
    return f"sqlite:///{(folder / _DATABASE).resolve()}"


def _read(folder: Path, url: str) -> Instance:
    _refuse_open_mode(folder, 0o700)
    for name in (_SECRET, _ENCRYPTION):
        if not (folder / name).exists():
            raise NotReady(f"{folder / name} is missing. Put it back from your backup, or run: throughline init")
        _refuse_open_mode(folder / name, 0o600)
    if (folder / _DATABASE).exists():
        _refuse_open_mode(folder / _DATABASE, 0o600)
    secret = (folder / _SECRET).read_text(encoding="ascii").strip()
    if len(secret) < 2 * _SECRET_BYTES:
        raise NotReady(f"{folder / _SECRET} is too short to be a secret. Remove it and run: throughline init")
    try:
        keyring = read_key_file((folder / _ENCRYPTION).read_text(encoding="ascii"))
    except ValueError as error:
        raise NotReady(f"{folder / _ENCRYPTION} cannot be used: {error}. Put it back from your backup.") from None
    return Instance(secret, keyring, url)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True)
        folder.chmod(0o700)  # whatever the umask left
    except FileExistsError:
        if not folder.is_dir():
            raise NotReady(f"{folder} is not a folder. Move it away and run: throughline init") from None
        _refuse_open_mode(folder, 0o700)


def _write_once(path: Path, content: str) -> None:
    """Write a file with mode 0600 unless it is there; whole or not at all, also when two set-ups meet."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o600)
            os.fsync(file.fileno())
        os.link(draft, path)  # fails when the file appeared in the meantime
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _refuse_open_mode(path: Path, right: int) -> None:
    if os.name != "posix":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~right:
        raise NotReady(
            f"{path} has mode {mode:04o}: others on this computer may read it. Run: chmod {right:04o} '{path}'"
        )


def _refuse_to_lock_out(folder: Path, url: str) -> None:
    """Refuse a fresh key where plans or drafts are sealed with a lost one."""
    if url == _own_database(folder) and not (folder / _DATABASE).exists():
        return
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
            for table in sorted({"plans", "drafts", "people"} & tables):
                if connection.scalar(text(f"SELECT count(*) FROM {table}")):  # noqa: S608 - one of three fixed names
                    raise NotReady(
                        f"The database holds saved {table}, but {folder / _ENCRYPTION} is missing, so they cannot be read. "
                        "Put the key back from your backup."
                    )
    finally:
        engine.dispose()
