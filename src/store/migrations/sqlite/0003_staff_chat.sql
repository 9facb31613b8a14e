-- Message ids are counted per chat: an answer belongs to the message in the chat that it was sent to.
ALTER TABLE forwards ADD COLUMN staff_chat TEXT;
UPDATE forwards SET staff_chat = (SELECT session FROM outbox WHERE outbox.turn = forwards.id AND outbox.session <> forwards.session LIMIT 1);
