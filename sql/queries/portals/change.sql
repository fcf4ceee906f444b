-- A portal's name or language, each only when it is given.
-- => json
-- writes
-- :portal path bigint
-- :name body text? 1..200
-- :language body text? 2..20
select app.change_portal(:'portal', :'name', :'language')
