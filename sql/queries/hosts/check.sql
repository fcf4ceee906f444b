-- Looks for its proof now.
-- => json
-- writes
-- :claim path bigint
select app.check_host(:'claim')
