-- How a portal, or else the account here (at the desk: the tenant), looks:
-- what is set, and where the rest comes from.
-- => json
-- reads
-- :portal query bigint?
select app.get_look(:'portal')
