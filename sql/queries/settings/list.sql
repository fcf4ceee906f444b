-- What is set for a portal, or else for the account here (at the desk: the
-- tenant), and where each value comes from.
-- => json
-- reads
-- :portal query bigint?
select app.list_settings(:'portal')
