-- Times are milliseconds since the epoch. State: 0 pending, 1 done, 2 failed.

CREATE TABLE inbox (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    channel        TEXT    NOT NULL,
    update_id      INTEGER NOT NULL,
    chat           TEXT    NOT NULL,
    body           TEXT    NOT NULL,
    received_ms    INTEGER NOT NULL,
    state          INTEGER NOT NULL DEFAULT 0,
    lease_owner    TEXT,
    lease_until_ms INTEGER NOT NULL DEFAULT 0,
    attempts       INTEGER NOT NULL DEFAULT 0,
    UNIQUE (channel, update_id)
);
CREATE INDEX inbox_waiting ON inbox (channel, chat, id) WHERE state = 0;
CREATE INDEX inbox_waiting_by_age ON inbox (id) WHERE state = 0;

CREATE TABLE outbox (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    lane           INTEGER NOT NULL DEFAULT 0,
    channel        TEXT    NOT NULL,
    session        TEXT    NOT NULL,
    turn           TEXT    NOT NULL,
    payload        TEXT    NOT NULL,
    created_ms     INTEGER NOT NULL,
    not_before_ms  INTEGER NOT NULL DEFAULT 0,
    state          INTEGER NOT NULL DEFAULT 0,
    lease_owner    TEXT,
    lease_until_ms INTEGER NOT NULL DEFAULT 0,
    attempts       INTEGER NOT NULL DEFAULT 0,
    -- Parts of a long reply that have been sent already.
    progress       INTEGER NOT NULL DEFAULT 0,
    message_id     INTEGER,
    error          TEXT
);
CREATE INDEX outbox_waiting ON outbox (channel, session, id) WHERE state = 0;
CREATE INDEX outbox_waiting_by_age ON outbox (lane, id) WHERE state = 0;
CREATE INDEX outbox_by_age ON outbox (created_ms);

CREATE TABLE sessions (
    channel TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    PRIMARY KEY (channel, id)
) WITHOUT ROWID;

-- The buttons of one turn, as a JSON list.
CREATE TABLE actions (
    turn    TEXT    NOT NULL PRIMARY KEY,
    channel TEXT    NOT NULL,
    session TEXT    NOT NULL,
    list    TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX actions_by_session ON actions (channel, session);
CREATE INDEX actions_by_age ON actions (at_ms);

CREATE TABLE query_log (
    turn          TEXT    NOT NULL PRIMARY KEY,
    at_ms         INTEGER NOT NULL,
    channel       TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    text          TEXT    NOT NULL,
    entry         TEXT,
    version       TEXT,
    topic         TEXT,
    confidence    REAL    NOT NULL,
    historical    INTEGER NOT NULL,
    candidates    TEXT    NOT NULL,
    latency_us    INTEGER NOT NULL,
    library_state TEXT    NOT NULL,
    message_id    INTEGER,
    helpful       INTEGER,
    reason        TEXT
) WITHOUT ROWID;
CREATE INDEX query_log_by_age ON query_log (at_ms);
CREATE INDEX query_log_by_person ON query_log (person);

CREATE TABLE entry_versions (
    version TEXT    NOT NULL,
    entry   TEXT    NOT NULL,
    content TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    PRIMARY KEY (version, entry)
) WITHOUT ROWID;

CREATE TABLE library_states (
    id       TEXT    NOT NULL PRIMARY KEY,
    manifest TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL
) WITHOUT ROWID;

-- People who agreed to be reached later; apart from the log.
CREATE TABLE contacts (
    person     TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    address    BLOB    NOT NULL,
    consent_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (person, channel)
) WITHOUT ROWID;

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
