-- Claims a host for a portal here; it counts once it is proven.
-- => json
-- writes
-- :portal body bigint
-- :host body text 1..500
-- :key key text
select app.add_host(:'portal', :'host', :'key')
