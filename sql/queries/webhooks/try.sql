-- Sends a message that says nothing.
-- => void
-- writes
select app.try_webhook()
