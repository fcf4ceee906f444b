-- Another version of a rule. based: the one that was changed.
-- => json
-- writes
-- :id path bigint
-- :name body text 1..80
-- :rule body jsonb 2..65536b
-- :based body int 1..1000
-- :said made jsonb
select app.save_rule(:'id', :'name', :'rule', :'said', :'based')
