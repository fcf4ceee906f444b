-- What a rule, as it is written, would have done in the last days. Nothing is changed.
-- => json
-- reads
-- :rule body jsonb 2..65536b
-- :days body int 1..90
-- :id body bigint?
select app.replay_rule(:'rule', :'days', :'id')
