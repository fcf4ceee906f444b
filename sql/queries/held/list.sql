-- What the asker sent and can still take back, and what did not go.
-- => json
-- reads
select app.list_held()
