-- The service level as it holds where the asker is, or for a ticket's account.
-- => json
-- reads
-- :ticket query bigint?
select app.service_level_here(:'ticket')
