-- What staff and admins did. `person` is a keyed hash, as everywhere.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms  INTEGER NOT NULL,
    person TEXT    NOT NULL,
    act    TEXT    NOT NULL,
    object TEXT    NOT NULL,
    detail TEXT    NOT NULL
);

-- Entries taken out of service until they are brought back.
CREATE TABLE withdrawals (
    entry  TEXT    NOT NULL PRIMARY KEY,
    reason TEXT    NOT NULL,
    at_ms  INTEGER NOT NULL
) WITHOUT ROWID;

-- Questions that citizens asked to be put to a person. Consent stands in `contacts`.
CREATE TABLE forwards (
    id               TEXT    NOT NULL PRIMARY KEY,
    person           TEXT    NOT NULL,
    channel          TEXT    NOT NULL,
    session          TEXT    NOT NULL,
    question         TEXT    NOT NULL,
    -- Where the answer goes, sealed: a later question from another chat must not move it.
    address          BLOB    NOT NULL,
    at_ms            INTEGER NOT NULL,
    staff_message_id INTEGER,
    answered_ms      INTEGER
) WITHOUT ROWID;
CREATE INDEX forwards_by_message ON forwards (staff_message_id) WHERE staff_message_id IS NOT NULL;
CREATE INDEX forwards_by_person ON forwards (person, at_ms);

CREATE INDEX query_log_unhappy ON query_log (at_ms) WHERE kind IN ('abstain', 'choices') OR helpful = 0;
