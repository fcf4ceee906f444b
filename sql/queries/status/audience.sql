-- Whom something would reach by mail that was told now, of an incident or of a new one.
-- => json
-- reads
-- :incident body bigint?
-- :portals body jsonb? 2..2000b
-- :components body jsonb? 2..2000b
-- :over body boolean?
select app.status_audience(:'incident', :'portals', :'components', coalesce(:'over', false))
