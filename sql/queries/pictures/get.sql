-- A picture's bytes, as hex.
-- => text
-- reads
-- :hash made text
-- :type made text
select encode(p.bytes, 'hex') from app.pictures p
where p.tenant_id = (select auth.tenant_id()) and p.hash = :'hash' and p.type = :'type'
